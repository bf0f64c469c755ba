//! What a transaction would move, and did.

use obscura_client::figures::Quantity;
use obscura_client::instructions::{owner, trade};
use obscura_client::movements::{self, Movement};
use obscura_client::transactions::Submission;
use solana_sdk::signature::Signer;

use crate::world::{FUNDING, USDC, World};

fn of<'a>(movements: &'a [Movement], kind: &str, figure: &str) -> &'a Movement {
    let found = movements.iter().find(|movement| movement.kind == kind && movement.figure == figure);
    found.unwrap_or_else(|| panic!("no {kind} {figure} in {movements:?}"))
}

#[tokio::test]
async fn a_rehearsed_withdrawal_shows_both_sides_and_moves_nothing() {
    let world = World::new().await;
    let (key, mint) = (world.owner.pubkey(), world.keys.usdc_mint.pubkey());
    let step = owner::withdraw(key, &mint, 10 * USDC);
    let submission = Submission::new(&world.keys.authority, [step]).signed_by(&world.owner);
    let mints = movements::mints(&world.ledger).await.unwrap();
    let rehearsal = movements::rehearse(&world.ledger, &submission, &mints).await.unwrap();
    assert_eq!(rehearsal.refusal, None);
    let available = of(&rehearsal.movements, "Trader", "usdcAvailableMicro");
    assert_eq!(available.before, Some(Quantity::Usdc(FUNDING.usdc)));
    assert_eq!(available.after, Some(Quantity::Usdc(FUNDING.usdc - 10 * USDC)));
    let wallet = of(&rehearsal.movements, "Tokens", "amountMicro");
    assert_eq!((&wallet.before, &wallet.after), (&Some(Quantity::Usdc(0)), &Some(Quantity::Usdc(10 * USDC))));
    assert_eq!(of(&rehearsal.movements, "Vault", "amountMicro").before, Some(Quantity::Usdc(FUNDING.usdc)));
    assert_eq!(world.trader().await.usdc.available, FUNDING.usdc);

    let performance = movements::perform(&world.ledger, &submission, &mints).await.unwrap();
    assert_eq!(performance.movements, Some(rehearsal.movements));
    assert_eq!(world.trader().await.usdc.available, FUNDING.usdc - 10 * USDC);
}

#[tokio::test]
async fn a_refused_rehearsal_names_the_programs_error_and_no_movement() {
    let world = World::new().await;
    let (key, mint) = (world.owner.pubkey(), world.keys.usdc_mint.pubkey());
    let step = owner::withdraw(key, &mint, FUNDING.usdc + 1);
    let submission = Submission::new(&world.keys.authority, [step]).signed_by(&world.owner);
    let mints = movements::mints(&world.ledger).await.unwrap();
    let rehearsal = movements::rehearse(&world.ledger, &submission, &mints).await.unwrap();
    let refusal = rehearsal.refusal.unwrap();
    assert_eq!(refusal.program_error(), Some("InsufficientAvailable"));
    assert!(rehearsal.movements.is_empty());
}

#[tokio::test]
async fn a_commit_shows_the_lock_the_order_and_the_matchers_exposure() {
    let world = World::new().await;
    let (commit, _) = world.bid();
    let submission = Submission::new(&world.keys.authority, [trade::commit(&commit)]).signed_by(&world.owner);
    let mints = movements::mints(&world.ledger).await.unwrap();
    let moved = movements::rehearse(&world.ledger, &submission, &mints).await.unwrap().movements;
    let lock = of(&moved, "Order", "lockMicro");
    assert_eq!((&lock.before, &lock.after), (&None, &Some(Quantity::Usdc(10 * USDC))));
    assert!(lock.is_new);
    let locked = of(&moved, "Trader", "usdcLockedMicro");
    assert!(!locked.is_new);
    assert_eq!(locked.after, Some(Quantity::Usdc(11 * USDC + 10_000)), "with fee and deposit");
    assert_eq!(of(&moved, "Matcher", "openBatches").after, Some(Quantity::Number(1)));
    assert_eq!(of(&moved, "Batch", "orders").after, Some(Quantity::Number(1)));
}
