//! The whole loop with a real proof: commits, reveals in public and in private, a clearing computed by the
//! rules and proven with the development key, leases, payouts, refunds, an expiry, a void batch.

use std::path::Path;
use std::sync::LazyLock;

use obscura_auction::order::Side;
use obscura_circuits::keys::{ClearingKeys, development_points};
use obscura_circuits::size::BatchSize;
use obscura_program_tests::proven::{Received, development_keys, key_points, proven};
use obscura_program_tests::types::{Ended, KeyPoints};
use obscura_program_tests::world::{DEPOSIT_OBSC, DEPOSIT_USDC, GENESIS};
use obscura_program_tests::{Actor, Clearing, Refusal, Sealed, World, assert_refused};

use crate::scenes::{CLEARS, DEPOSIT, EXPIRED, ORDER_FEE, REVEALS};

static KEYS: LazyLock<ClearingKeys> =
    LazyLock::new(|| development_keys(Path::new(env!("CARGO_TARGET_TMPDIR"))));

/// Everybody who trades, in the order of their first commits.
struct Cast {
    world: World,
    releaser: Actor,
    claimed_from: Actor,
    stood_up: Actor,
    loser: Actor,
    silent: Actor,
    cheap: Actor,
    dear: Actor,
}

fn cast() -> Cast {
    let mut world = World::proving_with(key_points(KEYS.verifying_key()));
    let [releaser, claimed_from, stood_up, loser, silent, cheap, dear] =
        [1, 2, 3, 4, 5, 6, 7].map(|number| world.trader(number));
    Cast { world, releaser, claimed_from, stood_up, loser, silent, cheap, dear }
}

/// Six GPUs on offer, six of nine wanted: the loser's limit is below the clearing price.
fn orders(cast: &Cast) -> [Sealed; 7] {
    [
        Sealed::bid(1, &cast.releaser, 2_000_000, 4),
        Sealed::bid(2, &cast.claimed_from, 1_900_000, 1).duration(7_200).locking(3_800_000),
        Sealed::bid(3, &cast.stood_up, 1_950_000, 1),
        Sealed::bid(4, &cast.loser, 1_000_000, 2),
        Sealed::bid(5, &cast.silent, 2_500_000, 1),
        Sealed::ask(6, &cast.cheap, 1_500_000, 4),
        Sealed::ask(7, &cast.dear, 1_600_000, 2),
    ]
}

fn commit_all(cast: &mut Cast, orders: &[Sealed; 7]) {
    let actors = [
        &cast.releaser,
        &cast.claimed_from,
        &cast.stood_up,
        &cast.loser,
        &cast.silent,
        &cast.cheap,
        &cast.dear,
    ];
    for (actor, order) in actors.into_iter().zip(orders) {
        cast.world.commit(&actor.key, order).unwrap();
    }
}

/// Two orders reveal in public, the silent one not at all, the rest to the matcher alone.
fn clear_with_a_proof(cast: &mut Cast, orders: &[Sealed; 7]) -> Clearing {
    cast.world.at(REVEALS);
    cast.world.reveal(&cast.loser.key, &orders[3]).unwrap();
    cast.world.reveal(&cast.cheap.key, &orders[5]).unwrap();
    let received: Vec<Received> =
        orders.iter().map(|order| Received { order, opened: order.owner != cast.silent.owner() }).collect();
    let (clearing, posting) = proven(&cast.world, &KEYS, 0, &received);
    cast.world.at(CLEARS).post(0, posting).unwrap();
    clearing
}

#[test]
fn the_whole_loop_runs_with_a_real_proof_and_the_books_balance() {
    let mut cast = cast();
    let orders = orders(&cast);
    commit_all(&mut cast, &orders);
    let clearing = clear_with_a_proof(&mut cast, &orders);

    // lo = the dearest ask used, 1.6; hi = the lowest bid filled, 1.9.
    assert_eq!(clearing.price_micro, 1_750_000);
    assert_eq!(clearing.rows.len(), 3);
    for row in 0..3 {
        cast.world.open_lease(&clearing, row).unwrap();
    }
    cast.world.complete_settlement(&clearing, 3).unwrap();

    // The loser is refunded before any lease ends.
    cast.world.refund(&orders[3]).unwrap();
    assert!(matches!(cast.world.order(&orders[3]).ended, Ended::Unmatched));
    assert_eq!(usdc(&cast.world, &cast.loser), DEPOSIT_USDC - ORDER_FEE);

    close_leases(&mut cast, &clearing);
    for order in orders.iter().filter(|order| order.owner != cast.loser.owner()) {
        cast.world.refund(order).unwrap();
    }
    check_payouts(&cast, &orders);
}

