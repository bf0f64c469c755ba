//! Posting a clearing: who, when, and that the proof must be of exactly this statement.

use anchor_lang::error::ErrorCode;
use obscura_auction::encoding::{Bitmap, StatementFields};
use obscura_auction::units::{DurationSeconds, FeeBps, PriceMicro};
use obscura_circuits::size::BatchSize;
use obscura_program_tests::trapdoor::TrapdoorKey;
use obscura_program_tests::{Clearing, Refusal, Sealed, assert_refused, assert_refused_by_anchor};

use crate::scenes::{CLEARS, PRICE, REVEALS, VOID, committed, committed_of, traded};

#[test]
fn a_proven_clearing_is_kept() {
    let scene = traded();
    let batch = scene.world.batch(0);
    assert!(batch.cleared);
    assert_eq!((batch.cleared_at, batch.price_micro), (CLEARS, PRICE));
    assert_eq!(batch.leases_root, scene.clearing.tree().root());
    assert_eq!((batch.included[0], batch.filled[0]), (0b11, 0b11));
    assert_eq!((batch.row_count, batch.rows_opened), (16, 0));
}

#[test]
fn a_clearing_without_volume_has_no_price() {
    let mut scene = committed();
    let empty = Clearing::of(&[&scene.bid, &scene.ask]);
    scene.world.at(CLEARS).clear(&empty).unwrap();
    let batch = scene.world.batch(0);
    assert_eq!((batch.cleared, batch.price_micro), (true, 0));
}

#[test]
fn only_the_batchs_matcher_posts() {
    let mut scene = committed();
    scene.world.at(CLEARS);
    let posting = scene.clearing.post_args(&scene.clearing.statement(&scene.world));
    let mut clear = scene.world.clear_instruction(0, posting);
    clear.accounts[0].pubkey = scene.buyer.owner();
    assert_refused(scene.world.send(clear, &[&scene.buyer.key]), Refusal::WrongMatcher);
}

#[test]
fn clearings_are_taken_from_the_first_second_to_the_last_of_the_window() {
    for seconds in [REVEALS, CLEARS - 1, VOID] {
        let mut scene = committed();
        scene.world.at(seconds);
        assert_refused(scene.world.clear(&scene.clearing), Refusal::NotClearingPhase);
    }
    for seconds in [CLEARS, VOID - 1] {
        let mut scene = committed();
        scene.world.at(seconds).clear(&scene.clearing).unwrap();
    }
}

#[test]
fn a_batch_is_cleared_once() {
    let mut scene = traded();
    assert_refused(scene.world.clear(&scene.clearing), Refusal::AlreadyCleared);
    let empty = Clearing::of(&[&scene.bid, &scene.ask]);
    assert_refused(scene.world.clear(&empty), Refusal::AlreadyCleared);
}

#[test]
fn a_forced_order_cannot_be_left_out() {
    let mut scene = committed();
    scene.world.at(REVEALS).reveal(&scene.buyer.key, &scene.bid).unwrap();
    let without = Clearing::of(&[&scene.bid, &scene.ask]).without(0);
    scene.world.at(CLEARS);
    assert_refused(scene.world.clear(&without), Refusal::ForcedOrderLeftOut);
    scene.world.clear(&Clearing::of(&[&scene.bid, &scene.ask]).without(1)).unwrap();
}

#[test]
fn an_order_is_not_filled_without_being_included() {
    let mut scene = committed();
    scene.world.at(CLEARS);
    let outcome = scene.world.clear(&scene.clearing.clone().without(0));
    assert_refused(outcome, Refusal::FilledNotIncluded);
}

#[test]
fn bitmaps_name_no_order_past_the_last() {
    let mut scene = committed();
    scene.world.at(CLEARS);
    let mut clearing = scene.clearing.clone();
    assert!(clearing.included.set(2));
    assert_refused(scene.world.clear(&clearing), Refusal::BitPastLastOrder);
}

#[test]
fn bitmaps_are_exactly_as_long_as_the_market_is_large() {
    let mut scene = committed();
    scene.world.at(CLEARS);
    let posting = scene.clearing.post_args(&scene.clearing.statement(&scene.world));
    for length in [0, 1, 3, 128] {
        let mut short = posting.clone();
        short.included.resize(length, 0);
        assert_refused(scene.world.post(0, short), Refusal::BitmapLength);
        let mut short = posting.clone();
        short.filled.resize(length, 0);
        assert_refused(scene.world.post(0, short), Refusal::BitmapLength);
    }
}

#[test]
fn the_price_is_zero_exactly_when_nothing_is_filled() {
    let mut scene = committed();
    scene.world.at(CLEARS);
    let outcome = scene.world.clear(&scene.clearing.clone().at_price(0));
    assert_refused(outcome, Refusal::PriceWithoutVolume);
    let outcome = scene.world.clear(&Clearing::of(&[&scene.bid, &scene.ask]).at_price(1));
    assert_refused(outcome, Refusal::PriceWithoutVolume);
}

#[test]
fn a_price_has_forty_bits() {
    let mut scene = committed();
    scene.world.at(CLEARS);
    let outcome = scene.world.clear(&scene.clearing.clone().at_price(1 << 40));
    assert_refused(outcome, Refusal::PriceOutOfRange);
    scene.world.clear(&scene.clearing.clone().at_price((1 << 40) - 1)).unwrap();
}

