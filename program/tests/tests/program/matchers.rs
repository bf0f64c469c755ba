//! The matcher's bond.

use obscura_program_tests::world::{DEPOSIT_OBSC, MATCHER_BOND};
use obscura_program_tests::{Actor, Refusal, World, address, assert_refused};

use crate::scenes::{VOID, committed};

#[test]
fn a_bond_comes_from_the_available_obsc_of_the_same_key() {
    let world = World::new();
    let matcher = Actor::numbered(100);
    assert_eq!(world.bond_of(matcher.owner()).bond, MATCHER_BOND);
    assert_eq!(world.bond_of(matcher.owner()).key, matcher.owner());
    assert_eq!(world.trader_of(&matcher).obsc.available, DEPOSIT_OBSC - MATCHER_BOND);
}

#[test]
fn nobody_bonds_from_or_unbonds_to_another_account() {
    let mut world = World::new();
    let (actor, other) = (world.trader(1), world.trader(2));
    let mut bond = world.bond_instruction(&actor, 1);
    bond.accounts[2].pubkey = other.trader;
    assert_refused(world.send(bond, &[&actor.key]), Refusal::WrongTrader);
    world.bond(&actor, 5).unwrap();
    let mut unbond = world.unbond_instruction(&actor, 1);
    unbond.accounts[1].pubkey = other.trader;
    assert_refused(world.send(unbond, &[&actor.key]), Refusal::WrongTrader);
    let mut unbond = world.unbond_instruction(&actor, 1);
    unbond.accounts[2].pubkey = address::matcher(&Actor::numbered(100).owner());
    assert_refused(world.send(unbond, &[&actor.key]), Refusal::WrongMatcher);
}

#[test]
fn a_bond_is_no_more_than_what_is_available_and_adds_up() {
    let mut world = World::new();
    let actor = world.trader(1);
    assert_refused(world.bond(&actor, 0), Refusal::ZeroAmount);
    assert_refused(world.bond(&actor, DEPOSIT_OBSC + 1), Refusal::InsufficientAvailable);
    world.bond(&actor, 5).unwrap();
    world.bond(&actor, 7).unwrap();
    assert_eq!(world.bond_of(actor.owner()).bond, 12);
    assert_refused(world.unbond(&actor, 13), Refusal::InsufficientAvailable);
    assert_refused(world.unbond(&actor, 0), Refusal::ZeroAmount);
    world.unbond(&actor, 12).unwrap();
    assert_eq!(world.trader_of(&actor).obsc.available, DEPOSIT_OBSC);
}

#[test]
fn a_bond_stands_until_every_batch_under_it_is_over() {
    let mut scene = committed();
    let matcher = Actor::numbered(100);
    assert_eq!(scene.world.bond_of(matcher.owner()).open_batches, 1);
    scene.world.at(VOID + 600 - 1);
    assert_refused(scene.world.discharge_batch(0), Refusal::BatchNotOver);
    assert_refused(scene.world.unbond(&matcher, 1), Refusal::BondExposed);
    scene.world.at(VOID + 600).discharge_batch(0).unwrap();
    assert_refused(scene.world.discharge_batch(0), Refusal::BatchDischarged);
    scene.world.unbond(&matcher, MATCHER_BOND).unwrap();
}
