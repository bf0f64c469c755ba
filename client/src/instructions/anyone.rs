//! What anyone may send: it only carries out what a clock, a proof or a state has decided.

use obscura_auction::field::FieldBytes;
use obscura_circuits::size::BatchSize;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Signature;

use super::{SYSTEM_PROGRAM, instruction};
use crate::accounts::{Batch, Order};
use crate::address;
use crate::idl::client::{accounts, args};
use crate::idl::types::OpenLeaseArgs;

const INSTRUCTIONS_SYSVAR: Pubkey = Pubkey::from_str_const("Sysvar1nstructions1111111111111111111111111");

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

/// Ends the order at `address`, which is of `batch`. Half of its fee goes to `cranker_trader`, the cranker's
/// own trader account, where there is one.
pub fn refund(
    cranker: Pubkey,
    address: Pubkey,
    order: &Order,
    batch: &Batch,
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
            matcher: address::matcher(&batch.matcher),
            verifying_key: smallest_key(batch).filter(|_| !batch.cleared),
        },
        args::Refund {},
    )
}

/// Of the smallest circuit that holds the batch's orders.
fn smallest_key(batch: &Batch) -> Option<Pubkey> {
    let size = BatchSize::holding(batch.order_count.into())?;
    Some(address::verifying_key(size.get()))
}

/// Gives back what the lock of the order at `address` holds beyond the shown terms of its leases.
pub fn free_surplus(address: Pubkey, order: &Order) -> Instruction {
    let Order { batch, trader, .. } = *order;
    instruction(accounts::FreeSurplus { order: address, batch, trader }, args::FreeSurplus {})
}

/// Takes the batch at `address`, long over, out of what its matcher answers for.
pub fn discharge_batch(address: Pubkey, batch: &Batch) -> Instruction {
    let matcher = address::matcher(&batch.matcher);
    instruction(accounts::DischargeBatch { batch: address, matcher }, args::DischargeBatch {})
}

/// Makes the matcher of `batch` pay for the order at `address`, which it acknowledged and left out. The
/// instruction before it in the transaction must be the ed25519 check of the acknowledgement:
/// [`check_acknowledgement`].
pub fn slash_matcher(address: Pubkey, order: &Order, batch: &Batch) -> Instruction {
    instruction(
        accounts::SlashMatcher {
            batch: order.batch,
            order: address,
            trader: order.trader,
            matcher: address::matcher(&batch.matcher),
            books: address::books(),
            instructions: INSTRUCTIONS_SYSVAR,
        },
        args::SlashMatcher {},
    )
}

/// Has the chain check that `matcher` signed `message`, an acknowledgement (SPEC section 12).
pub fn check_acknowledgement(matcher: &Pubkey, message: &[u8], signature: &Signature) -> Instruction {
    let key = matcher.to_bytes();
    let signature: [u8; 64] = (*signature).into();
    solana_ed25519_program::new_ed25519_instruction_with_signature(message, &signature, &key)
}

/// Counts what somebody sent to the vault of `mint` past every instruction into the treasury.
pub fn sweep_donations(mint: Pubkey) -> Instruction {
    let accounts = accounts::SweepDonations {
        settings: address::settings(),
        books: address::books(),
        vault: address::vault(&mint),
    };
    instruction(accounts, args::SweepDonations { mint })
}
