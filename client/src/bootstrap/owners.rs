//! Owners with money to trade, and the delegates that trade for them.

use solana_sdk::signature::{Keypair, Signer};

use super::{BootstrapError, LocalKeys};
use crate::accounts::{self, Trader};
use crate::address;
use crate::deploy::mint_to_owner;
use crate::idl::types::SetDelegateArgs;
use crate::instructions::owner::{deposit, open_trader, set_delegate};
use crate::ledger::Ledger;
use crate::transactions::Submission;

/// What a new owner starts with, in millionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Funding {
    pub usdc: u64,
    pub obsc: u64,
}

/// Opens the owner's trader account with `funding` in it. An owner that has one keeps what it has.
pub async fn fund_owner(
    ledger: &dyn Ledger,
    keys: &LocalKeys,
    owner: &Keypair,
    funding: Funding,
) -> Result<(), BootstrapError> {
    let (authority, key) = (keys.authority.pubkey(), owner.pubkey());
    if ledger.account(&address::trader(&key)).await?.is_some() {
        return Ok(());
    }
    // One transaction: an account that exists is one that was funded.
    let mut steps = vec![open_trader(authority, key)];
    for (mint, amount) in [(&keys.usdc_mint, funding.usdc), (&keys.obsc_mint, funding.obsc)] {
        if amount > 0 {
            steps.extend(mint_to_owner(&authority, &mint.pubkey(), &key, amount));
            steps.push(deposit(key, &mint.pubkey(), amount));
        }
    }
    Submission::new(&keys.authority, steps).signed_by(owner).send(ledger).await?;
    Ok(())
}

/// Names the owner's delegate, unless it is named with these very limits.
pub async fn name_delegate(
    ledger: &dyn Ledger,
    keys: &LocalKeys,
    owner: &Keypair,
    delegate: SetDelegateArgs,
) -> Result<(), BootstrapError> {
    let key = owner.pubkey();
    let trader: Trader = accounts::get(ledger, &address::trader(&key)).await?;
    if is_named(&trader, &delegate) {
        return Ok(());
    }
    Submission::new(&keys.authority, [set_delegate(key, delegate)]).signed_by(owner).send(ledger).await?;
    Ok(())
}

fn is_named(trader: &Trader, asked: &SetDelegateArgs) -> bool {
    let SetDelegateArgs {
        delegate,
        permissions,
        expires_at,
        spend_cap,
        max_order_micro,
        max_order_gpus,
        gpu_cap,
    } = asked;
    trader.delegate.as_ref().is_some_and(|named| {
        named.key == *delegate
            && named.permissions == *permissions
            && named.expires_at == *expires_at
            && named.spend_cap == *spend_cap
            && named.max_order_micro == *max_order_micro
            && named.max_order_gpus == *max_order_gpus
            && named.gpu_cap == *gpu_cap
    })
}
