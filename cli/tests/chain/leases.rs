//! A lease from the clearing to its end, each step by the command line of who may take it. The clearing itself
//! is proven and posted here, as a matcher does it.

use std::path::Path;
use std::time::Duration;

use obscura_auction::admissible::MarketRules;
use obscura_auction::lock::Lock;
use obscura_auction::order::MarketTag;
use obscura_auction::units::{DurationSeconds, FeeBps, MicroUsdc};
use obscura_circuits::batch::{BatchInputs, Clearance, CommittedOrder};
use obscura_circuits::keys::ClearingKeys;
use obscura_circuits::progress::Progress;
use obscura_circuits::proof::prove;
use obscura_circuits::size::BatchSize;
use obscura_client::accounts::{self, Market};
use obscura_client::instructions::matcher::post_clearing;
use obscura_client::proofs::Proof;
use obscura_client::sealed_order::SealedOrder;
use obscura_client::transactions::{MAX_COMPUTE_UNITS, Submission};
use obscura_client::{address, idl};
use rand::rngs::OsRng;
use serde_json::{Value, json};
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Signer;

use crate::world::{USDC, World};

const MARKET: &str = "Slow 1GB";
const BATCH_SECONDS: u32 = 30;
/// All commits have to fit into what is left of the batch.
const TIME_FOR_COMMITS: i64 = 12;

/// A buyer, a provider, and a buyer whom the matcher leaves out.
type Parties = [Party; 3];

struct Party {
    /// Its key file.
    key: String,
    owner: Pubkey,
    sealed: String,
    lock: Lock,
    order: String,
    included: bool,
}

/// All commit into one batch; its index.
async fn commit(world: &World, parties: &mut Parties) -> u64 {
    until(world, |market| {
        let left = market["phaseEndsAt"].as_i64().unwrap() - market["now"].as_i64().unwrap();
        market["phase"] == "open" && left > TIME_FOR_COMMITS
    })
    .await;
    let mut indexes = Vec::new();
    for party in parties {
        let committed = world.json(&party.key, &["order", "commit", "--opening", &party.sealed]);
        party.order = committed["order"].as_str().unwrap().to_owned();
        indexes.push(committed["batchIndex"].as_u64().unwrap());
    }
    assert!(indexes.iter().all(|index| *index == indexes[0]), "{indexes:?}");
    indexes[0]
}

