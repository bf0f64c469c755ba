//! The program's accounts, one per file. An account type must never be created anywhere but at its own
//! address by the instruction that makes it: so an account of a type is proof of its seeds, and later
//! instructions check how accounts point at each other instead of deriving addresses again.
//! Source: SPEC section 10.

pub mod balance;
pub mod batch;
pub mod books;
pub mod label;
pub mod lease;
pub mod market;
pub mod matcher;
pub mod moment;
pub mod order;
pub mod provider;
pub mod settings;
pub mod tally;
pub mod trader;
pub mod verifying_key;

pub use balance::Balance;
pub use batch::Batch;
pub use books::{Book, Books};
pub use lease::{Challenge, CloseReason, Fault, Lease, LeaseState};
pub use market::{Market, MarketParams, MarketTerms};
pub use matcher::{Forfeit, Matcher, Misdeed};
pub use moment::Moment;
pub use order::{Ended, Order, PublicOpening};
pub use provider::{Provider, ProviderArgs};
pub use settings::Settings;
pub use tally::Tally;
pub use trader::{Caller, Delegate, Trader};
pub use verifying_key::VerifyingKey;
