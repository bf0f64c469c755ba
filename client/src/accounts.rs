//! The program's accounts, read strictly.
//!
//! Must never guess: another owner, another type, or bytes that do not decode are each their own
//! error. The types are the IDL's.

use anchor_lang::{AccountDeserialize, Discriminator};
use solana_sdk::pubkey::Pubkey;

pub use crate::idl::accounts::{
    Batch, Books, Lease, Market, Matcher, Order, Provider, Settings, Trader, VerifyingKey,
};
pub use crate::idl::types::{
    Balance, Book, Capacity, Challenge, CloseReason, Delegate, Ended, Fault, LeaseState, LeaseTerms,
    MarketParams, MarketTerms, Moment, PublicOpening,
};

use crate::idl;
use crate::ledger::{Account, Ledger, LedgerError, MemcmpFilter};

/// A type of account that the program owns.
pub trait ProgramAccount: AccountDeserialize + Discriminator + Sized {
    /// As in the IDL.
    const NAME: &'static str;
}

macro_rules! program_accounts {
    ($($name:ident),+ $(,)?) => {
        $(impl ProgramAccount for $name {
            const NAME: &'static str = stringify!($name);
        })+
    };
}

program_accounts!(Settings, Books, VerifyingKey, Market, Matcher, Trader, Provider, Batch, Order, Lease);

/// Why bytes at an address are not the account that was expected there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    #[error("account {address} belongs to {got}, not to the program")]
    WrongOwner { address: Pubkey, got: Pubkey },
    #[error("account {address} is not a {expected}: its type bytes are {got}")]
    WrongType { address: Pubkey, expected: &'static str, got: String },
    #[error("account {address} is a {expected} whose content does not decode")]
    Malformed { address: Pubkey, expected: &'static str },
}

/// Why an account could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Decode(#[from] DecodeError),
    #[error("there is no {expected} at {address}")]
    Missing { address: Pubkey, expected: &'static str },
}

/// Decodes `account`, which was read at `address`.
pub fn decode<T: ProgramAccount>(address: &Pubkey, account: &Account) -> Result<T, DecodeError> {
    let address = *address;
    if account.owner != idl::ID {
        return Err(DecodeError::WrongOwner { address, got: account.owner });
    }
    if !account.data.starts_with(T::DISCRIMINATOR) {
        let kind = account.data.get(..T::DISCRIMINATOR.len()).unwrap_or(&account.data);
        return Err(DecodeError::WrongType { address, expected: T::NAME, got: hex::encode(kind) });
    }
    // Bytes may follow: an account has room for its longest value, and a shorter one does not wipe it.
    T::try_deserialize(&mut account.data.as_slice())
        .map_err(|_| DecodeError::Malformed { address, expected: T::NAME })
}

/// Reads the account at `address`, or `None` where there is none.
pub async fn find<T: ProgramAccount>(ledger: &dyn Ledger, address: &Pubkey) -> Result<Option<T>, ReadError> {
    let account = ledger.account(address).await?;
    Ok(account.map(|account| decode(address, &account)).transpose()?)
}

/// Reads the account at `address`, which must exist.
pub async fn get<T: ProgramAccount>(ledger: &dyn Ledger, address: &Pubkey) -> Result<T, ReadError> {
    find(ledger, address).await?.ok_or(ReadError::Missing { address: *address, expected: T::NAME })
}

/// Reads every account of one type whose bytes after the discriminator satisfy `filters`, whose
/// offsets count from the start of the account. In ascending address order.
pub async fn list<T: ProgramAccount>(
    ledger: &dyn Ledger,
    filters: impl IntoIterator<Item = MemcmpFilter>,
) -> Result<Vec<(Pubkey, T)>, ReadError> {
    let mut all = vec![MemcmpFilter::new(0, T::DISCRIMINATOR)];
    all.extend(filters);
    let accounts = ledger.program_accounts(&all).await?;
    accounts.iter().map(|(address, account)| Ok((*address, decode(address, account)?))).collect()
}

/// Matcher and parameters of batch `index` of `market`, as its first commit will copy them.
pub fn terms_at(market: &Market, index: u64) -> &MarketTerms {
    let next = market.next.as_ref().filter(|next| index >= next.from_batch);
    next.map_or(&market.terms, |next| &next.terms)
}

/// Where fields stand that lists are filtered by. Fields before them have a fixed width.
pub mod filter {
    use super::{MemcmpFilter, Pubkey};

    const DISCRIMINATOR: usize = 8;
    const KEY: usize = 32;

    /// Orders of one trader account.
    pub fn orders_of_trader(trader: &Pubkey) -> MemcmpFilter {
        MemcmpFilter::new(DISCRIMINATOR, trader.as_ref())
    }

    /// Orders of one owner.
    pub fn orders_of_owner(owner: &Pubkey) -> MemcmpFilter {
        MemcmpFilter::new(DISCRIMINATOR + KEY, owner.as_ref())
    }

    /// Orders of one batch.
    pub fn orders_of_batch(batch: &Pubkey) -> MemcmpFilter {
        MemcmpFilter::new(DISCRIMINATOR + 2 * KEY, batch.as_ref())
    }

    /// Leases of one batch.
    pub fn leases_of_batch(batch: &Pubkey) -> MemcmpFilter {
        MemcmpFilter::new(DISCRIMINATOR, batch.as_ref())
    }

    /// Leases of one bid.
    pub fn leases_of_bid(bid_order: &Pubkey) -> MemcmpFilter {
        MemcmpFilter::new(DISCRIMINATOR + 2 * KEY, bid_order.as_ref())
    }

    /// Leases of one ask.
    pub fn leases_of_ask(ask_order: &Pubkey) -> MemcmpFilter {
        MemcmpFilter::new(DISCRIMINATOR + 3 * KEY, ask_order.as_ref())
    }

    /// Leases of one buyer's owner.
    pub fn leases_of_buyer(buyer: &Pubkey) -> MemcmpFilter {
        MemcmpFilter::new(DISCRIMINATOR + 4 * KEY, buyer.as_ref())
    }

    /// Leases of one provider's owner.
    pub fn leases_of_provider(provider: &Pubkey) -> MemcmpFilter {
        MemcmpFilter::new(DISCRIMINATOR + 5 * KEY, provider.as_ref())
    }

    /// Batches of one market.
    pub fn batches_of_market(market: &Pubkey) -> MemcmpFilter {
        MemcmpFilter::new(DISCRIMINATOR, market.as_ref())
    }
}
