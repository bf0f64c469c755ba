//! Accounts of the program as named figures with units: one description for JSON, for tables, and for
//! comparing an account with itself.
//!
//! Must never interpret: a figure is a field, or a count over one. Times are seconds since 1970 on the
//! chain's clock.

mod lease;
mod market;
mod order;
mod pool;
mod trader;

pub use trader::delegate as trader_delegate;

use chrono::DateTime;
use serde_json::{Map, Value};
use solana_sdk::pubkey::Pubkey;

use crate::accounts::{
    Batch, Books, Lease, Market, Matcher, Order, ProgramAccount, Provider, Settings, Trader, VerifyingKey,
    decode,
};
use crate::amount::decimal;
use crate::ledger::Account;

/// One figure of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// In camelCase, without a unit.
    pub name: String,
    pub value: Quantity,
}

/// A value and what it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Quantity {
    /// Millionths.
    Usdc(u64),
    Obsc(u64),
    Lamports(u64),
    Number(u64),
    Seconds(u32),
    /// Since 1970.
    Time(i64),
    Key(Pubkey),
    Hash([u8; 32]),
    Text(String),
    Flag(bool),
}

impl Figure {
    /// Its name in JSON: with the unit where it is money or a span of time.
    pub fn json_name(&self) -> String {
        let unit = match self.value {
            Quantity::Usdc(_) | Quantity::Obsc(_) => "Micro",
            Quantity::Lamports(_) => "Lamports",
            Quantity::Seconds(_) => "Seconds",
            _ => "",
        };
        format!("{}{unit}", self.name)
    }
}

impl Quantity {
    pub fn json(&self) -> Value {
        match self {
            Self::Usdc(number) | Self::Obsc(number) | Self::Lamports(number) | Self::Number(number) => {
                (*number).into()
            }
            Self::Seconds(seconds) => (*seconds).into(),
            Self::Time(seconds) => (*seconds).into(),
            Self::Key(key) => key.to_string().into(),
            Self::Hash(bytes) => hex::encode(bytes).into(),
            Self::Text(text) => text.as_str().into(),
            Self::Flag(flag) => (*flag).into(),
        }
    }

    /// The bare number, where it is one that grows and shrinks.
    pub fn number(&self) -> Option<u64> {
        match self {
            Self::Usdc(number) | Self::Obsc(number) | Self::Lamports(number) | Self::Number(number) => {
                Some(*number)
            }
            _ => None,
        }
    }

    /// For people: money in both forms.
    pub fn in_words(&self) -> String {
        match self {
            Self::Usdc(micro) => format!("{} USDC ({micro} micro)", decimal(*micro)),
            Self::Obsc(micro) => format!("{} OBSC ({micro} micro)", decimal(*micro)),
            Self::Lamports(lamports) => format!("{lamports} lamports"),
            Self::Number(number) => number.to_string(),
            Self::Seconds(seconds) => format!("{seconds} s"),
            Self::Time(0) => "-".to_owned(),
            Self::Time(seconds) => date(*seconds),
            Self::Key(key) => key.to_string(),
            Self::Hash(bytes) => hex::encode(bytes),
            Self::Text(text) => text.clone(),
            Self::Flag(flag) => if *flag { "yes" } else { "no" }.to_owned(),
        }
    }
}

/// An account that can be told in figures.
pub trait Figures: ProgramAccount {
    fn figures(&self) -> Vec<Figure>;
}

/// One JSON object of all figures.
pub fn json(figures: &[Figure]) -> Map<String, Value> {
    figures.iter().map(|figure| (figure.json_name(), figure.value.json())).collect()
}

/// What kind of account of the program this is, and its figures; none for anything else.
pub fn of_account(address: &Pubkey, account: &Account) -> Option<(&'static str, Vec<Figure>)> {
    read::<Trader>(address, account)
        .or_else(|| read::<Order>(address, account))
        .or_else(|| read::<Lease>(address, account))
        .or_else(|| read::<Batch>(address, account))
        .or_else(|| read::<Matcher>(address, account))
        .or_else(|| read::<Books>(address, account))
        .or_else(|| read::<Provider>(address, account))
        .or_else(|| read::<Market>(address, account))
        .or_else(|| read::<Settings>(address, account))
        .or_else(|| read::<VerifyingKey>(address, account))
}

fn read<T: Figures>(address: &Pubkey, account: &Account) -> Option<(&'static str, Vec<Figure>)> {
    let decoded: T = decode(address, account).ok()?;
    Some((T::NAME, decoded.figures()))
}

fn figure(name: &str, value: Quantity) -> Figure {
    Figure { name: name.to_owned(), value }
}

fn usdc(name: &str, micro: u64) -> Figure {
    figure(name, Quantity::Usdc(micro))
}

fn obsc(name: &str, micro: u64) -> Figure {
    figure(name, Quantity::Obsc(micro))
}

fn number(name: &str, number: impl Into<u64>) -> Figure {
    figure(name, Quantity::Number(number.into()))
}

fn span(name: &str, seconds: u32) -> Figure {
    figure(name, Quantity::Seconds(seconds))
}

fn time(name: &str, seconds: i64) -> Figure {
    figure(name, Quantity::Time(seconds))
}

fn key(name: &str, key: Pubkey) -> Figure {
    figure(name, Quantity::Key(key))
}

fn hash(name: &str, bytes: [u8; 32]) -> Figure {
    figure(name, Quantity::Hash(bytes))
}

fn text(name: &str, text: impl Into<String>) -> Figure {
    figure(name, Quantity::Text(text.into()))
}

fn flag(name: &str, flag: bool) -> Figure {
    figure(name, Quantity::Flag(flag))
}

/// To the second, UTC.
fn date(seconds: i64) -> String {
    match DateTime::from_timestamp(seconds, 0) {
        Some(date) => date.format("%Y-%m-%d %H:%M:%S UTC").to_string(),
        None => format!("{seconds} seconds since 1970"),
    }
}

/// A variant's name as JSON has it.
fn variant(name: &str, value: &impl std::fmt::Debug) -> Figure {
    let written = format!("{value:?}");
    let mut letters = written.chars();
    let first = letters.next().map(|letter| letter.to_ascii_lowercase());
    text(name, first.into_iter().chain(letters).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_names_its_unit_and_is_shown_in_both_forms() {
        let available = usdc("usdcAvailable", 12_500_000);
        assert_eq!(available.json_name(), "usdcAvailableMicro");
        assert_eq!(available.value.json(), 12_500_000);
        assert_eq!(available.value.in_words(), "12.500000 USDC (12500000 micro)");
    }

    #[test]
    fn a_time_is_a_number_for_scripts_and_a_date_for_people() {
        let expires = time("expiresAt", 1_800_000_000);
        assert_eq!(expires.value.json(), 1_800_000_000);
        assert_eq!(expires.value.in_words(), "2027-01-15 08:00:00 UTC");
        assert_eq!(time("closedAt", 0).value.in_words(), "-", "it has not happened");
        assert_eq!(date(i64::MAX), "9223372036854775807 seconds since 1970");
    }

    #[test]
    fn an_account_of_nobody_we_know_has_no_figures() {
        assert_eq!(of_account(&Pubkey::new_unique(), &Account::default()), None);
    }
}
