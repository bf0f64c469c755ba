//! Random histories: any order of commits, reveals, clearings, leases and refunds keeps the books balanced
//! (the world checks after every step), and whatever happened, every order can be ended in the end.

use std::collections::BTreeSet;

use obscura_auction::order::Side;
use obscura_auction::units::PriceMicro;
use obscura_program_tests::types::{CloseReason, LeaseState};
use obscura_program_tests::world::{DEPOSIT_OBSC, DEPOSIT_USDC, GENESIS, stored};
use obscura_program_tests::{Actor, Clearing, Refusal, Sealed, World, assert_refused};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

const SEEDS: u64 = 12;
const BATCHES: u64 = 3;

struct History {
    world: World,
    rng: StdRng,
    actors: Vec<Actor>,
    /// Orders of each batch in commit order, and its clearing if it had one.
    batches: Vec<(Vec<Sealed>, Option<Clearing>)>,
    /// Ways in which orders ended so far, as the accounts store them.
    endings: BTreeSet<Vec<u8>>,
}

impl History {
    fn new(seed: u64) -> Self {
        let mut world = World::new();
        let actors = (1..=4).map(|number| world.trader(number)).collect();
        Self { world, rng: StdRng::seed_from_u64(seed), actors, batches: vec![], endings: BTreeSet::new() }
    }

    fn run_batch(&mut self, index: u64) {
        let start = GENESIS + index as i64 * 45;
        self.world.at(start);
        let orders: Vec<Sealed> =
            (0..self.rng.gen_range(1..8)).map(|number| self.commit(index, number)).collect();
        self.world.at(start + 30);
        for order in &orders {
            if self.rng.gen_bool(0.3) {
                let owner = self.owner(order);
                self.world.reveal(&self.actors[owner].key, order).unwrap();
            }
        }
        self.world.at(start + 45);
        let clearing = (!orders.is_empty() && self.rng.gen_bool(0.8)).then(|| self.clear(index, &orders));
        self.batches.push((orders, clearing));
    }

    /// What a history can lock is far below what every trader has, so each commit lands.
    fn commit(&mut self, index: u64, number: u8) -> Sealed {
        let actor = &self.actors[self.rng.gen_range(0..self.actors.len())];
        let (price, qty) = (self.rng.gen_range(1..4_000_000), self.rng.gen_range(1..5));
        let id = index as u8 * 16 + number + 1;
        let order = match self.rng.gen_bool(0.5) {
            true => Sealed::bid(id, actor, price, qty),
            false => Sealed::ask(id, actor, price, qty),
        };
        self.world.commit_in(&actor.key, &order, index).unwrap();
        order
    }

    /// Fills pairs of a bid and an ask of the same size, whoever owns them, at the lowest limit among them.
    fn clear(&mut self, index: u64, orders: &[Sealed]) -> Clearing {
        let forced = self.world.batch(index).forced;
        let mut clearing = Clearing::of(&orders.iter().collect::<Vec<_>>()).in_batch(index);
        for number in 0..orders.len() {
            let is_forced = forced[number / 8] >> (number % 8) & 1 == 1;
            if !is_forced && self.rng.gen_bool(0.2) {
                clearing = clearing.without(number);
            }
        }
        let mut price = PriceMicro::MAX.get();
        for (bid, ask) in pairs(&clearing) {
            price = price.min(orders[bid].terms.price.get());
            clearing = clearing.row(bid as u16, ask as u16, orders[bid].terms.qty.get());
        }
        let clearing = if clearing.rows.is_empty() { clearing } else { clearing.at_price(price) };
        self.world.clear(&clearing).unwrap();
        clearing
    }

    fn lease(&mut self, batch: usize) {
        let Some(clearing) = self.batches[batch].1.clone() else { return };
        for row in 0..clearing.rows.len() as u16 {
            if !self.rng.gen_bool(0.8) {
                continue;
            }
            self.world.open_lease(&clearing, row).unwrap();
            let (buyer, provider) =
                (self.party(&clearing, row, Side::Bid), self.party(&clearing, row, Side::Ask));
            if self.rng.gen_bool(0.7) {
                self.world.accept_lease(&self.actors[provider].key, &clearing, row).unwrap();
                if self.rng.gen_bool(0.5) {
                    self.world.release_lease(&self.actors[buyer].key, &clearing, row).unwrap();
                }
            }
        }
    }

