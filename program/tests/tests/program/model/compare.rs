//! Holds every account of the world to the model.

use obscura_program_tests::accounts;
use obscura_program_tests::world::{DEPOSIT_USDC, stored};
use obscura_program_tests::{World, address, types};

use super::perform::Stage;
use super::state::*;

#[track_caller]
pub fn all(stage: &Stage, model: &Model) {
    traders(stage, model);
    totals(&stage.world, model);
    for order in &model.orders {
        same_order(&stage.world, order);
    }
    for (id, lease) in &model.leases {
        same_lease(&stage.world, *id, lease);
    }
    for (index, batch) in &model.batches {
        same_batch(&stage.world, *index, batch);
    }
}

fn traders(stage: &Stage, model: &Model) {
    for (actor, expected) in stage.actors.iter().zip(&model.traders) {
        let got = stage.world.trader_of(actor);
        let purse = |balance: &types::Balance| (balance.available, balance.locked);
        let wanted = |purse: Purse| (purse.available, purse.locked);
        assert_eq!(purse(&got.usdc), wanted(expected.usdc), "USDC available, locked of {}", actor.owner());
        assert_eq!(purse(&got.obsc), wanted(expected.obsc), "OBSC available, locked of {}", actor.owner());
        assert_eq!(got.unstaking, expected.unstaking, "unstaking");
        assert_eq!(got.delegate_epoch, expected.epoch, "epoch");
        let caps = got.delegate.map(|delegate| (delegate.spent, delegate.gpus_locked));
        let wanted = expected.delegate.as_ref().map(|delegate| (delegate.spent, delegate.gpus));
        assert_eq!(caps, wanted, "used of the delegate's caps");
    }
}

fn totals(world: &World, model: &Model) {
    let books = world.books();
    let matcher = world.bond_of(world.matcher.owner());
    assert_eq!(books.usdc.treasury, model.treasury_usdc, "USDC of the treasury");
    assert_eq!(books.obsc.treasury, model.treasury_obsc, "OBSC of the treasury");
    let kept = (matcher.bond, matcher.exposure, matcher.open_batches);
    assert_eq!(kept, (model.bond, model.exposure, model.open_batches), "bond, exposure, open batches");
    assert_eq!(world.trader_of(&world.matcher).obsc.available, model.matcher_obsc, "OBSC of the matcher");
    let usdc: u64 = model.traders.iter().map(|trader| trader.usdc.available + trader.usdc.locked).sum();
    // The matcher's own deposit never moves.
    assert_eq!(books.usdc.accounted, usdc + model.treasury_usdc + DEPOSIT_USDC, "USDC accounted for");
    let stake: u64 = model.traders.iter().map(|it| it.obsc.available + it.obsc.locked + it.unstaking).sum();
    let bonds = model.bond + model.matcher_obsc;
    assert_eq!(books.obsc.accounted, stake + bonds + model.treasury_obsc, "OBSC accounted for");
}

fn same_order(world: &World, order: &Order) {
    let got = world.order(&order.sealed);
    let name = format!("order {} of batch {}", order.index, order.batch);
    assert_eq!(stored(&got.ended), [order.ended as u8], "{name}: end, wanted {:?}", order.ended);
    let money = [got.stake_locked, got.paid, got.freed, got.refunded, got.slashed, got.shown];
    let wanted = [order.stake, order.paid, order.freed, order.refunded, order.slashed, order.shown];
    assert_eq!(money, wanted, "{name}: stake, paid, freed, refunded, slashed, shown");
    let counts = [got.leases, got.open_leases, got.shown_leases, got.refused_leases];
    let wanted = [order.leases, order.open, order.shown_leases, order.refused];
    assert_eq!(counts, wanted, "{name}: leases, open, shown, refused");
    let rest = (got.delegate_epoch, usize::from(got.index), got.omission_paid);
    assert_eq!(rest, (order.epoch, order.index, order.omission_paid), "{name}: epoch, index, omission paid");
    let until = Moment { seconds: got.accepts_until.seconds, slot: got.accepts_until.slot };
    assert_eq!(until, order.accepts_until, "{name}: last accept deadline");
}

fn same_lease(world: &World, id: LeaseId, lease: &Lease) {
    let batch = address::batch(&world.market, id.0);
    let got: accounts::Lease = world.read(&address::lease(&batch, id.1));
    let name = format!("lease {id:?}");
    let (state, reason) = match lease.state {
        State::Offered => (0, 0),
        State::Active => (1, 0),
        State::Closed(reason) => (2, 1 + reason as u8),
    };
    assert_eq!(
        (stored(&got.state), stored(&got.reason)),
        (vec![state], vec![reason]),
        "{name}: state, reason"
    );
    let money = [got.amount, got.fee, got.slashed];
    assert_eq!(money, [lease.amount, lease.fee, lease.slashed], "{name}: amount, fee, slashed");
    let accept_by = Moment { seconds: got.accept_by.seconds, slot: got.accept_by.slot };
    assert_eq!(accept_by, lease.accept_by, "{name}: accept deadline");
    let times = (got.accepted_at, got.challenged_at, got.challenge.is_some(), got.answers);
    let wanted = (lease.accepted_at, lease.challenged_at, lease.challenge.is_some(), lease.answers);
    assert_eq!(times, wanted, "{name}: accepted at, challenged at, challenge, answers");
}

fn same_batch(world: &World, index: u64, batch: &Batch) {
    let got = world.batch(index);
    let opened = batch.cleared.as_ref().map_or((0, 0), |it| (it.opened, it.row_count));
    assert_eq!((got.rows_opened, got.row_count), opened, "batch {index}: rows opened, rows");
    let wanted = (batch.orders.len(), batch.cleared.is_some(), batch.discharged, batch.exposure);
    let kept = (usize::from(got.order_count), got.cleared, got.discharged, got.exposure);
    assert_eq!(kept, wanted, "batch {index}: orders, cleared, discharged, exposure");
    let forced: Vec<bool> =
        (0..batch.orders.len()).map(|order| got.forced[order / 8] >> (order % 8) & 1 == 1).collect();
    assert_eq!(forced, batch.forced, "batch {index}: forced");
}
