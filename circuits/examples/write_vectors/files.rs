//! What is in each vector file. Bytes are lower-case hex, field elements 64 digits of it.
//!
//! Fixed inputs only: the same files come out on every machine.

use obscura_auction::admissible::{MarketRules, admissible, collateral_ceil};
use obscura_auction::encoding::{chained_order, packed_row, side_lock};
use obscura_auction::field::{FieldBytes, reduce};
use obscura_auction::hashing;
use obscura_auction::lock::Lock;
use obscura_auction::order::{MarketTag, Order, Side};
use obscura_auction::units::{DurationSeconds, FeeBps, Gpus, PriceMicro};
use obscura_circuits::batch::{BatchInputs, Clearance, CommittedOrder};
use obscura_circuits::keys::{ClearingKeys, VerifyingKeyBytes, development_verifying_key};
use obscura_circuits::opening::Opening;
use obscura_circuits::poseidon::NativePoseidon;
use obscura_circuits::progress::Progress;
use obscura_circuits::proof::prove;
use obscura_circuits::secret::Secret;
use obscura_circuits::size::BatchSize;
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;
use serde_json::{Value, json};
use std::error::Error;
use std::path::Path;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const GPU_TYPE: &str = "H100 80GB";
const MARKET: [u8; 32] = [0xe2; 32];
const PROGRAM: [u8; 32] = [0xf1; 32];

/// Every file's name and text.
pub fn all() -> Result<Vec<(&'static str, String)>> {
    let clearance = Clearance::compute(&batch()?)?;
    let files = [
        ("commitments.json", commitments()?),
        ("orders_root.json", orders_root(&clearance.inputs)?),
        ("statement.json", statement(&clearance)),
        ("lease_tree.json", lease_tree(&clearance)?),
        ("admissible.json", admissibility()?),
        ("proof.json", proof(&clearance)?),
        ("development_keys.json", development_keys()?),
    ];
    Ok(files.map(|(name, value)| (name, text(value))).to_vec())
}

/// Keys sorted, whatever map the JSON library was built with.
fn text(mut value: Value) -> String {
    value.sort_all_objects();
    format!("{value:#}\n")
}

fn commitments() -> Result<Value> {
    let cases = [
        (GPU_TYPE, order(GPU_TYPE, Side::Bid, [1_860_000, 4, 4, 3600])?, [0x11; 32], [0x22; 32]),
        (GPU_TYPE, order(GPU_TYPE, Side::Ask, [1_500_000, 8, 1, 2_592_000])?, [0x33; 32], [0x44; 32]),
        // Key and secret above the modulus; every field at its least, then at its most.
        ("RTX 4090", order("RTX 4090", Side::Bid, [1, 1, 1, 60])?, [0xff; 32], [0xff; 32]),
        (
            "H200 141GB",
            order("H200 141GB", Side::Ask, [(1 << 40) - 1, 4096, 4096, 2_592_000])?,
            [0; 32],
            [0; 32],
        ),
        ("A100 80GB – µ", order("A100 80GB – µ", Side::Bid, [7, 3, 2, 86_400])?, [9; 32], [8; 32]),
    ];
    let cases = cases.map(|(gpu_type, order, owner, secret)| {
        let opening = Opening { order, owner, secret: Secret::from_bytes(secret) };
        json!({
            "gpuType": gpu_type,
            "marketTag": hex::encode(order.market.to_be_bytes()),
            "order": order_json(&order),
            "owner": hex::encode(owner),
            "secret": hex::encode(secret),
            "packed": hex::encode(order.packed()),
            "ownerReduced": hex::encode(reduce(owner)),
            "secretReduced": hex::encode(opening.secret.reduced()),
            "commitHash": hex::encode(opening.commit_hash()),
        })
    });
    Ok(json!(cases))
}

/// The root after each order, closed as it would be if the batch ended there.
fn orders_root(inputs: &BatchInputs) -> Result<Value> {
    let tag = inputs.market_rules.tag;
    let start = hashing::orders_root_start::<NativePoseidon>(tag, inputs.batch_index)?;
    let mut chained = Vec::new();
    let mut orders = Vec::new();
    for order in &inputs.orders {
        chained.push(chained_order(order.commit_hash, order.owner, order.lock));
        let root = hashing::orders_root_close::<NativePoseidon>(&start, &chained)?;
        orders.push(json!({
            "commitHash": hex::encode(order.commit_hash),
            "owner": hex::encode(order.owner),
            "side": order.lock.side.to_string(),
            "lock": order.lock.amount,
            "sideLock": hex::encode(side_lock(order.lock)),
            "closedRoot": hex::encode(root),
        }));
    }
    Ok(json!({
        "marketTag": hex::encode(tag.to_be_bytes()),
        "batchIndex": inputs.batch_index,
        "start": hex::encode(start),
        "orders": orders,
    }))
}

