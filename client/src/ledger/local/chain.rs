//! The in-process chain: LiteSVM running the compiled program, its clock, its disk.
//!
//! A transaction is run without effect, its result is written to disk, and only then do the accounts
//! change in memory: memory can never be ahead of the disk, and a failed write stops the chain. Like a
//! node's preflight check, a transaction that fails costs nothing and leaves no trace. Single-threaded
//! and blocking: [`super::actor`] owns it.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use litesvm::LiteSVM;
use solana_sdk::account::{Account, ReadableAccount};
use solana_sdk::clock::Clock;
use solana_sdk::hash::Hash;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Signature;
use solana_sdk::transaction::{Transaction, TransactionError};

use super::super::{ChainClock, Landed, LedgerError, MemcmpFilter, Simulated};
use super::OpenError;
use super::blockhash_window::{BlockhashWindow, Landing, Standing};
use super::clock::ClockSource;
use super::history::TransactionRecord;
use super::node::{DryRun, Rejection};
use super::program_index::ProgramIndex;
use super::store::{ChainTimes, Change, Store};
use crate::folder_lock::FolderLock;
use crate::idl;
use crate::ledger::refusal::decode_error;
use crate::program_file::PROGRAM_ELF;

const LOCK_FILE: &str = "ledger.lock";
/// A cluster's slot takes 400 ms: five in two seconds.
const SLOTS_PER_TWO_SECONDS: i64 = 5;

/// A clock that is put right by less than this is not worth a word.
const MAX_STEP_BACK_SECONDS: i64 = 5;

pub struct Chain {
    svm: LiteSVM,
    store: Store,
    source: ClockSource,
    times: ChainTimes,
    clock: ChainClock,
    window: BlockhashWindow,
    index: ProgramIndex,
    /// How often an account has changed: whoever reads the same number has missed nothing.
    changes: Arc<AtomicU64>,
    halted: Option<String>,
    /// The clock's source is behind the chain, which was logged.
    waits_for_source: bool,
    _lock: FolderLock,
}

impl Chain {
    /// Restores the chain that `data_dir` holds, or begins a new one there.
    pub fn open(data_dir: &Path, source: ClockSource, changes: Arc<AtomicU64>) -> Result<Self, OpenError> {
        std::fs::create_dir_all(data_dir)
            .map_err(|source| OpenError::Directory { path: data_dir.to_path_buf(), source })?;
        let lock = FolderLock::take(data_dir, LOCK_FILE)?;
        let mut store = Store::open(data_dir, source.unix_seconds())?;
        let snapshot = store.load()?;
        let mut chain = Self {
            svm: virtual_machine()?,
            store,
            source,
            times: snapshot.times,
            clock: ChainClock { slot: 0, unix_seconds: i64::MIN },
            window: snapshot.window,
            index: ProgramIndex::default(),
            changes,
            halted: None,
            waits_for_source: false,
            _lock: lock,
        };
        for (address, account) in snapshot.accounts {
            chain.put(address, account).map_err(|reason| OpenError::Account { address, reason })?;
        }
        chain.tick();
        Ok(chain)
    }

    pub fn account(&self, address: &Pubkey) -> Option<Account> {
        self.svm.get_account(address)
    }

    pub fn program_accounts(&self, filters: &[MemcmpFilter]) -> Vec<(Pubkey, Account)> {
        let prefix = filters.iter().find(|filter| filter.offset == 0).map(|filter| filter.bytes.as_slice());
        let accounts = self.svm.accounts_db();
        self.index
            .candidates(prefix)
            .into_iter()
            .filter_map(|address| Some((address, accounts.get_account_ref(&address)?)))
            .filter(|(_, account)| filters.iter().all(|filter| filter.matches(account.data())))
            .map(|(address, account)| (address, account.clone().into()))
            .collect()
    }

    pub fn latest_blockhash(&mut self) -> Hash {
        self.tick();
        self.window.latest(self.clock.unix_seconds)
    }

    /// Fails on a chain that has stopped, so that whoever asks for its health learns of it.
    pub fn clock(&mut self) -> Result<ChainClock, LedgerError> {
        self.refuse_if_halted()?;
        self.tick();
        Ok(self.clock)
    }

