//! The native clearing and the circuit accept the same batches.
#![allow(clippy::unwrap_used, reason = "a test that cannot set its scene has failed")]

mod common;

use common::{Batch, broken_groups, busy_batch};
use obscura_auction::hashing;
use obscura_auction::order::{Order, Side};
use obscura_auction::units::Gpus;
use obscura_circuits::batch::Exclusion;
use obscura_circuits::poseidon::NativePoseidon;
use proptest::prelude::*;

#[test]
fn a_batch_with_every_kind_of_outcome_satisfies_the_circuit() {
    let clearance = busy_batch().clear();
    assert!(clearance.clearing.volume > 0);
    assert!(!clearance.clearing.refused_for_size.is_empty());
    assert!(clearance.leases.len() > clearance.clearing.fills.len() / 2);
    assert_eq!(broken_groups(&busy_batch().witness()), [""; 0]);
}

#[test]
fn an_empty_batch_satisfies_the_circuit() {
    assert_eq!(Batch::new().clear().statement.0.price, None);
    assert_eq!(broken_groups(&Batch::new().witness()), [""; 0]);
}

#[test]
fn a_batch_in_which_nobody_reveals_satisfies_the_circuit() {
    let batch = Batch::new().bid(5, 1).hidden().ask(4, 1).hidden().bid(3, 2).hidden();
    assert_eq!(batch.clear().included().count(), 0);
    assert_eq!(broken_groups(&batch.witness()), [""; 0]);
}

#[test]
fn every_number_of_orders_up_to_a_full_batch_satisfies_the_circuit() {
    let mut batch = Batch::new();
    for step in 0..8 {
        batch = batch.bid(100 + step, 3).ask(90 + step, 2);
        assert_eq!(broken_groups(&batch.witness()), [""; 0], "{} orders", batch.0.orders.len());
    }
}

#[test]
fn the_extremes_of_every_range_satisfy_the_circuit() {
    let max = (1 << 40) - 1;
    let week = 604_800;
    let batch = Batch::new()
        .timed_bid(max, 4096, 4096, week)
        .ask(1, 4096)
        .timed_bid(1, 1, 1, 60)
        .ask(max, 4096)
        .timed_bid(max, 4096, 1, 60);
    assert_eq!(broken_groups(&batch.witness()), [""; 0]);
    let mut richest = Batch::new().timed_bid(1, 1, 1, 60).ask(1, 1);
    richest.0.orders[0].lock.amount = u64::MAX;
    richest.0.orders[1].lock.amount = u64::MAX;
    assert_eq!(broken_groups(&richest.witness()), [""; 0]);
}

#[test]
fn an_opening_of_another_owner_or_hash_is_excluded_by_name() {
    let mut batch = Batch::new().bid(5, 1).bid(5, 1).ask(1, 4);
    batch.0.orders[0].opening.as_mut().unwrap().owner = [1; 32];
    batch.0.orders[1].opening.as_mut().unwrap().order.qty = Gpus::new(2).unwrap();
    let clearance = batch.clear();
    let expected = [Err(Exclusion::OtherOwner), Err(Exclusion::HashMismatch), Ok(())];
    assert_eq!(clearance.inclusion, expected);
    assert_eq!(broken_groups(&batch.witness()), [""; 0]);
}

/// One order: side, price, qty, minQty as a share, duration, lock short or not, revealed or not.
fn any_order() -> impl Strategy<Value = (bool, u64, u16, u16, u32, u8)> {
    (any::<bool>(), 1u64..8, 1u16..12, 0u16..12, prop_oneof![Just(60u32), 60u32..700_000], 0u8..12)
}

fn with_order(batch: Batch, choice: (bool, u64, u16, u16, u32, u8)) -> Batch {
    let (is_bid, price, qty, less, seconds, fate) = choice;
    let batch = match is_bid {
        true => {
            let order: Order = batch.order(Side::Bid, price, qty, qty.saturating_sub(less).max(1), seconds);
            let need = obscura_auction::admissible::collateral_ceil(order.price, order.qty, order.duration);
            let short = u64::from(fate == 0);
            batch.revealed(order, need.get() - short)
        }
        false => {
            let order = batch.order(Side::Ask, price, qty, 1, 2_592_000 - (seconds % 2));
            batch.revealed(order, u64::from(qty) - u64::from(fate == 0))
        }
    };
    if fate == 1 { batch.hidden() } else { batch }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn random_batches_satisfy_the_circuit(choices in prop::collection::vec(any_order(), 0..=16)) {
        let batch = choices.into_iter().fold(Batch::new(), with_order);
        prop_assert_eq!(broken_groups(&batch.witness()), Vec::<&str>::new());
    }

    #[test]
    fn random_batches_of_one_price_satisfy_the_circuit(
        choices in prop::collection::vec(any_order(), 10..=16)
    ) {
        let same = choices.into_iter().map(|(side, _, qty, less, seconds, fate)| (side, 3, qty, less, seconds, fate));
        let batch = same.fold(Batch::new(), with_order);
        prop_assert_eq!(broken_groups(&batch.witness()), Vec::<&str>::new());
    }
}

#[test]
fn the_blind_of_one_lease_does_not_open_another_lease_of_the_same_bid() {
    let clearance = Batch::new().bid(10, 5).ask(4, 3).ask(3, 2).clear();
    let [closed, running] = clearance.leases.as_slice() else { panic!("a bid split in two") };
    assert_eq!((closed.bid, running.bid), (0, 0));
    let opened = |blind| hashing::terms::<NativePoseidon>(running.qty, running.duration, running.ask, blind);
    assert_eq!(opened(running.blind), Ok(running.terms));
    assert_ne!(opened(closed.blind), Ok(running.terms));
}
