//! Leases: opening by path, accepting, releasing, claiming, expiring.

use anchor_lang::InstructionData;
use obscura_program_tests::obscura_program::client::args::OpenLease;
use obscura_program_tests::types::{CloseReason, LeaseState, OpenLeaseArgs};
use obscura_program_tests::world::{DEPOSIT_OBSC, DEPOSIT_USDC, default_params};
use obscura_program_tests::{Clearing, Refusal, Sealed, World, assert_refused};

use crate::scenes::{
    AMOUNT, BID_LOCK, CLEARS, DEPOSIT, EXPIRED, FEE, ORDER_FEE, PAYOUT, PRICE, SETTLED, committed, leased,
    offered, traded,
};

const HOUR: i64 = 3_600;
/// SPEC section 11: seven days.
const CLAIM_GRACE: i64 = 604_800;

#[test]
fn a_lease_opens_with_its_parties_and_nothing_of_its_terms() {
    let scene = offered();
    let lease = scene.world.lease(&scene.clearing, 0);
    assert!(matches!(lease.state, LeaseState::Offered) && matches!(lease.reason, CloseReason::None));
    assert_eq!((lease.buyer, lease.provider), (scene.buyer.owner(), scene.provider.owner()));
    assert_eq!((lease.bid_order, lease.ask_order), (scene.bid.address(), scene.ask.address()));
    assert_eq!((lease.price_micro, lease.fee_bps), (PRICE, 100));
    assert_eq!((lease.qty, lease.duration, lease.amount), (0, 0, 0));
    assert_eq!((lease.offered_at, lease.accept_by.seconds), (CLEARS, EXPIRED));
    let order = scene.world.order(&scene.bid);
    assert_eq!((order.leases, order.open_leases), (1, 1));
    assert_eq!(scene.world.batch(0).rows_opened, 1);
}

#[test]
fn a_row_opens_once() {
    let mut scene = offered();
    assert_refused(scene.world.open_lease(&scene.clearing, 0), Refusal::AlreadyExists);
    assert_eq!(scene.world.batch(0).rows_opened, 1);
}

#[test]
fn leases_open_until_the_second_before_settlement_ends() {
    let mut scene = traded();
    scene.world.at(SETTLED);
    assert_refused(scene.world.open_lease(&scene.clearing, 0), Refusal::SettlementOver);
    scene.world.at(SETTLED - 1).open_lease(&scene.clearing, 0).unwrap();
}

#[test]
fn no_lease_opens_before_the_clearing() {
    let mut scene = committed();
    assert_refused(scene.world.open_lease(&scene.clearing, 0), Refusal::NotCleared);
}

#[test]
fn a_row_opens_only_with_its_own_orders_terms_and_path() {
    let mut scene = traded();
    let honest = scene.clearing.clone();
    let mut other_terms = honest.clone();
    other_terms.rows[0].qty = 3;
    assert_refused(scene.world.open_lease(&other_terms, 0), Refusal::PathMismatch);

    let swapped = {
        let mut open = scene.world.open_lease_instruction(&honest, 0);
        open.accounts.swap(2, 3);
        scene.world.send(open, &[])
    };
    assert_refused(swapped, Refusal::WrongSide);
}

#[test]
fn a_path_of_another_length_is_refused() {
    let mut scene = traded();
    let honest = scene.clearing.tree().path(0).unwrap();
    for length in [0, 6, honest.len() - 1, honest.len() + 1, honest.len() + 3] {
        let mut path = honest.clone();
        path.resize(length, [0; 32]);
        let args = OpenLeaseArgs { row: 0, terms_hash: scene.clearing.terms_hash(0), path };
        let mut open = scene.world.open_lease_instruction(&scene.clearing, 0);
        open.data = OpenLease { args }.data();
        assert_refused(scene.world.send(open, &[]), Refusal::PathLength);
    }
}

#[test]
fn an_order_that_was_not_filled_opens_nothing() {
    let mut scene = committed();
    let empty = Clearing::of(&[&scene.bid, &scene.ask]);
    scene.world.at(CLEARS).clear(&empty).unwrap();
    assert_refused(scene.world.open_lease(&scene.clearing, 0), Refusal::NotFilled);
}

#[test]
fn orders_of_another_batch_open_nothing() {
    let mut scene = traded();
    let late = Sealed::bid(3, &scene.buyer, 2_000_000, 4);
    scene.world.commit_in(&scene.buyer.key, &late, 1).unwrap();
    let mut open = scene.world.open_lease_instruction(&scene.clearing, 0);
    open.accounts[2].pubkey = late.address();
    assert_refused(scene.world.send(open, &[]), Refusal::WrongBatch);
}

