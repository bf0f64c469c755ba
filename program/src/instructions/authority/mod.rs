//! Instructions of the authority in the settings. None of them touches a trader's balance.

pub mod accept_authority;
pub mod create_market;
pub mod disable_verifying_key;
pub mod freeze_verifying_key;
pub mod initialize;
pub mod propose_authority;
pub mod register_verifying_key;
pub mod schedule_market;
pub mod set_paused;
pub mod withdraw_treasury;

pub use accept_authority::*;
pub use create_market::*;
pub use disable_verifying_key::*;
pub use freeze_verifying_key::*;
pub use initialize::*;
pub use propose_authority::*;
pub use register_verifying_key::*;
pub use schedule_market::*;
pub use set_paused::*;
pub use withdraw_treasury::*;
