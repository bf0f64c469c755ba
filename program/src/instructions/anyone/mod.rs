//! Instructions that anyone may call: they only carry out what a clock, a proof or a state already decided.

pub mod complete_settlement;
pub mod expire_lease;
pub mod open_lease;
pub mod refund;

pub use complete_settlement::*;
pub use expire_lease::*;
pub use open_lease::*;
pub use refund::*;
