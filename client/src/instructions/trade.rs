//! What the owner, or a delegate with TRADE, may do: commit an order, and open it in public.

use obscura_auction::field::FieldBytes;
use obscura_auction::lock::Lock;
use obscura_circuits::opening::Opening;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;
use uuid::Uuid;

use super::{SYSTEM_PROGRAM, instruction};
use crate::address;
use crate::idl::client::{accounts, args};
use crate::idl::types::{CommitArgs, PublicOpening};

/// A sealed order on its way to one batch.
#[derive(Debug, Clone, Copy)]
pub struct Commit {
    /// Pays the rent of the order, and of the batch where it is the first.
    pub payer: Pubkey,
    /// Signs: the owner, or its delegate.
    pub authority: Pubkey,
    pub owner: Pubkey,
    /// The market's address, and the key of its matcher.
    pub market: Pubkey,
    pub matcher: Pubkey,
    pub batch_index: u64,
    /// The idempotency key: a second commit under it fails.
    pub order_id: Uuid,
    pub commit_hash: FieldBytes,
    pub lock: Lock,
    /// Micro-USDC that order fee and reveal deposit may come to: what the sealer was told they are.
    pub max_charges: u64,
}

pub fn commit(commit: &Commit) -> Instruction {
    let Commit {
        payer,
        authority,
        owner,
        market,
        matcher,
        batch_index,
        order_id,
        commit_hash,
        lock,
        max_charges,
    } = *commit;
    instruction(
        accounts::Commit {
            payer,
            authority,
            settings: address::settings(),
            market,
            matcher: address::matcher(&matcher),
            batch: address::batch(&market, batch_index),
            trader: address::trader(&owner),
            order: address::order(&owner, order_id),
            system_program: SYSTEM_PROGRAM,
        },
        args::Commit {
            args: CommitArgs {
                order_id: order_id.into_bytes(),
                batch_index,
                side: lock.side as u8,
                commit_hash,
                lock: lock.amount,
                max_charges,
            },
        },
    )
}

/// Opens an order for everyone to read: the answer to a matcher that will not acknowledge it.
pub fn reveal(authority: Pubkey, batch: Pubkey, order_id: Uuid, opening: &Opening) -> Instruction {
    let owner = Pubkey::new_from_array(opening.owner);
    instruction(
        accounts::Reveal {
            authority,
            trader: address::trader(&owner),
            order: address::order(&owner, order_id),
            batch,
        },
        args::Reveal {
            opening: PublicOpening {
                price_micro: opening.order.price.get(),
                qty: opening.order.qty.get(),
                min_qty: opening.order.min_qty.get(),
                duration: opening.order.duration.get(),
                secret: *opening.secret.reduced(),
            },
        },
    )
}
