//! What providers publish about themselves, and how their OBSC leaves.

use anchor_lang::error::ErrorCode;
use obscura_program_tests::accounts::Provider;
use obscura_program_tests::types::ProviderArgs;
use obscura_program_tests::verbs::owner::{delegate_args, provider_args};
use obscura_program_tests::world::{DEPOSIT_OBSC, GENESIS, stored};
use obscura_program_tests::{
    Actor, Refusal, World, address, assert_refused, assert_refused_by_anchor, tokens,
};
use solana_sdk::pubkey::Pubkey;

use crate::scenes::{CLEARS, EXPIRED, offered};

/// SPEC section 11: 24 hours.
const DELAY: i64 = 86_400;

fn provider_of(world: &World, actor: &Actor) -> Provider {
    world.read(&address::provider(&actor.owner()))
}

#[test]
fn a_provider_registers_once_and_updates_what_it_says() {
    let mut world = World::new();
    let actor = world.trader(1);
    let first = provider_args(world.market);
    world.register_provider(&actor, first.clone()).unwrap();
    let registered = provider_of(&world, &actor);
    assert_eq!((registered.owner, registered.host_key), (actor.owner(), first.host_key));
    assert_eq!((registered.hardware_hash, registered.label.as_str()), ([7; 32], "eight of them"));
    assert_eq!(stored(&registered.capacity), stored(&first.capacity));
    assert_refused(world.register_provider(&actor, first.clone()), Refusal::AlreadyExists);

    let second = ProviderArgs { label: "x".repeat(64), hardware_hash: [9; 32], ..first };
    world.at(GENESIS + 5).update_provider(&actor, second).unwrap();
    let updated = provider_of(&world, &actor);
    assert_eq!((updated.registered_at, updated.updated_at), (GENESIS, GENESIS + 5));
    assert_eq!((updated.hardware_hash, updated.label.len()), ([9; 32], 64));
}

#[test]
fn a_malformed_description_is_refused_for_what_is_wrong_with_it() {
    let mut world = World::new();
    let actor = world.trader(1);
    let ok = provider_args(world.market);
    let labelled = |label: &str| ProviderArgs { label: label.to_owned(), ..ok.clone() };
    let with_gpus = |gpus| {
        let mut args = ok.clone();
        args.capacity.gpus = gpus;
        args
    };
    let mut table = vec![
        (with_gpus(0), Refusal::CapacityOutOfRange),
        (with_gpus(4_097), Refusal::CapacityOutOfRange),
        (ProviderArgs { host_key: Pubkey::default(), ..ok.clone() }, Refusal::MissingHostKey),
    ];
    for label in ["", " a", "a ", "a\nb", "\u{e9}", &"x".repeat(65)] {
        table.push((labelled(label), Refusal::MalformedLabel));
    }
    for (args, reason) in table {
        let name = format!("{reason:?}");
        assert_eq!(world.register_provider(&actor, args).unwrap_err().code(), Some(reason.into()), "{name}");
    }
    world.register_provider(&actor, ok.clone()).unwrap();
    assert_refused(world.update_provider(&actor, with_gpus(0)), Refusal::CapacityOutOfRange);
}

#[test]
fn nobody_describes_another_provider() {
    let mut world = World::new();
    let (actor, other) = (world.trader(1), world.trader(2));
    let args = provider_args(world.market);
    let mut register = world.register_provider_instruction(&actor, args.clone());
    register.accounts[2].pubkey = other.trader;
    assert_refused(world.send(register, &[&actor.key]), Refusal::WrongTrader);
    world.register_provider(&other, args.clone()).unwrap();
    let mut update = world.update_provider_instruction(&actor, args);
    update.accounts[1].pubkey = address::provider(&other.owner());
    assert_refused(world.send(update, &[&actor.key]), Refusal::WrongProvider);
}

