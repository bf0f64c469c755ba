//! Commits: phases, locks, the chain of orders, idempotency.

use anchor_lang::InstructionData;
use obscura_auction::field::MODULUS;
use obscura_program_tests::types::{Ended, MarketParams};
use obscura_program_tests::world::{DEPOSIT_OBSC, DEPOSIT_USDC, GENESIS, default_params, stored};
use obscura_program_tests::{
    Clearing, Refusal, Sealed, World, address, assert_refused, obscura_program::client::args,
};
use solana_sdk::instruction::Instruction;

use crate::scenes::{BID_LOCK, CLEARS, DEPOSIT, ORDER_FEE, REVEALS, VOID, committed};

#[test]
fn a_bid_locks_its_collateral_fee_and_deposit() {
    let scene = committed();
    let locked = BID_LOCK + ORDER_FEE + DEPOSIT;
    assert_eq!(scene.usdc()[0], (DEPOSIT_USDC - locked, locked));
    let order = scene.world.order(&scene.bid);
    assert_eq!((order.index, order.side, order.lock), (0, 0, BID_LOCK));
    assert_eq!((order.order_fee, order.reveal_deposit), (ORDER_FEE, DEPOSIT));
    assert_eq!((order.owner, order.trader), (scene.buyer.owner(), scene.buyer.trader));
    assert_eq!(order.commit_hash, scene.bid.commit_hash());
    assert!(matches!(order.ended, Ended::Live));
}

#[test]
fn an_ask_locks_stake_for_each_gpu_and_only_fee_and_deposit_in_usdc() {
    let scene = committed();
    let locked = ORDER_FEE + DEPOSIT;
    assert_eq!(scene.usdc()[1], (DEPOSIT_USDC - locked, locked));
    let stake = 4 * default_params().stake_per_gpu;
    assert_eq!(scene.stake(), (DEPOSIT_OBSC - stake, stake));
    assert_eq!(scene.world.order(&scene.ask).index, 1);
}

#[test]
fn the_first_commit_copies_the_market_into_the_batch() {
    let scene = committed();
    let (batch, market) = (scene.world.batch(0), scene.world.market_account());
    assert_eq!((batch.market, batch.index, batch.tag), (scene.world.market, 0, market.tag));
    assert_eq!(batch.matcher, market.terms.matcher);
    assert_eq!((batch.genesis, batch.batch_seconds, batch.clear_seconds), (GENESIS, 45, 45));
    assert_eq!(stored(&batch.params), stored(&market.terms.params));
    assert_eq!((batch.order_count, batch.cleared), (2, false));
}

#[test]
fn the_chain_of_any_number_of_orders_is_the_one_a_proof_is_about() {
    for count in 1..=5_u8 {
        let mut world = World::new();
        let actor = world.trader(1);
        let orders: Vec<Sealed> = (1..=count).map(|n| Sealed::bid(n, &actor, 2_000_000, 1)).collect();
        for order in &orders {
            world.commit(&actor.key, order).unwrap();
        }
        let clearing = Clearing::of(&orders.iter().collect::<Vec<_>>());
        world.at(CLEARS).clear(&clearing).unwrap();
    }
}

#[test]
fn commits_are_taken_from_the_first_second_to_the_last_of_the_window() {
    let mut world = World::new();
    let actor = world.trader(1);
    let order = |n| Sealed::bid(n, &actor, 2_000_000, 1);
    world.at(GENESIS + 44);
    assert_refused(world.commit_in(&actor.key, &order(1), 1), Refusal::NotCommitPhase);
    world.at(GENESIS + 45).commit_in(&actor.key, &order(1), 1).unwrap();
    world.at(GENESIS + 74).commit_in(&actor.key, &order(2), 1).unwrap();
    world.at(GENESIS + 75);
    assert_refused(world.commit_in(&actor.key, &order(3), 1), Refusal::NotCommitPhase);
}

#[test]
fn a_commit_into_another_batch_than_the_open_one_is_refused() {
    let mut world = World::new();
    let actor = world.trader(1);
    let bid = Sealed::bid(1, &actor, 2_000_000, 1);
    assert_refused(world.commit_in(&actor.key, &bid, 1), Refusal::NotCommitPhase);
    assert_refused(world.commit_in(&actor.key, &bid, u64::MAX), Refusal::NotCommitPhase);
    for seconds in [GENESIS - 1, REVEALS, CLEARS, VOID] {
        world.at(seconds);
        assert_refused(world.commit(&actor.key, &bid), Refusal::NotCommitPhase);
    }
}

#[test]
fn a_resent_commit_changes_nothing() {
    let mut scene = committed();
    let before = scene.usdc();
    assert_refused(scene.world.commit(&scene.buyer.key, &scene.bid), Refusal::AlreadyExists);
    assert_eq!(scene.usdc(), before);
    assert_eq!(scene.world.batch(0).order_count, 2);
}

#[test]
fn a_hash_that_is_zero_or_not_below_the_modulus_is_refused_before_anything_else() {
    let mut world = World::new();
    let actor = world.trader(1);
    world.set_paused(true).unwrap();
    world.at(VOID);
    for hash in [[0; 32], MODULUS, [0xff; 32]] {
        let commit = with_args(&world, &actor, |args| args.commit_hash = hash);
        assert_refused(world.send(commit, &[&actor.key]), Refusal::MalformedCommitment);
    }
}

