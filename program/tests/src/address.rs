//! Addresses by SPEC section 10, written a second time on purpose: a seed that changes in the program must
//! fail a test here.

use anchor_lang::prelude::Pubkey;

use crate::ID;

pub fn settings() -> Pubkey {
    of(&[b"settings"])
}

pub fn books() -> Pubkey {
    of(&[b"books"])
}

pub fn vault(mint: &Pubkey) -> Pubkey {
    of(&[b"vault", mint.as_ref()])
}

pub fn verifying_key(size: u16) -> Pubkey {
    of(&[b"vkey", &size.to_le_bytes()])
}

pub fn market(tag: u64) -> Pubkey {
    of(&[b"market", &tag.to_be_bytes()])
}

pub fn matcher(key: &Pubkey) -> Pubkey {
    of(&[b"matcher", key.as_ref()])
}

pub fn trader(owner: &Pubkey) -> Pubkey {
    of(&[b"trader", owner.as_ref()])
}

pub fn provider(owner: &Pubkey) -> Pubkey {
    of(&[b"provider", owner.as_ref()])
}

pub fn batch(market: &Pubkey, index: u64) -> Pubkey {
    of(&[b"batch", market.as_ref(), &index.to_le_bytes()])
}

pub fn order(trader: &Pubkey, order_id: &[u8; 16]) -> Pubkey {
    of(&[b"order", trader.as_ref(), order_id])
}

pub fn lease(batch: &Pubkey, row: u16) -> Pubkey {
    of(&[b"lease", batch.as_ref(), &row.to_le_bytes()])
}

fn of(seeds: &[&[u8]]) -> Pubkey {
    Pubkey::find_program_address(seeds, &ID).0
}
