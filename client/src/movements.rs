//! What a transaction moves: the accounts that it may change, before and after.
//!
//! Must never add up or explain: it shows which figures differ. What a dry run shows is what would happen
//! now; what a send shows also has in it whatever else changed these accounts meanwhile.

use serde_json::{Value, json};
use solana_sdk::program_pack::Pack;
use solana_sdk::pubkey::Pubkey;
use spl_token_interface::state::Account as TokenAccount;

use crate::accounts::{self, ReadError, Settings};
use crate::address;
use crate::figures::{self, Figure, Quantity};
use crate::instructions::SYSTEM_PROGRAM;
use crate::ledger::{Account, Landed, Ledger, LedgerError};
use crate::transactions::Submission;

/// Which mint is which currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mints {
    pub usdc: Pubkey,
    pub obsc: Pubkey,
}

/// One figure of one account that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Movement {
    pub account: Pubkey,
    /// The account's type: `Trader`, `Order` and so on; `Vault` and `Tokens` for the program's token accounts and
    /// others', `Wallet` for SOL.
    pub kind: &'static str,
    /// The account was not there before.
    pub is_new: bool,
    /// The figure's name, and its name in JSON.
    pub name: String,
    pub figure: String,
    /// None where the account, or the figure, was not there.
    pub before: Option<Quantity>,
    pub after: Option<Quantity>,
}

impl Movement {
    pub fn json(&self) -> Value {
        let shown = |quantity: &Option<Quantity>| quantity.as_ref().map(Quantity::json);
        json!({
            "account": self.account.to_string(),
            "kind": self.kind,
            "new": self.is_new,
            "figure": self.figure,
            "before": shown(&self.before),
            "after": shown(&self.after),
        })
    }
}

/// What would happen if the transaction were sent now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rehearsal {
    /// Why the chain would refuse it; then nothing moves.
    pub refusal: Option<LedgerError>,
    pub compute_units: u64,
    pub movements: Vec<Movement>,
}

/// What happened when it was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Performance {
    pub landed: Landed,
    /// None where the node did not show the accounts afterwards: it has landed all the same.
    pub movements: Option<Vec<Movement>>,
}

/// Runs `submission` without effect.
pub async fn rehearse(
    ledger: &dyn Ledger,
    submission: &Submission<'_>,
    mints: &Mints,
) -> Result<Rehearsal, LedgerError> {
    let addresses = submission.writable();
    let before = read(ledger, &addresses).await?;
    let simulated = submission.simulate(ledger, &addresses).await?;
    let movements = match simulated.refusal {
        None => between(&before, &simulated.accounts, mints),
        Some(_) => Vec::new(),
    };
    Ok(Rehearsal { refusal: simulated.refusal, compute_units: simulated.compute_units, movements })
}

/// Sends `submission`.
pub async fn perform(
    ledger: &dyn Ledger,
    submission: &Submission<'_>,
    mints: &Mints,
) -> Result<Performance, LedgerError> {
    let addresses = submission.writable();
    let before = read(ledger, &addresses).await?;
    let landed = submission.send(ledger).await?;
    let after = read(ledger, &addresses).await.ok();
    Ok(Performance { landed, movements: after.map(|after| between(&before, &after, mints)) })
}

/// The two mints of the settings.
pub async fn mints(ledger: &dyn Ledger) -> Result<Mints, ReadError> {
    let settings: Settings = accounts::get(ledger, &address::settings()).await?;
    Ok(Mints { usdc: settings.usdc_mint, obsc: settings.obsc_mint })
}

/// Every figure that differs, account by account as listed in `before`, figures as each account lists them.
pub fn between(
    before: &[(Pubkey, Option<Account>)],
    after: &[(Pubkey, Option<Account>)],
    mints: &Mints,
) -> Vec<Movement> {
    before
        .iter()
        .flat_map(|(address, old)| {
            let found = after.iter().find(|(other, _)| other == address);
            let new = found.and_then(|(_, account)| account.as_ref());
            differences(address, old.as_ref(), new, mints)
        })
        .collect()
}

async fn read(
    ledger: &dyn Ledger,
    addresses: &[Pubkey],
) -> Result<Vec<(Pubkey, Option<Account>)>, LedgerError> {
    let mut accounts = Vec::with_capacity(addresses.len());
    for address in addresses {
        accounts.push((*address, ledger.account(address).await?));
    }
    Ok(accounts)
}

fn differences(
    address: &Pubkey,
    old: Option<&Account>,
    new: Option<&Account>,
    mints: &Mints,
) -> Vec<Movement> {
    let told = |account: Option<&Account>| account.and_then(|account| describe(address, account, mints));
    let is_new = old.is_none();
    let (old, new) = (told(old), told(new));
    let Some(kind) = new.as_ref().or(old.as_ref()).map(|(kind, _)| *kind) else { return Vec::new() };
    let old = old.map(|(_, figures)| figures).unwrap_or_default();
    let new = new.map(|(_, figures)| figures).unwrap_or_default();
    let value = |figures: &[Figure], name: &str| {
        figures.iter().find(|figure| figure.name == name).map(|figure| figure.value.clone())
    };
    let gone = old.iter().filter(|figure| value(&new, &figure.name).is_none());
    new.iter()
        .chain(gone)
        .map(|figure| Movement {
            account: *address,
            kind,
            is_new,
            name: figure.name.clone(),
            figure: figure.json_name(),
            before: value(&old, &figure.name),
            after: value(&new, &figure.name),
        })
        .filter(|movement| movement.before != movement.after)
        .collect()
}

fn describe(address: &Pubkey, account: &Account, mints: &Mints) -> Option<(&'static str, Vec<Figure>)> {
    if account.owner == spl_token_interface::ID {
        let tokens = TokenAccount::unpack(&account.data).ok()?;
        let value = match tokens.mint {
            mint if mint == mints.usdc => Quantity::Usdc(tokens.amount),
            mint if mint == mints.obsc => Quantity::Obsc(tokens.amount),
            _ => Quantity::Number(tokens.amount),
        };
        let is_vault = [mints.usdc, mints.obsc].iter().any(|mint| address::vault(mint) == *address);
        let kind = if is_vault { "Vault" } else { "Tokens" };
        return Some((kind, vec![Figure { name: "amount".to_owned(), value }]));
    }
    if account.owner == SYSTEM_PROGRAM {
        let balance = Figure { name: "balance".to_owned(), value: Quantity::Lamports(account.lamports) };
        return Some(("Wallet", vec![balance]));
    }
    figures::of_account(address, account)
}
