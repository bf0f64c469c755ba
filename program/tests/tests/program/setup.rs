//! Settings, verifying keys, markets, the pause and the treasury.

use obscura_auction::order::MarketTag;
use obscura_program_tests::accounts::{Books, Market, Settings, VerifyingKey};
use obscura_program_tests::actor::keypair;
use obscura_program_tests::trapdoor::TrapdoorKey;
use obscura_program_tests::types::MarketParams;
use obscura_program_tests::world::{GENESIS, default_params, market_args, stored};
use obscura_program_tests::{
    Actor, GPU_TYPE, Refusal, World, address, assert_refused, assert_refused_by_anchor, tokens,
};
use solana_sdk::instruction::AccountMeta;
use solana_sdk::signer::Signer;

use anchor_lang::error::ErrorCode;

use crate::scenes::{AMOUNT, FEE, ORDER_FEE, leased};

#[test]
fn initialize_keeps_authority_and_mints() {
    let mut world = World::bare();
    world.initialize(false).unwrap();
    let settings: Settings = world.read(&address::settings());
    assert_eq!(settings.authority, world.authority.pubkey());
    assert_eq!((settings.usdc_mint, settings.obsc_mint), (world.usdc, world.obsc));
    assert!(!settings.allow_dev_keys && !settings.paused);
    let books: Books = world.read(&address::books());
    assert_eq!((books.usdc.accounted, books.obsc.accounted), (0, 0));
}

#[test]
fn initialize_runs_once() {
    let mut world = World::bare();
    world.initialize(true).unwrap();
    assert_refused(world.initialize(false), Refusal::AlreadyExists);
    assert!(world.read::<Settings>(&address::settings()).allow_dev_keys);
}

#[test]
fn one_mint_cannot_be_both_currencies() {
    let mut world = World::bare();
    let obsc = std::mem::replace(&mut world.obsc, world.usdc);
    assert_refused(world.initialize(true), Refusal::SameMint);
    for address in [address::settings(), address::vault(&world.usdc)] {
        assert!(world.svm.get_account(&address).is_none());
    }
    // It was the mint and nothing else.
    world.obsc = obsc;
    world.initialize(true).unwrap();
}

#[test]
fn a_mint_with_other_decimals_is_refused() {
    let mut world = World::bare();
    tokens::put_mint(&mut world.svm, world.obsc, 9);
    assert_refused(world.initialize(true), Refusal::WrongDecimals);
}

#[test]
fn a_key_is_registered_with_the_fingerprint_of_its_points() {
    let world = World::initialized();
    let key: VerifyingKey = world.read(&address::verifying_key(16));
    assert_eq!(key.size, 16);
    assert!(key.frozen && !key.disabled);
    assert_ne!(key.fingerprint, [0; 32]);
}

#[test]
fn a_registered_key_is_never_replaced() {
    let mut world = World::initialized();
    let mut other = TrapdoorKey::points();
    other.ic.swap(0, 1);
    assert_refused(world.register_key(16, other), Refusal::AlreadyExists);
}

#[test]
fn only_the_authority_handles_keys() {
    let mut world = World::initialized();
    let stranger = keypair(7);
    let points = TrapdoorKey::points();
    assert_refused(world.register_key_as(&stranger, 64, points), Refusal::NotAuthority);
    assert_refused(world.freeze_key_as(&stranger, 16), Refusal::NotAuthority);
    assert_refused(world.disable_key_as(&stranger, 16), Refusal::NotAuthority);
}

#[test]
fn a_key_for_a_size_without_a_circuit_is_refused() {
    let mut world = World::initialized();
    assert_refused(world.register_key(17, TrapdoorKey::points()), Refusal::UnknownCircuitSize);
}

#[test]
fn freezing_and_disabling_happen_once_and_are_final() {
    let mut world = World::initialized();
    assert_refused(world.freeze_key(16), Refusal::KeyAlreadyFrozen);
    world.disable_key(16).unwrap();
    assert_refused(world.disable_key(16), Refusal::KeyDisabled);
    assert_refused(world.freeze_key(16), Refusal::KeyDisabled);
}

#[test]
fn a_market_computes_its_tag_from_its_name() {
    let world = World::new();
    let market: Market = world.market_account();
    assert_eq!(market.tag, MarketTag::of(GPU_TYPE).get());
    assert_eq!(market.gpu_type, GPU_TYPE);
    assert_eq!(stored(&market.terms.params), stored(&default_params()));
}

