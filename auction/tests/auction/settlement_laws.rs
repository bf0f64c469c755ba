//! Where the money of a clearing goes.

use obscura_auction::allocate::{Row, allocate};
use obscura_auction::book::{Book, BookOrder};
use obscura_auction::clear::clear;
use obscura_auction::settlement::{amount_ceil, collateral_ceil, fee_floor, payout_after_fee};
use obscura_auction::units::{DurationSeconds, FeeBps, Gpus, MicroUsdc, PriceMicro};
use proptest::prelude::*;

use crate::books::laws;

use crate::books::any_book;

fn fee_bps() -> impl Strategy<Value = FeeBps> {
    (0..=10_000_u16).prop_map(|bps| FeeBps::new(bps).unwrap())
}

fn bid_of<'a>(book: &'a Book, row: &Row) -> &'a BookOrder {
    book.get(row.bid).unwrap()
}

/// What a row costs, exactly, times 3600.
fn exact(price: PriceMicro, row: &Row, duration: DurationSeconds) -> u128 {
    u128::from(price.get()) * u128::from(row.qty.get()) * u128::from(duration.get())
}

proptest! {
    #![proptest_config(laws())]

    #[test]
    fn what_buyers_pay_is_what_providers_and_the_market_get(book in any_book(), fee in fee_bps()) {
        let clearing = clear(&book);
        let (mut paid, mut earned, mut fees) = (0_u128, 0_u128, 0_u128);
        for row in allocate(&book, &clearing) {
            let amount = amount_ceil(clearing.price.unwrap(), row.qty, bid_of(&book, &row).duration);
            paid += u128::from(amount.get());
            earned += u128::from(payout_after_fee(amount, fee).get());
            fees += u128::from(fee_floor(amount, fee).get());
        }
        prop_assert_eq!(paid, earned + fees);
    }

    #[test]
    fn no_lease_costs_more_than_the_bids_limit_or_less_than_the_ask(book in any_book()) {
        let clearing = clear(&book);
        for row in allocate(&book, &clearing) {
            let (bid, ask) = (bid_of(&book, &row), book.get(row.ask).unwrap());
            let amount = amount_ceil(clearing.price.unwrap(), row.qty, bid.duration);
            prop_assert!(amount <= amount_ceil(bid.price, row.qty, bid.duration));
            prop_assert!(u128::from(amount.get()) * 3600 >= exact(ask.price, &row, bid.duration));
        }
    }

    #[test]
    fn the_collateral_covers_all_leases_of_a_bid(book in any_book()) {
        let clearing = clear(&book);
        let rows = allocate(&book, &clearing);
        for bid in book.orders() {
            let mut paid = MicroUsdc::ZERO;
            for row in rows.iter().filter(|row| row.bid == bid.index) {
                let amount = amount_ceil(clearing.price.unwrap(), row.qty, bid.duration);
                paid = paid.checked_add(amount).unwrap();
            }
            prop_assert!(paid <= collateral_ceil(bid.price, bid.qty, bid.duration));
        }
    }

    #[test]
    fn the_collateral_suffices_for_any_split(
        price in 1..=PriceMicro::MAX.get(),
        parts in prop::collection::vec(1..=64_u16, 1..=64),
        seconds in 60..=2_592_000_u32,
    ) {
        let (price, duration) = (PriceMicro::new(price).unwrap(), DurationSeconds::new(seconds).unwrap());
        let qty = Gpus::new(parts.iter().sum()).unwrap();
        let costs = parts.iter().map(|&part| amount_ceil(price, Gpus::new(part).unwrap(), duration).get());
        prop_assert!(costs.sum::<u64>() <= collateral_ceil(price, qty, duration).get());
    }

    #[test]
    fn an_amount_is_the_least_whole_number_that_covers_the_price(
        price in 1..=PriceMicro::MAX.get(),
        qty in 1..=Gpus::MAX.get(),
        seconds in 60..=2_592_000_u32,
    ) {
        let exact = u128::from(price) * u128::from(qty) * u128::from(seconds);
        let amount = amount_ceil(
            PriceMicro::new(price).unwrap(),
            Gpus::new(qty).unwrap(),
            DurationSeconds::new(seconds).unwrap(),
        );
        let amount = u128::from(amount.get());
        prop_assert!(amount * 3600 >= exact && (amount - 1) * 3600 < exact);
    }
}

#[test]
fn single_gpu_leases_can_use_the_collateral_up_to_the_last_unit() {
    let (price, duration) = (PriceMicro::new(1).unwrap(), DurationSeconds::new(60).unwrap());
    let one = amount_ceil(price, Gpus::ONE, duration).get();
    let whole = collateral_ceil(price, Gpus::new(60).unwrap(), duration).get();
    assert_eq!((60 * one, whole), (60, 1 + 59));
}
