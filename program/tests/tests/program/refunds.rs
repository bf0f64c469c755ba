//! Every row of the refund table, at its boundary, once.

use obscura_program_tests::types::Ended;
use obscura_program_tests::world::{DEPOSIT_OBSC, DEPOSIT_USDC};
use obscura_program_tests::{Actor, Clearing, Refusal, Sealed, World, assert_refused};
use solana_sdk::signer::Signer;

use crate::scenes::{
    AMOUNT, BID_LOCK, CLEARS, DEPOSIT, EXPIRED, ORDER_FEE, PAYOUT, PRICE, SETTLED, Scene, VOID, committed,
    leased, offered, traded,
};

const HALF: u64 = ORDER_FEE / 2;

/// Committed and cleared without a trade.
fn unmatched() -> Scene {
    let mut scene = committed();
    let empty = Clearing::of(&[&scene.bid, &scene.ask]);
    scene.world.at(CLEARS).clear(&empty).unwrap();
    scene
}

#[test]
fn an_order_of_a_void_batch_gets_everything_back() {
    let mut scene = committed();
    scene.world.at(VOID).refund(&scene.bid).unwrap();
    scene.world.refund(&scene.ask).unwrap();
    assert_eq!(scene.usdc(), [(DEPOSIT_USDC, 0), (DEPOSIT_USDC, 0)]);
    // And each a quarter of the matcher's penalty; half goes to the treasury.
    assert_eq!(scene.stake(), (DEPOSIT_OBSC + 25_000_000, 0));
    assert_eq!(scene.world.books().usdc.treasury, 0);
    let order = scene.world.order(&scene.bid);
    assert!(matches!(order.ended, Ended::Void));
    assert_eq!(order.refunded, BID_LOCK + ORDER_FEE + DEPOSIT);
}

#[test]
fn a_batch_is_void_from_the_first_second_after_its_deadline() {
    let mut scene = committed();
    for seconds in [CLEARS - 1, CLEARS, VOID - 1] {
        scene.world.at(seconds);
        assert_refused(scene.world.refund(&scene.bid), Refusal::BatchNotFinal);
    }
    scene.world.at(VOID).refund(&scene.bid).unwrap();
}

#[test]
fn a_cleared_batch_is_never_void() {
    let mut scene = unmatched();
    scene.world.at(VOID).refund(&scene.bid).unwrap();
    assert!(matches!(scene.world.order(&scene.bid).ended, Ended::Unmatched));
}

#[test]
fn an_order_nobody_revealed_loses_its_deposit_and_fee() {
    let mut scene = committed();
    let clearing = Clearing::of(&[&scene.bid, &scene.ask]).without(0).without(1);
    scene.world.at(CLEARS).clear(&clearing).unwrap();
    scene.world.refund(&scene.bid).unwrap();
    scene.world.refund(&scene.ask).unwrap();
    let lost = ORDER_FEE + DEPOSIT;
    assert_eq!(scene.usdc(), [(DEPOSIT_USDC - lost, 0), (DEPOSIT_USDC - lost, 0)]);
    assert_eq!(scene.stake(), (DEPOSIT_OBSC, 0));
    assert_eq!(scene.world.books().usdc.treasury, 2 * lost);
    assert!(matches!(scene.world.order(&scene.bid).ended, Ended::NotRevealed));
    assert_eq!(scene.world.order(&scene.bid).refunded, BID_LOCK);
}

#[test]
fn an_unmatched_order_gets_all_but_the_fee_back_at_once() {
    let mut scene = unmatched();
    scene.world.refund(&scene.bid).unwrap();
    scene.world.refund(&scene.ask).unwrap();
    assert_eq!(scene.usdc(), [(DEPOSIT_USDC - ORDER_FEE, 0), (DEPOSIT_USDC - ORDER_FEE, 0)]);
    assert_eq!(scene.stake(), (DEPOSIT_OBSC, 0));
    let order = scene.world.order(&scene.bid);
    assert!(matches!(order.ended, Ended::Unmatched));
    assert_eq!(order.refunded, BID_LOCK + DEPOSIT);
}