    /// Runs, stores and applies `transaction`, in this order.
    pub fn send(&mut self, transaction: Transaction) -> Result<Landed, Rejection> {
        self.refuse_if_halted()?;
        self.tick();
        let landing = self.admit(&transaction)?;
        let record = |compute_units, fee, logs| TransactionRecord {
            signature: landing.signature,
            slot: self.clock.slot,
            unix_seconds: self.clock.unix_seconds,
            compute_units,
            fee,
            logs,
            transaction: Some(transaction.clone()),
        };
        let run = self.svm.simulate_transaction(transaction.clone())?;
        let record = record(run.meta.compute_units_consumed, run.meta.fee, run.meta.logs);
        let changed = self.changed(run.post_accounts.into_iter().map(|(key, account)| (key, account.into())));
        self.persist(&changed, Some(landing), Some(&record))?;
        self.window.record(&landing);
        self.apply(changed)?;
        let TransactionRecord { signature, slot, compute_units, logs, .. } = record;
        Ok(Landed { signature, slot, compute_units, logs })
    }

    /// Runs `transaction` without effect, whatever its blockhash, and its signatures only where asked for.
    pub fn dry_run(&mut self, transaction: Transaction, signatures: bool) -> Result<DryRun, LedgerError> {
        self.refuse_if_halted()?;
        self.tick();
        let outcome = if signatures {
            self.svm.simulate_transaction(transaction)
        } else {
            self.svm.clone().with_sigverify(false).simulate_transaction(transaction)
        };
        let (error, meta, after) = match outcome {
            Ok(run) => (None, run.meta, run.post_accounts),
            Err(failure) => (Some(failure.err), failure.meta, Vec::new()),
        };
        Ok(DryRun {
            slot: self.clock.slot,
            error,
            compute_units: meta.compute_units_consumed,
            logs: meta.logs,
            accounts: after.into_iter().map(|(address, account)| (address, account.into())).collect(),
        })
    }

    /// Runs `transaction` as [`send`](Self::send) would, and shows `accounts` as it would leave them.
    pub fn simulate(
        &mut self,
        transaction: Transaction,
        accounts: &[Pubkey],
    ) -> Result<Simulated, LedgerError> {
        self.tick();
        self.admit(&transaction).map_err(|rejection| rejection.explain(&transaction))?;
        let run = self.dry_run(transaction.clone(), true)?;
        let DryRun { slot: _, error, compute_units, logs, accounts: after } = run;
        let refusal = error.map(|error| decode_error(&transaction, error, logs.clone()));
        let left = |address: &Pubkey| match after.iter().find(|(changed, _)| changed == address) {
            Some((_, account)) => Some(account.clone()),
            None => self.account(address),
        };
        let shown = |address: &Pubkey| (*address, left(address).filter(|account| account.lamports > 0));
        let accounts = if refusal.is_none() { accounts.iter().map(shown).collect() } else { Vec::new() };
        Ok(Simulated { refusal, compute_units, logs, accounts })
    }

    /// Creates `lamports` out of nothing, under a signature that nobody made: what pays fees and rent on a
    /// local chain.
    pub fn airdrop(&mut self, address: Pubkey, lamports: u64) -> Result<Signature, LedgerError> {
        self.refuse_if_halted()?;
        self.tick();
        let mut account = self.account(&address).unwrap_or_default();
        account.lamports = account.lamports.saturating_add(lamports);
        let changed = vec![(address, account)];
        let record = TransactionRecord::of_an_airdrop(self.clock);
        self.persist(&changed, None, Some(&record))?;
        self.apply(changed)?;
        Ok(record.signature)
    }

    /// What is remembered of a transaction that has landed.
    pub fn transaction(&mut self, signature: &Signature) -> Result<Option<TransactionRecord>, LedgerError> {
        self.store.transaction(signature).map_err(|error| self.halt(error.to_string()))
    }

    /// Whether a transaction signed over `blockhash` could still land.
    pub fn is_blockhash_valid(&mut self, blockhash: &Hash) -> bool {
        self.tick();
        let nobodys = Signature::default();
        matches!(self.window.standing(blockhash, &nobodys, self.clock.unix_seconds), Standing::Fresh(_))
    }

    /// Accounts that `program` owns, ascending, of which `wanted` holds.
    pub fn owned_by(&self, program: &Pubkey, wanted: &dyn Fn(&[u8]) -> bool) -> Vec<(Pubkey, Account)> {
        let all = self.svm.accounts_db().inner.iter();
        let mut owned: Vec<(Pubkey, Account)> = all
            .filter(|(_, account)| account.owner() == program && wanted(account.data()))
            .map(|(address, account)| (*address, account.clone().into()))
            .collect();
        owned.sort_unstable_by_key(|(address, _)| *address);
        owned
    }

    /// When the chain began, and the first second of a slot after that.
    pub fn genesis_seconds(&self) -> i64 {
        self.times.genesis_seconds
    }

