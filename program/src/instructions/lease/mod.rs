//! Instructions of a lease's parties: owner, or delegate with LEASE.

pub mod accept_lease;
pub mod claim_lease;
pub mod close_lease;
pub mod release_lease;

pub use accept_lease::*;
pub use close_lease::*;
