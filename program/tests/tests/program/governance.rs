//! Changes by the authority: only for later batches, only within bounds, and the authority's own key in two
//! steps.

use anchor_lang::error::ErrorCode;
use obscura_program_tests::accounts::Settings;
use obscura_program_tests::actor::keypair;
use obscura_program_tests::types::{MarketParams, MarketTerms};
use obscura_program_tests::world::{GENESIS, default_params};
use obscura_program_tests::{
    Refusal, Sealed, World, address, assert_refused, assert_refused_by_anchor, tokens,
};
use solana_sdk::signer::Signer;

use crate::scenes::{CLEARS, committed};

fn terms(world: &World, params: MarketParams) -> MarketTerms {
    MarketTerms { matcher: world.matcher.owner(), params }
}

#[test]
fn a_change_of_parameters_leaves_the_running_batch_alone() {
    let mut scene = committed();
    let dearer = MarketParams { order_fee: 20_000, ..default_params() };
    let change = terms(&scene.world, dearer);
    assert_refused(scene.world.schedule_market(0, change), Refusal::NotLaterBatch);
    scene.world.schedule_market(1, change).unwrap();
    let second = Sealed::bid(3, &scene.buyer, 2_000_000, 1);
    scene.world.commit(&scene.buyer.key, &second).unwrap();
    assert_eq!(scene.world.order(&second).order_fee, 10_000);
    scene.world.at(CLEARS);
    let third = Sealed::bid(4, &scene.buyer, 2_000_000, 1);
    scene.world.commit_in(&scene.buyer.key, &third, 1).unwrap();
    assert_eq!(scene.world.order(&third).order_fee, 20_000);
}

#[test]
fn a_commit_is_not_charged_more_than_it_allows() {
    let mut scene = committed();
    let dearer = MarketParams { reveal_deposit: 1_000_000_000, ..default_params() };
    let change = terms(&scene.world, dearer);
    scene.world.schedule_market(1, change).unwrap();
    scene.world.at(CLEARS);
    let bid = Sealed::bid(3, &scene.buyer, 2_000_000, 1);
    let mut commit = scene.world.commit_instruction(&scene.buyer.key, &bid, 1);
    // The last eight bytes say what fee and deposit may come to.
    let place = commit.data.len() - 8;
    commit.data[place..].copy_from_slice(&1_010_000_u64.to_le_bytes());
    let outcome = scene.world.send(commit, &[&scene.buyer.key]);
    assert_refused(outcome, Refusal::ChargesTooHigh);
}

#[test]
fn a_change_that_has_begun_stays_when_the_next_is_scheduled() {
    let mut world = World::new();
    let with_fee = |order_fee| MarketParams { order_fee, ..default_params() };
    let (first, second) = (terms(&world, with_fee(1)), terms(&world, with_fee(2)));
    world.schedule_market(1, first).unwrap();
    world.at(GENESIS + 45).schedule_market(3, second).unwrap();
    let market = world.market_account();
    assert_eq!(market.terms.params.order_fee, 1);
    // One that has not begun is replaced.
    let third = terms(&world, with_fee(3));
    world.schedule_market(2, third).unwrap();
    let next = world.market_account().next.unwrap();
    assert_eq!((next.from_batch, next.terms.params.order_fee), (2, 3));
    assert_eq!(world.market_account().terms.params.order_fee, 1);
}

#[test]
fn only_the_authority_schedules_and_only_within_bounds() {
    let mut world = World::new();
    let ok = terms(&world, default_params());
    assert_refused(world.schedule_market_as(&keypair(7), 1, ok), Refusal::NotAuthority);
    let bad = terms(&world, MarketParams { fee_bps: 1_001, ..default_params() });
    assert_refused(world.schedule_market(1, bad), Refusal::FeeOutOfRange);
    world.disable_key(16).unwrap();
    assert_refused(world.schedule_market(1, ok), Refusal::KeyDisabled);
}

#[test]
fn the_authority_changes_only_when_the_proposed_key_accepts() {
    let mut world = World::new();
    let (old, new) = (world.authority.insecure_clone(), keypair(42));
    assert_refused(world.propose_authority_as(&new, Some(new.pubkey())), Refusal::NotAuthority);
    assert_refused(world.accept_authority(&new), Refusal::NotProposedAuthority);
    world.propose_authority_as(&old, Some(new.pubkey())).unwrap();
    world.set_paused_as(&old, true).unwrap();
    assert_refused(world.accept_authority(&keypair(43)), Refusal::NotProposedAuthority);
    world.accept_authority(&new).unwrap();
    assert_eq!(world.read::<Settings>(&address::settings()).authority, new.pubkey());
    assert_refused(world.set_paused_as(&old, false), Refusal::NotAuthority);
    world.set_paused_as(&new, false).unwrap();
    assert_refused(world.accept_authority(&new), Refusal::NotProposedAuthority);
}

#[test]
fn a_proposal_can_be_taken_back() {
    let mut world = World::new();
    let (old, new) = (world.authority.insecure_clone(), keypair(42));
    world.propose_authority_as(&old, Some(new.pubkey())).unwrap();
    world.propose_authority_as(&old, None).unwrap();
    assert_refused(world.accept_authority(&new), Refusal::NotProposedAuthority);
}

#[test]
fn a_donation_is_swept_into_the_treasury_once() {
    let mut world = World::new();
    let mint = world.usdc;
    assert_refused(world.sweep_donations(mint), Refusal::NothingDonated);
    let vault = address::vault(&mint);
    let held = tokens::amount(&world.svm, &vault);
    tokens::put_tokens(&mut world.svm, vault, address::settings(), mint, held + 777);
    world.sweep_donations(mint).unwrap();
    assert_eq!(world.books().usdc.treasury, 777);
    assert_refused(world.sweep_donations(mint), Refusal::NothingDonated);
    let other = keypair(3).pubkey();
    assert_refused_by_anchor(world.sweep_donations(other), ErrorCode::AccountNotInitialized);
}
