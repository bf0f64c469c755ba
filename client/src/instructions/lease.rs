//! What is done to a lease that is not closed. Parties act by owner or delegate with LEASE; the matcher may
//! show terms; expiring and failing anyone may.

use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

use super::instruction;
use crate::accounts::Lease;
use crate::address;
use crate::idl::client::{accounts, args};
use crate::idl::types::LeaseTerms;

/// The accounts that all these instructions take, under the name of each.
macro_rules! parties {
    ($name:ident, $signer:expr, $address:expr, $lease:expr) => {
        accounts::$name {
            signer: $signer,
            batch: $lease.batch,
            lease: $address,
            bid_order: $lease.bid_order,
            ask_order: $lease.ask_order,
            buyer_trader: address::trader(&$lease.buyer),
            provider_trader: address::trader(&$lease.provider),
            books: address::books(),
        }
    };
}

/// The provider takes on the lease at `address`.
pub fn accept_lease(signer: Pubkey, address: Pubkey, lease: &Lease) -> Instruction {
    instruction(parties!(AcceptLease, signer, address, lease), args::AcceptLease {})
}

/// The buyer ends the lease at `address` and pays it in full.
pub fn release_lease(signer: Pubkey, address: Pubkey, lease: &Lease, terms: LeaseTerms) -> Instruction {
    instruction(parties!(ReleaseLease, signer, address, lease), args::ReleaseLease { terms })
}

/// The provider is paid for the lease at `address`, whose term is over.
pub fn claim_lease(signer: Pubkey, address: Pubkey, lease: &Lease, terms: LeaseTerms) -> Instruction {
    instruction(parties!(ClaimLease, signer, address, lease), args::ClaimLease { terms })
}

/// The buyer ends the lease at `address` without pay, because another of its order was not accepted.
pub fn cancel_lease(signer: Pubkey, address: Pubkey, lease: &Lease) -> Instruction {
    instruction(parties!(CancelLease, signer, address, lease), args::CancelLease {})
}

/// Buyer or matcher, and the provider once it has accepted, open the terms of the lease at `address` for
/// everyone to read.
pub fn show_terms(signer: Pubkey, address: Pubkey, lease: &Lease, terms: LeaseTerms) -> Instruction {
    instruction(parties!(ShowTerms, signer, address, lease), args::ShowTerms { terms })
}

/// The buyer asks the host of the lease at `address` for a sign of life, against a deposit. It opens the
/// terms.
pub fn challenge_lease(signer: Pubkey, address: Pubkey, lease: &Lease, terms: LeaseTerms) -> Instruction {
    instruction(parties!(ChallengeLease, signer, address, lease), args::ChallengeLease { terms })
}

/// The host gives it, and gets the deposit.
pub fn answer_challenge(signer: Pubkey, address: Pubkey, lease: &Lease) -> Instruction {
    instruction(parties!(AnswerChallenge, signer, address, lease), args::AnswerChallenge {})
}

/// Ends the lease at `address`, whose host did not answer in time.
pub fn fail_lease(signer: Pubkey, address: Pubkey, lease: &Lease) -> Instruction {
    instruction(parties!(FailLease, signer, address, lease), args::FailLease {})
}

/// Closes the lease at `address`, which nobody accepted, or claimed, in time.
pub fn expire_lease(signer: Pubkey, address: Pubkey, lease: &Lease) -> Instruction {
    instruction(parties!(ExpireLease, signer, address, lease), args::ExpireLease {})
}