#[test]
fn a_proof_of_any_other_statement_is_rejected() {
    type Change = fn(&mut StatementFields);
    let changes: [(&str, Change); 13] = [
        ("size", |s| s.size = 64),
        ("order count", |s| s.order_count = 3),
        ("batch index", |s| s.batch_index = 1),
        ("program", |s| s.program[31] ^= 1),
        ("market", |s| s.market[31] ^= 1),
        ("orders root", |s| s.orders_root[31] ^= 1),
        ("included", |s| s.included = Bitmap::EMPTY),
        ("filled", |s| s.filled = Bitmap::EMPTY),
        ("price", |s| s.price = PriceMicro::new(PRICE + 1).ok()),
        ("fee", |s| s.fee_bps = FeeBps::new(99).unwrap()),
        ("shortest lease", |s| s.min_duration = DurationSeconds::new(61).unwrap()),
        ("longest lease", |s| s.max_duration = DurationSeconds::new(2_591_999).unwrap()),
        ("leases root", |s| s.leases_root[31] ^= 1),
    ];
    let mut scene = committed();
    scene.world.at(CLEARS);
    for (slot, change) in changes {
        let mut statement = scene.clearing.statement(&scene.world);
        change(&mut statement);
        let posting = scene.clearing.post_args(&statement);
        let outcome = scene.world.post(0, posting);
        assert_eq!(outcome.unwrap_err().code(), Some(Refusal::ProofRejected.into()), "{slot}");
    }
}

#[test]
fn a_broken_proof_is_rejected() {
    let mut scene = committed();
    scene.world.at(CLEARS);
    let honest = scene.clearing.post_args(&scene.clearing.statement(&scene.world));
    for part in 0..3 {
        let mut posting = honest.clone();
        match part {
            0 => posting.proof.a[63] ^= 1,
            1 => posting.proof.b[127] ^= 1,
            _ => posting.proof.c = posting.proof.a,
        }
        assert_refused(scene.world.post(0, posting), Refusal::ProofRejected);
    }
}

#[test]
fn another_orders_root_is_another_statement() {
    let mut scene = committed();
    scene.world.at(CLEARS);
    let mut swapped = scene.clearing.clone();
    swapped.orders.swap(0, 1);
    assert_refused(scene.world.clear(&swapped), Refusal::ProofRejected);
}

#[test]
fn a_batch_is_cleared_with_any_size_that_holds_its_orders_and_its_rows_are_as_many() {
    for size in BatchSize::ALL {
        let mut scene = committed_of(256);
        scene.world.at(CLEARS);
        let outcome = scene.world.clear(&scene.clearing.clone().under(size));
        if size == BatchSize::S1024 {
            // The market's largest is 256: this size has no key here.
            assert_refused_by_anchor(outcome, ErrorCode::AccountNotInitialized);
            continue;
        }
        outcome.unwrap();
        let batch = scene.world.batch(0);
        assert_eq!((batch.size, batch.row_count), (size.get(), size.get()));
        let clearing = scene.clearing.under(size);
        scene.world.open_lease(&clearing, 0).unwrap();
        scene.world.complete_settlement(&clearing, 1).unwrap();
    }
}

#[test]
fn a_size_that_is_larger_than_the_market_allows_is_refused() {
    let mut scene = committed();
    scene.world.register_key(64, TrapdoorKey::points()).unwrap();
    scene.world.freeze_key(64).unwrap();
    scene.world.at(CLEARS);
    let outcome = scene.world.clear(&scene.clearing.clone().under(BatchSize::S64));
    assert_refused(outcome, Refusal::WrongVerifyingKey);
}

#[test]
fn a_size_that_holds_fewer_than_the_orders_is_refused() {
    let mut scene = committed_of(64);
    let mut orders = vec![scene.bid.clone(), scene.ask.clone()];
    for number in 3..=17 {
        let bid = Sealed::bid(number, &scene.buyer, 2_000_000, 1);
        scene.world.commit(&scene.buyer.key, &bid).unwrap();
        orders.push(bid);
    }
    let clearing = Clearing::of(&orders.iter().collect::<Vec<_>>());
    scene.world.at(CLEARS);
    let mut small = clearing.clone();
    small.included = Bitmap::EMPTY;
    assert_refused(scene.world.clear(&small), Refusal::WrongVerifyingKey);
    scene.world.clear(&clearing.under(BatchSize::S64)).unwrap();
}

#[test]
fn a_disabled_key_clears_nothing_and_its_batches_go_void() {
    let mut scene = committed();
    scene.world.disable_key(16).unwrap();
    scene.world.at(CLEARS);
    assert_refused(scene.world.clear(&scene.clearing), Refusal::KeyDisabled);
    scene.world.at(VOID).refund(&scene.bid).unwrap();
    scene.world.refund(&scene.ask).unwrap();
}

#[test]
fn a_clearing_of_one_batch_does_not_clear_the_next() {
    let mut scene = committed();
    let later = Sealed::bid(3, &scene.buyer, 2_000_000, 1);
    scene.world.at(CLEARS).commit_in(&scene.buyer.key, &later, 1).unwrap();
    let clearing = Clearing::of(&[&later]);
    scene.world.at(CLEARS + 45);
    assert_refused(
        scene.world.post(1, clearing.post_args(&clearing.statement(&scene.world))),
        Refusal::ProofRejected,
    );
    scene.world.clear(&clearing.in_batch(1)).unwrap();
}