async fn until(world: &World, is_so: impl Fn(&Value) -> bool) {
    for _ in 0..240 {
        if is_so(&world.json(&world.key(), &["market", "show", MARKET])) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    panic!("the market's clock stands still");
}

async fn clear(world: &World, index: u64, parties: &Parties) -> Clearance {
    let market_address = address::market(MarketTag::of(MARKET));
    let market: Market = accounts::get(&world.ledger, &market_address).await.unwrap();
    let duration = |seconds| DurationSeconds::new(seconds).unwrap();
    let orders = parties.iter().map(|Party { owner, sealed, lock, included, .. }| {
        let opening = SealedOrder::read(&std::fs::read_to_string(sealed).unwrap()).unwrap();
        let opening = opening.opening(owner).unwrap();
        CommittedOrder {
            commit_hash: opening.commit_hash(),
            owner: owner.to_bytes(),
            lock: *lock,
            opening: included.then_some(opening),
        }
    });
    let clearance = Clearance::compute(&BatchInputs {
        size: BatchSize::S16,
        batch_index: index,
        program: idl::ID.to_bytes(),
        market: market_address.to_bytes(),
        market_rules: MarketRules {
            tag: MarketTag::of(MARKET),
            min_duration: duration(market.terms.params.min_duration),
            max_duration: duration(market.terms.params.max_duration),
        },
        fee_bps: FeeBps::new(market.terms.params.fee_bps).unwrap(),
        orders: orders.collect(),
    })
    .unwrap();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let keys = ClearingKeys::dev(BatchSize::S16, folder, &Progress::default()).unwrap();
    let proof = Proof::from(&prove(&keys, &clearance, &mut OsRng, &Progress::default()).unwrap());
    until(world, |market| market["runningBatch"].as_u64().unwrap() > index).await;
    let matcher = &world.keys.matcher;
    let post = post_clearing(matcher.pubkey(), &clearance.statement.0, proof);
    let submission = Submission::new(matcher, [post]).with_compute_units(MAX_COMPUTE_UNITS);
    submission.send(&world.ledger).await.unwrap();
    clearance
}

/// Opens the one row and closes settlement; the lease.
fn open(world: &World, index: u64, cleared: &Clearance, [bid, ask, _]: &Parties) -> String {
    let path = |row| {
        let path = cleared.lease_tree.path(row).unwrap();
        path.iter().map(hex::encode).collect::<Vec<_>>().join(",")
    };
    let batch = address::batch(&address::market(MarketTag::of(MARKET)), index).to_string();
    let terms = hex::encode(cleared.leases[0].terms);
    let orders = ["--bid-order", &bid.order, "--ask-order", &ask.order, "--row", "0", "--terms-hash", &terms];
    let opened =
        world.tried_and_sent(&[&["lease", "open", &batch], &orders[..], &["--path", &path(0)]].concat());
    let index = index.to_string();
    let complete = ["batch", "complete-settlement", MARKET, &index, "--row", "1", "--path", &path(1)];
    world.tried_and_sent(&complete);
    opened["lease"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lease_goes_from_its_clearing_to_its_release() {
    let test = "a_lease_goes_from_its_clearing_to_its_release";
    let Some(mut world) = World::start(test).await else { return };
    let (buyer, owner) = (world.key(), world.owner.pubkey());
    let (provider, provider_owner) = world.newcomer("provider").await;
    for (key, stake) in [(&buyer, "1"), (&provider, "800")] {
        world.json(key, &["account", "open"]);
        world.json(key, &["deposit", "usdc", "40"]);
        world.json(key, &["stake", "deposit", stake]);
    }
    world.create_market(MARKET, BATCH_SECONDS, 120);
    let (forgotten, forgotten_owner) = world.newcomer("forgotten").await;
    world.json(&forgotten, &["account", "open"]);
    world.json(&forgotten, &["deposit", "usdc", "40"]);
    let bid_lock = Lock::of_bid(MicroUsdc::new(10 * USDC));
    let mut party = |key: &str, owner, side, lock, included| {
        let sealed = world.seal(MARKET, side, &owner);
        Party { key: key.to_owned(), owner, sealed, lock, order: String::new(), included }
    };
    let mut parties = [
        party(&buyer, owner, "bid", bid_lock, true),
        party(&provider, provider_owner, "ask", Lock::of_ask(4), true),
        party(&forgotten, forgotten_owner, "bid", bid_lock, false),
    ];
    let bid = parties[0].sealed.clone();
    let index = commit(&world, &mut parties).await;
    until(&world, |market| market["phase"] == "revealing").await;
    world.tried_and_sent(&["order", "reveal", "--opening", &bid, "--public"]);
    let cleared = clear(&world, index, &parties).await;
    let lease = open(&world, index, &cleared, &parties);
    slash(&world, index, &parties[2]);

    let listed = world.json(&provider, &["lease", "list"]);
    assert_eq!(
        (&listed["leases"][0]["address"], &listed["leases"][0]["state"]),
        (&json!(lease), &json!("offered"))
    );
    world.tried_and_sent_as(&provider, &["lease", "accept", &lease]);
    let not_a_party = world.fails(&world.local_key("matcher"), 1, &["lease", "answer", &lease]);
    assert!(not_a_party.contains("NotAParty") || not_a_party.contains("NotOwnerOrDelegate"), "{not_a_party}");
    let early = world.fails(&buyer, 1, &["lease", "expire", &lease, "--dry-run"]);
    assert!(early.contains("ClaimNotOver"), "{early}");
    let unasked = world.fails(&buyer, 1, &["lease", "fail", &lease]);
    assert!(unasked.contains("NoChallenge"), "{unasked}");
    let whole = world.fails(&buyer, 1, &["lease", "cancel", &lease]);
    assert!(whole.contains("NoneRefused"), "{whole}");

    let shown = world.tried_and_sent(&["lease", "show-terms", &lease, "--opening", &bid]);
    assert_eq!((&shown["qty"], &shown["durationSeconds"]), (&json!(4), &json!(3600)));
    let freed = world.tried_and_sent(&["lease", "free-surplus", &parties[0].order]);
    let moved = freed["movements"].as_array().unwrap();
    let surplus = moved.iter().find(|movement| movement["figure"] == "freedMicro").unwrap();
    assert_eq!(surplus["after"], 10 * USDC - 7_440_000);

    world.tried_and_sent(&["lease", "challenge", &lease, "--opening", &bid]);
    world.tried_and_sent_as(&provider, &["lease", "answer", &lease]);
    let wrong = ["--qty", "3", "--duration", "3600", "--blind", &"0".repeat(64)];
    let mismatch = world.fails(&provider, 2, &[&["lease", "claim", &lease], &wrong[..]].concat());
    assert!(mismatch.contains("do not hash to the lease's terms"), "{mismatch}");
    let blind = hex::encode(cleared.leases[0].blind);
    let right = ["--qty", "4", "--duration", "3600", "--blind", &blind];
    let early = world.fails(&provider, 1, &[&["lease", "claim", &lease], &right[..]].concat());
    assert!(early.contains("TermNotOver"), "{early}");

    let released = world.tried_and_sent(&["lease", "release", &lease, "--opening", &bid]);
    let moved = released["movements"].as_array().unwrap();
    assert!(
        moved.iter().any(|movement| movement["figure"] == "amountMicro" && movement["after"] == 7_440_000)
    );
    let lease = world.json(&buyer, &["lease", "show", &lease]);
    assert_eq!((&lease["state"], &lease["reason"]), (&json!("closed"), &json!("released")));
    world.tried_and_sent(&["order", "refund", &parties[0].order]);
    world.tried_and_sent_as(&provider, &["order", "refund", &parties[1].order]);
    let account = world.json(&provider, &["account", "show"]);
    assert_eq!((&account["obscLockedMicro"], &account["usdcLockedMicro"]), (&json!(0), &json!(0)));
    let authority = world.local_key("authority");
    let earned = world.tried_and_sent_as(&authority, &["treasury", "withdraw", "usdc", "0.0744"]);
    assert_eq!(earned["amountMicro"], 74_400);
    let early = world.fails(&buyer, 1, &["batch", "discharge", MARKET, &index.to_string()]);
    assert!(early.contains("BatchNotOver"), "{early}");
}

/// The matcher acknowledged the order of `party`, and left it out.
fn slash(world: &World, index: u64, party: &Party) {
    let sealed = SealedOrder::read(&std::fs::read_to_string(&party.sealed).unwrap()).unwrap();
    let order: Pubkey = party.order.parse().unwrap();
    let market = address::market(MarketTag::of(MARKET));
    let (index, time) = (index.to_le_bytes(), 7i64.to_le_bytes());
    let parts: [&[u8]; 7] = [
        b"obscura-ack-v1",
        idl::ID.as_ref(),
        market.as_ref(),
        &index,
        order.as_ref(),
        &sealed.commit_hash,
        &time,
    ];
    let message = parts.concat();
    let matcher = &world.keys.matcher;
    let acknowledgement = json!({
        "matcher": matcher.pubkey().to_string(),
        "time": 7,
        "signature": matcher.sign_message(&message).to_string(),
        "message": hex::encode(&message),
    });
    let file = world.write("answer.json", &json!({ "acknowledgement": acknowledgement }).to_string());
    let slashed = world.tried_and_sent(&["matcher", "slash", "--acknowledgement", &file]);
    let moved = slashed["movements"].as_array().unwrap();
    let bond = moved.iter().find(|movement| movement["figure"] == "bondMicro").unwrap();
    let (before, after) = (bond["before"].as_u64().unwrap(), bond["after"].as_u64().unwrap());
    assert_eq!(before - after, 100 * USDC, "the omission penalty");
    let again = world.fails(&world.key(), 1, &["matcher", "slash", "--acknowledgement", &file]);
    assert!(again.contains("AlreadySlashed"), "{again}");
}