#[test]
fn obsc_leaves_only_after_the_delay_and_all_at_once() {
    let mut world = World::new();
    let actor = world.trader(1);
    assert_refused(world.withdraw(&actor, world.obsc, 1), Refusal::StakeNeedsUnstaking);
    assert_refused(world.withdraw_stake(&actor), Refusal::ZeroAmount);
    assert_refused(world.begin_unstake(&actor, 0), Refusal::ZeroAmount);
    assert_refused(world.begin_unstake(&actor, DEPOSIT_OBSC + 1), Refusal::InsufficientAvailable);
    world.begin_unstake(&actor, 5).unwrap();
    let trader = world.trader_of(&actor);
    assert_eq!((trader.obsc.available, trader.unstaking), (DEPOSIT_OBSC - 5, 5));
    world.at(GENESIS + DELAY - 1);
    assert_refused(world.withdraw_stake(&actor), Refusal::UnstakeNotOver);
    world.at(GENESIS + DELAY).withdraw_stake(&actor).unwrap();
    assert_eq!(tokens::amount(&world.svm, &actor.tokens(&world.obsc)), 5);
    assert_refused(world.withdraw_stake(&actor), Refusal::ZeroAmount);
}

#[test]
fn a_second_amount_starts_the_delay_of_both_again() {
    let mut world = World::new();
    let actor = world.trader(1);
    world.begin_unstake(&actor, 5).unwrap();
    world.at(GENESIS + 10).begin_unstake(&actor, 7).unwrap();
    world.at(GENESIS + DELAY + 9);
    assert_refused(world.withdraw_stake(&actor), Refusal::UnstakeNotOver);
    world.at(GENESIS + DELAY + 10).withdraw_stake(&actor).unwrap();
    assert_eq!(tokens::amount(&world.svm, &actor.tokens(&world.obsc)), 12);
}

#[test]
fn what_unstakes_backs_no_ask_and_what_backs_an_ask_does_not_unstake() {
    let mut scene = offered();
    let (available, locked) = scene.stake();
    assert!(locked > 0);
    let outcome = scene.world.begin_unstake(&scene.provider, available + 1);
    assert_refused(outcome, Refusal::InsufficientAvailable);
    scene.world.begin_unstake(&scene.provider, available).unwrap();
    assert_eq!(scene.stake(), (0, locked));
    // The lease ends; its stake comes back to what is available, not to what may leave.
    scene.world.at(EXPIRED).expire_lease(&scene.clearing, 0).unwrap();
    scene.world.complete_settlement(&scene.clearing, 1).unwrap();
    scene.world.refund(&scene.ask).unwrap();
    assert_eq!(scene.stake(), (locked, 0));
    scene.world.at(CLEARS + DELAY).withdraw_stake(&scene.provider).unwrap();
    assert_eq!(scene.stake(), (locked, 0));
}

#[test]
fn stake_goes_to_nobody_else_and_not_in_the_other_currency() {
    let mut world = World::new();
    let (actor, thief) = (world.trader(1), world.trader(2));
    world.begin_unstake(&actor, 5).unwrap();
    world.at(GENESIS + DELAY);
    let usdc = world.withdraw_stake_instruction(&actor, world.usdc, actor.tokens(&world.usdc));
    assert_refused(world.send(usdc, &[&actor.key]), Refusal::WrongMint);
    let elsewhere = world.withdraw_stake_instruction(&actor, world.obsc, thief.tokens(&world.obsc));
    assert_refused_by_anchor(world.send(elsewhere, &[&actor.key]), ErrorCode::ConstraintTokenOwner);
    let mut stolen = world.withdraw_stake_instruction(&thief, world.obsc, thief.tokens(&world.obsc));
    stolen.accounts[3].pubkey = actor.trader;
    assert_refused(world.send(stolen, &[&thief.key]), Refusal::WrongTrader);
}

#[test]
fn a_delegate_moves_no_stake() {
    let mut world = World::new();
    let (actor, delegate) = (world.trader(1), world.trader(2));
    world.set_delegate(&actor, delegate_args(delegate.owner())).unwrap();
    let as_delegate = Actor { trader: actor.trader, ..Actor::numbered(2) };
    assert_refused(world.begin_unstake(&as_delegate, 1), Refusal::WrongTrader);
    world.begin_unstake(&actor, 1).unwrap();
    world.at(GENESIS + DELAY);
    assert_refused(world.withdraw_stake(&as_delegate), Refusal::WrongTrader);
}
