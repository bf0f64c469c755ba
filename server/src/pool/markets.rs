//! The markets a pool serves. What is read once never changes; matcher and parameters
//! can from batch to batch, and are read where they are needed.

use obscura_auction::batch_clock::BatchClock;
use obscura_auction::order::MarketTag;
use obscura_client::accounts::{self, MarketTerms, ReadError};
use obscura_client::address;
use obscura_client::ledger::Ledger;
use solana_sdk::pubkey::Pubkey;

use crate::service::{BatchPhase, ServiceError, gpu_names};

/// One market with its timetable.
#[derive(Clone, Debug)]
pub struct Market {
    pub gpu_type: String,
    pub tag: MarketTag,
    pub address: Pubkey,
    pub clock: BatchClock,
}

impl Market {
    /// Matcher and parameters of batch `index`, from the chain.
    pub async fn terms_at(&self, ledger: &dyn Ledger, index: u64) -> Result<MarketTerms, ReadError> {
        let account: accounts::Market = accounts::get(ledger, &self.address).await?;
        Ok(*accounts::terms_at(&account, index))
    }

    /// Seconds until batch `index` leaves `phase`; 0 where no deadline ends it.
    pub fn seconds_left(&self, phase: BatchPhase, index: u64, now: i64) -> u64 {
        let end = match phase {
            BatchPhase::NotOpen => self.clock.starts_at(index),
            BatchPhase::Open => self.clock.reveal_opens_at(index),
            BatchPhase::Revealing => self.clock.ends_at(index),
            BatchPhase::Clearing => self.clock.void_at(index),
            BatchPhase::Cleared | BatchPhase::Void | BatchPhase::Empty => return 0,
        };
        u64::try_from(end.saturating_sub(now)).unwrap_or(0)
    }
}

/// All of them; never empty.
#[derive(Clone, Debug)]
pub struct Markets {
    all: Vec<Market>,
}

impl Markets {
    /// Reads every named market.
    ///
    /// Errors: `Missing` where a market does not exist or no name was given.
    pub async fn load(ledger: &dyn Ledger, gpu_types: Vec<String>) -> Result<Self, ReadError> {
        let mut all = Vec::with_capacity(gpu_types.len());
        for gpu_type in gpu_types {
            all.push(load_one(ledger, gpu_type).await?);
        }
        if all.is_empty() {
            return Err(ReadError::Missing { address: Pubkey::default(), expected: "market" });
        }
        Ok(Self { all })
    }

    /// Every market, the default one first.
    pub fn all(&self) -> &[Market] {
        &self.all
    }

    /// The market of that name; the default one where none is given.
    pub fn find(&self, gpu_type: Option<&str>) -> Result<&Market, ServiceError> {
        self.all
            .iter()
            .find(|market| gpu_type.is_none_or(|name| name == market.gpu_type))
            .ok_or_else(|| ServiceError::unknown_gpu_type(gpu_type.unwrap_or_default(), &self.names()))
    }

    /// The market at that address, where it is one of these.
    pub fn at(&self, address: &Pubkey) -> Option<&Market> {
        self.all.iter().find(|market| market.address == *address)
    }

    /// The market that a name means, however it is spelt; the default one where none is given.
    pub fn meant(&self, gpu_type: Option<&str>) -> Result<&Market, ServiceError> {
        let full = gpu_type.and_then(|name| gpu_names::meant(name, &self.names()));
        self.find(full.or(gpu_type))
    }

    fn names(&self) -> Vec<&str> {
        self.all.iter().map(|market| market.gpu_type.as_str()).collect()
    }
}

async fn load_one(ledger: &dyn Ledger, gpu_type: String) -> Result<Market, ReadError> {
    let tag = MarketTag::of(&gpu_type);
    let address = address::market(tag);
    let account: accounts::Market = accounts::get(ledger, &address).await?;
    let clock = BatchClock::new(account.genesis, account.batch_seconds, account.clear_seconds)
        .map_err(|_| accounts::DecodeError::Malformed { address, expected: "market" })?;
    Ok(Market { gpu_type, tag, address, clock })
}