fn statement(clearance: &Clearance) -> Value {
    let fields = &clearance.statement.0;
    json!({
        "size": fields.size,
        "orderCount": fields.order_count,
        "batchIndex": fields.batch_index,
        "program": hex::encode(fields.program),
        "market": hex::encode(fields.market),
        "ordersRoot": hex::encode(fields.orders_root),
        "included": hex::encode(fields.included.as_bytes()),
        "filled": hex::encode(fields.filled.as_bytes()),
        "priceMicro": fields.price.map_or(0, PriceMicro::get),
        "feeBps": fields.fee_bps.get(),
        "minDurationSeconds": fields.min_duration.get(),
        "maxDurationSeconds": fields.max_duration.get(),
        "leasesRoot": hex::encode(fields.leases_root),
        "elements": fields.elements().map(hex::encode),
        "hash": hex::encode(clearance.statement_hash),
    })
}

fn lease_tree(clearance: &Clearance) -> Result<Value> {
    let tree = &clearance.lease_tree;
    let mut rows = Vec::new();
    for (row, lease) in (0..).zip(&clearance.leases) {
        rows.push(json!({
            "row": row,
            "bid": lease.bid,
            "ask": lease.ask,
            "qty": lease.qty.get(),
            "durationSeconds": lease.duration.get(),
            "blind": hex::encode(lease.blind),
            "packedRow": hex::encode(packed_row(lease.bid, lease.ask)),
            "terms": hex::encode(lease.terms),
            "path": hexes(&tree.path(row)?),
        }));
    }
    let first_unused = clearance.leases.len() as u16;
    Ok(json!({
        "size": clearance.inputs.size.get(),
        "root": hex::encode(tree.root()),
        "rows": rows,
        "firstUnusedRow": { "row": first_unused, "path": hexes(&tree.path(first_unused)?) },
    }))
}

fn admissibility() -> Result<Value> {
    let rules = rules()?;
    let bid = |numbers| order(GPU_TYPE, Side::Bid, numbers);
    let ask = |numbers| order(GPU_TYPE, Side::Ask, numbers);
    let hour = bid([1_860_000, 4, 4, 3600])?;
    let need = collateral_ceil(hour.price, hour.qty, hour.duration).get();
    let month = ask([1_500_000, 8, 1, 2_592_000])?;
    let usdc = |amount| Lock { side: Side::Bid, amount };
    let gpus = |amount| Lock { side: Side::Ask, amount };
    let cases = [
        ("a bid with its collateral to the micro-USDC", hour, usdc(need)),
        ("a bid that locks more than it needs", hour, usdc(need * 5)),
        ("a bid one micro-USDC short", hour, usdc(need - 1)),
        ("a bid with the lock of an ask", hour, gpus(need)),
        ("a bid of another market", order("RTX 4090", Side::Bid, [1_860_000, 4, 4, 3600])?, usdc(need)),
        ("a bid whose minQty is above its qty", bid([1_860_000, 4, 5, 3600])?, usdc(need)),
        ("a bid as short as the market allows", bid([1_860_000, 4, 1, 3600])?, usdc(need)),
        ("a bid shorter than that", bid([1_860_000, 4, 1, 3599])?, usdc(need)),
        ("a bid as long as the market allows", bid([1, 1, 1, 604_800])?, usdc(need)),
        ("a bid longer than that", bid([1, 1, 1, 604_801])?, usdc(need)),
        ("a cost that is rounded up", bid([1, 2, 2, 3601])?, usdc(4)),
        ("a cost that is rounded up, one short", bid([1, 2, 2, 3601])?, usdc(3)),
        ("an ask with its GPUs", month, gpus(8)),
        ("an ask one GPU short", month, gpus(7)),
        ("an ask with the lock of a bid", month, usdc(8)),
        ("an ask that is not divisible", ask([1_500_000, 8, 2, 2_592_000])?, gpus(8)),
        ("an ask as long as the market's longest lease", ask([1, 8, 1, 604_800])?, gpus(8)),
        ("an ask shorter than that", ask([1, 8, 1, 604_799])?, gpus(8)),
    ];
    let cases = cases.map(|(name, order, lock)| {
        let outcome = admissible(&order, &rules, lock);
        json!({
            "name": name,
            "order": order_json(&order),
            "marketTag": hex::encode(order.market.to_be_bytes()),
            "lock": { "side": lock.side.to_string(), "amount": lock.amount },
            "admissible": outcome.is_ok(),
            "reason": outcome.err().map(|reason| reason.to_string()),
        })
    });
    Ok(json!({
        "rules": {
            "marketTag": hex::encode(rules.tag.to_be_bytes()),
            "minDurationSeconds": rules.min_duration.get(),
            "maxDurationSeconds": rules.max_duration.get(),
        },
        "cases": cases,
    }))
}

