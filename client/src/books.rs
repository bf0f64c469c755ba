//! Whether the program's books balance: what everybody is owed, against `accounted` and the vaults.
//!
//! Computed from the accounts alone, never from `accounted`, so that an error in the program shows.
//! The law is SPEC section 10: after every instruction, traders + bonds + treasury = `accounted`, and
//! the vault holds at least that.

use serde::Serialize;
use solana_sdk::program_pack::Pack;
use solana_sdk::pubkey::Pubkey;
use spl_token_interface::state::Account as TokenAccount;

use crate::accounts::{self, Book, Books, DecodeError, Matcher, ReadError, Settings, Trader};
use crate::address;
use crate::ledger::Ledger;

/// Both currencies at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Balance {
    pub usdc: CurrencyBalance,
    pub obsc: CurrencyBalance,
}

/// Millionths of one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CurrencyBalance {
    /// Available and locked, over all traders.
    pub traders: u128,
    pub bonds: u128,
    pub treasury: u64,
    /// What the program says it owes.
    pub accounted: u64,
    /// What its token account holds.
    pub vault: u64,
}

impl Balance {
    pub fn holds(&self) -> bool {
        self.usdc.holds() && self.obsc.holds()
    }
}

impl CurrencyBalance {
    pub fn owed(&self) -> u128 {
        self.traders + self.bonds + u128::from(self.treasury)
    }

    /// Exact to the millionth; the vault may hold more, since anyone may donate.
    pub fn holds(&self) -> bool {
        self.owed() == u128::from(self.accounted) && self.vault >= self.accounted
    }
}

/// Adds up every account of the program. Meaningful while nothing is being sent: it reads several times.
pub async fn balance(ledger: &dyn Ledger) -> Result<Balance, ReadError> {
    let settings: Settings = accounts::get(ledger, &address::settings()).await?;
    let books: Books = accounts::get(ledger, &address::books()).await?;
    let traders = accounts::list::<Trader>(ledger, []).await?;
    let matchers = accounts::list::<Matcher>(ledger, []).await?;
    let held = |balance: fn(&Trader) -> &accounts::Balance| -> u128 {
        traders.iter().map(|(_, trader)| total(balance(trader))).sum()
    };
    let bonds = matchers.iter().map(|(_, matcher)| u128::from(matcher.bond)).sum();
    let usdc_vault = vault_amount(ledger, &settings.usdc_mint).await?;
    let obsc_vault = vault_amount(ledger, &settings.obsc_mint).await?;
    Ok(Balance {
        usdc: currency(held(|trader| &trader.usdc), 0, &books.usdc, usdc_vault),
        obsc: currency(held(|trader| &trader.obsc), bonds, &books.obsc, obsc_vault),
    })
}

fn currency(traders: u128, bonds: u128, book: &Book, vault: u64) -> CurrencyBalance {
    CurrencyBalance { traders, bonds, treasury: book.treasury, accounted: book.accounted, vault }
}

fn total(balance: &accounts::Balance) -> u128 {
    u128::from(balance.available) + u128::from(balance.locked)
}

async fn vault_amount(ledger: &dyn Ledger, mint: &Pubkey) -> Result<u64, ReadError> {
    let (address, expected) = (address::vault(mint), "token account");
    let account = ledger.account(&address).await?.ok_or(ReadError::Missing { address, expected })?;
    let tokens =
        TokenAccount::unpack(&account.data).map_err(|_| DecodeError::Malformed { address, expected })?;
    Ok(tokens.amount)
}
