//! The terms of a lease, out of the bid's opening: what release, claim, show-terms and challenge have to show.
//!
//! Must never say terms that are not the lease's: what it returns hashes to the lease's terms hash.

use obscura_auction::field::is_canonical;
use obscura_auction::hashing;
use obscura_auction::units::{DurationSeconds, Gpus};
use obscura_circuits::opening::Opening;
use obscura_circuits::poseidon::NativePoseidon;

use crate::accounts::{Lease, LeaseTerms};

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TermsError {
    #[error("the opening is not that of the lease's bid: no size up to its qty hashes to the lease's terms")]
    OtherBid,
    #[error("qty, duration and blind do not hash to the lease's terms")]
    Mismatch,
    #[error("the blind is not an element of the field: it must be below the modulus")]
    Blind,
    #[error("qty or duration is out of range")]
    OutOfRange,
}

/// The terms of `lease`, which `opening` bid for. A bid can be filled in part and split over providers, so
/// the lease's size is found by trying each up to the bid's.
pub fn from_opening(opening: &Opening, lease: &Lease) -> Result<LeaseTerms, TermsError> {
    let blind = hashing::blind::<NativePoseidon>(*opening.secret.reduced(), lease.ask_index)
        .map_err(|_| TermsError::Blind)?;
    let duration = opening.order.duration.get();
    (1..=opening.order.qty.get())
        .rev()
        .map(|qty| LeaseTerms { qty, duration, blind })
        .find(|terms| check(terms, lease).is_ok())
        .ok_or(TermsError::OtherBid)
}

/// Whether `terms` are those of `lease`.
pub fn check(terms: &LeaseTerms, lease: &Lease) -> Result<(), TermsError> {
    let LeaseTerms { qty, duration, blind } = *terms;
    let qty = Gpus::new(qty).map_err(|_| TermsError::OutOfRange)?;
    let duration = DurationSeconds::new(duration).map_err(|_| TermsError::OutOfRange)?;
    if !is_canonical(&blind) {
        return Err(TermsError::Blind);
    }
    let hash = hashing::terms::<NativePoseidon>(qty, duration, lease.ask_index, blind)
        .map_err(|_| TermsError::Blind)?;
    if hash == lease.terms_hash { Ok(()) } else { Err(TermsError::Mismatch) }
}
