//! An order's instructions, from commit to refund, as far as they need no proof.

use obscura_auction::encoding::{Bitmap, StatementFields};
use obscura_auction::order::MarketTag;
use obscura_auction::units::{DurationSeconds, FeeBps};
use obscura_client::accounts::{self, Batch, Ended, Order, filter};
use obscura_client::address;
use obscura_client::bootstrap::GPU_TYPES;
use obscura_client::instructions::anyone::{self, OpenLease};
use obscura_client::instructions::{matcher, trade};
use obscura_client::proofs::Proof;
use solana_sdk::signature::Signer;

use crate::world::{BATCH_SECONDS, FUNDING, USDC, World, assert_refused, first_market};

#[tokio::test]
async fn a_committed_order_can_be_read_back() {
    let world = World::new().await;
    let (commit, _) = world.bid();
    let compute_units = world.commit(&commit).await.unwrap();
    let order = world.order(commit.order_id).await;
    assert_eq!((order.commit_hash, order.lock, order.index), (commit.commit_hash, 10 * USDC, 0));
    assert_eq!(order.batch, address::batch(&first_market(), 0));
    assert_eq!(world.trader().await.usdc.locked, 10 * USDC + order.order_fee + order.reveal_deposit);
    world.assert_books_balance().await;
    println!("commit: {compute_units} compute units");
}

#[tokio::test]
async fn orders_are_listed_by_batch_and_by_owner() {
    let world = World::new().await;
    let (commit, _) = world.bid();
    world.commit(&commit).await.unwrap();
    let batch = address::batch(&first_market(), 0);
    let expected = [address::order(&world.owner.pubkey(), commit.order_id)];
    let trader = address::trader(&world.owner.pubkey());
    for filter in [
        filter::orders_of_batch(&batch),
        filter::orders_of_owner(&world.owner.pubkey()),
        filter::orders_of_trader(&trader),
    ] {
        let found = accounts::list::<Order>(&world.ledger, [filter]).await.unwrap();
        assert_eq!(found.iter().map(|(address, _)| *address).collect::<Vec<_>>(), expected);
    }
    let other = filter::orders_of_batch(&address::batch(&first_market(), 1));
    assert!(accounts::list::<Order>(&world.ledger, [other]).await.unwrap().is_empty());
}

#[tokio::test]
async fn an_order_id_is_taken_once() {
    let world = World::new().await;
    let (commit, _) = world.bid();
    world.commit(&commit).await.unwrap();
    assert!(world.commit(&commit).await.is_err());
    assert_eq!(world.get::<Batch>(&address::batch(&first_market(), 0)).await.order_count, 1);
}

#[tokio::test]
async fn a_commit_in_the_reveal_window_is_refused_by_name() {
    let world = World::new().await;
    let (commit, _) = world.bid();
    world.clock.advance(BATCH_SECONDS * 2 / 3);
    assert_refused(world.commit(&commit).await, "NotCommitPhase");
}

#[tokio::test]
async fn a_public_reveal_sets_the_orders_bit_and_shows_its_terms() {
    let world = World::new().await;
    let (commit, opening) = world.bid();
    world.commit(&commit).await.unwrap();
    let batch = address::batch(&first_market(), 0);
    let reveal = trade::reveal(world.owner.pubkey(), batch, commit.order_id, &opening);
    assert_refused(world.send(reveal.clone()).await, "NotRevealPhase");
    world.clock.advance(30);
    world.send(reveal.clone()).await.unwrap();
    assert!(Bitmap::from_bytes(world.get::<Batch>(&batch).await.forced).get(0));
    let shown = world.order(commit.order_id).await.public_opening.unwrap();
    assert_eq!((shown.price_micro, shown.secret), (1_860_000, *opening.secret.reduced()));
    assert_refused(world.send(reveal).await, "AlreadyRevealed");
}

#[tokio::test]
async fn an_order_of_a_void_batch_is_refunded_in_full_and_once() {
    let world = World::new().await;
    let (commit, _) = world.bid();
    world.commit(&commit).await.unwrap();
    let address = address::order(&world.owner.pubkey(), commit.order_id);
    let order = world.order(commit.order_id).await;
    let batch: Batch = world.get(&order.batch).await;
    let step = anyone::refund(world.owner.pubkey(), address, &order, &batch, None);
    assert_refused(world.send(step.clone()).await, "BatchNotFinal");
    world.clock.advance(BATCH_SECONDS + 45);
    world.send(step.clone()).await.unwrap();
    let (order, trader) = (world.order(commit.order_id).await, world.trader().await);
    assert!(matches!(order.ended, Ended::Void));
    assert_eq!((trader.usdc.available, trader.usdc.locked), (FUNDING.usdc, 0));
    world.assert_books_balance().await;
    assert_refused(world.send(step).await, "AlreadyEnded");
}

#[tokio::test]
async fn a_clearing_without_a_true_proof_is_refused() {
    let world = World::new().await;
    let (commit, _) = world.bid();
    world.commit(&commit).await.unwrap();
    world.clock.advance(BATCH_SECONDS);
    let proof = Proof { a: [0; 64], b: [0; 128], c: [0; 64] };
    let step = matcher::post_clearing(world.keys.matcher.pubkey(), &empty_clearing(), proof);
    assert_refused(world.send_as(&world.keys.matcher, step).await, "ProofRejected");
}

#[tokio::test]
async fn nothing_is_settled_before_the_batch_is_cleared() {
    let world = World::new().await;
    let (bid, _) = world.bid();
    let (ask, _) = world.bid();
    world.commit(&bid).await.unwrap();
    world.commit(&ask).await.unwrap();
    let batch = address::batch(&first_market(), 0);
    let order = |order_id| address::order(&world.owner.pubkey(), order_id);
    let lease = OpenLease {
        payer: world.keys.authority.pubkey(),
        batch,
        bid_order: order(bid.order_id),
        ask_order: order(ask.order_id),
        row: 0,
        terms_hash: [0; 32],
        path: vec![[0; 32]; 9],
    };
    let anyone = &world.keys.authority;
    assert_refused(world.send_as(anyone, anyone::open_lease(lease)).await, "NotCleared");
    let complete = anyone::complete_settlement(batch, 0, vec![[0; 32]; 9]);
    assert_refused(world.send_as(anyone, complete).await, "NotCleared");
}

fn empty_clearing() -> StatementFields {
    StatementFields {
        size: 16,
        order_count: 1,
        batch_index: 0,
        program: obscura_client::idl::ID.to_bytes(),
        market: address::market(MarketTag::of(GPU_TYPES[0])).to_bytes(),
        orders_root: [0; 32],
        included: Bitmap::EMPTY,
        filled: Bitmap::EMPTY,
        price: None,
        fee_bps: FeeBps::new(100).unwrap(),
        min_duration: DurationSeconds::MIN,
        max_duration: DurationSeconds::MAX,
        leases_root: [0; 32],
    }
}
