//! Accounts written straight into the ledger, for golden vectors that name owners nobody has the key of. It
//! must never be used where the books are checked: planted money is accounted for nowhere.

use anchor_lang::AccountSerialize;
use anchor_lang::prelude::Pubkey;
use obscura_auction::lock::Lock;
use obscura_auction::order::MarketTag;
use solana_sdk::account::Account;
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer;

use crate::accounts::{Batch, Order, Trader};
use crate::actor::keypair;
use crate::types::{Balance, Delegate, Ended, MarketParams, Moment};
use crate::world::{BATCH_SECONDS, CLEAR_SECONDS, GENESIS, default_params};
use crate::{ID, World, address};

/// Room for an account to grow into, as its own instruction would have allotted it.
const SPARE: usize = 256;

/// The key that acts for every planted owner.
pub fn proxy() -> Keypair {
    keypair(60)
}

impl World {
    pub fn plant(&mut self, address: Pubkey, account: &impl AccountSerialize) {
        let mut data = vec![];
        account.try_serialize(&mut data).expect("memory takes any bytes");
        data.resize(data.len() + SPARE, 0);
        let lamports = self.svm.minimum_balance_for_rent_exemption(data.len());
        let account = Account { lamports, data, owner: ID, executable: false, rent_epoch: u64::MAX };
        self.svm.set_account(address, account).expect("a plain account can be written");
    }

    /// An account of `owner`'s with plenty in it, whose delegate is `proxy`.
    pub fn plant_trader(&mut self, owner: Pubkey) -> Pubkey {
        let plenty = || Balance { available: 1 << 60, locked: 0 };
        let delegate = Delegate {
            key: proxy().pubkey(),
            permissions: 3,
            expires_at: i64::MAX,
            spend_cap: u64::MAX,
            spent: 0,
            max_order_micro: u64::MAX,
            max_order_gpus: u64::MAX,
            gpu_cap: u64::MAX,
            gpus_locked: 0,
        };
        let trader = address::trader(&owner);
        let account = Trader {
            owner,
            usdc: plenty(),
            obsc: plenty(),
            unstaking: 0,
            unstakes_at: 0,
            tallies: Default::default(),
            bump: 0,
            delegate_epoch: 1,
            delegate: Some(delegate),
        };
        self.plant(trader, &account);
        trader
    }
}

/// Batch `index` of a market with this tag, open at `GENESIS`, without orders.
pub fn batch(tag: MarketTag, index: u64, params: MarketParams) -> Batch {
    Batch {
        market: address::market(tag.get()),
        index,
        tag: tag.get(),
        matcher: Pubkey::default(),
        genesis: GENESIS - index as i64 * i64::from(BATCH_SECONDS),
        batch_seconds: BATCH_SECONDS,
        clear_seconds: CLEAR_SECONDS,
        params,
        order_count: 0,
        void_at: Moment::default(),
        size: 0,
        cleared: false,
        cleared_at: 0,
        settles_until: Moment::default(),
        price_micro: 0,
        leases_root: [0; 32],
        rows_opened: 0,
        row_count: 0,
        exposure: 0,
        discharged: false,
        orders_root: [0; 32],
        pending: [[[0; 32]; 3]; 2],
        forced: [0; 128],
        included: [0; 128],
        filled: [0; 128],
        bump: 0,
    }
}

/// A live order of `owner`'s in the batch at `batch`.
pub fn order(batch: Pubkey, owner: Pubkey, index: u16, lock: Lock, commit_hash: [u8; 32]) -> Order {
    let params = default_params();
    Order {
        trader: address::trader(&owner),
        owner,
        batch,
        market: Pubkey::default(),
        order_id: [0; 16],
        index,
        side: lock.side as u8,
        ended: Ended::Live,
        commit_hash,
        lock: lock.amount,
        stake_locked: 0,
        order_fee: params.order_fee,
        reveal_deposit: params.reveal_deposit,
        delegate_epoch: 0,
        paid: 0,
        refunded: 0,
        freed: 0,
        slashed: 0,
        leases: 0,
        open_leases: 0,
        shown_leases: 0,
        shown: 0,
        refused_leases: 0,
        accepts_until: Moment::default(),
        omission_paid: false,
        committed_at: GENESIS,
        public_opening: None,
        bump: 0,
    }
}