#[test]
fn half_of_the_fee_pays_the_cranker() {
    let mut scene = unmatched();
    let cranker = scene.world.trader(9);
    scene.world.refund_by(&cranker, &scene.bid).unwrap();
    assert_eq!(scene.world.trader_of(&cranker).usdc.available, DEPOSIT_USDC + HALF);
    assert_eq!(scene.world.books().usdc.treasury, ORDER_FEE - HALF);
}

#[test]
fn an_owner_that_ends_its_own_order_keeps_the_crankers_half() {
    let mut scene = unmatched();
    scene.world.refund_by(&scene.buyer, &scene.bid).unwrap();
    assert_eq!(scene.usdc()[0], (DEPOSIT_USDC - (ORDER_FEE - HALF), 0));
    // Naming no account comes to the same.
    let refund = scene.world.refund_instruction(scene.provider.owner(), &scene.ask, None);
    scene.world.send(refund, &[&scene.provider.key]).unwrap();
    assert_eq!(scene.usdc()[1], (DEPOSIT_USDC - (ORDER_FEE - HALF), 0));
}

#[test]
fn a_stranger_that_names_the_orders_own_trader_pays_the_treasury() {
    let mut scene = unmatched();
    let stranger = scene.world.payer.pubkey();
    let refund = scene.world.refund_instruction(stranger, &scene.bid, Some(scene.buyer.trader));
    scene.world.send(refund, &[]).unwrap();
    assert_eq!(scene.usdc()[0], (DEPOSIT_USDC - ORDER_FEE, 0));
    assert_eq!(scene.world.books().usdc.treasury, ORDER_FEE);
}

#[test]
fn a_cranker_is_paid_into_no_account_but_its_own() {
    let mut scene = unmatched();
    let (cranker, friend) = (scene.world.trader(8), scene.world.trader(9));
    let refund = scene.world.refund_instruction(cranker.owner(), &scene.bid, Some(friend.trader));
    assert_refused(scene.world.send(refund, &[&cranker.key]), Refusal::WrongTrader);
}

#[test]
fn an_odd_fee_rounds_to_the_treasury() {
    use obscura_program_tests::types::MarketParams;
    use obscura_program_tests::world::default_params;

    let mut world = World::with_params(MarketParams { order_fee: 3, ..default_params() });
    let (buyer, cranker) = (world.trader(1), world.trader(9));
    let bid = Sealed::bid(1, &buyer, 2_000_000, 1);
    world.commit(&buyer.key, &bid).unwrap();
    world.at(CLEARS).clear(&Clearing::of(&[&bid])).unwrap();
    world.refund_by(&cranker, &bid).unwrap();
    assert_eq!(world.trader_of(&cranker).usdc.available, DEPOSIT_USDC + 1);
    assert_eq!(world.books().usdc.treasury, 2);
}

#[test]
fn a_second_refund_has_its_own_error_and_moves_nothing() {
    let mut scene = unmatched();
    scene.world.refund(&scene.bid).unwrap();
    let before = (scene.usdc(), scene.world.books().usdc.treasury);
    assert_refused(scene.world.refund(&scene.bid), Refusal::AlreadyEnded);
    assert_refused(scene.world.refund_by(&scene.buyer, &scene.bid), Refusal::AlreadyEnded);
    assert_eq!((scene.usdc(), scene.world.books().usdc.treasury), before);
}

#[test]
fn a_filled_order_waits_until_no_lease_can_open_any_more() {
    let mut scene = traded();
    for seconds in [CLEARS, SETTLED - 1] {
        scene.world.at(seconds);
        assert_refused(scene.world.refund(&scene.bid), Refusal::LeasesMayOpen);
        assert_refused(scene.world.refund(&scene.ask), Refusal::LeasesMayOpen);
    }
    scene.world.at(SETTLED).refund(&scene.bid).unwrap();
    scene.world.refund(&scene.ask).unwrap();
    assert_eq!(scene.usdc(), [(DEPOSIT_USDC - ORDER_FEE, 0), (DEPOSIT_USDC - ORDER_FEE, 0)]);
    assert_eq!(scene.stake(), (DEPOSIT_OBSC, 0));
    assert!(matches!(scene.world.order(&scene.bid).ended, Ended::OfferExpired));
    assert_refused(scene.world.open_lease(&scene.clearing, 0), Refusal::SettlementOver);
}