#[test]
fn the_provider_accepts_until_the_second_before_the_deadline() {
    let mut scene = offered();
    scene.world.at(EXPIRED);
    let outcome = scene.world.accept_lease(&scene.provider.key, &scene.clearing, 0);
    assert_refused(outcome, Refusal::AcceptOver);
    scene.world.at(EXPIRED - 1).accept_lease(&scene.provider.key, &scene.clearing, 0).unwrap();
    let lease = scene.world.lease(&scene.clearing, 0);
    assert!(matches!(lease.state, LeaseState::Active));
    assert_eq!(lease.accepted_at, EXPIRED - 1);
}

#[test]
fn only_the_provider_accepts_and_once() {
    let mut scene = offered();
    let outcome = scene.world.accept_lease(&scene.buyer.key, &scene.clearing, 0);
    assert_refused(outcome, Refusal::NotOwnerOrDelegate);
    scene.world.accept_lease(&scene.provider.key, &scene.clearing, 0).unwrap();
    let again = scene.world.accept_lease(&scene.provider.key, &scene.clearing, 0);
    assert_refused(again, Refusal::NotOffered);
}

#[test]
fn a_release_pays_the_whole_amount_out_of_the_lock() {
    let mut scene = leased();
    scene.world.at(CLEARS + 1).release_lease(&scene.buyer.key, &scene.clearing, 0).unwrap();
    let rest = BID_LOCK - AMOUNT + ORDER_FEE + DEPOSIT;
    let spent = BID_LOCK + ORDER_FEE + DEPOSIT;
    let charges = ORDER_FEE + DEPOSIT;
    assert_eq!(scene.usdc(), [(DEPOSIT_USDC - spent, rest), (DEPOSIT_USDC - charges + PAYOUT, charges)]);
    assert_eq!(scene.world.books().usdc.treasury, FEE);
    let lease = scene.world.lease(&scene.clearing, 0);
    assert!(matches!(lease.state, LeaseState::Closed) && matches!(lease.reason, CloseReason::Released));
    assert_eq!((lease.qty, lease.duration, lease.amount, lease.fee), (4, 3_600, AMOUNT, FEE));
    assert_eq!(scene.world.order(&scene.bid).paid, AMOUNT);
    assert_eq!(scene.world.order(&scene.ask).paid, PAYOUT);
}

#[test]
fn only_the_buyer_releases_and_only_a_running_lease() {
    let mut scene = offered();
    let early = scene.world.release_lease(&scene.buyer.key, &scene.clearing, 0);
    assert_refused(early, Refusal::NotActive);
    scene.world.accept_lease(&scene.provider.key, &scene.clearing, 0).unwrap();
    let provider = scene.world.release_lease(&scene.provider.key, &scene.clearing, 0);
    assert_refused(provider, Refusal::NotOwnerOrDelegate);
    scene.world.release_lease(&scene.buyer.key, &scene.clearing, 0).unwrap();
    let again = scene.world.release_lease(&scene.buyer.key, &scene.clearing, 0);
    assert_refused(again, Refusal::NotActive);
}

#[test]
fn terms_that_are_not_the_leases_open_nothing() {
    let mut scene = leased();
    let honest = scene.clearing.terms(0);
    let mut cheaper = honest;
    cheaper.qty = 1;
    let mut shorter = honest;
    shorter.duration = 60;
    let mut other_blind = honest;
    other_blind.blind[31] ^= 1;
    let mut zero = honest;
    zero.qty = 0;
    let mut wide = honest;
    wide.blind = [0xff; 32];
    for terms in [cheaper, shorter, other_blind, zero, wide] {
        let outcome = scene.world.release_lease_with(&scene.buyer.key, &scene.clearing, 0, terms);
        assert_refused(outcome, Refusal::TermsMismatch);
    }
}

#[test]
fn the_provider_claims_from_the_first_second_after_the_term() {
    let mut scene = leased();
    scene.world.at(CLEARS + HOUR - 1);
    let early = scene.world.claim_lease(&scene.provider.key, &scene.clearing, 0);
    assert_refused(early, Refusal::TermNotOver);
    scene.world.at(CLEARS + HOUR).claim_lease(&scene.provider.key, &scene.clearing, 0).unwrap();
    let lease = scene.world.lease(&scene.clearing, 0);
    assert!(matches!(lease.reason, CloseReason::Claimed));
    assert_eq!(scene.world.order(&scene.ask).paid, PAYOUT);
    let again = scene.world.claim_lease(&scene.provider.key, &scene.clearing, 0);
    assert_refused(again, Refusal::NotActive);
}

#[test]
fn the_buyer_does_not_claim() {
    let mut scene = leased();
    scene.world.at(CLEARS + HOUR);
    let outcome = scene.world.claim_lease(&scene.buyer.key, &scene.clearing, 0);
    assert_refused(outcome, Refusal::NotOwnerOrDelegate);
}

