//! Trader accounts: opening, deposits, withdrawals.

use anchor_lang::error::ErrorCode;
use obscura_program_tests::actor::keypair;
use obscura_program_tests::world::{DEPOSIT_OBSC, DEPOSIT_USDC};
use obscura_program_tests::{
    Actor, Refusal, Sealed, World, address, assert_refused, assert_refused_by_anchor, assert_refused_inside,
    tokens,
};
use solana_sdk::signer::Signer;

#[test]
fn an_account_opens_empty_and_once() {
    let mut world = World::new();
    let actor = Actor::numbered(1);
    world.open_trader(&actor).unwrap();
    let trader = world.trader_of(&actor);
    assert_eq!(trader.owner, actor.owner());
    assert_eq!((trader.usdc.available, trader.usdc.locked, trader.delegate_epoch), (0, 0, 0));
    assert!(trader.delegate.is_none());
    assert_refused(world.open_trader(&actor), Refusal::AlreadyExists);
}

#[test]
fn a_deposit_is_credited_and_accounted_for() {
    let mut world = World::new();
    let before = world.books();
    let actor = world.trader(1);
    let trader = world.trader_of(&actor);
    assert_eq!((trader.usdc.available, trader.obsc.available), (DEPOSIT_USDC, DEPOSIT_OBSC));
    let after = world.books();
    assert_eq!(after.usdc.accounted - before.usdc.accounted, DEPOSIT_USDC);
    assert_eq!(after.obsc.accounted - before.obsc.accounted, DEPOSIT_OBSC);
}

#[test]
fn a_deposit_of_nothing_or_of_more_than_there_is_moves_nothing() {
    let mut world = World::new();
    let actor = world.trader(1);
    world.give_tokens(&actor, world.usdc, 10);
    assert_refused(world.deposit(&actor, world.usdc, 0), Refusal::ZeroAmount);
    assert_refused_inside(world.deposit(&actor, world.usdc, 11), &spl_token_interface::ID);
    assert_eq!(world.trader_of(&actor).usdc.available, DEPOSIT_USDC);
}

#[test]
fn a_deposit_of_a_third_mint_is_refused() {
    let mut world = World::new();
    let actor = world.trader(1);
    let mint = keypair(91).pubkey();
    tokens::put_mint(&mut world.svm, mint, 6);
    tokens::put_tokens(&mut world.svm, address::vault(&mint), address::settings(), mint, 0);
    world.give_tokens(&actor, mint, 10);
    assert_refused(world.deposit(&actor, mint, 10), Refusal::WrongMint);
}

#[test]
fn nobody_deposits_into_or_withdraws_from_another_account() {
    let mut world = World::new();
    let (victim, thief) = (world.trader(1), world.trader(2));
    world.give_tokens(&thief, world.usdc, 10);
    let mut deposit = world.deposit_instruction(&thief, world.usdc, 10);
    deposit.accounts[3].pubkey = victim.trader;
    assert_refused(world.send(deposit, &[&thief.key]), Refusal::WrongTrader);
    let mut withdraw = world.withdraw_instruction(&thief, world.usdc, thief.tokens(&world.usdc), 10);
    withdraw.accounts[3].pubkey = victim.trader;
    assert_refused(world.send(withdraw, &[&thief.key]), Refusal::WrongTrader);
}

#[test]
fn a_withdrawal_needs_the_owners_signature() {
    let mut world = World::new();
    let actor = world.trader(1);
    let mut withdraw = world.withdraw_instruction(&actor, world.usdc, actor.tokens(&world.usdc), 10);
    withdraw.accounts[0].is_signer = false;
    assert_refused_by_anchor(world.send(withdraw, &[]), ErrorCode::AccountNotSigner);
}

#[test]
fn everything_available_can_be_withdrawn_and_not_one_more() {
    let mut world = World::new();
    let actor = world.trader(1);
    let outcome = world.withdraw(&actor, world.usdc, DEPOSIT_USDC + 1);
    assert_refused(outcome, Refusal::InsufficientAvailable);
    world.withdraw(&actor, world.usdc, DEPOSIT_USDC).unwrap();
    assert_eq!(tokens::amount(&world.svm, &actor.tokens(&world.usdc)), DEPOSIT_USDC);
    assert_refused(world.withdraw(&actor, world.usdc, 0), Refusal::ZeroAmount);
}

#[test]
fn what_is_locked_cannot_be_withdrawn() {
    let mut world = World::new();
    let actor = world.trader(1);
    let bid = Sealed::bid(1, &actor, 2_000_000, 4);
    world.commit(&actor.key, &bid).unwrap();
    let available = world.trader_of(&actor).usdc.available;
    assert_refused(world.withdraw(&actor, world.usdc, available + 1), Refusal::InsufficientAvailable);
    world.withdraw(&actor, world.usdc, available).unwrap();
}

#[test]
fn a_withdrawal_goes_to_no_token_account_but_the_owners() {
    let mut world = World::new();
    let (actor, other) = (world.trader(1), world.trader(2));
    let withdraw = world.withdraw_instruction(&actor, world.usdc, other.tokens(&world.usdc), 10);
    assert_refused_by_anchor(world.send(withdraw, &[&actor.key]), ErrorCode::ConstraintTokenOwner);
    let withdraw = world.withdraw_instruction(&actor, world.usdc, actor.tokens(&world.obsc), 10);
    assert_refused_by_anchor(world.send(withdraw, &[&actor.key]), ErrorCode::ConstraintTokenMint);
}

#[test]
fn a_withdrawal_is_not_paid_from_another_vault() {
    let mut world = World::new();
    let actor = world.trader(1);
    let mut withdraw = world.withdraw_instruction(&actor, world.usdc, actor.tokens(&world.usdc), 10);
    withdraw.accounts[5].pubkey = address::vault(&world.obsc);
    assert_refused_by_anchor(world.send(withdraw, &[&actor.key]), ErrorCode::ConstraintSeeds);
}

#[test]
fn a_donation_to_a_vault_belongs_to_nobody() {
    let mut world = World::new();
    let actor = world.trader(1);
    let vault = address::vault(&world.usdc);
    let held = tokens::amount(&world.svm, &vault);
    tokens::put_tokens(&mut world.svm, vault, address::settings(), world.usdc, held + 5);
    world.give_tokens(&actor, world.usdc, 10);
    world.deposit(&actor, world.usdc, 10).unwrap();
    assert_eq!(world.trader_of(&actor).usdc.available, DEPOSIT_USDC + 10);
    assert_eq!(world.books().usdc.accounted, DEPOSIT_USDC * 2 + 10);
}

#[test]
fn withdrawals_work_while_paused() {
    let mut world = World::new();
    let actor = world.trader(1);
    world.set_paused(true).unwrap();
    world.withdraw(&actor, world.usdc, 1).unwrap();
}
