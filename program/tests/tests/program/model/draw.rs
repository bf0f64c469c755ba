//! Draws the next action: mostly one that could land, often one that comes too early, too late, twice or
//! from somebody else.

use obscura_program_tests::{Actor, Sealed};
use rand::Rng;
use rand::rngs::StdRng;

use super::action::{Action, VERBS, Verb};
use super::clearing::draw_clearing;
use super::state::*;

const DAY: i64 = 86_400;
/// Orders and leases further back than this are left to the end.
const RECENT: usize = 20;

pub struct Drawing<'a> {
    pub rng: &'a mut StdRng,
    pub model: &'a Model,
    pub actors: &'a [Actor],
    /// For the next order's address.
    pub next_id: u16,
}

impl Drawing<'_> {
    pub fn draw(mut self) -> Action {
        let drawn = match self.rng.gen_range(0..100) {
            0..9 => Some(self.wait()),
            9 => Some(Action::Halt(self.rng.gen_range(1..60))),
            10..15 => Some(self.of_an_owner()),
            15..31 => None,
            31..35 => self.reveal(),
            35..44 => self.clear(),
            44..56 => self.open(),
            56..84 => self.of_a_lease(),
            84..90 => self.refund(),
            90..93 => self.order().map(|order| Action::FreeSurplus { order }),
            93..95 => self.order().map(|order| Action::SlashMatcher { order }),
            95..97 => self.batch().map(|batch| Action::Discharge { batch }),
            _ => self.complete(),
        };
        drawn.unwrap_or_else(|| self.commit())
    }

    fn wait(&mut self) -> Action {
        Action::Wait(match self.rng.gen_range(0..100) {
            0..95 => self.rng.gen_range(1..16),
            95..98 => self.rng.gen_range(20..200),
            98 => self.rng.gen_range(200..4_000),
            _ => [DAY, DAY, 8 * DAY][self.rng.gen_range(0..3)],
        })
    }

    fn trader(&mut self) -> usize {
        self.rng.gen_range(0..self.actors.len())
    }

    /// Mostly the owner of `trader`, sometimes its delegate, sometimes somebody else.
    fn who(&mut self, trader: usize) -> Who {
        match self.rng.gen_range(0..20) {
            0 => Who::Stranger,
            1 => Who::Owner((trader + 1) % self.actors.len()),
            2 => Who::Matcher,
            3..7 => Who::DelegateOf(trader),
            _ => Who::Owner(trader),
        }
    }

    fn order(&mut self) -> Option<usize> {
        let all = self.model.orders.len();
        (all > 0).then(|| self.rng.gen_range(all.saturating_sub(RECENT)..all))
    }

    fn batch(&mut self) -> Option<u64> {
        let all: Vec<u64> = self.model.batches.keys().rev().take(4).copied().collect();
        (!all.is_empty()).then(|| all[self.rng.gen_range(0..all.len())])
    }

    fn of_an_owner(&mut self) -> Action {
        let trader = self.trader();
        let amount = [0, 1, 1_000, 5_000_000, u64::MAX][self.rng.gen_range(0..5)];
        match self.rng.gen_range(0..13) {
            0 => Action::Deposit { trader, amount: amount.clamp(1, 1_000) },
            1 | 2 => Action::Withdraw { who: self.who(trader), trader, amount },
            3 => Action::BeginUnstake { trader, amount },
            4 => Action::WithdrawStake { trader },
            5..8 => Action::SetDelegate { trader, delegate: self.delegate() },
            8 => Action::Revoke { trader },
            9 => Action::Bond(amount.min(1_000_000_000)),
            10 => Action::Unbond(amount),
            11 => Action::Sweep { donated: amount.min(1_000) },
            _ => Action::WithdrawTreasury { amount },
        }
    }

    fn delegate(&mut self) -> Delegate {
        Delegate {
            permissions: self.rng.gen_range(1..4),
            expires_at: self.model.now.seconds + self.rng.gen_range(0..2_000),
            spend_cap: self.rng.gen_range(0..60_000_000),
            spent: 0,
            order_cap: [3, 5_000_000, u64::MAX][self.rng.gen_range(0..3)],
            gpu_cap: self.rng.gen_range(0..20),
            gpus: 0,
        }
    }

    fn commit(&mut self) -> Action {
        let trader = self.trader();
        let late = self.rng.gen_bool(0.05);
        let batch = self.model.running() + u64::from(late);
        let again = self.rng.gen_bool(0.04).then(|| self.order()).flatten();
        let (trader, sealed) = match again {
            Some(order) => (self.model.orders[order].trader, self.model.orders[order].sealed.clone()),
            None => (trader, self.sealed(trader)),
        };
        Action::Commit { who: self.who(trader), trader, batch, sealed: Box::new(sealed) }
    }

    fn sealed(&mut self, trader: usize) -> Sealed {
        let rng = &mut *self.rng;
        let (number, actor) = (rng.gen_range(1..=255), &self.actors[trader]);
        if rng.gen_bool(0.5) {
            let qty = rng.gen_range(1..4);
            let ask = Sealed::ask(number, actor, rng.gen_range(1..2_500_000), qty).numbered(self.next_id);
            let ask = ask.locking(u64::from(qty) + rng.gen_range(0..3));
            return match rng.gen_range(0..20) {
                0 => ask.duration(3_599),
                1 => ask.min_qty(2),
                2 => ask.locking(u64::from(qty) - 1),
                3 => ask.locking(100_000),
                _ => ask,
            };
        }
        let qty = rng.gen_range(1..9);
        let bid = Sealed::bid(number, actor, rng.gen_range(1..3_000_000), qty).numbered(self.next_id);
        let bid = bid.duration([60, 61, 300, 600, 3_600][rng.gen_range(0..5)]);
        let bid = bid.min_qty(if rng.gen_bool(0.05) { qty + 1 } else { rng.gen_range(1..=qty) });
        let (price, seconds) = (bid.terms.price.get(), u64::from(bid.terms.duration.get()));
        let least = (price * u64::from(qty) * seconds).div_ceil(3_600) + u64::from(qty) - 1;
        match rng.gen_range(0..20) {
            0 => bid.locking(least - 1),
            1 => bid.locking(2_000_000_000),
            2..10 => bid.locking(least),
            _ => bid.locking(least + rng.gen_range(0..2_000_000)),
        }
    }

    fn reveal(&mut self) -> Option<Action> {
        let order = self.order()?;
        let who = self.who(self.model.orders[order].trader);
        Some(Action::Reveal { who, order })
    }

    fn clear(&mut self) -> Option<Action> {
        let running = self.model.running();
        let early = self.rng.gen_bool(0.05);
        let ripe = |index: &u64, batch: &Batch| early || (*index < running && batch.cleared.is_none());
        let (&index, batch) = self.model.batches.iter().rev().find(|(index, batch)| ripe(index, batch))?;
        let clearing = Box::new(draw_clearing(self.rng, self.model, index, batch));
        let who = if self.rng.gen_bool(0.05) { Who::Stranger } else { Who::Matcher };
        Some(Action::Clear { who, batch: index, clearing })
    }

    fn open(&mut self) -> Option<Action> {
        let batch = self.batch()?;
        let rows = self.model.batches[&batch].cleared.as_ref()?.clearing.rows.len() as u16;
        (rows > 0).then(|| Action::Open((batch, self.rng.gen_range(0..rows))))
    }

    fn complete(&mut self) -> Option<Action> {
        let batch = self.batch()?;
        let rows = self.model.batches[&batch].cleared.as_ref()?.clearing.rows.len() as u16;
        let row = if self.rng.gen_bool(0.6) { rows.min(ROWS - 1) } else { self.rng.gen_range(0..ROWS) };
        Some(Action::Complete { batch, row })
    }

    fn of_a_lease(&mut self) -> Option<Action> {
        let all: Vec<(&LeaseId, &Lease)> = self.model.leases.iter().collect();
        let running: Vec<_> =
            all.iter().filter(|(_, lease)| !matches!(lease.state, State::Closed(_))).collect();
        let half_refused = running.iter().find(|(_, lease)| self.model.orders[lease.bid].refused > 0);
        if let Some((id, lease)) = half_refused.filter(|_| self.rng.gen_bool(0.3)) {
            let who = Who::Owner(self.model.orders[lease.bid].trader);
            return Some(Action::Lease { verb: Verb::Cancel, who, id: **id });
        }
        let (id, lease) = if running.is_empty() || self.rng.gen_bool(0.1) {
            *all.last()?
        } else {
            *running[self.rng.gen_range(0..running.len())]
        };
        let (id, bid, ask) = (*id, lease.bid, lease.ask);
        let state = lease.state;
        let verb = self.verb(state);
        let party = if matches!(verb, Verb::Accept | Verb::Claim | Verb::Answer) { ask } else { bid };
        let who = self.who(self.model.orders[party].trader);
        Some(Action::Lease { verb, who, id })
    }

    /// Mostly one that such a lease knows.
    fn verb(&mut self, state: State) -> Verb {
        let usual: &[Verb] = match state {
            State::Offered => {
                &[Verb::Accept, Verb::Accept, Verb::Show, Verb::Expire, Verb::Expire, Verb::Cancel]
            }
            State::Active => &[
                Verb::Challenge,
                Verb::Challenge,
                Verb::Answer,
                Verb::Fail,
                Verb::Fail,
                Verb::Claim,
                Verb::Cancel,
                Verb::Show,
                Verb::Release,
            ],
            State::Closed(_) => &VERBS,
        };
        let from = if self.rng.gen_bool(0.1) { &VERBS[..] } else { usual };
        from[self.rng.gen_range(0..from.len())]
    }

    fn refund(&mut self) -> Option<Action> {
        let order = self.order()?;
        let cranker = self.rng.gen_bool(0.7).then(|| self.trader());
        Some(Action::Refund { order, cranker })
    }
}
