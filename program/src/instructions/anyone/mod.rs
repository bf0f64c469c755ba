//! Instructions that anyone may call: they only carry out what a clock, a proof or a state already decided.

pub mod complete_settlement;
pub mod discharge_batch;
pub mod free_surplus;
pub mod open_lease;
pub mod refund;
pub mod slash_matcher;
pub mod sweep_donations;

pub use complete_settlement::*;
pub use discharge_batch::*;
pub use free_surplus::*;
pub use open_lease::*;
pub use refund::*;
pub use slash_matcher::*;
pub use sweep_donations::*;
