//! Values on the command line: amounts, orders, terms of a lease.

use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::{Context, bail};
use clap::Args;
use obscura_client::accounts::{Lease, LeaseTerms};
use obscura_client::address;
use obscura_client::amount::parse_micro;
use obscura_client::lease_terms;
use obscura_client::pubkey::Pubkey;
use obscura_client::sealed_order::SealedOrder;
use uuid::Uuid;

/// An amount like `12.5`, in millionths; more than nothing.
pub fn amount(text: &str) -> Result<u64, String> {
    match parse_micro(text) {
        Ok(0) => Err("give an amount above zero".to_owned()),
        Ok(micro) => Ok(micro),
        Err(error) => Err(error.to_string()),
    }
}

/// An amount like `12.5`, in millionths; it may be zero.
pub fn cap(text: &str) -> Result<u64, String> {
    parse_micro(text).map_err(|error| error.to_string())
}

/// 64 hex digits.
pub fn hash(text: &str) -> Result<[u8; 32], String> {
    let mut bytes = [0; 32];
    let read = hex_digits(text, &mut bytes);
    read.map(|()| bytes)
}

fn hex_digits(text: &str, bytes: &mut [u8]) -> Result<(), String> {
    let wrong = || format!("give {} hex digits", 2 * bytes.len());
    let decoded = hex::decode(text).map_err(|_| wrong())?;
    if decoded.len() != bytes.len() {
        return Err(wrong());
    }
    bytes.copy_from_slice(&decoded);
    Ok(())
}

/// An order, by the address of its account or by the id under which its owner committed it.
#[derive(Clone, Copy, Debug)]
pub enum OrderName {
    Address(Pubkey),
    Id(Uuid),
}

impl FromStr for OrderName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(id) = text.parse() {
            return Ok(Self::Id(id));
        }
        let address = text.parse().map(Self::Address);
        address.map_err(|_| "give the order's id (a UUID) or the address of its account (base58)".to_owned())
    }
}

impl OrderName {
    /// An id is one of `owner`'s.
    pub fn address(&self, owner: &Pubkey) -> Pubkey {
        match self {
            Self::Address(address) => *address,
            Self::Id(id) => address::order(owner, *id),
        }
    }
}

/// What opens a lease's terms.
#[derive(Args, Clone)]
pub struct TermsArguments {
    /// The bid as `obscura seal --json` printed it: the terms are worked out from it.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["qty", "duration", "blind"])]
    opening: Option<PathBuf>,

    /// The lease's GPUs.
    #[arg(long, value_name = "GPUS", requires_all = ["duration", "blind"])]
    qty: Option<u16>,

    /// Its length in seconds.
    #[arg(long, value_name = "SECONDS", requires_all = ["qty", "blind"])]
    duration: Option<u32>,

    /// Its blind, 64 hex digits: the matcher and the buyer know it.
    #[arg(long, value_name = "HEX", value_parser = hash, requires_all = ["qty", "duration"])]
    blind: Option<[u8; 32]>,
}

impl TermsArguments {
    /// The terms of `lease`, checked against its hash.
    pub fn read(&self, lease: &Lease) -> anyhow::Result<LeaseTerms> {
        let Self { opening, qty, duration, blind } = self;
        if let Some(path) = opening {
            let opening = sealed_order(path)?
                .opening(&lease.buyer)
                .with_context(|| format!("{}: not the lease's bid", path.display()))?;
            return Ok(lease_terms::from_opening(&opening, lease)?);
        }
        let (Some(qty), Some(duration), Some(blind)) = (*qty, *duration, *blind) else {
            bail!("say the lease's terms: --opening FILE, or --qty, --duration and --blind");
        };
        let terms = LeaseTerms { qty, duration, blind };
        lease_terms::check(&terms, lease)?;
        Ok(terms)
    }
}

/// Reads what `obscura seal --json` printed.
pub fn sealed_order(path: &Path) -> anyhow::Result<SealedOrder> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    SealedOrder::read(&text).with_context(|| path.display().to_string())
}
