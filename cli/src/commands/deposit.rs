//! `obscura deposit`: USDC or OBSC from the owner's wallet into its trader account.

use std::process::ExitCode;

use anyhow::bail;
use clap::{Args, ValueEnum};
use obscura_client::amount::decimal;
use obscura_client::instructions::owner;
use obscura_client::pubkey::Pubkey;
use obscura_client::wallet;

use crate::chain;
use crate::chain::arguments::amount;
use crate::chain::options::Signing;
use crate::chain::session::{Session, Step};

const EXAMPLES: &str = "Examples:
  12.5 USDC to bid with, tried first:
    obscura deposit usdc 12.5 --keypair owner.json --dry-run
    obscura deposit usdc 12.5 --keypair owner.json
  OBSC to back asks with (or `obscura stake deposit 400`):
    obscura deposit obsc 400 --keypair owner.json --json";

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Which of the pool's two currencies.
    currency: Currency,

    /// For example 12.5; at most six decimals.
    #[arg(value_name = "AMOUNT", value_parser = amount)]
    amount: u64,

    #[command(flatten)]
    signing: Signing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Currency {
    Usdc,
    Obsc,
}

impl Currency {
    pub fn mint(self, session: &Session) -> Pubkey {
        match self {
            Self::Usdc => session.mints.usdc,
            Self::Obsc => session.mints.obsc,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Usdc => "USDC",
            Self::Obsc => "OBSC",
        }
    }
}

pub fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let Arguments { currency, amount, signing } = arguments;
    deposit(&signing, currency, amount)
}

/// Moves `amount` millionths in.
pub fn deposit(signing: &Signing, currency: Currency, amount: u64) -> anyhow::Result<ExitCode> {
    chain::run(async {
        let session = Session::open(signing).await?;
        let (owner, mint) = (session.key(), currency.mint(&session));
        require_tokens(&session, currency, amount).await?;
        let step = Step::new("deposit", [owner::deposit(owner, &mint, amount)]).naming("amountMicro", amount);
        session.submit(step).await
    })
}

/// The token program would refuse by number only.
async fn require_tokens(session: &Session, currency: Currency, amount: u64) -> anyhow::Result<()> {
    let (owner, mint) = (session.key(), currency.mint(session));
    let held = wallet::tokens(&session.ledger, &owner, &mint).await?.unwrap_or(0);
    if held < amount {
        bail!(
            "the wallet of {owner} holds {} {name}, too little to deposit {}: send {name} (mint {mint}) to its \
             token account {} first",
            decimal(held),
            decimal(amount),
            wallet::token_account(&owner, &mint),
            name = currency.name()
        );
    }
    Ok(())
}
