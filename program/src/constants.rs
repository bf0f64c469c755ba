//! Seeds, bounds and permission bits of the program. It must never hold a market rule that another part
//! computes too: those come from `obscura-auction`. Bounds: SPEC sections 1, 10 and 11.

use anchor_lang::prelude::*;

#[constant]
pub const SETTINGS_SEED: &[u8] = b"settings";
#[constant]
pub const BOOKS_SEED: &[u8] = b"books";
#[constant]
pub const VAULT_SEED: &[u8] = b"vault";
#[constant]
pub const VERIFYING_KEY_SEED: &[u8] = b"vkey";
#[constant]
pub const MARKET_SEED: &[u8] = b"market";
#[constant]
pub const MATCHER_SEED: &[u8] = b"matcher";
#[constant]
pub const TRADER_SEED: &[u8] = b"trader";
#[constant]
pub const BATCH_SEED: &[u8] = b"batch";
#[constant]
pub const ORDER_SEED: &[u8] = b"order";
#[constant]
pub const LEASE_SEED: &[u8] = b"lease";

/// A delegate with this bit may commit and reveal.
#[constant]
pub const PERMISSION_TRADE: u8 = 1;
/// A delegate with this bit may accept, release and claim leases.
#[constant]
pub const PERMISSION_LEASE: u8 = 2;

/// Both mints count in millionths, so that one unit type fits each.
pub const MINT_DECIMALS: u8 = 6;

/// Circuit sizes that exist; `maxOrders` of a market is one of them.
pub const CIRCUIT_SIZES: [u16; 4] = [16, 64, 256, 1024];
/// Bytes of a bitmap in a batch account: one bit for each order of the largest size.
pub const BITMAP_BYTES: usize = obscura_auction::encoding::BITMAP_BYTES;

/// 10 %: a fee above this is a mistake.
pub const MAX_FEE_BPS: u16 = 1_000;
pub const MIN_CLEAR_SECONDS: u32 = 10;
pub const MAX_CLEAR_SECONDS: u32 = 600;
/// Deadlines of a batch end within a day, so that money is never held up for longer by a mistake.
pub const MAX_DEADLINE_SECONDS: u32 = 86_400;
/// 1,000 USDC: an order fee, deposit or minimum above this is a mistake.
pub const MAX_CHARGE_MICRO: u64 = 1_000_000_000;
/// 1,000,000 OBSC: a stake per GPU above this is a mistake.
pub const MAX_STAKE_PER_GPU: u64 = 1_000_000_000_000;
/// A market's clock starts near its creation: a far genesis would put its batch indexes out of reach.
pub const MAX_GENESIS_DISTANCE_SECONDS: u64 = 86_400;
pub const MAX_GPU_TYPE_BYTES: usize = 32;

/// Fingerprints of the development keys: made from a public seed, so anyone can forge a proof for them.
/// Where `allowDevKeys` is false no such key can be registered. A test tries to register the key that the
/// circuits crate derives, so a changed circuit cannot leave this list behind.
pub const DEVELOPMENT_KEY_FINGERPRINTS: &[[u8; 32]] = &[
    // 16 slots
    [
        0xae, 0x57, 0x16, 0x51, 0xd6, 0x34, 0xf7, 0x72, 0xcd, 0xc0, 0x20, 0x93, 0x9d, 0x26, 0xad, 0xa1, 0x7e,
        0x96, 0x6f, 0xcb, 0x99, 0x98, 0x2c, 0x93, 0x42, 0xf8, 0x4a, 0xfb, 0xf3, 0x97, 0x93, 0xea,
    ],
];
