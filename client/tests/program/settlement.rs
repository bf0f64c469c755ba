//! One batch with a true proof: cleared, leased, paid, expired and refunded, the books balanced at
//! every step and the chain restarted in the middle.

use std::path::Path;

use obscura_auction::admissible::MarketRules;
use obscura_auction::lock::Lock;
use obscura_auction::order::{MarketTag, Order, Side};
use obscura_auction::units::{DurationSeconds, FeeBps, Gpus, PriceMicro};
use obscura_circuits::batch::{BatchInputs, Clearance, CommittedOrder};
use obscura_circuits::keys::ClearingKeys;
use obscura_circuits::opening::Opening;
use obscura_circuits::progress::Progress;
use obscura_circuits::proof::prove;
use obscura_circuits::secret::Secret;
use obscura_circuits::size::BatchSize;
use obscura_client::accounts::{
    self, Batch, Books, CloseReason, Ended, Lease, LeaseState, LeaseTerms, Market, Order as OrderAccount,
    Trader, filter,
};
use obscura_client::bootstrap::{self, GPU_TYPES};
use obscura_client::instructions::anyone::{self, OpenLease};
use obscura_client::instructions::trade::Commit;
use obscura_client::instructions::{authority, lease, matcher, trade};
use obscura_client::lease_terms::{self, TermsError};
use obscura_client::proofs::Proof;
use obscura_client::transactions::{MAX_COMPUTE_UNITS, Submission};
use obscura_client::{address, idl, ledger::LedgerError};
use rand::rngs::OsRng;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::{Keypair, Signer};
use uuid::Uuid;

use crate::world::{BATCH_SECONDS, FUNDING, USDC, World, assert_refused, first_market};

const LEASE_SECONDS: u32 = 60;

/// One trader with one order.
struct Party {
    owner: Keypair,
    order_id: Uuid,
    opening: Opening,
    lock: Lock,
}

impl Party {
    fn new(place: u8, side: Side, price: u64, qty: u16, duration: DurationSeconds) -> Self {
        let owner = Keypair::new();
        let (min_qty, amount) = match side {
            Side::Bid => (qty, 10 * USDC),
            Side::Ask => (1, u64::from(qty)),
        };
        let order = Order {
            side,
            market: MarketTag::of(GPU_TYPES[0]),
            price: PriceMicro::new(price).unwrap(),
            qty: Gpus::new(qty).unwrap(),
            min_qty: Gpus::new(min_qty).unwrap(),
            duration,
        };
        let secret = Secret::from_bytes([place + 1; 32]);
        let opening = Opening { order, owner: owner.pubkey().to_bytes(), secret };
        Self { owner, order_id: Uuid::from_bytes([place; 16]), opening, lock: Lock { side, amount } }
    }

    fn order_address(&self) -> Pubkey {
        address::order(&self.owner.pubkey(), self.order_id)
    }

    fn committed(&self) -> CommittedOrder {
        CommittedOrder {
            commit_hash: self.opening.commit_hash(),
            owner: self.owner.pubkey().to_bytes(),
            lock: self.lock,
            opening: Some(self.opening.clone()),
        }
    }

    async fn commit(&self, world: &World) {
        bootstrap::fund_owner(&world.ledger, &world.keys, &self.owner, FUNDING).await.unwrap();
        let commit = Commit {
            max_charges: 1_010_000,
            payer: world.keys.authority.pubkey(),
            authority: self.owner.pubkey(),
            owner: self.owner.pubkey(),
            market: first_market(),
            matcher: world.keys.matcher.pubkey(),
            batch_index: 0,
            order_id: self.order_id,
            commit_hash: self.opening.commit_hash(),
            lock: self.lock,
        };
        world.send_as(&self.owner, trade::commit(&commit)).await.unwrap();
    }

    async fn order(&self, world: &World) -> OrderAccount {
        world.get(&self.order_address()).await
    }

    async fn refund(&self, world: &World) -> Result<u64, LedgerError> {
        let order = self.order(world).await;
        let batch: Batch = world.get(&order.batch).await;
        let step = anyone::refund(self.owner.pubkey(), self.order_address(), &order, &batch, None);
        world.send_as(&self.owner, step).await
    }
}

/// An ask for three GPUs, three bids that each get one, and one bid below the ask.
fn parties() -> [Party; 5] {
    let term = DurationSeconds::new(LEASE_SECONDS).unwrap();
    [
        Party::new(0, Side::Ask, 1_500_000, 3, DurationSeconds::MAX),
        Party::new(1, Side::Bid, 2_000_000, 1, term),
        Party::new(2, Side::Bid, 2_100_000, 1, term),
        Party::new(3, Side::Bid, 2_200_000, 1, term),
        Party::new(4, Side::Bid, 1_000_000, 1, term),
    ]
}

async fn clearance(world: &World, parties: &[Party]) -> Clearance {
    let market: Market = world.get(&first_market()).await;
    let duration = |seconds| DurationSeconds::new(seconds).unwrap();
    Clearance::compute(&BatchInputs {
        size: BatchSize::S16,
        batch_index: 0,
        program: idl::ID.to_bytes(),
        market: first_market().to_bytes(),
        market_rules: MarketRules {
            tag: MarketTag::of(GPU_TYPES[0]),
            min_duration: duration(market.terms.params.min_duration),
            max_duration: duration(market.terms.params.max_duration),
        },
        fee_bps: FeeBps::new(market.terms.params.fee_bps).unwrap(),
        orders: parties.iter().map(Party::committed).collect(),
    })
    .unwrap()
}

