//! Instructions that only a trader's owner may sign. A delegate never can.

pub mod deposit;
pub mod open_trader;
pub mod revoke_delegate;
pub mod set_delegate;
pub mod withdraw;

pub use deposit::*;
pub use open_trader::*;
pub use revoke_delegate::*;
pub use set_delegate::*;
pub use withdraw::*;
