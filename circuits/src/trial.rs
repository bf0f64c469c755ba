//! A proof of a made-up batch, to see that a key from elsewhere proves.
//!
//! Every slot has an order, so every rule has something to do. The proof counts for nothing: secrets and
//! owners are fixed. Must never be sent anywhere.

use crate::batch::{BatchInputs, Clearance, ClearanceError, CommittedOrder};
use crate::keys::ClearingKeys;
use crate::opening::Opening;
use crate::progress::Progress;
use crate::proof::{ProveError, prove};
use crate::secret::Secret;
use crate::size::BatchSize;
use obscura_auction::admissible::{MarketRules, collateral_ceil};
use obscura_auction::lock::Lock;
use obscura_auction::order::{DEFAULT_ASK_DURATION, DEFAULT_BID_DURATION, MarketTag, Order, Side};
use obscura_auction::units::{DurationSeconds, FeeBps, Gpus, OutOfRange, PriceMicro};
use rand::{CryptoRng, RngCore};

/// The made-up batch's market.
pub const GPU_TYPE: &str = "trial";

/// Why a key proves nothing.
#[derive(Debug, thiserror::Error)]
pub enum TrialError {
    #[error("the trial's batch cannot be made: {0}")]
    Order(#[from] OutOfRange),
    #[error("the trial's batch cannot be cleared: {0}")]
    Clearance(#[from] ClearanceError),
    #[error("the key does not prove a clearing, so its points are not of this circuit: {0}")]
    Prove(#[from] ProveError),
}

/// Proves a full batch with `keys`, and verifies the proof.
pub fn trial(
    keys: &ClearingKeys,
    rng: &mut (impl RngCore + CryptoRng),
    progress: &Progress,
) -> Result<(), TrialError> {
    let clearance = Clearance::compute(&full_batch(keys.size())?)?;
    prove(keys, &clearance, rng, progress)?;
    Ok(())
}

/// Bids and asks in turn, at prices that cross for about half of them.
pub fn full_batch(size: BatchSize) -> Result<BatchInputs, OutOfRange> {
    let tag = MarketTag::of(GPU_TYPE);
    Ok(BatchInputs {
        size,
        batch_index: 1,
        program: [1; 32],
        market: [2; 32],
        market_rules: MarketRules {
            tag,
            min_duration: DurationSeconds::new(60)?,
            max_duration: DurationSeconds::new(604_800)?,
        },
        fee_bps: FeeBps::new(100)?,
        orders: (0..size.get()).map(|index| order(tag, index)).collect::<Result<_, _>>()?,
    })
}

fn order(market: MarketTag, index: u16) -> Result<CommittedOrder, OutOfRange> {
    let step = u64::from(index) + 1;
    let (side, price, duration) = match index % 2 {
        0 => (Side::Bid, 2_000_000 + 900 * step, DEFAULT_BID_DURATION),
        _ => (Side::Ask, 1_500_000 + 1_100 * step, DEFAULT_ASK_DURATION),
    };
    let qty = Gpus::new(1 + index % 7)?;
    let order = Order { side, market, price: PriceMicro::new(price)?, qty, min_qty: Gpus::new(1)?, duration };
    let lock = match side {
        Side::Bid => Lock::of_bid(collateral_ceil(order.price, order.qty, order.duration)),
        Side::Ask => Lock::of_ask(u64::from(qty.get())),
    };
    let mut owner = [3; 32];
    owner[..2].copy_from_slice(&index.to_be_bytes());
    let opening = Opening { order, owner, secret: Secret::from_bytes(owner) };
    Ok(CommittedOrder { commit_hash: opening.commit_hash(), owner, lock, opening: Some(opening) })
}
