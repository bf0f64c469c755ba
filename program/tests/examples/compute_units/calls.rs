//! The authority's, owners' and matchers' instructions, and commits and clearings of full batches.

use obscura_circuits::size::BatchSize;
use obscura_program_tests::actor::keypair;
use obscura_program_tests::obscura_program::constants::MAX_ORDERS_OF_OWNER;
use obscura_program_tests::trapdoor::TrapdoorKey;
use obscura_program_tests::types::{MarketParams, MarketTerms};
use obscura_program_tests::verbs::owner::{delegate_args, provider_args};
use obscura_program_tests::world::{GENESIS, default_params, market_args};
use obscura_program_tests::{Actor, Clearing, Sealed, World, address, tokens};
use solana_sdk::signer::Signer;

use crate::table::Table;

/// SPEC section 11.
const UNSTAKE_SECONDS: i64 = 86_400;

pub fn setup(table: &mut Table) {
    let mut world = World::bare();
    table.add("initialize", "", world.initialize(true).unwrap());
    for size in BatchSize::ALL.map(BatchSize::get) {
        table.add("register_verifying_key", "", world.register_key(size, TrapdoorKey::points()).unwrap());
        table.add("freeze_verifying_key", "", world.freeze_key(size).unwrap());
    }
    let large = MarketParams { max_orders: 1_024, ..default_params() };
    table.add("create_market", "four keys", world.create_market(market_args(large)).unwrap());
    let terms = MarketTerms { matcher: world.matcher.owner(), params: large };
    table.add("schedule_market", "four keys", world.schedule_market(7, terms).unwrap());
    table.add("set_paused", "", world.set_paused(true).unwrap());
    table.add("disable_verifying_key", "", world.disable_key(16).unwrap());
    let (old, new) = (world.authority.insecure_clone(), keypair(44));
    let proposal = world.propose_authority_as(&old, Some(new.pubkey()));
    table.add("propose_authority", "", proposal.unwrap());
    table.add("accept_authority", "", world.accept_authority(&new).unwrap());
    let vault = address::vault(&world.usdc);
    tokens::put_tokens(&mut world.svm, vault, address::settings(), world.usdc, 9);
    table.add("sweep_donations", "", world.sweep_donations(world.usdc).unwrap());
    let own = keypair(90).pubkey();
    tokens::put_tokens(&mut world.svm, own, new.pubkey(), world.usdc, 0);
    table.add("withdraw_treasury", "", world.withdraw_treasury_as(&new, own, 1).unwrap());
}

pub fn money(table: &mut Table) {
    let mut world = World::new();
    let actor = Actor::numbered(1);
    table.add("open_trader", "", world.open_trader(&actor).unwrap());
    world.give_tokens(&actor, world.usdc, 10_000_000);
    world.give_tokens(&actor, world.obsc, 10_000_000);
    table.add("deposit", "USDC", world.deposit(&actor, world.usdc, 10_000_000).unwrap());
    table.add("withdraw", "", world.withdraw(&actor, world.usdc, 1_000_000).unwrap());
    table.add("set_delegate", "", world.set_delegate(&actor, delegate_args(keypair(50).pubkey())).unwrap());
    table.add("revoke_delegate", "", world.revoke_delegate(&actor).unwrap());
    table.add("deposit", "OBSC", world.deposit(&actor, world.obsc, 10).unwrap());
    table.add("bond_matcher", "the first", world.bond(&actor, 5).unwrap());
    table.add("bond_matcher", "another", world.bond(&actor, 5).unwrap());
    table.add("unbond_matcher", "", world.unbond(&actor, 10).unwrap());
    let provider = provider_args(world.market);
    table.add("register_provider", "", world.register_provider(&actor, provider.clone()).unwrap());
    table.add("update_provider", "", world.update_provider(&actor, provider).unwrap());
    world.deposit(&actor, world.obsc, 10).unwrap();
    table.add("begin_unstake", "", world.begin_unstake(&actor, 10).unwrap());
    world.at(GENESIS + UNSTAKE_SECONDS);
    table.add("withdraw_stake", "", world.withdraw_stake(&actor).unwrap());
}

/// Full batches of every size.
pub fn sizes(table: &mut Table) {
    let names = ["16 slots", "64 slots", "256 slots", "1,024 slots"];
    for (size, name) in BatchSize::ALL.into_iter().zip(names) {
        let mut world = World::with_params(MarketParams { max_orders: size.get(), ..default_params() });
        // As few owners as may fill the batch.
        let owners = size.get().div_ceil(u16::from(MAX_ORDERS_OF_OWNER)) as u8;
        let buyers: Vec<Actor> = (1..=owners).map(|number| world.trader(number)).collect();
        let mut orders: Vec<Sealed> = vec![];
        for number in 0..size.get() {
            let buyer = &buyers[usize::from(number) % buyers.len()];
            let order = Sealed::bid(1, buyer, 2_000_000, 1).numbered(number).locking(10_000);
            let case = ["the first of three", "the second of three", "absorbing a group of three"];
            let case = if number == 0 { "the first of a batch" } else { case[usize::from(number) % 3] };
            table.add("commit", case, world.commit(&buyer.key, &order).unwrap());
            orders.push(order);
        }
        let clearing = Clearing::of(&orders.iter().collect::<Vec<_>>()).under(size);
        world.at(GENESIS + 45);
        table.add("post_clearing", name, world.clear(&clearing).unwrap());
    }
}
