//! Orders that trade, do not trade, are disputed, and cost their matcher something.

use obscura_circuits::size::BatchSize;
use obscura_program_tests::actor::keypair;
use obscura_program_tests::types::MarketParams;
use obscura_program_tests::verbs::owner::delegate_args;
use obscura_program_tests::world::{GENESIS, default_params};
use obscura_program_tests::{Actor, Clearing, Sealed, World};
use solana_sdk::signer::Signer;

use crate::table::Table;

const CLEARS: i64 = GENESIS + 45;
/// No lease of batch 0 is accepted any more.
const EXPIRED: i64 = CLEARS + 180;

/// Two bids and two asks that cross, one bid that does not.
fn orders(buyer: &Actor, provider: &Actor) -> [Sealed; 5] {
    [
        Sealed::bid(1, buyer, 2_000_000, 4),
        Sealed::ask(2, provider, 1_500_000, 4),
        Sealed::bid(3, buyer, 2_000_000, 1),
        Sealed::ask(4, provider, 1_500_000, 1),
        Sealed::bid(5, buyer, 1_000, 1),
    ]
}

/// The whole way of two leases, in a market of each size: paths are longest in the largest.
pub fn trading(table: &mut Table) {
    for size in BatchSize::ALL {
        let params = MarketParams { max_orders: size.get(), ..default_params() };
        let mut world = World::with_params(params);
        let (buyer, provider, delegate) = (world.trader(1), world.trader(2), keypair(50));
        let orders = orders(&buyer, &provider);
        world.set_delegate(&buyer, delegate_args(delegate.pubkey())).unwrap();
        for (number, order) in orders.iter().enumerate() {
            let signers = [&delegate, &provider.key, &buyer.key, &provider.key, &delegate];
            let case = ["by a delegate", "an ask", "a bid", "an ask", "by a delegate"][number];
            table.add("commit", case, world.commit(signers[number], order).unwrap());
        }
        world.at(GENESIS + 30);
        table.add("reveal", "a bid", world.reveal(&delegate, &orders[0]).unwrap());
        table.add("reveal", "an ask", world.reveal(&provider.key, &orders[1]).unwrap());
        let clearing =
            Clearing::of(&orders.each_ref()).under(size).at_price(1_750_000).row(0, 1, 4).row(2, 3, 1);
        world.at(CLEARS).clear(&clearing).unwrap();
        let case = ["16 slots", "64 slots", "256 slots", "1,024 slots"];
        let case = case[BatchSize::ALL.iter().position(|other| *other == size).unwrap()];
        table.add("open_lease", case, world.open_lease(&clearing, 0).unwrap());
        table.add("open_lease", case, world.open_lease(&clearing, 1).unwrap());
        table.add("complete_settlement", case, world.complete_settlement(&clearing, 2).unwrap());
        table.add("accept_lease", "", world.accept_lease(&provider.key, &clearing, 0).unwrap());
        table.add("release_lease", "", world.release_lease(&buyer.key, &clearing, 0).unwrap());
        table.add("refund", "completed bid", world.refund_by(&provider, &orders[0]).unwrap());
        table.add("refund", "unmatched bid", world.refund(&orders[4]).unwrap());
        world.accept_lease(&provider.key, &clearing, 1).unwrap();
        table.add("show_terms", "", world.show_terms(&buyer.key, &clearing, 1).unwrap());
        let bid = orders[2].address();
        table.add("free_surplus", "", world.free_surplus(&bid).unwrap());
        world.at(CLEARS + 3_600);
        table.add("claim_lease", "", world.claim_lease(&provider.key, &clearing, 1).unwrap());
        table.add("refund", "completed ask", world.refund_by(&provider, &orders[3]).unwrap());
        table.add("discharge_batch", "", world.discharge_batch(0).unwrap());
    }
}

