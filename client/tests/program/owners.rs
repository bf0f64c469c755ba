//! Money in and out, delegates, and what only an authority or a matcher may do.

use obscura_client::accounts::{Matcher, Settings};
use obscura_client::address;
use obscura_client::idl::types::SetDelegateArgs;
use obscura_client::instructions::{authority, matcher, owner, trade};
use solana_sdk::signature::Signer;
use uuid::Uuid;

use crate::world::{FUNDING, NOW, USDC, World, assert_refused};

#[tokio::test]
async fn what_is_withdrawn_can_be_deposited_again() {
    let world = World::new().await;
    let (key, mint) = (world.owner.pubkey(), world.keys.usdc_mint.pubkey());
    world.send(owner::withdraw(key, &mint, 10 * USDC)).await.unwrap();
    assert_eq!(world.trader().await.usdc.available, FUNDING.usdc - 10 * USDC);
    world.assert_books_balance().await;
    world.send(owner::deposit(key, &mint, 10 * USDC)).await.unwrap();
    assert_eq!(world.trader().await.usdc.available, FUNDING.usdc);
    world.assert_books_balance().await;
}

#[tokio::test]
async fn a_delegate_trades_inside_its_caps_and_stops_when_it_is_revoked() {
    let world = World::new().await;
    let relayer = &world.keys.relayer;
    let delegate = SetDelegateArgs {
        delegate: relayer.pubkey(),
        permissions: 1,
        expires_at: NOW + 1_000,
        spend_cap: 40 * USDC,
        max_order_micro: 10 * USDC,
        max_order_gpus: 0,
        gpu_cap: 0,
    };
    world.send(owner::set_delegate(world.owner.pubkey(), delegate)).await.unwrap();
    let (mut commit, _) = world.bid();
    commit.authority = relayer.pubkey();
    world.send_as(relayer, trade::commit(&commit)).await.unwrap();

    commit.order_id = Uuid::new_v4();
    commit.lock.amount += 1;
    assert_refused(world.send_as(relayer, trade::commit(&commit)).await, "DelegateOrderCap");

    world.send(owner::revoke_delegate(world.owner.pubkey())).await.unwrap();
    commit.lock.amount -= 1;
    assert_refused(world.send_as(relayer, trade::commit(&commit)).await, "NotOwnerOrDelegate");
}

#[tokio::test]
async fn a_pause_stops_commits_until_it_is_lifted() {
    let world = World::new().await;
    let admin = &world.keys.authority;
    let (commit, _) = world.bid();
    world.send_as(admin, authority::set_paused(admin.pubkey(), true)).await.unwrap();
    assert!(world.get::<Settings>(&address::settings()).await.paused);
    assert_refused(world.commit(&commit).await, "Paused");
    world.send_as(admin, authority::set_paused(admin.pubkey(), false)).await.unwrap();
    world.commit(&commit).await.unwrap();
}

#[tokio::test]
async fn a_bond_leaves_only_while_no_batch_rests_on_it() {
    let world = World::new().await;
    let key = &world.keys.matcher;
    world.send_as(key, matcher::unbond_matcher(key.pubkey(), 1)).await.unwrap();
    world.assert_books_balance().await;
    world.send_as(key, matcher::bond_matcher(world.keys.authority.pubkey(), key.pubkey(), 1)).await.unwrap();
    let (commit, _) = world.bid();
    world.commit(&commit).await.unwrap();
    assert_refused(world.send_as(key, matcher::unbond_matcher(key.pubkey(), 2)).await, "BondExposed");
    let bond: Matcher = world.get(&address::matcher(&key.pubkey())).await;
    assert_eq!((bond.open_batches, bond.exposure > 0), (1, true));
}

#[tokio::test]
async fn an_empty_treasury_pays_nothing_out() {
    let world = World::new().await;
    let admin = &world.keys.authority;
    let mint = world.keys.usdc_mint.pubkey();
    world.send(owner::withdraw(world.owner.pubkey(), &mint, 1)).await.unwrap();
    let step = authority::withdraw_treasury(admin.pubkey(), &mint, 1);
    assert!(world.send_as(admin, step).await.is_err());
}

#[tokio::test]
async fn a_disabled_key_is_disabled_once() {
    let world = World::new().await;
    let admin = &world.keys.authority;
    let step = authority::disable_verifying_key(admin.pubkey(), 16);
    world.send_as(admin, step.clone()).await.unwrap();
    assert_refused(world.send_as(admin, step).await, "KeyDisabled");
}
