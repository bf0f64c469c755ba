//! Instructions on a lease that is not closed. Its parties act by owner or delegate with LEASE; the matcher
//! may show terms; what a deadline has decided anyone may carry out.

pub mod accept_lease;
pub mod answer_challenge;
pub mod cancel_lease;
pub mod challenge_lease;
pub mod claim_lease;
pub mod expire_lease;
pub mod fail_lease;
pub mod parties;
pub mod release_lease;
pub mod show_terms;

pub use parties::*;
