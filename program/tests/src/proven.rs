//! A clearing made the way a matcher makes it: computed by the rules from what the chain holds, and proven
//! with the development key. It must never take a figure from the test that checks it.

use std::path::Path;

use obscura_auction::admissible::MarketRules;
use obscura_auction::lock::Lock;
use obscura_auction::order::{MarketTag, Side};
use obscura_auction::units::{DurationSeconds, FeeBps, PriceMicro};
use obscura_circuits::batch::{BatchInputs, Clearance, CommittedOrder};
use obscura_circuits::keys::{ClearingKeys, VerifyingKeyBytes};
use obscura_circuits::opening::Opening;
use obscura_circuits::progress::Progress;
use obscura_circuits::proof::{ProofBytes, prove};
use obscura_circuits::secret::Secret;
use obscura_circuits::size::BatchSize;
use rand::rngs::OsRng;

use crate::types::{KeyPoints, PostClearingArgs, Proof};
use crate::verbs::clear::ClearedRow;
use crate::{Clearing, ID, Sealed, World};

/// The development key of 16 slots, cached where `cache` says.
pub fn development_keys(cache: &Path) -> ClearingKeys {
    ClearingKeys::dev(BatchSize::S16, cache, &Progress::default()).expect("the development key can be made")
}

/// A verifying key as an instruction takes it.
pub fn key_points(key: &VerifyingKeyBytes) -> KeyPoints {
    let VerifyingKeyBytes { alpha_g1, beta_g2, gamma_g2, delta_g2, ic } = key.clone();
    KeyPoints { alpha_g1, beta_g2, gamma_g2, delta_g2, ic }
}

/// An order of the batch, and whether its opening reached the matcher.
pub struct Received<'a> {
    pub order: &'a Sealed,
    pub opened: bool,
}

/// Computes and proves batch `index` of `world` from its order accounts and the openings received.
pub fn proven(
    world: &World,
    keys: &ClearingKeys,
    index: u64,
    received: &[Received],
) -> (Clearing, PostClearingArgs) {
    let clearance = Clearance::compute(&inputs(world, index, received)).expect("the batch can be cleared");
    let proof =
        prove(keys, &clearance, &mut OsRng, &Progress::default()).expect("a computed clearing can be proven");
    let clearing = clearing(&clearance, received);
    let posting = PostClearingArgs {
        price_micro: clearing.price_micro,
        leases_root: clearance.lease_tree.root(),
        proof: proof_args(proof),
        included: clearing.bitmap_bytes(&clearing.included),
        filled: clearing.bitmap_bytes(&clearing.filled),
    };
    (clearing, posting)
}

/// Batch `index` of `world` as a matcher sees it.
pub fn inputs(world: &World, index: u64, received: &[Received]) -> BatchInputs {
    let batch = world.batch(index);
    let duration = |seconds| DurationSeconds::new(seconds).expect("a duration in range");
    BatchInputs {
        size: BatchSize::S16,
        batch_index: index,
        program: ID.to_bytes(),
        market: world.market.to_bytes(),
        market_rules: MarketRules {
            tag: MarketTag::from_u64(batch.tag),
            min_duration: duration(batch.params.min_duration),
            max_duration: duration(batch.params.max_duration),
        },
        fee_bps: FeeBps::new(batch.params.fee_bps).expect("a fee in range"),
        orders: received.iter().map(|received| committed(world, received)).collect(),
    }
}

fn committed(world: &World, received: &Received) -> CommittedOrder {
    let account = world.order(received.order);
    let side = Side::try_from(account.side).expect("a side");
    let opening = received.opened.then(|| Opening {
        order: received.order.terms,
        owner: received.order.owner.to_bytes(),
        secret: Secret::from_bytes(received.order.secret),
    });
    CommittedOrder {
        commit_hash: account.commit_hash,
        owner: account.owner.to_bytes(),
        lock: Lock { side, amount: account.lock },
        opening,
    }
}

fn clearing(clearance: &Clearance, received: &[Received]) -> Clearing {
    let rows = clearance.leases.iter().map(|lease| ClearedRow {
        bid: lease.bid,
        ask: lease.ask,
        qty: lease.qty.get(),
    });
    Clearing {
        orders: received.iter().map(|received| received.order.clone()).collect(),
        size: clearance.inputs.size,
        index: clearance.inputs.batch_index,
        price_micro: clearance.clearing.price.map_or(0, PriceMicro::get),
        included: *clearance.included(),
        filled: *clearance.filled(),
        rows: rows.collect(),
    }
}

fn proof_args(proof: ProofBytes) -> Proof {
    let ProofBytes { a, b, c } = proof;
    Proof { a, b, c }
}
