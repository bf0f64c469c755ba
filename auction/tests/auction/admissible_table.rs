//! Which openings count, and why the others do not.

use obscura_auction::admissible::{Inadmissible, MarketRules, admissible, collateral_ceil};
use obscura_auction::lock::Lock;
use obscura_auction::order::{DEFAULT_ASK_DURATION, DEFAULT_BID_DURATION, MarketTag, Order, Side};
use obscura_auction::units::{DurationSeconds, Gpus, MicroUsdc, PriceMicro};

const TAG: MarketTag = MarketTag::from_u64(7);
const ENOUGH: Lock = Lock::of_bid(MicroUsdc::new(7_440_003));

fn rules() -> MarketRules {
    MarketRules { tag: TAG, min_duration: seconds(600), max_duration: seconds(86_400) }
}

fn seconds(seconds: u32) -> DurationSeconds {
    DurationSeconds::new(seconds).unwrap()
}

fn gpus(qty: u16) -> Gpus {
    Gpus::new(qty).unwrap()
}

fn bid() -> Order {
    Order {
        side: Side::Bid,
        market: TAG,
        price: PriceMicro::new(1_860_000).unwrap(),
        qty: gpus(4),
        min_qty: gpus(4),
        duration: DEFAULT_BID_DURATION,
    }
}

fn ask() -> Order {
    Order { side: Side::Ask, min_qty: Gpus::ONE, duration: DEFAULT_ASK_DURATION, ..bid() }
}

fn verdict(order: Order, lock: Lock) -> Result<(), Inadmissible> {
    admissible(&order, &rules(), lock)
}

#[test]
fn an_order_exactly_at_every_bound_counts() {
    assert_eq!(verdict(bid(), ENOUGH), Ok(()));
    assert_eq!(verdict(Order { min_qty: Gpus::ONE, ..bid() }, ENOUGH), Ok(()));
    assert_eq!(verdict(Order { duration: seconds(600), ..bid() }, ENOUGH), Ok(()));
    let day = Order { duration: seconds(86_400), ..bid() };
    assert_eq!(verdict(day, Lock::of_bid(collateral_ceil(day.price, day.qty, day.duration))), Ok(()));
    assert_eq!(verdict(ask(), Lock::of_ask(4)), Ok(()));
    assert_eq!(verdict(Order { duration: seconds(86_400), ..ask() }, Lock::of_ask(4)), Ok(()));
}

#[test]
fn a_lock_larger_than_needed_counts() {
    assert_eq!(verdict(bid(), Lock::of_bid(MicroUsdc::new(u64::MAX))), Ok(()));
    assert_eq!(verdict(ask(), Lock::of_ask(u64::MAX)), Ok(()));
}

#[test]
fn the_largest_bid_counts_with_its_collateral_and_not_with_a_unit_less() {
    let rules = MarketRules { max_duration: DurationSeconds::MAX, ..rules() };
    let largest = Order {
        price: PriceMicro::MAX,
        qty: Gpus::MAX,
        min_qty: Gpus::MAX,
        duration: DurationSeconds::MAX,
        ..bid()
    };
    let needed = collateral_ceil(largest.price, largest.qty, largest.duration);
    let short = needed.checked_sub(MicroUsdc::new(1)).unwrap();
    assert_eq!(admissible(&largest, &rules, Lock::of_bid(needed)), Ok(()));
    assert_eq!(
        admissible(&largest, &rules, Lock::of_bid(short)),
        Err(Inadmissible::CollateralTooSmall { needed, locked: short })
    );
}

#[test]
fn an_order_of_another_market_does_not_count() {
    let other = MarketTag::from_u64(8);
    let refusal = Err(Inadmissible::OtherMarket { expected: TAG, got: other });
    assert_eq!(verdict(Order { market: other, ..bid() }, ENOUGH), refusal);
    assert_eq!(verdict(Order { market: other, ..ask() }, Lock::of_ask(4)), refusal);
}

#[test]
fn an_order_opened_on_the_other_side_of_its_lock_does_not_count() {
    assert_eq!(verdict(ask(), ENOUGH), Err(Inadmissible::OtherSide { expected: Side::Bid, got: Side::Ask }));
    assert_eq!(
        verdict(bid(), Lock::of_ask(u64::MAX)),
        Err(Inadmissible::OtherSide { expected: Side::Ask, got: Side::Bid })
    );
}

#[test]
fn a_minimum_above_the_quantity_does_not_count() {
    assert_eq!(
        verdict(Order { min_qty: gpus(5), ..bid() }, ENOUGH),
        Err(Inadmissible::MinQtyAboveQty { qty: gpus(4), got: gpus(5) })
    );
}

#[test]
fn a_bid_outside_the_markets_durations_does_not_count() {
    assert_eq!(
        verdict(Order { duration: seconds(599), ..bid() }, ENOUGH),
        Err(Inadmissible::BidTooShort { min: seconds(600), got: seconds(599) })
    );
    assert_eq!(
        verdict(Order { duration: seconds(86_401), ..bid() }, Lock::of_bid(MicroUsdc::new(u64::MAX))),
        Err(Inadmissible::BidTooLong { max: seconds(86_400), got: seconds(86_401) })
    );
}

#[test]
fn a_bid_that_locked_a_unit_too_little_does_not_count() {
    assert_eq!(
        verdict(bid(), Lock::of_bid(MicroUsdc::new(7_440_002))),
        Err(Inadmissible::CollateralTooSmall {
            needed: MicroUsdc::new(7_440_003),
            locked: MicroUsdc::new(7_440_002),
        })
    );
}

#[test]
fn an_ask_that_is_not_divisible_does_not_count() {
    assert_eq!(
        verdict(Order { min_qty: gpus(2), ..ask() }, Lock::of_ask(4)),
        Err(Inadmissible::AskNotDivisible { got: gpus(2) })
    );
}

#[test]
fn an_ask_shorter_than_the_markets_longest_lease_does_not_count() {
    assert_eq!(
        verdict(Order { duration: seconds(86_399), ..ask() }, Lock::of_ask(4)),
        Err(Inadmissible::AskTooShort { needed: seconds(86_400), got: seconds(86_399) })
    );
}

#[test]
fn an_ask_that_locked_a_gpu_too_little_does_not_count() {
    assert_eq!(
        verdict(ask(), Lock::of_ask(3)),
        Err(Inadmissible::CapacityTooSmall { needed: gpus(4), locked: 3 })
    );
}
