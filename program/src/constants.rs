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
pub const PROVIDER_SEED: &[u8] = b"provider";
#[constant]
pub const BATCH_SEED: &[u8] = b"batch";
#[constant]
pub const ORDER_SEED: &[u8] = b"order";
#[constant]
pub const LEASE_SEED: &[u8] = b"lease";

/// A delegate with this bit may commit and reveal.
#[constant]
pub const PERMISSION_TRADE: u8 = 1;
/// A delegate with this bit may accept, release, claim, cancel and challenge leases, and answer.
#[constant]
pub const PERMISSION_LEASE: u8 = 2;

/// Both mints count in millionths, so that one unit type fits each.
pub const MINT_DECIMALS: u8 = 6;

/// Circuit sizes that exist, ascending; `maxOrders` of a market is one of them.
pub const CIRCUIT_SIZES: [u16; 4] = [16, 64, 256, 1024];
/// Bytes of a bitmap in a batch account: one bit for each order of the largest size.
pub const BITMAP_BYTES: usize = obscura_auction::encoding::BITMAP_BYTES;

/// 10 %: a fee above this is a mistake.
pub const MAX_FEE_BPS: u16 = 1_000;
pub const MIN_CLEAR_SECONDS: u32 = 10;
pub const MAX_CLEAR_SECONDS: u32 = 600;
/// Fewer than any cluster makes that runs: slots take 400 ms, so a deadline's slots pass before its seconds
/// unless the cluster stood still.
#[constant]
pub const SLOTS_PER_SECOND: u64 = 2;
/// Deadlines of a batch end within a day, so that money is never held up for longer by a mistake.
pub const MAX_DEADLINE_SECONDS: u32 = 86_400;
/// 1,000 USDC: an order fee, deposit or minimum above this is a mistake.
pub const MAX_CHARGE_MICRO: u64 = 1_000_000_000;
/// 1,000,000 OBSC: a stake per GPU above this is a mistake.
pub const MAX_STAKE_PER_GPU: u64 = 1_000_000_000_000;
/// 1,000,000,000 OBSC: a bond above this is a mistake.
pub const MAX_MATCHER_BOND: u64 = 1_000_000_000_000_000;
/// 1,000 OBSC for each USDC: a bond rate above this is a mistake.
pub const MAX_BOND_PER_USDC: u64 = 1_000_000_000;
/// A share of one whole.
pub const BPS_PER_WHOLE: u16 = 10_000;
/// 10 minutes after a batch is over: how long its matcher's bond still answers for it.
#[constant]
pub const EVIDENCE_SECONDS: u32 = 600;
/// Orders of one owner in one batch.
#[constant]
pub const MAX_ORDERS_OF_OWNER: u8 = 32;
/// Batches of different markets that one owner's orders can be counted in at a time.
pub const TALLIES: usize = 8;
/// A market's clock starts near its creation: a far genesis would put its batch indexes out of reach.
pub const MAX_GENESIS_DISTANCE_SECONDS: u64 = 86_400;
/// 7 days: how long a provider may leave a lease unclaimed after the longest term its market has. From then
/// on anyone may close it without pay, so that terms nobody can open hold no money for ever.
#[constant]
pub const CLAIM_GRACE_SECONDS: u32 = 604_800;
/// 24 hours between `begin_unstake` and `withdraw_stake`.
#[constant]
pub const UNSTAKE_SECONDS: u32 = 86_400;
pub const MAX_GPU_TYPE_BYTES: usize = 32;
pub const MAX_LABEL_BYTES: usize = 64;

/// What the development keys of every size and version of the circuit have in common: they are made from
/// public seeds, so anyone can forge a proof for them. Where `allowDevKeys` is false no such key can be
/// registered. A test compares the list with what the circuits crate derives.
pub const DEVELOPMENT_KEY_ORIGINS: &[[u8; 32]] = &[
    // 16 slots
    [
        0x96, 0x5b, 0x63, 0x91, 0x99, 0x60, 0x7d, 0xcb, 0x39, 0x67, 0xdd, 0x22, 0xa5, 0xe6, 0xaa, 0x45, 0x84,
        0x3c, 0x15, 0x3d, 0xa7, 0x21, 0xb1, 0x21, 0xf9, 0xa5, 0x20, 0x32, 0x6e, 0x4d, 0xf1, 0xf0,
    ],
    // 64 slots
    [
        0x89, 0x76, 0x5a, 0x79, 0xe6, 0x6d, 0x1a, 0x79, 0xf7, 0x5b, 0x38, 0xae, 0xab, 0x18, 0xe5, 0x5a, 0xe3,
        0x9f, 0x50, 0x4c, 0x33, 0x84, 0x5f, 0xd6, 0x83, 0x03, 0x1b, 0x23, 0x95, 0xbe, 0x2b, 0xa2,
    ],
    // 256 slots
    [
        0xfe, 0x2b, 0x22, 0x51, 0x3d, 0xfc, 0xa3, 0x8e, 0xf1, 0x39, 0xc2, 0xb2, 0xda, 0xe3, 0xaf, 0x0c, 0x4e,
        0xf0, 0x06, 0x51, 0xe8, 0x4b, 0xbd, 0xfc, 0x29, 0x3a, 0xce, 0xb0, 0x18, 0x28, 0x66, 0xf1,
    ],
    // 1024 slots
    [
        0xbf, 0xfe, 0x38, 0xa4, 0x1a, 0x71, 0xd8, 0xd9, 0x6d, 0x73, 0xd0, 0x0b, 0xb5, 0xdc, 0x3b, 0x64, 0x8b,
        0x32, 0x0b, 0x73, 0x37, 0x5a, 0x85, 0x2a, 0x0c, 0x2a, 0xed, 0xb6, 0x7e, 0x0b, 0x8a, 0x89,
    ],
];