#[test]
fn a_close_names_the_leases_own_orders_and_traders() {
    let mut scene = leased();
    let mut close = scene.world.release_instruction(&scene.buyer.key, &scene.clearing, 0);
    close.accounts.swap(3, 4);
    assert_refused(scene.world.send(close, &[&scene.buyer.key]), Refusal::WrongOrder);
    let mut close = scene.world.release_instruction(&scene.buyer.key, &scene.clearing, 0);
    close.accounts[6].pubkey = scene.buyer.trader;
    assert_refused(scene.world.send(close, &[&scene.buyer.key]), Refusal::WrongTrader);
    let mut close = scene.world.release_instruction(&scene.provider.key, &scene.clearing, 0);
    close.accounts[5].pubkey = scene.provider.trader;
    assert_refused(scene.world.send(close, &[&scene.provider.key]), Refusal::WrongTrader);
}

#[test]
fn a_lease_that_nobody_accepted_expires_and_pays_nothing() {
    let mut scene = offered();
    scene.world.at(EXPIRED - 1);
    assert_refused(scene.world.expire_lease(&scene.clearing, 0), Refusal::AcceptNotOver);
    let before = scene.usdc();
    scene.world.at(EXPIRED).expire_lease(&scene.clearing, 0).unwrap();
    let lease = scene.world.lease(&scene.clearing, 0);
    assert!(matches!(lease.reason, CloseReason::NotAccepted));
    assert_eq!(scene.usdc(), before);
    assert_refused(scene.world.expire_lease(&scene.clearing, 0), Refusal::NotOffered);
}

#[test]
fn a_running_lease_that_nobody_claims_ends_after_the_longest_term_and_its_grace() {
    let mut scene = leased();
    let lease = scene.world.lease(&scene.clearing, 0);
    let forfeited_at = lease.accepted_at + i64::from(lease.max_duration) + CLAIM_GRACE;
    scene.world.at(forfeited_at - 1);
    assert_refused(scene.world.expire_lease(&scene.clearing, 0), Refusal::ClaimNotOver);
    scene.world.at(forfeited_at).expire_lease(&scene.clearing, 0).unwrap();
    let lease = scene.world.lease(&scene.clearing, 0);
    assert!(matches!((lease.state, lease.reason), (LeaseState::Closed, CloseReason::Unclaimed)));
    assert_refused(scene.world.expire_lease(&scene.clearing, 0), Refusal::NotOffered);
    for order in [&scene.bid, &scene.ask] {
        scene.world.refund(order).unwrap();
    }
    assert_eq!(scene.world.order(&scene.bid).refunded, BID_LOCK + DEPOSIT);
    assert_eq!(scene.world.order(&scene.bid).paid, 0);
}

#[test]
fn a_bid_split_over_two_providers_pays_each_lease_rounded_up() {
    let mut world = World::new();
    let (buyer, one, two) = (world.trader(1), world.trader(2), world.trader(3));
    let bid = Sealed::bid(1, &buyer, 1_000_001, 3).duration(1_801);
    let asks = [Sealed::ask(2, &one, 900_000, 1), Sealed::ask(3, &two, 900_000, 2)];
    // Just the collateral that is required for these terms.
    let lock =
        obscura_auction::settlement::collateral_ceil(bid.terms.price, bid.terms.qty, bid.terms.duration);
    let bid = bid.locking(lock.get());
    world.commit(&buyer.key, &bid).unwrap();
    world.commit(&one.key, &asks[0]).unwrap();
    world.commit(&two.key, &asks[1]).unwrap();
    let clearing = Clearing::of(&[&bid, &asks[0], &asks[1]]).at_price(1_000_001).row(0, 1, 1).row(0, 2, 2);
    world.at(CLEARS).clear(&clearing).unwrap();
    for (row, provider) in [(0, &one), (1, &two)] {
        world.open_lease(&clearing, row).unwrap();
        world.accept_lease(&provider.key, &clearing, row).unwrap();
        world.release_lease(&buyer.key, &clearing, row).unwrap();
    }
    // ceil(1000001*1801/3600) and ceil(1000001*2*1801/3600).
    let amounts = [0, 1].map(|row| world.lease(&clearing, row).amount);
    assert_eq!(amounts, [500_279, 1_000_557]);
    assert_eq!(world.order(&bid).paid, 1_500_836);
    world.complete_settlement(&clearing, 2).unwrap();
    world.refund(&bid).unwrap();
    assert_eq!(world.order(&bid).refunded, lock.get() - 1_500_836 + DEPOSIT);
    // The stake of an ask stays locked until the ask itself ends, and then comes back whole.
    let stake_per_gpu = default_params().stake_per_gpu;
    for (provider, ask, stake) in [(&one, &asks[0], stake_per_gpu), (&two, &asks[1], 2 * stake_per_gpu)] {
        let obsc = world.trader_of(provider).obsc;
        assert_eq!((obsc.available, obsc.locked), (DEPOSIT_OBSC - stake, stake));
        world.refund(ask).unwrap();
        let obsc = world.trader_of(provider).obsc;
        assert_eq!((obsc.available, obsc.locked), (DEPOSIT_OBSC, 0));
    }
}