/// A proof of `statement.json` under the development key of 16 slots, blinded by a fixed seed.
fn proof(clearance: &Clearance) -> Result<Value> {
    let cache = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/devkeys");
    let progress = Progress::default();
    let keys = ClearingKeys::dev(BatchSize::S16, &cache, &progress)?;
    let proof = prove(&keys, clearance, &mut ChaCha20Rng::seed_from_u64(1), &progress)?;
    Ok(json!({
        "statementHash": hex::encode(clearance.statement_hash),
        "proof": { "a": hex::encode(proof.a), "b": hex::encode(proof.b), "c": hex::encode(proof.c) },
        "verifyingKey": verifying_key_json(keys.verifying_key()),
    }))
}

/// The development keys of all sizes: what a local chain registers before any proving key is made.
fn development_keys() -> Result<Value> {
    let mut keys = Vec::new();
    for size in BatchSize::ALL {
        let mut key = verifying_key_json(&development_verifying_key(size)?);
        key["size"] = json!(size.get());
        keys.push(key);
    }
    Ok(json!(keys))
}

fn verifying_key_json(key: &VerifyingKeyBytes) -> Value {
    json!({
        "alphaG1": hex::encode(key.alpha_g1),
        "betaG2": hex::encode(key.beta_g2),
        "gammaG2": hex::encode(key.gamma_g2),
        "deltaG2": hex::encode(key.delta_g2),
        "ic": key.ic.map(hex::encode),
        "fingerprint": hex::encode(key.fingerprint()),
    })
}

/// Seven orders, one of them hidden: a bid split over two asks, and a partial last group.
fn batch() -> Result<BatchInputs> {
    let orders = [
        order(GPU_TYPE, Side::Bid, [2_000_000, 6, 6, 3600])?,
        order(GPU_TYPE, Side::Ask, [1_500_000, 4, 1, 2_592_000])?,
        order(GPU_TYPE, Side::Bid, [1_900_000, 3, 1, 7200])?,
        order(GPU_TYPE, Side::Bid, [1_950_000, 2, 2, 3600])?,
        order(GPU_TYPE, Side::Ask, [1_600_000, 4, 1, 2_592_000])?,
        order(GPU_TYPE, Side::Bid, [1_100_000, 1, 1, 3600])?,
        order(GPU_TYPE, Side::Ask, [2_500_000, 9, 1, 604_800])?,
    ];
    let mut orders: Vec<CommittedOrder> = (1u8..).zip(orders).map(|(seed, o)| committed(seed, o)).collect();
    orders[3].opening = None;
    Ok(BatchInputs {
        size: BatchSize::S16,
        batch_index: 1_234_567,
        program: PROGRAM,
        market: MARKET,
        market_rules: rules()?,
        fee_bps: FeeBps::new(100)?,
        orders,
    })
}

fn committed(seed: u8, order: Order) -> CommittedOrder {
    let (owner, secret) = ([0xf0 | seed; 32], Secret::from_bytes([seed; 32]));
    let opening = Opening { order, owner, secret };
    let amount = match order.side {
        Side::Bid => 20_000_000,
        Side::Ask => 10,
    };
    let lock = Lock { side: order.side, amount };
    CommittedOrder { commit_hash: opening.commit_hash(), owner, lock, opening: Some(opening) }
}

fn rules() -> Result<MarketRules> {
    Ok(MarketRules {
        tag: MarketTag::of(GPU_TYPE),
        min_duration: DurationSeconds::new(3600)?,
        max_duration: DurationSeconds::new(604_800)?,
    })
}

/// Price, qty, minQty and duration.
fn order(gpu_type: &str, side: Side, [price, qty, min_qty, seconds]: [u64; 4]) -> Result<Order> {
    Ok(Order {
        side,
        market: MarketTag::of(gpu_type),
        price: PriceMicro::new(price)?,
        qty: Gpus::try_from(qty)?,
        min_qty: Gpus::try_from(min_qty)?,
        duration: DurationSeconds::try_from(seconds)?,
    })
}

fn order_json(order: &Order) -> Value {
    let Order { side, market: _, price, qty, min_qty, duration } = order;
    json!({
        "side": side.to_string(),
        "priceMicro": price.get(),
        "qty": qty.get(),
        "minQty": min_qty.get(),
        "durationSeconds": duration.get(),
    })
}

fn hexes(elements: &[FieldBytes]) -> Vec<String> {
    elements.iter().map(hex::encode).collect()
}
