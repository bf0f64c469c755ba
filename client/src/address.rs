//! Where the program keeps its accounts: SPEC section 10, one function per account.

use obscura_auction::order::MarketTag;
use solana_sdk::pubkey::Pubkey;
use uuid::Uuid;

use crate::idl;

pub fn settings() -> Pubkey {
    derived(&[b"settings"])
}

pub fn books() -> Pubkey {
    derived(&[b"books"])
}

/// The program's token account for `mint`.
pub fn vault(mint: &Pubkey) -> Pubkey {
    derived(&[b"vault", mint.as_ref()])
}

/// The Groth16 key of the circuit with `size` slots.
pub fn verifying_key(size: u16) -> Pubkey {
    derived(&[b"vkey", &size.to_le_bytes()])
}

pub fn market(tag: MarketTag) -> Pubkey {
    derived(&[b"market", &tag.to_be_bytes()])
}

/// The bond of the matcher that signs with `key`.
pub fn matcher(key: &Pubkey) -> Pubkey {
    derived(&[b"matcher", key.as_ref()])
}

pub fn trader(owner: &Pubkey) -> Pubkey {
    derived(&[b"trader", owner.as_ref()])
}

/// What the owner says about its machines, once registered.
pub fn provider(owner: &Pubkey) -> Pubkey {
    derived(&[b"provider", owner.as_ref()])
}

/// Exists from the batch's first commit on.
pub fn batch(market: &Pubkey, index: u64) -> Pubkey {
    derived(&[b"batch", market.as_ref(), &index.to_le_bytes()])
}

/// The order that `owner` committed under `order_id`.
pub fn order(owner: &Pubkey, order_id: Uuid) -> Pubkey {
    derived(&[b"order", trader(owner).as_ref(), order_id.as_bytes()])
}

/// Row `row` of the batch's lease tree, once opened.
pub fn lease(batch: &Pubkey, row: u16) -> Pubkey {
    derived(&[b"lease", batch.as_ref(), &row.to_le_bytes()])
}

fn derived(seeds: &[&[u8]]) -> Pubkey {
    Pubkey::find_program_address(seeds, &idl::ID).0
}
