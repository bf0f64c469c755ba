//! What anyone may send: it only carries out what a clock, a proof or a state has decided.

use obscura_auction::field::FieldBytes;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

use super::{SYSTEM_PROGRAM, instruction};
use crate::accounts::{Lease, Order};
use crate::address;
use crate::idl::client::{accounts, args};
use crate::idl::types::OpenLeaseArgs;

/// One row of a batch's lease tree, with the way to its root.
#[derive(Debug, Clone)]
pub struct OpenLease {
    /// Pays the rent of the lease.
    pub payer: Pubkey,
    pub batch: Pubkey,
    pub bid_order: Pubkey,
    pub ask_order: Pubkey,
    pub row: u16,
    pub terms_hash: FieldBytes,
    pub path: Vec<FieldBytes>,
}

pub fn open_lease(lease: OpenLease) -> Instruction {
    let OpenLease { payer, batch, bid_order, ask_order, row, terms_hash, path } = lease;
    instruction(
        accounts::OpenLease {
            payer,
            batch,
            bid_order,
            ask_order,
            lease: address::lease(&batch, row),
            system_program: SYSTEM_PROGRAM,
        },
        args::OpenLease { args: OpenLeaseArgs { row, terms_hash, path } },
    )
}

/// Shows that `row` is empty, so that at most `row` leases of the batch exist.
pub fn complete_settlement(batch: Pubkey, row: u16, path: Vec<FieldBytes>) -> Instruction {
    instruction(accounts::CompleteSettlement { batch }, args::CompleteSettlement { row, path })
}

/// Closes the lease at `address`, which nobody accepted in time.
pub fn expire_lease(address: Pubkey, lease: &Lease) -> Instruction {
    let Lease { bid_order, ask_order, .. } = *lease;
    instruction(accounts::ExpireLease { lease: address, bid_order, ask_order }, args::ExpireLease {})
}

/// Ends the order at `address`. Half of its fee goes to `cranker_trader`, the cranker's own trader
/// account, where there is one.
pub fn refund(
    cranker: Pubkey,
    address: Pubkey,
    order: &Order,
    cranker_trader: Option<Pubkey>,
) -> Instruction {
    instruction(
        accounts::Refund {
            cranker,
            order: address,
            batch: order.batch,
            trader: order.trader,
            cranker_trader,
            books: address::books(),
        },
        args::Refund {},
    )
}
