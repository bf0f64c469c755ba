//! Random histories against a reference model: after every step the model and the program agree on whether
//! the call lands, and on every balance and state. The world checks the laws besides. The model is written
//! from SPEC section 11 and must never call the program's code.

mod action;
mod batch_rules;
mod clearing;
mod compare;
mod draw;
mod lease_rules;
mod money;
mod owner_rules;
mod perform;
mod state;

use std::collections::BTreeMap;

use anchor_lang::prelude::Clock;
use obscura_program_tests::types::MarketParams;
use obscura_program_tests::world::{DEPOSIT_OBSC, DEPOSIT_USDC, GENESIS, MATCHER_BOND, default_params};
use obscura_program_tests::{Actor, World};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use action::{Action, Verb};
use draw::Drawing;
use perform::Stage;
use state::{Ended, Lease, Model, Moment, Purse, Reason, State, Trader, Who};

const SEEDS: u64 = 20;
const STEPS: usize = 500;
const TRADERS: u8 = 4;
/// Longer than any deadline, the longest term and its grace.
const AFTER_ALL: i64 = 40 * 86_400;

struct History {
    stage: Stage,
    model: Model,
    rng: StdRng,
    landed: usize,
}

fn params() -> MarketParams {
    MarketParams {
        max_duration: state::MAX_DURATION as u32,
        order_fee: state::ORDER_FEE,
        challenge_gap_seconds: state::GAP as u32,
        matcher_bond: state::MATCHER_BOND,
        void_penalty: state::VOID_PENALTY,
        ..default_params()
    }
}

impl History {
    fn new(seed: u64) -> Self {
        let mut world = World::with_params(params());
        let actors: Vec<Actor> = (1..=TRADERS).map(|number| world.trader(number)).collect();
        let clock: Clock = world.svm.get_sysvar();
        let trader = Trader {
            usdc: Purse { available: DEPOSIT_USDC, locked: 0 },
            obsc: Purse { available: DEPOSIT_OBSC, locked: 0 },
            ..Trader::default()
        };
        let model = Model {
            genesis: GENESIS,
            now: Moment { seconds: clock.unix_timestamp, slot: clock.slot },
            traders: vec![trader; actors.len()],
            matcher_obsc: DEPOSIT_OBSC - MATCHER_BOND,
            bond: MATCHER_BOND,
            exposure: 0,
            open_batches: 0,
            treasury_usdc: 0,
            treasury_obsc: 0,
            orders: vec![],
            batches: BTreeMap::new(),
            leases: BTreeMap::new(),
        };
        let rng = StdRng::seed_from_u64(seed);
        Self { stage: Stage { world, actors }, model, rng, landed: 0 }
    }

    fn step(&mut self, number: usize) {
        let drawing = Drawing {
            rng: &mut self.rng,
            model: &self.model,
            actors: &self.stage.actors,
            next_id: number as u16 + 1,
        };
        let action = drawing.draw();
        self.act(&action);
    }

    fn act(&mut self, action: &Action) {
        let expected = self.model.expect(action);
        let landed = self.stage.perform(action, &self.model);
        assert_eq!(landed, expected, "{action:?} at {:?}", self.model.now);
        self.landed += usize::from(landed);
        compare::all(&self.stage, &self.model);
    }

    /// Long after everything: closes and ends whatever is left.
    fn wind_down(&mut self) {
        self.act(&Action::Wait(AFTER_ALL));
        let leases = self.model.leases.iter();
        let open = leases.filter(|(_, lease)| !matches!(lease.state, State::Closed(_)));
        let verb = |lease: &Lease| if lease.challenge.is_some() { Verb::Fail } else { Verb::Expire };
        let open: Vec<_> = open.map(|(id, lease)| (*id, verb(lease))).collect();
        for (id, verb) in open {
            self.act(&Action::Lease { verb, who: Who::Stranger, id });
        }
        for order in 0..self.model.orders.len() {
            let cranker = self.rng.gen_bool(0.5).then(|| self.rng.gen_range(0..self.stage.actors.len()));
            self.act(&Action::Refund { order, cranker });
        }
        assert!(self.model.orders.iter().all(|order| order.ended != Ended::Live));
        assert!(self.model.traders.iter().all(|it| it.usdc.locked == 0 && it.obsc.locked == 0));
    }
}

#[test]
fn every_random_history_goes_as_the_model_says_and_every_order_can_end() {
    let (mut endings, mut reasons) = (BTreeMap::new(), BTreeMap::new());
    let mut landed = 0;
    for seed in 0..SEEDS {
        println!("seed {seed}");
        let mut history = History::new(seed);
        for number in 0..STEPS {
            history.step(number);
        }
        history.wind_down();
        for order in &history.model.orders {
            *endings.entry(order.ended as u8).or_insert(0) += 1;
        }
        for lease in history.model.leases.values() {
            let State::Closed(reason) = lease.state else { panic!("a lease outlives its orders") };
            *reasons.entry(reason as u8).or_insert(0) += 1;
        }
        landed += history.landed;
    }
    println!("{landed} landed; ends {endings:?}, closes {reasons:?}");
    assert_eq!(endings.len(), Ended::Completed as usize, "every end of an order occurs: {endings:?}");
    assert_eq!(reasons.len(), Reason::Unclaimed as usize + 1, "every close of a lease occurs: {reasons:?}");
}
