//! Instructions of a matcher's key.

pub mod bond_matcher;
pub mod post_clearing;
pub mod retire_matcher;
pub mod unbond_matcher;

pub use bond_matcher::*;
pub use post_clearing::*;
pub use retire_matcher::*;
pub use unbond_matcher::*;