#[test]
fn a_filled_order_waits_for_its_leases_to_close() {
    let mut scene = offered();
    scene.world.at(SETTLED);
    assert_refused(scene.world.refund(&scene.bid), Refusal::LeaseNotClosed);
    scene.world.accept_lease(&scene.provider.key, &scene.clearing, 0).unwrap();
    assert_refused(scene.world.refund(&scene.ask), Refusal::LeaseNotClosed);
}

/// A bid of four GPUs that is split over two asks, and one of a single GPU that shares the second of them.
/// All three leases run; rows are (0, 2), (0, 3) and (1, 3).
struct Shared {
    world: World,
    buyer: Actor,
    bids: [Sealed; 2],
    asks: [Sealed; 2],
    clearing: Clearing,
}

fn shared() -> Shared {
    let mut world = World::new();
    let (buyer, provider) = (world.trader(1), world.trader(2));
    let bids = [Sealed::bid(1, &buyer, 2_000_000, 4), Sealed::bid(2, &buyer, 2_000_000, 1)];
    let asks = [Sealed::ask(3, &provider, 1_500_000, 3), Sealed::ask(4, &provider, 1_500_000, 2)];
    for bid in &bids {
        world.commit(&buyer.key, bid).unwrap();
    }
    for ask in &asks {
        world.commit(&provider.key, ask).unwrap();
    }
    let orders = [&bids[0], &bids[1], &asks[0], &asks[1]];
    let clearing = Clearing::of(&orders).at_price(PRICE).row(0, 2, 3).row(0, 3, 1).row(1, 3, 1);
    world.at(CLEARS).clear(&clearing).unwrap();
    for row in 0..3 {
        world.open_lease(&clearing, row).unwrap();
        world.accept_lease(&provider.key, &clearing, row).unwrap();
    }
    world.complete_settlement(&clearing, 3).unwrap();
    Shared { world, buyer, bids, asks, clearing }
}

#[test]
fn a_bid_with_one_lease_closed_and_another_running_is_not_refunded() {
    let Shared { mut world, buyer, bids: [bid, _], asks: [ask, _], clearing } = shared();
    world.release_lease(&buyer.key, &clearing, 0).unwrap();
    let order = world.order(&bid);
    assert_eq!((order.leases, order.open_leases), (2, 1));
    assert_refused(world.refund(&bid), Refusal::LeaseNotClosed);
    // The ask whose only lease that was ends by itself.
    world.refund(&ask).unwrap();
    world.release_lease(&buyer.key, &clearing, 1).unwrap();
    world.refund(&bid).unwrap();
    assert!(matches!(world.order(&bid).ended, Ended::Completed));
}

#[test]
fn an_ask_with_one_lease_closed_and_another_running_is_not_refunded() {
    let Shared { mut world, buyer, bids: [_, bid], asks: [_, ask], clearing } = shared();
    world.release_lease(&buyer.key, &clearing, 2).unwrap();
    let order = world.order(&ask);
    assert_eq!((order.leases, order.open_leases), (2, 1));
    assert_refused(world.refund(&ask), Refusal::LeaseNotClosed);
    world.refund(&bid).unwrap();
    world.release_lease(&buyer.key, &clearing, 1).unwrap();
    world.refund(&ask).unwrap();
    assert!(matches!(world.order(&ask).ended, Ended::Completed));
}

