//! The instructions, in a folder for each kind of caller, one file each. In a file: the accounts, `run`,
//! then `validate`, which only checks, `apply`, which only moves, and where money moves the conservation
//! check last. A handler must never move anything before all its checks have passed.
//! Source: SPEC section 11.

pub mod anyone;
pub mod authority;
pub mod lease;
pub mod matcher;
pub mod owner;
pub mod trade;

pub use anyone::*;
pub use authority::*;
pub use lease::*;
pub use matcher::*;
pub use owner::*;
pub use trade::*;