    pub fn close(self) {
        self.store.close();
    }

    fn admit(&self, transaction: &Transaction) -> Result<Landing, Rejection> {
        let signature = transaction.signatures.first().ok_or(LedgerError::BadSignature)?;
        match self.window.standing(&transaction.message.recent_blockhash, signature, self.clock.unix_seconds)
        {
            Standing::Fresh(landing) => Ok(landing),
            Standing::Expired => Err(Rejection::without_logs(TransactionError::BlockhashNotFound)),
            Standing::AlreadyProcessed => Err(Rejection::without_logs(TransactionError::AlreadyProcessed)),
        }
    }

    /// Moves the chain's clock to its source's second. Setting the sysvar copies LiteSVM's whole
    /// account map, so it happens at most once a second; a source that steps back is waited for.
    fn tick(&mut self) {
        let source = self.source.unix_seconds();
        let now = source.max(self.times.last_seconds);
        if now - source > MAX_STEP_BACK_SECONDS && !self.waits_for_source {
            tracing::error!(
                seconds = now - source,
                "the machine's clock went back: the chain stands still until then"
            );
        }
        self.waits_for_source = now - source > MAX_STEP_BACK_SECONDS;
        if now == self.clock.unix_seconds {
            return;
        }
        self.times.last_seconds = now;
        let slot = slot_at(now, self.times.genesis_seconds);
        self.clock = ChainClock { slot, unix_seconds: now };
        let mut sysvar: Clock = self.svm.get_sysvar();
        sysvar.slot = slot;
        sysvar.unix_timestamp = now;
        self.svm.set_sysvar(&sysvar);
    }

    fn changed(&self, after: impl Iterator<Item = (Pubkey, Account)>) -> Vec<(Pubkey, Account)> {
        after.filter(|(address, account)| self.account(address).unwrap_or_default() != *account).collect()
    }

    fn persist(
        &mut self,
        accounts: &[(Pubkey, Account)],
        landing: Option<Landing>,
        record: Option<&TransactionRecord>,
    ) -> Result<(), LedgerError> {
        let change = Change { last_seconds: self.times.last_seconds, accounts, landing, record };
        self.store.commit(&change).map_err(|error| self.halt(error.to_string()))
    }

    fn apply(&mut self, accounts: Vec<(Pubkey, Account)>) -> Result<(), LedgerError> {
        for (address, account) in accounts {
            self.put(address, account).map_err(|reason| self.halt(reason))?;
        }
        Ok(())
    }

    fn put(&mut self, address: Pubkey, account: Account) -> Result<(), String> {
        if let Some(before) = self.svm.accounts_db().get_account_ref(&address)
            && *before.owner() == idl::ID
        {
            self.index.remove(&address, before.data());
        }
        if account.owner == idl::ID && account.lamports > 0 {
            self.index.insert(address, &account.data);
        }
        let put = self.svm.set_account(address, account);
        self.changes.fetch_add(1, Ordering::SeqCst);
        put.map_err(|error| format!("account {address}: {error}"))
    }

    fn halt(&mut self, reason: String) -> LedgerError {
        tracing::error!(reason, "the ledger stops");
        self.halted = Some(reason.clone());
        LedgerError::Halted { reason }
    }

    fn refuse_if_halted(&self) -> Result<(), LedgerError> {
        match &self.halted {
            Some(reason) => Err(LedgerError::Halted { reason: reason.clone() }),
            None => Ok(()),
        }
    }
}

fn slot_at(now: i64, genesis_seconds: i64) -> u64 {
    u64::try_from((now - genesis_seconds) * SLOTS_PER_TWO_SECONDS / 2).unwrap_or(0) + 1
}

/// When `slot` began: the inverse of the above.
pub fn seconds_of(slot: u64, genesis_seconds: i64) -> i64 {
    let slots = i64::try_from(slot.saturating_sub(1)).unwrap_or(i64::MAX);
    genesis_seconds.saturating_add(
        slots.saturating_mul(2).saturating_add(SLOTS_PER_TWO_SECONDS - 1) / SLOTS_PER_TWO_SECONDS,
    )
}

/// LiteSVM with signatures checked and both its replay rules off: ours are stronger.
fn virtual_machine() -> Result<LiteSVM, OpenError> {
    let mut svm = LiteSVM::new().with_blockhash_check(false).with_transaction_history(0);
    svm.add_program(idl::ID, PROGRAM_ELF)
        .map_err(|error| OpenError::Program { reason: error.to_string() })?;
    Ok(svm)
}
