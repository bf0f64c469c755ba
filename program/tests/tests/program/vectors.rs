//! The golden vectors that every implementation reads, fed to the program through its own accounts: its
//! hashes, its predicate and its lease tree are those of the circuit and the clients.

use anchor_lang::prelude::Pubkey;
use obscura_auction::encoding::Bitmap;
use obscura_auction::field::reduce;
use obscura_auction::hashing;
use obscura_auction::lock::Lock;
use obscura_auction::order::{MarketTag, Order, Side};
use obscura_auction::units::{DurationSeconds, Gpus, PriceMicro};
use obscura_circuits::poseidon::NativePoseidon;
use obscura_program_tests::accounts::{Batch, Market};
use obscura_program_tests::obscura_program::client::{accounts, args};
use obscura_program_tests::planted::{self, proxy};
use obscura_program_tests::types::{
    CloseReason, CommitArgs, LeaseTerms, MarketParams, Moment, OpenLeaseArgs, PublicOpening,
};
use obscura_program_tests::world::{GENESIS, default_params, instruction};
use obscura_program_tests::{Outcome, Refusal, World, address, assert_refused};
use serde::Deserialize;
use solana_sdk::signer::Signer;

use crate::scenes::REVEALS;

const SYSTEM: Pubkey = anchor_lang::solana_program::system_program::ID;

/// What the vectors of 32 bytes are written as.
fn bytes(hex_digits: &str) -> [u8; 32] {
    hex::decode(hex_digits).unwrap().try_into().unwrap()
}

fn tag(hex_digits: &str) -> MarketTag {
    MarketTag::from_u64(u64::from_str_radix(hex_digits, 16).unwrap())
}