#[test]
fn a_side_is_zero_or_one() {
    let mut world = World::new();
    let actor = world.trader(1);
    let commit = with_args(&world, &actor, |args| args.side = 2);
    assert_refused(world.send(commit, &[&actor.key]), Refusal::UnknownSide);
}

#[test]
fn a_pause_stops_commits() {
    let mut world = World::new();
    let actor = world.trader(1);
    let bid = Sealed::bid(1, &actor, 2_000_000, 1);
    world.set_paused(true).unwrap();
    assert_refused(world.commit(&actor.key, &bid), Refusal::Paused);
    world.set_paused(false).unwrap();
    world.commit(&actor.key, &bid).unwrap();
}

#[test]
fn nobody_commits_for_another_trader() {
    let mut world = World::new();
    let (victim, thief) = (world.trader(1), world.trader(2));
    let bid = Sealed::bid(1, &victim, 2_000_000, 1);
    assert_refused(world.commit(&thief.key, &bid), Refusal::NotOwnerOrDelegate);
}

#[test]
fn a_lock_below_the_markets_minimum_is_refused() {
    let params = MarketParams { min_collateral: 5_000_000, ..default_params() };
    let mut world = World::with_params(params);
    let actor = world.trader(1);
    let short = Sealed::bid(1, &actor, 2_000_000, 1).locking(4_999_999);
    assert_refused(world.commit(&actor.key, &short), Refusal::LockTooSmall);
    world.commit(&actor.key, &short.locking(5_000_000)).unwrap();
    let none = Sealed::ask(2, &actor, 1_000_000, 1).locking(0);
    assert_refused(world.commit(&actor.key, &none), Refusal::LockTooSmall);
}

#[test]
fn an_order_may_lock_all_that_is_available_and_not_one_more() {
    let mut world = World::new();
    let actor = world.trader(1);
    let most = DEPOSIT_USDC - ORDER_FEE - DEPOSIT;
    let bid = Sealed::bid(1, &actor, 2_000_000, 1);
    let outcome = world.commit(&actor.key, &bid.clone().locking(most + 1));
    assert_refused(outcome, Refusal::InsufficientAvailable);
    world.commit(&actor.key, &bid.locking(most)).unwrap();
    assert_eq!(world.trader_of(&actor).usdc.available, 0);
}

#[test]
fn an_ask_may_lock_as_many_gpus_as_the_stake_backs() {
    let mut world = World::new();
    let actor = world.trader(1);
    let most = DEPOSIT_OBSC / default_params().stake_per_gpu;
    // A tenth of it is the bond: the largest lock that it covers.
    let ask = Sealed::ask(1, &actor, 1_000_000, 1);
    let outcome = world.commit(&actor.key, &ask.clone().locking(most + 1));
    assert_refused(outcome, Refusal::InsufficientAvailable);
    assert_refused(world.commit(&actor.key, &ask.clone().locking(u64::MAX)), Refusal::Overflow);
    world.commit(&actor.key, &ask.locking(most)).unwrap();
}

#[test]
fn a_lock_near_the_largest_number_overflows_into_an_error() {
    let mut world = World::new();
    let actor = world.trader(1);
    let bid = Sealed::bid(1, &actor, 2_000_000, 1).locking(u64::MAX);
    assert_refused(world.commit(&actor.key, &bid), Refusal::Overflow);
}

#[test]
fn a_full_batch_takes_no_more() {
    let mut world = World::new();
    let actor = world.trader(1);
    for number in 1..=16 {
        world.commit(&actor.key, &Sealed::bid(number, &actor, 2_000_000, 1)).unwrap();
    }
    let one_more = Sealed::bid(17, &actor, 2_000_000, 1);
    assert_refused(world.commit(&actor.key, &one_more), Refusal::BatchFull);
    assert_eq!(world.batch(0).order_count, 16);
}

#[test]
fn a_market_whose_matcher_is_not_bonded_takes_no_commits() {
    let mut world = World::new();
    let actor = world.trader(1);
    let matcher = world.matcher.key.insecure_clone();
    let unbond = world.unbond_instruction(&obscura_program_tests::Actor::numbered(100), 1);
    world.send(unbond, &[&matcher]).unwrap();
    let bid = Sealed::bid(1, &actor, 2_000_000, 1);
    assert_refused(world.commit(&actor.key, &bid), Refusal::MatcherNotBonded);
}

#[test]
fn another_matchers_bond_does_not_count() {
    let mut world = World::new();
    let actor = world.trader(1);
    world.bond(&actor, 10_000_000_000).unwrap();
    let mut commit = world.commit_instruction(&actor.key, &Sealed::bid(1, &actor, 2_000_000, 1), 0);
    commit.accounts[4].pubkey = address::matcher(&actor.owner());
    assert_refused(world.send(commit, &[&actor.key]), Refusal::WrongMatcher);
}

/// A commit of actor's with one argument changed.
fn with_args(
    world: &World,
    actor: &obscura_program_tests::Actor,
    change: impl FnOnce(&mut obscura_program_tests::types::CommitArgs),
) -> Instruction {
    let bid = Sealed::bid(1, actor, 2_000_000, 1);
    let sent = world.commit_instruction(&actor.key, &bid, 0);
    let mut commit = obscura_program_tests::types::CommitArgs {
        max_charges: u64::MAX,
        order_id: bid.order_id,
        batch_index: 0,
        side: 0,
        commit_hash: bid.commit_hash(),
        lock: bid.lock.amount,
    };
    change(&mut commit);
    let data = args::Commit { args: commit }.data();
    Instruction { data, ..sent }
}
