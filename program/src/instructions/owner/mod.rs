//! Instructions that only a trader's owner may sign. A delegate never can.

pub mod begin_unstake;
pub mod deposit;
pub mod open_trader;
pub mod register_provider;
pub mod revoke_delegate;
pub mod set_delegate;
pub mod update_provider;
pub mod withdraw;
pub mod withdraw_stake;

pub use begin_unstake::*;
pub use deposit::*;
pub use open_trader::*;
pub use register_provider::*;
pub use revoke_delegate::*;
pub use set_delegate::*;
pub use update_provider::*;
pub use withdraw::*;