#[test]
fn only_the_authority_creates_markets_and_each_once() {
    let mut world = World::initialized();
    let market = market_args(default_params());
    assert_refused(world.create_market_as(&keypair(7), market.clone()), Refusal::NotAuthority);
    world.create_market(market.clone()).unwrap();
    assert_refused(world.create_market(market), Refusal::AlreadyExists);
}

#[test]
fn a_market_needs_a_frozen_key_that_is_not_disabled() {
    let mut world = World::initialized();
    world.register_key(64, TrapdoorKey::points()).unwrap();
    let market = market_args(MarketParams { max_orders: 64, ..default_params() });
    assert_refused(world.create_market(market.clone()), Refusal::KeyNotFrozen);
    world.freeze_key(64).unwrap();
    world.disable_key(64).unwrap();
    assert_refused(world.create_market(market), Refusal::KeyDisabled);
}

#[test]
fn a_market_needs_the_keys_of_every_size_up_to_its_own() {
    let mut world = World::initialized();
    world.register_key(64, TrapdoorKey::points()).unwrap();
    world.freeze_key(64).unwrap();
    let authority = world.authority.insecure_clone();
    let market = market_args(MarketParams { max_orders: 64, ..default_params() });
    let create = world.create_market_instruction(&authority, market);
    let [small, large] = [create.accounts.len() - 2, create.accounts.len() - 1];
    type Change = fn(&mut Vec<AccountMeta>, usize, usize);
    let changes: [(Change, u32); 6] = [
        (
            |accounts, _, _| accounts.retain(|account| account.pubkey != address::verifying_key(16)),
            Refusal::MissingVerifyingKey.into(),
        ),
        (|accounts, _, large| accounts.truncate(large), Refusal::MissingVerifyingKey.into()),
        (|accounts, small, large| accounts.swap(small, large), Refusal::MissingVerifyingKey.into()),
        (
            |accounts, small, large| accounts[large] = accounts[small].clone(),
            Refusal::MissingVerifyingKey.into(),
        ),
        (|accounts, _, large| accounts.push(accounts[large].clone()), Refusal::MissingVerifyingKey.into()),
        (
            |accounts, small, _| accounts[small].pubkey = address::settings(),
            ErrorCode::AccountDiscriminatorMismatch.into(),
        ),
    ];
    for (change, code) in changes {
        let mut changed = create.clone();
        change(&mut changed.accounts, small, large);
        assert_eq!(world.send(changed, &[&authority]).unwrap_err().code(), Some(code));
    }
    world.send(create, &[&authority]).unwrap();
}

#[test]
fn a_market_with_a_parameter_out_of_bounds_is_refused_for_that_parameter() {
    let mut world = World::initialized();
    let ok = default_params();
    let table = [
        (MarketParams { fee_bps: 1_001, ..ok }, Refusal::FeeOutOfRange),
        (MarketParams { min_duration: 59, ..ok }, Refusal::DurationsOutOfRange),
        (MarketParams { max_duration: 2_592_001, ..ok }, Refusal::DurationsOutOfRange),
        (MarketParams { min_duration: 601, max_duration: 600, ..ok }, Refusal::DurationsOutOfRange),
        (MarketParams { order_fee: 1_000_000_001, ..ok }, Refusal::ChargeOutOfRange),
        (MarketParams { reveal_deposit: 1_000_000_001, ..ok }, Refusal::ChargeOutOfRange),
        (MarketParams { min_collateral: 1_000_000_001, ..ok }, Refusal::ChargeOutOfRange),
        (MarketParams { stake_per_gpu: 0, ..ok }, Refusal::StakeOutOfRange),
        (MarketParams { accept_seconds: 0, ..ok }, Refusal::DeadlineOutOfRange),
        (MarketParams { settle_seconds: 86_401, ..ok }, Refusal::DeadlineOutOfRange),
        (MarketParams { cancel_seconds: 0, ..ok }, Refusal::DeadlineOutOfRange),
        (MarketParams { answer_seconds: 86_401, ..ok }, Refusal::DeadlineOutOfRange),
        (MarketParams { challenge_gap_seconds: 0, ..ok }, Refusal::DeadlineOutOfRange),
        (MarketParams { challenge_deposit: 1_000_000_001, ..ok }, Refusal::ChargeOutOfRange),
        (MarketParams { no_show_slash_bps: 10_001, ..ok }, Refusal::ShareOutOfRange),
        (MarketParams { failure_slash_bps: 10_001, ..ok }, Refusal::ShareOutOfRange),
        (MarketParams { bond_cover_bps: 10_001, ..ok }, Refusal::ShareOutOfRange),
        (MarketParams { matcher_bond: 0, ..ok }, Refusal::BondOutOfRange),
        (MarketParams { matcher_bond: 1_000_000_000_000_001, ..ok }, Refusal::BondOutOfRange),
        (MarketParams { bond_per_usdc: 1_000_000_001, ..ok }, Refusal::BondOutOfRange),
        (MarketParams { void_penalty: 1_000_000_000_000_001, ..ok }, Refusal::BondOutOfRange),
        (MarketParams { unopened_penalty: 1_000_000_000_000_001, ..ok }, Refusal::BondOutOfRange),
        (MarketParams { omission_penalty: 1_000_000_000_000_001, ..ok }, Refusal::BondOutOfRange),
    ];
    for (params, reason) in table {
        assert_refused(world.create_market(market_args(params)), reason);
    }
}

