//! A local pool with a clock that the test moves, and one funded owner.

use obscura_auction::lock::Lock;
use obscura_auction::order::{MarketTag, Side};
use obscura_auction::units::{Gpus, PriceMicro};
use obscura_circuits::opening::Opening;
use obscura_circuits::secret::Secret;
use obscura_client::accounts::{self, Order, ProgramAccount, Trader};
use obscura_client::bootstrap::{self, Funding, GPU_TYPES, LocalKeys, LocalSetup};
use obscura_client::instructions::trade::Commit;
use obscura_client::ledger::LedgerError;
use obscura_client::ledger::local::{ClockSource, LocalLedger, ManualClock};
use obscura_client::sealing::Terms;
use obscura_client::transactions::Submission;
use obscura_client::{address, books, instructions};
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::{Keypair, Signer};
use spl_associated_token_account_interface::instruction::create_associated_token_account_idempotent;
use tempfile::TempDir;
use uuid::Uuid;

pub const NOW: i64 = 1_800_000_000;
pub const BATCH_SECONDS: u32 = 45;
pub const MAX_ORDERS: u16 = 64;
pub const USDC: u64 = 1_000_000;
/// The owner's start: 1,000 USDC, and stake for ten GPUs.
pub const FUNDING: Funding = Funding { usdc: 1_000 * USDC, obsc: 1_000 * USDC };

pub struct World {
    pub directory: TempDir,
    pub clock: ManualClock,
    pub keys: LocalKeys,
    pub ledger: LocalLedger,
    pub owner: Keypair,
}

pub fn setup() -> LocalSetup {
    LocalSetup::development(BATCH_SECONDS, MAX_ORDERS)
}

impl World {
    /// An empty chain.
    pub async fn unprepared() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let clock = ManualClock::starting_at(NOW);
        let ledger = open(&directory, &clock).await;
        let keys = LocalKeys::load_or_create(&directory.path().join("keys")).unwrap();
        Self { directory, clock, keys, ledger, owner: Keypair::new() }
    }

    pub async fn new() -> Self {
        let world = Self::unprepared().await;
        world.prepare().await;
        bootstrap::fund_owner(&world.ledger, &world.keys, &world.owner, FUNDING).await.unwrap();
        world
    }

    pub async fn prepare(&self) {
        bootstrap::prepare(&self.ledger, &self.keys, &setup()).await.unwrap();
    }

    pub async fn restart(self) -> Self {
        let Self { directory, clock, keys, ledger, owner } = self;
        drop(ledger);
        let ledger = open(&directory, &clock).await;
        Self { directory, clock, keys, ledger, owner }
    }

    /// Sends with the owner's signature; the authority pays.
    pub async fn send(&self, step: Instruction) -> Result<u64, LedgerError> {
        self.send_as(&self.owner, step).await
    }

    pub async fn send_as(&self, signer: &Keypair, step: Instruction) -> Result<u64, LedgerError> {
        let submission = Submission::new(&self.keys.authority, [step]).signed_by(signer);
        Ok(submission.send(&self.ledger).await?.compute_units)
    }

    pub async fn open_token_account(&self, owner: &Pubkey, mint: &Pubkey) {
        let payer = self.keys.authority.pubkey();
        let token_program = spl_token_interface::ID;
        let step = create_associated_token_account_idempotent(&payer, owner, mint, &token_program);
        self.send_as(&self.keys.authority, step).await.unwrap();
    }

    pub async fn trader(&self) -> Trader {
        self.get(&address::trader(&self.owner.pubkey())).await
    }

    pub async fn order(&self, order_id: Uuid) -> Order {
        self.get(&address::order(&self.owner.pubkey(), order_id)).await
    }

    pub async fn get<T: ProgramAccount>(&self, address: &Pubkey) -> T {
        accounts::get(&self.ledger, address).await.unwrap()
    }

    pub async fn assert_books_balance(&self) {
        let balance = books::balance(&self.ledger).await.unwrap();
        assert!(balance.holds(), "{balance:?}");
    }

    /// A bid of the owner for four GPUs, in batch 0 of the first market, with 10 USDC locked.
    pub fn bid(&self) -> (Commit, Opening) {
        let terms = Terms {
            gpu_type: GPU_TYPES[0].to_owned(),
            side: Side::Bid,
            price: PriceMicro::new(1_860_000).unwrap(),
            qty: Gpus::new(4).unwrap(),
            min_qty: None,
            duration: None,
        };
        let secret = Secret::from_bytes([7; 32]);
        let opening = Opening { order: terms.order(), owner: self.owner.pubkey().to_bytes(), secret };
        let commit = Commit {
            max_charges: 1_010_000,
            payer: self.keys.authority.pubkey(),
            authority: self.owner.pubkey(),
            owner: self.owner.pubkey(),
            market: first_market(),
            matcher: self.keys.matcher.pubkey(),
            batch_index: 0,
            order_id: Uuid::new_v4(),
            commit_hash: opening.commit_hash(),
            lock: Lock { side: Side::Bid, amount: 10 * USDC },
        };
        (commit, opening)
    }

    pub async fn commit(&self, commit: &Commit) -> Result<u64, LedgerError> {
        self.send(instructions::trade::commit(commit)).await
    }
}

pub fn first_market() -> Pubkey {
    address::market(MarketTag::of(GPU_TYPES[0]))
}

/// Asserts that the program refused, and with which of its errors.
#[track_caller]
pub fn assert_refused<T: std::fmt::Debug>(outcome: Result<T, LedgerError>, name: &str) {
    match outcome {
        Err(error) if error.program_error() == Some(name) => {}
        other => panic!("expected the program to refuse with {name}, got {other:?}"),
    }
}

async fn open(directory: &TempDir, clock: &ManualClock) -> LocalLedger {
    LocalLedger::open(directory.path(), ClockSource::Manual(clock.clone())).await.unwrap()
}
