//! What the parties of a lease, or their delegates with LEASE, may do.

use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

use super::instruction;
use crate::accounts::Lease;
use crate::address;
use crate::idl::client::{accounts, args};
use crate::idl::types::LeaseTerms;

/// The provider takes on the lease at `address`.
pub fn accept_lease(authority: Pubkey, address: Pubkey, lease: &Lease) -> Instruction {
    instruction(
        accounts::AcceptLease {
            authority,
            provider_trader: address::trader(&lease.provider),
            lease: address,
        },
        args::AcceptLease {},
    )
}

/// The buyer ends the lease at `address` and pays it in full.
pub fn release_lease(authority: Pubkey, address: Pubkey, lease: &Lease, terms: LeaseTerms) -> Instruction {
    instruction(
        accounts::ReleaseLease {
            authority,
            lease: address,
            bid_order: lease.bid_order,
            ask_order: lease.ask_order,
            buyer_trader: address::trader(&lease.buyer),
            provider_trader: address::trader(&lease.provider),
            books: address::books(),
        },
        args::ReleaseLease { terms },
    )
}

/// The provider is paid for the lease at `address`, whose term is over.
pub fn claim_lease(authority: Pubkey, address: Pubkey, lease: &Lease, terms: LeaseTerms) -> Instruction {
    instruction(
        accounts::ClaimLease {
            authority,
            lease: address,
            bid_order: lease.bid_order,
            ask_order: lease.ask_order,
            buyer_trader: address::trader(&lease.buyer),
            provider_trader: address::trader(&lease.provider),
            books: address::books(),
        },
        args::ClaimLease { terms },
    )
}