#[test]
fn a_market_with_a_clock_out_of_bounds_is_refused() {
    let mut world = World::initialized();
    let ok = market_args(default_params());
    let changed = |change: fn(&mut obscura_program_tests::types::CreateMarketArgs)| {
        let mut args = ok.clone();
        change(&mut args);
        args
    };
    let table = [
        (changed(|m| m.batch_seconds = 2), Refusal::BatchSecondsOutOfRange),
        (changed(|m| m.batch_seconds = 3_601), Refusal::BatchSecondsOutOfRange),
        (changed(|m| m.clear_seconds = 9), Refusal::ClearSecondsOutOfRange),
        (changed(|m| m.clear_seconds = 601), Refusal::ClearSecondsOutOfRange),
        (changed(|m| m.genesis = GENESIS - 86_401), Refusal::GenesisTooFar),
        (changed(|m| m.genesis = GENESIS + 86_401), Refusal::GenesisTooFar),
    ];
    for (args, reason) in table {
        assert_refused(world.create_market(args), reason);
    }
    world.create_market(changed(|m| m.genesis = GENESIS + 86_400)).unwrap();
}

#[test]
fn a_gpu_type_is_short_printable_and_without_spaces_around_it() {
    let mut world = World::initialized();
    for name in ["", " H100", "H100 ", "H100\n80GB", "H\u{e9}100", &"x".repeat(33)] {
        let mut market = market_args(default_params());
        market.gpu_type = name.to_owned();
        assert_refused(world.create_market(market), Refusal::MalformedGpuType);
    }
    let mut market = market_args(default_params());
    market.gpu_type = "x".repeat(32);
    world.create_market(market).unwrap();
}

#[test]
fn only_the_authority_pauses() {
    let mut world = World::new();
    assert_refused(world.set_paused_as(&keypair(7), true), Refusal::NotAuthority);
    world.set_paused(true).unwrap();
    assert!(world.read::<Settings>(&address::settings()).paused);
    world.set_paused(false).unwrap();
    assert!(!world.read::<Settings>(&address::settings()).paused);
}

#[test]
fn the_treasury_is_paid_out_to_the_authority_and_no_further() {
    let mut scene = leased();
    scene.world.release_lease(&scene.buyer.key, &scene.clearing, 0).unwrap();
    scene.world.complete_settlement(&scene.clearing, 1).unwrap();
    scene.world.refund(&scene.bid).unwrap();
    let earned = FEE + ORDER_FEE;
    assert_eq!(AMOUNT / 100, FEE);
    assert_eq!(scene.world.books().usdc.treasury, earned);

    let world = &mut scene.world;
    let authority = world.authority.insecure_clone();
    let own = keypair(90).pubkey();
    tokens::put_tokens(&mut world.svm, own, authority.pubkey(), world.usdc, 0);
    assert_refused(world.withdraw_treasury_as(&authority, own, earned + 1), Refusal::InsufficientAvailable);
    assert_refused(world.withdraw_treasury_as(&authority, own, 0), Refusal::ZeroAmount);
    world.withdraw_treasury_as(&authority, own, earned).unwrap();
    assert_eq!(tokens::amount(&world.svm, &own), earned);
    assert_eq!(world.books().usdc.treasury, 0);
}

#[test]
fn the_treasury_goes_to_nobody_else() {
    let mut world = World::new();
    let stranger = Actor::numbered(7);
    world.give_tokens(&stranger, world.usdc, 0);
    let tokens = stranger.tokens(&world.usdc);
    assert_refused(world.withdraw_treasury_as(&stranger.key, tokens, 1), Refusal::NotAuthority);
    let authority = world.authority.insecure_clone();
    let outcome = world.withdraw_treasury_as(&authority, tokens, 1);
    assert_refused_by_anchor(outcome, ErrorCode::ConstraintTokenOwner);
}