async fn open_leases(world: &World, parties: &[Party], cleared: &Clearance) {
    let (payer, batch) = (world.keys.authority.pubkey(), address::batch(&first_market(), 0));
    for (row, lease) in (0u16..).zip(&cleared.leases) {
        let step = anyone::open_lease(OpenLease {
            payer,
            batch,
            bid_order: parties[usize::from(lease.bid)].order_address(),
            ask_order: parties[usize::from(lease.ask)].order_address(),
            row,
            terms_hash: lease.terms,
            path: cleared.lease_tree.path(row).unwrap(),
        });
        anyone_sends(world, step).await;
    }
    let rows = cleared.leases.len() as u16;
    let path = cleared.lease_tree.path(rows).unwrap();
    anyone_sends(world, anyone::complete_settlement(batch, rows, path)).await;
}

async fn anyone_sends(world: &World, step: Instruction) {
    world.send_as(&world.keys.authority, step).await.unwrap();
    world.assert_books_balance().await;
}

async fn party_sends(world: &World, signer: &Keypair, step: Instruction) {
    world.send_as(signer, step).await.unwrap();
    world.assert_books_balance().await;
}

async fn lease_of(world: &World, bid: &Party) -> (Pubkey, Lease) {
    let found = accounts::list(&world.ledger, [filter::leases_of_bid(&bid.order_address())]).await.unwrap();
    found.into_iter().next().unwrap()
}

fn terms(cleared: &Clearance, lease: &Lease) -> LeaseTerms {
    let cleared = &cleared.leases[usize::from(lease.row)];
    LeaseTerms { qty: cleared.qty.get(), duration: cleared.duration.get(), blind: cleared.blind }
}

#[tokio::test]
async fn a_cleared_batch_pays_its_leases_and_gives_everything_else_back() {
    let keys =
        ClearingKeys::dev(BatchSize::S16, Path::new(env!("CARGO_TARGET_TMPDIR")), &Progress::default())
            .unwrap();
    let world = World::new().await;
    let parties = parties();
    for party in &parties {
        party.commit(&world).await;
    }
    let [ask, released, claimed, ignored, loser] = &parties;

    world.clock.advance(BATCH_SECONDS);
    let cleared = clearance(&world, &parties).await;
    let proof = Proof::from(&prove(&keys, &cleared, &mut OsRng, &Progress::default()).unwrap());
    let post = matcher::post_clearing(world.keys.matcher.pubkey(), &cleared.statement.0, proof);
    let posted = Submission::new(&world.keys.matcher, [post])
        .with_compute_units(MAX_COMPUTE_UNITS)
        .send(&world.ledger)
        .await
        .unwrap();
    println!("post_clearing: {} compute units", posted.compute_units);
    open_leases(&world, &parties, &cleared).await;
    let world = world.restart().await;

    loser.refund(&world).await.unwrap();
    assert!(matches!(loser.order(&world).await.ended, Ended::Unmatched));
    assert_refused(released.refund(&world).await, "LeaseNotClosed");

    for bid in [released, claimed] {
        let (address, lease) = lease_of(&world, bid).await;
        let step = lease::accept_lease(ask.owner.pubkey(), address, &lease);
        party_sends(&world, &ask.owner, step).await;
    }
    let (address, lease) = lease_of(&world, released).await;
    let found = lease_terms::from_opening(&released.opening, &lease).unwrap();
    assert_eq!((found.qty, found.blind), (1, terms(&cleared, &lease).blind));
    let other = lease_terms::from_opening(&claimed.opening, &lease);
    assert_eq!(other.unwrap_err(), TermsError::OtherBid);
    let step = lease::release_lease(released.owner.pubkey(), address, &lease, found);
    party_sends(&world, &released.owner, step).await;

    let (address, lease) = lease_of(&world, claimed).await;
    let claim = lease::claim_lease(ask.owner.pubkey(), address, &lease, terms(&cleared, &lease));
    assert_refused(world.send_as(&ask.owner, claim.clone()).await, "TermNotOver");
    world.clock.advance(LEASE_SECONDS);
    party_sends(&world, &ask.owner, claim).await;

    let (address, lease) = lease_of(&world, ignored).await;
    let expire = lease::expire_lease(world.keys.authority.pubkey(), address, &lease);
    assert_refused(world.send_as(&world.keys.authority, expire.clone()).await, "AcceptNotOver");
    world.clock.set(lease.accept_by.seconds);
    anyone_sends(&world, expire).await;
    let expired: Lease = world.get(&address).await;
    assert!(matches!((expired.state, expired.reason), (LeaseState::Closed, CloseReason::NotAccepted)));

    for (party, outcome) in [(ask, Ended::Completed), (released, Ended::Completed)]
        .into_iter()
        .chain([(claimed, Ended::Completed), (ignored, Ended::OfferExpired)])
    {
        party.refund(&world).await.unwrap();
        assert_eq!(format!("{:?}", party.order(&world).await.ended), format!("{outcome:?}"));
        assert_refused(party.refund(&world).await, "AlreadyEnded");
    }
    for party in &parties {
        let trader: Trader = world.get(&address::trader(&party.owner.pubkey())).await;
        assert_eq!((trader.usdc.locked, trader.obsc.locked), (0, 0));
    }
    let books: Books = world.get(&address::books()).await;
    withdraw_treasury(&world, books.usdc.treasury).await;
}

/// The fees that were earned can leave, and nothing more.
async fn withdraw_treasury(world: &World, earned: u64) {
    let (admin, mint) = (&world.keys.authority, world.keys.usdc_mint.pubkey());
    world.open_token_account(&admin.pubkey(), &mint).await;
    let step = |amount| authority::withdraw_treasury(admin.pubkey(), &mint, amount);
    assert_refused(world.send_as(admin, step(earned + 1)).await, "InsufficientAvailable");
    party_sends(world, admin, step(earned)).await;
}