fn side(name: &str) -> Side {
    match name {
        "bid" => Side::Bid,
        "ask" => Side::Ask,
        other => panic!("no side is called {other}"),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Terms {
    side: String,
    price_micro: u64,
    qty: u16,
    min_qty: u16,
    duration_seconds: u32,
}

impl Terms {
    fn opening(&self, secret: [u8; 32]) -> PublicOpening {
        PublicOpening {
            price_micro: self.price_micro,
            qty: self.qty,
            min_qty: self.min_qty,
            duration: self.duration_seconds,
            secret,
        }
    }

    fn order(&self, market: MarketTag) -> Order {
        Order {
            side: side(&self.side),
            market,
            price: PriceMicro::new(self.price_micro).unwrap(),
            qty: Gpus::new(self.qty).unwrap(),
            min_qty: Gpus::new(self.min_qty).unwrap(),
            duration: DurationSeconds::new(self.duration_seconds).unwrap(),
        }
    }
}

/// A planted order about to be revealed in public.
struct Committed {
    market: MarketTag,
    params: MarketParams,
    owner: Pubkey,
    lock: Lock,
    commit_hash: [u8; 32],
}

impl Committed {
    fn reveal(self, opening: PublicOpening) -> Outcome {
        let Self { market, params, owner, lock, commit_hash } = self;
        let mut world = World::new();
        world.at(REVEALS);
        let (batch, order) = (Pubkey::new_unique(), Pubkey::new_unique());
        world.plant(batch, &planted::batch(market, 0, params));
        world.plant(order, &planted::order(batch, owner, 0, lock, commit_hash));
        let trader = world.plant_trader(owner);
        let proxy = proxy();
        let accounts = accounts::Reveal { authority: proxy.pubkey(), trader, order, batch };
        world.send_unchecked(instruction(accounts, args::Reveal { opening }), &[&proxy])
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CommitmentVector {
    market_tag: String,
    order: Terms,
    owner: String,
    secret: String,
    commit_hash: String,
}

#[test]
fn every_golden_commitment_is_opened_by_its_opening_and_no_other_commitment_is() {
    let text = include_str!("../../../../circuits/vectors/commitments.json");
    let vectors: Vec<CommitmentVector> = serde_json::from_str(text).unwrap();
    assert!(!vectors.is_empty());
    for vector in vectors {
        let committed = |commit_hash| Committed {
            market: tag(&vector.market_tag),
            params: default_params(),
            owner: Pubkey::from(bytes(&vector.owner)),
            lock: Lock { side: side(&vector.order.side), amount: u64::MAX >> 1 },
            commit_hash,
        };
        let opening = vector.order.opening(bytes(&vector.secret));
        let commit_hash = bytes(&vector.commit_hash);
        let outcome = committed(commit_hash).reveal(opening);
        // One vector is an ask that is not divisible: past the hash, the predicate refuses it.
        match (side(&vector.order.side), vector.order.min_qty) {
            (Side::Ask, min_qty) if min_qty > 1 => assert_refused(outcome, Refusal::AskNotDivisible),
            _ => drop(outcome.unwrap()),
        }
        let mut other = commit_hash;
        other[31] ^= 1;
        assert_refused(committed(other).reveal(opening), Refusal::HashMismatch);
    }
}

#[derive(Deserialize)]
struct AdmissibleVectors {
    rules: RulesVector,
    cases: Vec<AdmissibleCase>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RulesVector {
    market_tag: String,
    min_duration_seconds: u32,
    max_duration_seconds: u32,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AdmissibleCase {
    name: String,
    market_tag: String,
    order: Terms,
    lock: LockVector,
    admissible: bool,
}

#[derive(Deserialize)]
struct LockVector {
    side: String,
    amount: u64,
}

#[test]
fn the_public_reveal_accepts_exactly_the_admissible_vectors() {
    let text = include_str!("../../../../circuits/vectors/admissible.json");
    let AdmissibleVectors { rules, cases } = serde_json::from_str(text).unwrap();
    let market = tag(&rules.market_tag);
    let params = || MarketParams {
        min_duration: rules.min_duration_seconds,
        max_duration: rules.max_duration_seconds,
        ..default_params()
    };
    for case in cases {
        // On chain the side and the market are the order account's: another one is another commitment.
        let same_hash = case.lock.side == case.order.side && case.market_tag == rules.market_tag;
        let (owner, secret) = (Pubkey::new_from_array([5; 32]), [6; 32]);
        let sealed = case.order.order(tag(&case.market_tag));
        let commit_hash = hashing::commit_hash::<NativePoseidon>(&sealed, owner.to_bytes(), secret).unwrap();
        let lock = Lock { side: side(&case.lock.side), amount: case.lock.amount };
        let committed = Committed { market, params: params(), owner, lock, commit_hash };
        let outcome = committed.reveal(case.order.opening(secret));
        if same_hash {
            assert_eq!(outcome.is_ok(), case.admissible, "{}", case.name);
        } else {
            assert_refused(outcome, Refusal::HashMismatch);
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OrdersRootVector {
    market_tag: String,
    batch_index: u64,
    orders: Vec<ChainedVector>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ChainedVector {
    commit_hash: String,
    owner: String,
    side: String,
    lock: u64,
    closed_root: String,
}

#[test]
fn commits_chain_the_golden_orders_to_the_golden_root_at_every_length() {
    let text = include_str!("../../../../circuits/vectors/orders_root.json");
    let vector: OrdersRootVector = serde_json::from_str(text).unwrap();
    let mut world = World::new();
    let market = Pubkey::new_unique();
    let tag = tag(&vector.market_tag).get();
    let genesis = GENESIS - vector.batch_index as i64 * 45;
    world.plant(market, &Market { tag, genesis, ..world.market_account() });
    let batch = address::batch(&market, vector.batch_index);
    for (number, order) in (0u8..).zip(&vector.orders) {
        let trader = world.plant_trader(Pubkey::from(bytes(&order.owner)));
        let order_id = [number; 16];
        let accounts = accounts::Commit {
            payer: world.payer.pubkey(),
            authority: proxy().pubkey(),
            settings: address::settings(),
            market,
            matcher: address::matcher(&world.matcher.owner()),
            batch,
            trader,
            order: address::order(&trader, &order_id),
            system_program: SYSTEM,
        };
        let commit = CommitArgs {
            max_charges: u64::MAX,
            order_id,
            batch_index: vector.batch_index,
            side: side(&order.side) as u8,
            commit_hash: bytes(&order.commit_hash),
            lock: order.lock,
        };
        let sent = instruction(accounts, args::Commit { args: commit });
        world.send_unchecked(sent, &[&proxy()]).unwrap();
        assert_eq!(closed_root(&world.read(&batch)), bytes(&order.closed_root), "order {number}");
    }
}

/// What the program would put into the statement now.
fn closed_root(batch: &Batch) -> [u8; 32] {
    let waiting = &batch.pending[..usize::from(batch.order_count % 3)];
    hashing::orders_root_close::<NativePoseidon>(&batch.orders_root, waiting).unwrap()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LeaseTreeVector {
    root: String,
    rows: Vec<RowVector>,
    first_unused_row: UnusedRowVector,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RowVector {
    row: u16,
    bid: u16,
    ask: u16,
    qty: u16,
    duration_seconds: u32,
    blind: String,
    terms: String,
    path: Vec<String>,
}

#[derive(Deserialize)]
struct UnusedRowVector {
    row: u16,
    path: Vec<String>,
}

#[test]
fn golden_rows_open_by_their_paths_and_close_by_their_terms() {
    let text = include_str!("../../../../circuits/vectors/lease_tree.json");
    let vector: LeaseTreeVector = serde_json::from_str(text).unwrap();
    let mut world = World::new();
    let batch = Pubkey::new_unique();
    let mut cleared = planted::batch(tag("01"), 0, default_params());
    (cleared.cleared, cleared.cleared_at) = (true, GENESIS);
    cleared.settles_until = Moment { seconds: GENESIS + 120, slot: u64::MAX / 2 };
    (cleared.size, cleared.row_count) = (16, 16);
    (cleared.price_micro, cleared.leases_root) = (1_000_000, bytes(&vector.root));
    cleared.filled = *Bitmap::from_bytes([0xff; 128]).as_bytes();
    world.plant(batch, &cleared);

    let unused = &vector.first_unused_row;
    let path = unused.path.iter().map(|element| bytes(element)).collect();
    let settle = args::CompleteSettlement { row: unused.row, path };
    let settle = instruction(accounts::CompleteSettlement { batch }, settle);
    world.send_unchecked(settle, &[]).unwrap();
    assert_eq!(usize::from(world.read::<Batch>(&batch).row_count), vector.rows.len());
    for row in &vector.rows {
        open_and_release(&mut world, batch, row);
    }
}

fn open_and_release(world: &mut World, batch: Pubkey, row: &RowVector) {
    let (buyer, provider) = (Pubkey::new_unique(), Pubkey::new_unique());
    let lease = address::lease(&batch, row.row);
    let [bid_order, ask_order] =
        [(Side::Bid, buyer, row.bid), (Side::Ask, provider, row.ask)].map(|(side, owner, index)| {
            let order = Pubkey::new_unique();
            let lock = Lock { side, amount: 1 << 40 };
            world.plant(order, &planted::order(batch, owner, index, lock, [1; 32]));
            order
        });
    let path = row.path.iter().map(|element| bytes(element)).collect();
    let opening = OpenLeaseArgs { row: row.row, terms_hash: bytes(&row.terms), path };
    let payer = world.payer.pubkey();
    let accounts = accounts::OpenLease { payer, batch, bid_order, ask_order, lease, system_program: SYSTEM };
    world.send_unchecked(instruction(accounts, args::OpenLease { args: opening }), &[]).unwrap();

    let [buyer_trader, provider_trader] = [buyer, provider].map(|owner| world.plant_trader(owner));
    lock_plenty(world, buyer_trader);
    let (signer, books) = (proxy().pubkey(), address::books());
    let accept = accounts::AcceptLease {
        signer,
        batch,
        lease,
        bid_order,
        ask_order,
        buyer_trader,
        provider_trader,
        books,
    };
    world.send_unchecked(instruction(accept, args::AcceptLease {}), &[&proxy()]).unwrap();
    let accounts = accounts::ReleaseLease {
        signer,
        batch,
        lease,
        bid_order,
        ask_order,
        buyer_trader,
        provider_trader,
        books,
    };
    let terms = LeaseTerms { qty: row.qty, duration: row.duration_seconds, blind: reduce(bytes(&row.blind)) };
    world.send_unchecked(instruction(accounts, args::ReleaseLease { terms }), &[&proxy()]).unwrap();
    let closed: obscura_program_tests::accounts::Lease = world.read(&lease);
    assert!(matches!(closed.reason, CloseReason::Released));
    assert_eq!((closed.qty, closed.duration), (row.qty, row.duration_seconds));
}

/// What a planted bid would have locked at its commit.
fn lock_plenty(world: &mut World, trader: Pubkey) {
    let mut account: obscura_program_tests::accounts::Trader = world.read(&trader);
    account.usdc.locked = 1 << 50;
    world.plant(trader, &account);
}
