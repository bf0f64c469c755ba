//! Writes `program/CU.md`: what each instruction costs in a real SVM, at its dearest ordinary case.
//! `cargo run -p obscura-program-tests --example compute_units`

#![allow(clippy::unwrap_used)]

use std::fmt::Write as _;

use obscura_circuits::size::BatchSize;
use obscura_program_tests::actor::keypair;
use obscura_program_tests::obscura_program::constants::MAX_ORDERS_OF_OWNER;
use obscura_program_tests::trapdoor::TrapdoorKey;
use obscura_program_tests::types::MarketParams;
use obscura_program_tests::verbs::owner::{delegate_args, provider_args};
use obscura_program_tests::world::{GENESIS, default_params, market_args};
use obscura_program_tests::{Actor, Clearing, Landed, Sealed, World, tokens};
use solana_sdk::signer::Signer;

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../CU.md");

/// SPEC section 11.
const UNSTAKE_SECONDS: i64 = 86_400;

/// Rows of the table: what was done, and what it cost.
#[derive(Default)]
struct Table(Vec<(&'static str, u64)>);

impl Table {
    fn add(&mut self, name: &'static str, landed: Landed) {
        self.0.push((name, landed.compute_units));
    }
}

fn main() {
    let mut table = Table::default();
    setup(&mut table);
    money(&mut table);
    trading(&mut table);
    unmatched(&mut table);
    sizes(&mut table);
    std::fs::write(PATH, render(&table)).unwrap();
    println!("wrote {PATH}");
}

fn setup(table: &mut Table) {
    let mut world = World::bare();
    table.add("initialize", world.initialize(true).unwrap());
    table.add("register_verifying_key", world.register_key(16, TrapdoorKey::points()).unwrap());
    table.add("freeze_verifying_key", world.freeze_key(16).unwrap());
    table.add("create_market", world.create_market(market_args(default_params())).unwrap());
    table.add("set_paused", world.set_paused(true).unwrap());
    table.add("disable_verifying_key", world.disable_key(16).unwrap());
}

fn money(table: &mut Table) {
    let mut world = World::new();
    let actor = Actor::numbered(1);
    table.add("open_trader", world.open_trader(&actor).unwrap());
    world.give_tokens(&actor, world.usdc, 10_000_000);
    world.give_tokens(&actor, world.obsc, 10_000_000);
    table.add("deposit", world.deposit(&actor, world.usdc, 10_000_000).unwrap());
    table.add("withdraw", world.withdraw(&actor, world.usdc, 1_000_000).unwrap());
    table.add("set_delegate", world.set_delegate(&actor, delegate_args(keypair(50).pubkey())).unwrap());
    table.add("revoke_delegate", world.revoke_delegate(&actor).unwrap());
    world.deposit(&actor, world.obsc, 10).unwrap();
    table.add("bond_matcher", world.bond(&actor, 10).unwrap());
    table.add("unbond_matcher", world.unbond(&actor, 10).unwrap());
    let provider = provider_args(world.market);
    table.add("register_provider", world.register_provider(&actor, provider.clone()).unwrap());
    table.add("update_provider", world.update_provider(&actor, provider).unwrap());
    world.deposit(&actor, world.obsc, 10).unwrap();
    table.add("begin_unstake", world.begin_unstake(&actor, 10).unwrap());
    world.at(GENESIS + UNSTAKE_SECONDS);
    table.add("withdraw_stake", world.withdraw_stake(&actor).unwrap());
}

/// Five orders in one batch: two rows, one loser.
fn trading(table: &mut Table) {
    let mut world = World::new();
    let (buyer, provider) = (world.trader(1), world.trader(2));
    let orders = [
        Sealed::bid(1, &buyer, 2_000_000, 4),
        Sealed::ask(2, &provider, 1_500_000, 4),
        Sealed::bid(3, &buyer, 2_000_000, 1),
        Sealed::ask(4, &provider, 1_500_000, 1),
        Sealed::bid(5, &buyer, 1_000, 1),
    ];
    let names = [
        "commit, first of a batch",
        "commit, an ask",
        "commit, absorbing a group of three",
        "commit, an ask again",
        "commit, by a delegate",
    ];
    let delegate = keypair(50);
    world.set_delegate(&buyer, delegate_args(delegate.pubkey())).unwrap();
    for ((order, name), signer) in
        orders.iter().zip(names).zip([&buyer.key, &provider.key, &buyer.key, &provider.key, &delegate])
    {
        table.add(name, world.commit(signer, order).unwrap());
    }
    world.at(GENESIS + 30);
    table.add("reveal", world.reveal(&buyer.key, &orders[0]).unwrap());

    let clearing = Clearing::of(&orders.each_ref()).at_price(1_750_000).row(0, 1, 4).row(2, 3, 1);
    world.at(GENESIS + 45);
    world.clear(&clearing).unwrap();
    table.add("open_lease", world.open_lease(&clearing, 0).unwrap());
    world.open_lease(&clearing, 1).unwrap();
    table.add("complete_settlement", world.complete_settlement(&clearing, 2).unwrap());
    table.add("accept_lease", world.accept_lease(&provider.key, &clearing, 0).unwrap());
    table.add("release_lease", world.release_lease(&buyer.key, &clearing, 0).unwrap());
    table.add("refund, completed bid", world.refund_by(&provider, &orders[0]).unwrap());
    world.accept_lease(&provider.key, &clearing, 1).unwrap();
    world.at(GENESIS + 45 + 3_600);
    table.add("claim_lease", world.claim_lease(&provider.key, &clearing, 1).unwrap());

    let authority = world.authority.insecure_clone();
    let own = keypair(90).pubkey();
    tokens::put_tokens(&mut world.svm, own, authority.pubkey(), world.usdc, 0);
    table.add("withdraw_treasury", world.withdraw_treasury_as(&authority, own, 1).unwrap());
}

fn unmatched(table: &mut Table) {
    let mut world = World::new();
    let (buyer, provider) = (world.trader(1), world.trader(2));
    let (bid, ask) = (Sealed::bid(1, &buyer, 2_000_000, 4), Sealed::ask(2, &provider, 1_500_000, 4));
    world.commit(&buyer.key, &bid).unwrap();
    world.commit(&provider.key, &ask).unwrap();
    let clearing = Clearing::of(&[&bid, &ask]).at_price(1_750_000).row(0, 1, 4);
    world.at(GENESIS + 45).clear(&clearing).unwrap();
    world.open_lease(&clearing, 0).unwrap();
    world.at(GENESIS + 45 + 180);
    table.add("expire_lease", world.expire_lease(&clearing, 0).unwrap());
    table.add("refund, by a stranger", world.refund(&bid).unwrap());
    table.add("refund, an ask", world.refund_by(&buyer, &ask).unwrap());
}

/// Posting a clearing of as many orders as each circuit has slots.
fn sizes(table: &mut Table) {
    let names = [
        "post_clearing, 16 slots",
        "post_clearing, 64 slots",
        "post_clearing, 256 slots",
        "post_clearing, 1024 slots",
    ];
    for (size, name) in BatchSize::ALL.into_iter().zip(names) {
        let mut world = World::with_params(MarketParams { max_orders: size.get(), ..default_params() });
        // As few owners as may fill the batch.
        let owners = size.get().div_ceil(u16::from(MAX_ORDERS_OF_OWNER)) as u8;
        let buyers: Vec<Actor> = (1..=owners).map(|number| world.trader(number)).collect();
        let mut orders: Vec<Sealed> = vec![];
        for number in 0..size.get() {
            let buyer = &buyers[usize::from(number) % buyers.len()];
            let order = Sealed::bid(1, buyer, 2_000_000, 1).numbered(number).locking(10_000);
            world.commit(&buyer.key, &order).unwrap();
            orders.push(order);
        }
        let clearing = Clearing::of(&orders.iter().collect::<Vec<_>>()).under(size);
        world.at(GENESIS + 45);
        table.add(name, world.clear(&clearing).unwrap());
    }
}

fn render(table: &Table) -> String {
    let mut text = String::from(
        "# Compute units\n\nWritten by `cargo run -p obscura-program-tests --example compute_units`; do not \
         edit. Measured in\nLiteSVM with the committed program; whole transaction of one \
         instruction.\n\n| instruction | compute units |\n|---|---:|\n",
    );
    for (name, units) in &table.0 {
        writeln!(text, "| {name} | {units} |").unwrap();
    }
    text
}
