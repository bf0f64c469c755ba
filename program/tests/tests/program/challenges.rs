//! A buyer's challenge: answered, it pays the host; unanswered, it ends the lease.

use obscura_program_tests::types::{CloseReason, Fault};
use obscura_program_tests::world::{DEPOSIT_OBSC, DEPOSIT_USDC};
use obscura_program_tests::{Refusal, assert_refused};

use crate::scenes::{BID_LOCK, CLEARS, DEPOSIT, ORDER_FEE, Scene, leased};

/// What a challenge locks.
const STAKED: u64 = 1_000_000;
/// A fifth of the stake behind four GPUs.
const FAILURE_SLASH: u64 = 80_000_000;
/// Half the term.
const HALF: i64 = CLEARS + 1_800;

/// Half an hour into the term, the buyer challenges.
fn challenged() -> Scene {
    let mut scene = leased();
    scene.world.at(HALF).challenge_lease(&scene.buyer.key, &scene.clearing, 0).unwrap();
    scene
}

#[test]
fn a_challenge_locks_a_deposit_and_shows_the_terms() {
    let scene = challenged();
    let locked = BID_LOCK + ORDER_FEE + DEPOSIT + STAKED;
    assert_eq!(scene.usdc()[0], (DEPOSIT_USDC - locked, locked));
    let lease = scene.world.lease(&scene.clearing, 0);
    assert_eq!((lease.qty, lease.duration), (4, 3_600));
    assert_eq!(lease.challenge.unwrap().answer_by.seconds, HALF + 60);
}

#[test]
fn a_host_that_answers_gets_the_deposit_and_the_lease_runs_on() {
    let mut scene = challenged();
    scene.world.at(HALF + 59).answer_challenge(&scene.provider.key, &scene.clearing, 0).unwrap();
    let charges = ORDER_FEE + DEPOSIT;
    assert_eq!(scene.usdc()[1], (DEPOSIT_USDC - charges + STAKED, charges));
    let lease = scene.world.lease(&scene.clearing, 0);
    assert!(lease.challenge.is_none());
    assert_eq!(lease.answers, 1);
    let again = scene.world.answer_challenge(&scene.provider.key, &scene.clearing, 0);
    assert_refused(again, Refusal::NoChallenge);
    assert_refused(scene.world.fail_lease(&scene.clearing, 0), Refusal::NoChallenge);
    scene.world.at(CLEARS + 3_600).claim_lease(&scene.provider.key, &scene.clearing, 0).unwrap();
}

#[test]
fn an_unanswered_challenge_pays_for_the_time_until_it_and_slashes_the_host() {
    let mut scene = challenged();
    assert_refused(scene.world.at(HALF + 59).fail_lease(&scene.clearing, 0), Refusal::AnswerNotOver);
    scene.world.at(HALF + 60).fail_lease(&scene.clearing, 0).unwrap();
    let lease = scene.world.lease(&scene.clearing, 0);
    assert!(matches!((lease.reason, lease.fault), (CloseReason::Failed, Fault::Provider)));
    // Half of 7 USDC, one percent of it, and the slash.
    assert_eq!((lease.amount, lease.fee, lease.slashed), (3_500_000, 35_000, FAILURE_SLASH));
    assert_eq!(scene.world.books().obsc.treasury, FAILURE_SLASH);
    scene.world.refund(&scene.bid).unwrap();
    scene.world.refund(&scene.ask).unwrap();
    assert_eq!(scene.usdc()[0], (DEPOSIT_USDC - 3_500_000 - ORDER_FEE, 0));
    assert_eq!(scene.stake(), (DEPOSIT_OBSC - FAILURE_SLASH, 0));
}

#[test]
fn a_halted_cluster_fails_no_lease_and_its_host_still_answers() {
    let mut scene = challenged();
    scene.world.halted_until(HALF + 60);
    assert_refused(scene.world.fail_lease(&scene.clearing, 0), Refusal::AnswerNotOver);
    scene.world.answer_challenge(&scene.provider.key, &scene.clearing, 0).unwrap();
}

#[test]
fn an_answer_comes_in_time_and_from_the_provider() {
    let mut scene = challenged();
    let outcome = scene.world.answer_challenge(&scene.buyer.key, &scene.clearing, 0);
    assert_refused(outcome, Refusal::NotOwnerOrDelegate);
    let late = scene.world.at(HALF + 60).answer_challenge(&scene.provider.key, &scene.clearing, 0);
    assert_refused(late, Refusal::AnswerOver);
}

#[test]
fn one_challenge_at_a_time_and_a_gap_between_two() {
    let mut scene = challenged();
    let second = scene.world.challenge_lease(&scene.buyer.key, &scene.clearing, 0);
    assert_refused(second, Refusal::ChallengeOpen);
    scene.world.answer_challenge(&scene.provider.key, &scene.clearing, 0).unwrap();
    scene.world.at(HALF + 599);
    let early = scene.world.challenge_lease(&scene.buyer.key, &scene.clearing, 0);
    assert_refused(early, Refusal::ChallengeTooSoon);
    scene.world.at(HALF + 600).challenge_lease(&scene.buyer.key, &scene.clearing, 0).unwrap();
}

#[test]
fn no_challenge_is_made_that_is_due_after_the_term() {
    let mut scene = leased();
    scene.world.at(CLEARS + 3_541);
    let late = scene.world.challenge_lease(&scene.buyer.key, &scene.clearing, 0);
    assert_refused(late, Refusal::ChallengeTooLate);
    scene.world.at(CLEARS + 3_540).challenge_lease(&scene.buyer.key, &scene.clearing, 0).unwrap();
    // And the provider is not paid before it has answered.
    scene.world.at(CLEARS + 3_600);
    let claim = scene.world.claim_lease(&scene.provider.key, &scene.clearing, 0);
    assert_refused(claim, Refusal::ChallengeOpen);
}

#[test]
fn only_the_buyer_challenges_and_only_a_running_lease() {
    let mut scene = leased();
    let outcome = scene.world.challenge_lease(&scene.provider.key, &scene.clearing, 0);
    assert_refused(outcome, Refusal::NotOwnerOrDelegate);
    scene.world.release_lease(&scene.buyer.key, &scene.clearing, 0).unwrap();
    let outcome = scene.world.challenge_lease(&scene.buyer.key, &scene.clearing, 0);
    assert_refused(outcome, Refusal::NotActive);
}

#[test]
fn a_buyer_that_releases_a_challenged_lease_pays_it_and_gets_the_deposit_back() {
    let mut scene = challenged();
    scene.world.release_lease(&scene.buyer.key, &scene.clearing, 0).unwrap();
    scene.world.refund(&scene.bid).unwrap();
    assert_eq!(scene.usdc()[0], (DEPOSIT_USDC - 7_000_000 - ORDER_FEE, 0));
}

#[test]
fn a_lease_with_an_unanswered_challenge_ends_by_it_and_never_as_unclaimed() {
    let mut scene = challenged();
    scene.world.at(CLEARS + 2_592_000 + 604_800);
    assert_refused(scene.world.expire_lease(&scene.clearing, 0), Refusal::ChallengeOpen);
    scene.world.fail_lease(&scene.clearing, 0).unwrap();
    assert_eq!(scene.world.lease(&scene.clearing, 0).amount, 3_500_000);
}
