//! Situations that many tests start from.

use obscura_program_tests::actor::keypair;
use obscura_program_tests::types::{MarketParams, SetDelegateArgs};
use obscura_program_tests::verbs::owner::delegate_args;
use obscura_program_tests::world::{GENESIS, default_params};
use obscura_program_tests::{Actor, Clearing, Sealed, World};
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer;

/// First seconds of batch 0's windows.
pub const REVEALS: i64 = GENESIS + 30;
pub const CLEARS: i64 = GENESIS + 45;
pub const VOID: i64 = GENESIS + 90;
/// A batch cleared at `CLEARS`: no lease opens from here, none is accepted from there.
pub const SETTLED: i64 = CLEARS + 120;
pub const EXPIRED: i64 = SETTLED + 60;

/// Uniform price of `traded`, micro-USDC per GPU-hour.
pub const PRICE: u64 = 1_750_000;
/// Four GPUs for one hour at `PRICE`, one percent of it, and the rest.
pub const AMOUNT: u64 = 7_000_000;
pub const FEE: u64 = 70_000;
pub const PAYOUT: u64 = AMOUNT - FEE;
/// What the bid of `traded` locks: 4 GPUs at 2 USDC for an hour, and 3 micro-USDC for rounding.
pub const BID_LOCK: u64 = 8_000_003;
/// The default order fee and reveal deposit.
pub const ORDER_FEE: u64 = 10_000;
pub const DEPOSIT: u64 = 1_000_000;

/// One bid and one ask for four GPUs that cross.
pub struct Scene {
    pub world: World,
    pub buyer: Actor,
    pub provider: Actor,
    pub bid: Sealed,
    pub ask: Sealed,
    pub clearing: Clearing,
}

/// Both committed to batch 0, which is still open.
pub fn committed() -> Scene {
    committed_of(16)
}

/// The same in a market of at most `max_orders` orders a batch.
pub fn committed_of(max_orders: u16) -> Scene {
    let mut world = World::with_params(MarketParams { max_orders, ..default_params() });
    let (buyer, provider) = (world.trader(1), world.trader(2));
    let bid = Sealed::bid(1, &buyer, 2_000_000, 4);
    let ask = Sealed::ask(2, &provider, 1_500_000, 4);
    world.commit(&buyer.key, &bid).unwrap();
    world.commit(&provider.key, &ask).unwrap();
    let clearing = Clearing::of(&[&bid, &ask]).at_price(PRICE).row(0, 1, 4);
    Scene { world, buyer, provider, bid, ask, clearing }
}

/// Cleared in the first second of the clearing window.
pub fn traded() -> Scene {
    let mut scene = committed();
    scene.world.at(CLEARS).clear(&scene.clearing).unwrap();
    scene
}

/// With the lease opened.
pub fn offered() -> Scene {
    let mut scene = traded();
    scene.world.open_lease(&scene.clearing, 0).unwrap();
    scene
}

/// With the lease accepted at once.
pub fn leased() -> Scene {
    let mut scene = offered();
    scene.world.accept_lease(&scene.provider.key, &scene.clearing, 0).unwrap();
    scene
}

impl Scene {
    /// USDC of the buyer and of the provider: available, then locked.
    pub fn usdc(&self) -> [(u64, u64); 2] {
        [&self.buyer, &self.provider].map(|actor| {
            let usdc = self.world.trader_of(actor).usdc;
            (usdc.available, usdc.locked)
        })
    }

    /// OBSC of the provider: available, then locked.
    pub fn stake(&self) -> (u64, u64) {
        let obsc = self.world.trader_of(&self.provider).obsc;
        (obsc.available, obsc.locked)
    }
}

/// A trader whose delegate is `change`d from wide caps.
pub fn delegated(change: impl FnOnce(&mut SetDelegateArgs)) -> (World, Actor, Keypair) {
    let mut world = World::new();
    let (actor, delegate) = (world.trader(1), keypair(50));
    let mut args = delegate_args(delegate.pubkey());
    change(&mut args);
    world.set_delegate(&actor, args).unwrap();
    (world, actor, delegate)
}

/// Micro-USDC that count against the spend cap of `actor`'s delegate.
pub fn spent(world: &World, actor: &Actor) -> u64 {
    world.trader_of(actor).delegate.unwrap().spent
}

/// One bid that gets half of its GPUs from each of two providers: the situation in which what happens to one
/// lease decides about another.
pub struct Split {
    pub world: World,
    pub buyer: Actor,
    /// The first has row 0, the second row 1.
    pub providers: [Actor; 2],
    pub bid: Sealed,
    pub clearing: Clearing,
}

/// Cleared at `CLEARS`, neither row opened; the bid may be content with `min_qty` of its `2 * half` GPUs.
pub fn split_clearing(half: u16, min_qty: u16) -> Split {
    let mut world = World::new();
    let (buyer, providers) = (world.trader(1), [world.trader(2), world.trader(3)]);
    let bid = Sealed::bid(1, &buyer, 2_000_000, 2 * half).min_qty(min_qty);
    let asks =
        [Sealed::ask(2, &providers[0], 1_500_000, half), Sealed::ask(3, &providers[1], 1_500_000, half)];
    world.commit(&buyer.key, &bid).unwrap();
    for (provider, ask) in providers.iter().zip(&asks) {
        world.commit(&provider.key, ask).unwrap();
    }
    let orders = [&bid, &asks[0], &asks[1]];
    let clearing = Clearing::of(&orders).at_price(PRICE).row(0, 1, half).row(0, 2, half);
    world.at(CLEARS).clear(&clearing).unwrap();
    Split { world, buyer, providers, bid, clearing }
}

/// All or none for four GPUs: both leases on offer, every other row shown to be empty.
pub fn split() -> Split {
    let mut split = split_clearing(2, 4);
    split.open_both();
    split.world.complete_settlement(&split.clearing, 2).unwrap();
    split
}

impl Split {
    pub fn open_both(&mut self) {
        for row in 0..2 {
            self.world.open_lease(&self.clearing, row).unwrap();
        }
    }

    pub fn accept(&mut self, row: u16) {
        let provider = &self.providers[usize::from(row)].key;
        self.world.accept_lease(provider, &self.clearing, row).unwrap();
    }
}
