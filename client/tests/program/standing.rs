//! Where an order stands, at each second of its life.

use obscura_client::accounts::{Batch, Order};
use obscura_client::instructions::{anyone, trade};
use obscura_client::ledger::Ledger;
use obscura_client::order_standing::{self, OrderStanding};
use obscura_client::{address, placing};
use solana_sdk::signature::Signer;
use uuid::Uuid;

use crate::world::{BATCH_SECONDS, World, first_market};

async fn standing(world: &World, order_id: Uuid) -> OrderStanding {
    let order: Order = world.order(order_id).await;
    let batch: Batch = world.get(&order.batch).await;
    order_standing::of(&order, &batch, &[], world.ledger.clock().await.unwrap()).unwrap()
}

#[tokio::test]
async fn an_order_is_committed_revealed_refundable_and_refunded() {
    let world = World::new().await;
    let (commit, opening) = world.bid();
    world.commit(&commit).await.unwrap();
    let id = commit.order_id;
    assert_eq!(standing(&world, id).await, OrderStanding::Committed);
    world.clock.advance(BATCH_SECONDS * 2 / 3);
    assert_eq!(standing(&world, id).await, OrderStanding::Committed);
    let batch = address::batch(&first_market(), 0);
    world.send(trade::reveal(world.owner.pubkey(), batch, id, &opening)).await.unwrap();
    assert_eq!(standing(&world, id).await, OrderStanding::PubliclyRevealed);
    world.clock.advance(BATCH_SECONDS / 3);
    assert_eq!(standing(&world, id).await, OrderStanding::AwaitsClearing);
    world.clock.advance(44);
    assert_eq!(standing(&world, id).await, OrderStanding::AwaitsClearing, "the last second to clear");
    world.clock.advance(1);
    assert_eq!(standing(&world, id).await, OrderStanding::Refundable);
    let (order, batch) = (world.order(id).await, world.get(&batch).await);
    let step = anyone::refund(world.owner.pubkey(), address::order(&order.owner, id), &order, &batch, None);
    world.send(step).await.unwrap();
    assert_eq!(standing(&world, id).await, OrderStanding::Refunded);
}

#[tokio::test]
async fn the_least_lock_is_what_the_public_reveal_asks_for() {
    let world = World::new().await;
    for (less, refused) in [(0, None), (1, Some("CollateralTooSmall"))] {
        let (mut commit, opening) = world.bid();
        commit.lock.amount = placing::least_lock(&opening.order, 1).amount - less;
        let batch = placing::running(
            &world.get(&first_market()).await,
            world.ledger.clock().await.unwrap().unix_seconds,
        );
        let batch = batch.unwrap().unwrap();
        commit.batch_index = batch.index;
        world.commit(&commit).await.unwrap();
        world.clock.set(batch.reveal_opens_at);
        let address = address::batch(&first_market(), batch.index);
        let step = trade::reveal(world.owner.pubkey(), address, commit.order_id, &opening);
        let outcome = world.send(step).await;
        let error = outcome.err();
        assert_eq!(error.as_ref().and_then(|error| error.program_error()), refused);
        world.clock.set(batch.ends_at);
    }
}
