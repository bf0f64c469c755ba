//! Instructions of a trader: owner, or delegate with TRADE.

pub mod commit;
pub mod reveal;

pub use commit::*;
pub use reveal::*;
