//! A market whose one key came from a ceremony, with a batch of three orders to clear.

use obscura_circuits::batch::Clearance;
use obscura_circuits::keys::ClearingKeys;
use obscura_program_tests::proven::{Received, inputs, key_points, proven};
use obscura_program_tests::types::PostClearingArgs;
use obscura_program_tests::world::{GENESIS, default_params};
use obscura_program_tests::{Clearing, Refusal, Sealed, World, assert_refused};

/// First second of batch 0's clearing window.
const CLEARS: i64 = GENESIS + 45;

pub struct Market {
    world: World,
    orders: [Sealed; 3],
    clearing: Option<Clearing>,
}

impl Market {
    /// Settings without development keys, the key registered and frozen, the market opened on it, and two bids
    /// and an ask committed to its first batch.
    pub fn open_under(keys: &ClearingKeys) -> Self {
        let mut world = World::bare();
        world.initialize(false).unwrap();
        world.register_key(16, key_points(keys.verifying_key())).unwrap();
        world.freeze_key(16).unwrap();
        let mut world = world.open(default_params());
        let traders = [1, 2, 3].map(|number| world.trader(number));
        let [buyer, loser, provider] = &traders;
        let orders = [
            Sealed::bid(1, buyer, 2_000_000, 4),
            Sealed::bid(2, loser, 1_000_000, 1),
            Sealed::ask(3, provider, 1_500_000, 4),
        ];
        for (trader, order) in traders.iter().zip(&orders) {
            world.commit(&trader.key, order).unwrap();
        }
        Self { world, orders, clearing: None }
    }

    /// The batch's clearing, and its posting with a proof by our prover.
    pub fn prove(&mut self, keys: &ClearingKeys) -> (Clearance, PostClearingArgs) {
        let received: Vec<Received> =
            self.orders.iter().map(|order| Received { order, opened: true }).collect();
        let clearance = Clearance::compute(&inputs(&self.world, 0, &received)).unwrap();
        let (clearing, posting) = proven(&self.world, keys, 0, &received);
        self.clearing = Some(clearing);
        (clearance, posting)
    }

    /// The posting lands, and the lease that it leaves opens.
    #[track_caller]
    pub fn clears(mut self, posting: PostClearingArgs) {
        let clearing = self.clearing.unwrap();
        self.world.at(CLEARS).post(0, posting).unwrap();
        let batch = self.world.batch(0);
        assert!(batch.cleared && batch.price_micro > 0);
        assert_eq!(clearing.rows.len(), 1);
        self.world.open_lease(&clearing, 0).unwrap();
        self.world.complete_settlement(&clearing, 1).unwrap();
        self.world.refund(&self.orders[1]).unwrap();
    }

    #[track_caller]
    pub fn refuses(&mut self, posting: PostClearingArgs) {
        assert_refused(self.world.at(CLEARS).post(0, posting), Refusal::ProofRejected);
    }
}