/// By what their buyers do: one releases, one lets the provider claim, one is never accepted.
fn close_leases(cast: &mut Cast, clearing: &Clearing) {
    let row_of = |owner: &Actor| {
        let rows = 0..clearing.rows.len() as u16;
        rows.into_iter().find(|row| clearing.trader_of(*row, Side::Bid) == owner.trader).unwrap()
    };
    let (release, claim, expire) =
        (row_of(&cast.releaser), row_of(&cast.claimed_from), row_of(&cast.stood_up));
    assert_eq!(clearing.trader_of(release, Side::Ask), cast.cheap.trader);
    assert_eq!(clearing.trader_of(claim, Side::Ask), cast.dear.trader);
    let world = &mut cast.world;
    world.accept_lease(&cast.cheap.key, clearing, release).unwrap();
    world.accept_lease(&cast.dear.key, clearing, claim).unwrap();
    world.at(CLEARS + 100).release_lease(&cast.releaser.key, clearing, release).unwrap();
    world.at(EXPIRED).expire_lease(clearing, expire).unwrap();
    world.at(CLEARS + 7_199);
    assert_refused(world.claim_lease(&cast.dear.key, clearing, claim), Refusal::TermNotOver);
    world.at(CLEARS + 7_200).claim_lease(&cast.dear.key, clearing, claim).unwrap();
}

fn check_payouts(cast: &Cast, orders: &[Sealed; 7]) {
    let world = &cast.world;
    // 4 GPUs for one hour, and 1 GPU for two, at 1.75.
    let (first, second) = (7_000_000, 3_500_000);
    let after_fee = |amount: u64| amount - amount / 100;
    assert_eq!(usdc(world, &cast.releaser), DEPOSIT_USDC - first - ORDER_FEE);
    assert_eq!(usdc(world, &cast.claimed_from), DEPOSIT_USDC - second - ORDER_FEE);
    assert_eq!(usdc(world, &cast.stood_up), DEPOSIT_USDC - ORDER_FEE);
    assert_eq!(usdc(world, &cast.silent), DEPOSIT_USDC - ORDER_FEE - DEPOSIT);
    assert_eq!(usdc(world, &cast.cheap), DEPOSIT_USDC + after_fee(first) - ORDER_FEE);
    assert_eq!(usdc(world, &cast.dear), DEPOSIT_USDC + after_fee(second) - ORDER_FEE);
    for provider in [&cast.cheap, &cast.dear] {
        assert_eq!(world.trader_of(provider).obsc.available, DEPOSIT_OBSC);
    }
    let ended = orders.each_ref().map(|order| world.order(order).ended);
    assert!(matches!(
        ended,
        [
            Ended::Completed,
            Ended::Completed,
            Ended::OfferExpired,
            Ended::Unmatched,
            Ended::NotRevealed,
            Ended::Completed,
            Ended::Completed
        ]
    ));
    assert_eq!(world.books().usdc.treasury, (first + second) / 100 + 7 * ORDER_FEE + DEPOSIT);
}

/// What a trader holds, with nothing locked any more.
#[track_caller]
fn usdc(world: &World, actor: &Actor) -> u64 {
    let usdc = world.trader_of(actor).usdc;
    assert_eq!(usdc.locked, 0);
    usdc.available
}

#[test]
fn a_real_proof_clears_an_empty_book_and_a_void_batch_needs_none() {
    let mut cast = cast();
    let (alone, later) =
        (Sealed::bid(1, &cast.loser, 1_000_000, 1), Sealed::bid(2, &cast.loser, 1_000_000, 1));
    cast.world.commit(&cast.loser.key, &alone).unwrap();
    let (_, posting) = proven(&cast.world, &KEYS, 0, &[Received { order: &alone, opened: true }]);
    assert_eq!(posting.price_micro, 0);
    cast.world.at(CLEARS).post(0, posting).unwrap();
    cast.world.commit_in(&cast.loser.key, &later, 1).unwrap();
    cast.world.refund(&alone).unwrap();
    cast.world.at(GENESIS + 45 + 90).refund(&later).unwrap();
    assert_eq!(usdc(&cast.world, &cast.loser), DEPOSIT_USDC - ORDER_FEE);
}

#[test]
fn a_real_proof_does_not_fit_a_clearing_with_another_price() {
    let mut cast = cast();
    let orders = orders(&cast);
    commit_all(&mut cast, &orders);
    let received: Vec<Received> = orders.iter().map(|order| Received { order, opened: true }).collect();
    let (_, mut posting) = proven(&cast.world, &KEYS, 0, &received);
    posting.price_micro += 1;
    cast.world.at(CLEARS);
    assert_refused(cast.world.post(0, posting), Refusal::ProofRejected);
}

#[test]
fn development_keys_are_refused_where_money_is_real() {
    let points = key_points(KEYS.verifying_key());
    let mut world = World::bare();
    world.initialize(false).unwrap();
    assert_refused(world.register_key(16, points), Refusal::DevelopmentKey);
    for size in BatchSize::ALL {
        // What a key of any version of that circuit would have: the rest depends on the circuit.
        let (alpha_g1, [beta_g2, gamma_g2, delta_g2]) = development_points(size);
        let points = KeyPoints { alpha_g1, beta_g2, gamma_g2, delta_g2, ic: [[0; 64]; 2] };
        assert_refused(world.register_key(size.get(), points), Refusal::DevelopmentKey);
    }
}