    /// Long after everything: claims, expires and refunds whatever is left, each exactly once.
    fn wind_down(&mut self) {
        self.world.at(GENESIS + 1_000_000);
        for (orders, clearing) in std::mem::take(&mut self.batches) {
            for row in 0..clearing.as_ref().map_or(0, |clearing| clearing.rows.len() as u16) {
                self.close(clearing.as_ref().unwrap(), row);
            }
            for order in orders {
                let cranker = self.rng.gen_range(0..self.actors.len());
                self.world.refund_by(&self.actors[cranker], &order).unwrap();
                assert_refused(self.world.refund(&order), Refusal::AlreadyEnded);
                self.endings.insert(stored(&self.world.order(&order).ended));
            }
        }
    }

    fn close(&mut self, clearing: &Clearing, row: u16) {
        if self.world.svm.get_account(&clearing.lease(&self.world, row)).is_none() {
            return;
        }
        let lease = self.world.lease(clearing, row);
        match lease.state {
            LeaseState::Offered => drop(self.world.expire_lease(clearing, row).unwrap()),
            LeaseState::Active => {
                let provider = self.party(clearing, row, Side::Ask);
                self.world.claim_lease(&self.actors[provider].key, clearing, row).unwrap();
            }
            LeaseState::Closed => assert!(matches!(lease.reason, CloseReason::Released)),
        }
    }

    fn owner(&self, order: &Sealed) -> usize {
        self.actors.iter().position(|actor| actor.owner() == order.owner).unwrap()
    }

    fn party(&self, clearing: &Clearing, row: u16, side: Side) -> usize {
        let trader = clearing.trader_of(row, side);
        self.actors.iter().position(|actor| actor.trader == trader).unwrap()
    }
}

/// Included bids, each with an included ask of the same size that no other bid has.
fn pairs(clearing: &Clearing) -> Vec<(usize, usize)> {
    let included = |side| {
        let orders = clearing.orders.iter().enumerate();
        orders
            .filter(move |(number, order)| order.terms.side == side && clearing.included.get(*number))
            .map(|(number, _)| number)
    };
    let qty = |number: usize| clearing.orders[number].terms.qty;
    let mut free: Vec<usize> = included(Side::Ask).collect();
    let mut pairs = vec![];
    for bid in included(Side::Bid) {
        if let Some(place) = free.iter().position(|ask| qty(*ask) == qty(bid)) {
            pairs.push((bid, free.remove(place)));
        }
    }
    pairs
}

#[test]
fn every_random_history_balances_and_lets_every_order_end() {
    let mut endings = BTreeSet::new();
    for seed in 0..SEEDS {
        println!("seed {seed}");
        let mut history = History::new(seed);
        for index in 0..BATCHES {
            history.run_batch(index);
            history.lease(index as usize);
        }
        history.wind_down();
        let traders: Vec<_> = history.actors.iter().map(|actor| history.world.trader_of(actor)).collect();
        assert!(traders.iter().all(|trader| trader.usdc.locked == 0 && trader.obsc.locked == 0));
        // What void batches cost the matcher is the traders' and the treasury's.
        let stake: u64 = traders.iter().map(|trader| trader.obsc.available).sum();
        let matcher = &history.world.matcher;
        let rest = history.world.trader_of(matcher).obsc.available;
        let bond = history.world.bond_of(matcher.owner()).bond;
        let treasury = history.world.books().obsc.treasury;
        assert_eq!(stake + rest + bond + treasury, 5 * DEPOSIT_OBSC);
        let held: u64 = traders.iter().map(|trader| trader.usdc.available).sum();
        // Four traders and the matcher, which trades nothing.
        let books = history.world.books().usdc;
        assert_eq!(held + books.treasury, 4 * DEPOSIT_USDC);
        assert_eq!(books.accounted, 5 * DEPOSIT_USDC);
        endings.append(&mut history.endings);
    }
    assert_eq!(endings.len(), 5, "void, not revealed, unmatched, expired and completed all occur");
}