/// Both sides' orders in batch 0, cleared with two rows, of which each is `(bid, ask, qty)`, and opened.
struct Opened {
    world: World,
    buyer: Actor,
    provider: Actor,
    orders: [Sealed; 5],
    clearing: Clearing,
}

fn opened(rows: [(u16, u16, u16); 2]) -> Opened {
    let mut world = World::new();
    let (buyer, provider) = (world.trader(1), world.trader(2));
    let orders = orders(&buyer, &provider);
    for order in &orders {
        let signer = if order.owner == buyer.owner() { &buyer } else { &provider };
        world.commit(&signer.key, order).unwrap();
    }
    let clearing = Clearing::of(&orders.each_ref()).at_price(1_750_000);
    let clearing = rows.into_iter().fold(clearing, |clearing, (bid, ask, qty)| clearing.row(bid, ask, qty));
    world.at(CLEARS).clear(&clearing).unwrap();
    for row in 0..2 {
        world.open_lease(&clearing, row).unwrap();
    }
    Opened { world, buyer, provider, orders, clearing }
}

/// A lease that nobody accepts, and its sibling.
pub fn unmatched(table: &mut Table) {
    let Opened { mut world, buyer, provider, orders, clearing } = opened([(0, 1, 4), (0, 3, 1)]);
    world.accept_lease(&provider.key, &clearing, 1).unwrap();
    world.at(EXPIRED);
    table.add("expire_lease", "not accepted", world.expire_lease(&clearing, 0).unwrap());
    table.add("cancel_lease", "", world.cancel_lease(&buyer.key, &clearing, 1).unwrap());
    table.add("refund", "an offer that expired", world.refund(&orders[0]).unwrap());
}

/// A challenge that is answered, one that is not, and a no-show.
pub fn disputes(table: &mut Table) {
    let Opened { mut world, buyer, provider, clearing, .. } = opened([(0, 1, 4), (2, 3, 1)]);
    world.accept_lease(&provider.key, &clearing, 0).unwrap();
    table.add("challenge_lease", "", world.challenge_lease(&buyer.key, &clearing, 0).unwrap());
    table.add("answer_challenge", "", world.answer_challenge(&provider.key, &clearing, 0).unwrap());
    table.add("show_terms", "on offer", world.show_terms(&buyer.key, &clearing, 1).unwrap());
    world.at(EXPIRED + 60);
    table.add("expire_lease", "a no-show", world.expire_lease(&clearing, 1).unwrap());
    world.at(CLEARS + 601);
    table.add("challenge_lease", "a second", world.challenge_lease(&buyer.key, &clearing, 0).unwrap());
    world.at(CLEARS + 661);
    table.add("fail_lease", "", world.fail_lease(&clearing, 0).unwrap());
}

/// A void batch, an unopened lease, a broken acknowledgement.
pub fn penalties(table: &mut Table) {
    let mut world = World::new();
    let buyer = world.trader(1);
    let void = Sealed::bid(1, &buyer, 2_000_000, 1);
    world.commit(&buyer.key, &void).unwrap();
    world.at(GENESIS + 90);
    table.add("refund", "void, with the penalty", world.refund_by(&buyer, &void).unwrap());
    // What the penalty took is missing from the bond.
    world.bond(&Actor::numbered(100), 100_000_000).unwrap();
    let omitted = Sealed::bid(2, &buyer, 2_000_000, 1);
    world.commit_in(&buyer.key, &omitted, 2).unwrap();
    let message = world.acknowledgement(&omitted);
    let clearing = Clearing::of(&[&omitted]).in_batch(2).without(0);
    world.at(GENESIS + 135).clear(&clearing).unwrap();
    let matcher = world.matcher.key.insecure_clone();
    let actor = Actor::numbered(100);
    table.add("retire_matcher", "", world.retire_matcher(&actor, true).unwrap());
    let slashed = world.slash_matcher(&matcher, &message, &omitted);
    table.add("slash_matcher", "", slashed.unwrap());
}