#[test]
fn an_expired_offer_gives_the_buyer_everything_but_the_fee() {
    let mut scene = offered();
    scene.world.at(EXPIRED).expire_lease(&scene.clearing, 0).unwrap();
    scene.world.refund(&scene.bid).unwrap();
    scene.world.refund(&scene.ask).unwrap();
    assert_eq!(scene.usdc(), [(DEPOSIT_USDC - ORDER_FEE, 0), (DEPOSIT_USDC - ORDER_FEE, 0)]);
    assert_eq!(scene.stake(), (DEPOSIT_OBSC, 0));
    assert!(matches!(scene.world.order(&scene.bid).ended, Ended::OfferExpired));
}

#[test]
fn a_completed_order_gets_back_what_it_did_not_pay() {
    let mut scene = leased();
    scene.world.release_lease(&scene.buyer.key, &scene.clearing, 0).unwrap();
    scene.world.at(SETTLED).refund(&scene.bid).unwrap();
    scene.world.refund(&scene.ask).unwrap();
    let buyer = DEPOSIT_USDC - AMOUNT - ORDER_FEE;
    let provider = DEPOSIT_USDC + PAYOUT - ORDER_FEE;
    assert_eq!(scene.usdc(), [(buyer, 0), (provider, 0)]);
    assert_eq!(scene.stake(), (DEPOSIT_OBSC, 0));
    let order = scene.world.order(&scene.bid);
    assert!(matches!(order.ended, Ended::Completed));
    assert_eq!((order.paid, order.refunded), (AMOUNT, BID_LOCK - AMOUNT + DEPOSIT));
    assert_eq!(scene.world.order(&scene.ask).refunded, DEPOSIT);
}

#[test]
fn one_empty_row_ends_settlement_early() {
    let mut scene = leased();
    scene.world.release_lease(&scene.buyer.key, &scene.clearing, 0).unwrap();
    assert_refused(scene.world.refund(&scene.bid), Refusal::LeasesMayOpen);
    scene.world.complete_settlement(&scene.clearing, 1).unwrap();
    assert_eq!(scene.world.batch(0).row_count, 1);
    scene.world.refund(&scene.bid).unwrap();
}

#[test]
fn a_used_row_does_not_pass_for_an_empty_one() {
    let mut scene = traded();
    let pretended = Clearing::of(&[&scene.bid, &scene.ask]);
    let outcome = scene.world.complete_settlement(&pretended, 0);
    assert_refused(outcome, Refusal::PathMismatch);
    assert_refused(scene.world.complete_settlement(&scene.clearing, 0), Refusal::PathMismatch);
}

#[test]
fn the_number_of_rows_only_falls() {
    let mut scene = traded();
    scene.world.complete_settlement(&scene.clearing, 5).unwrap();
    let outcome = scene.world.complete_settlement(&scene.clearing, 5);
    assert_refused(outcome, Refusal::RowOutOfRange);
    scene.world.complete_settlement(&scene.clearing, 1).unwrap();
    scene.world.open_lease(&scene.clearing, 0).unwrap();
}

#[test]
fn settlement_is_not_completed_before_the_clearing() {
    let mut scene = committed();
    let outcome = scene.world.complete_settlement(&scene.clearing, 1);
    assert_refused(outcome, Refusal::NotCleared);
}

#[test]
fn a_refund_names_the_orders_own_trader_and_batch() {
    let mut scene = unmatched();
    let late = Sealed::bid(3, &scene.buyer, 2_000_000, 1);
    scene.world.commit_in(&scene.buyer.key, &late, 1).unwrap();
    let stranger = scene.world.payer.pubkey();
    let mut refund = scene.world.refund_instruction(stranger, &scene.bid, None);
    refund.accounts[3].pubkey = scene.provider.trader;
    assert_refused(scene.world.send(refund, &[]), Refusal::WrongTrader);
    let mut refund = scene.world.refund_instruction(stranger, &late, None);
    refund.accounts[2].pubkey = scene.world.order(&scene.bid).batch;
    assert_refused(scene.world.send(refund, &[]), Refusal::WrongBatch);
}

#[test]
fn refunds_work_while_paused() {
    let mut scene = committed();
    scene.world.set_paused(true).unwrap();
    scene.world.at(VOID).refund(&scene.bid).unwrap();
}
