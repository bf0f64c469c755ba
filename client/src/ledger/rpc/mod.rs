//! A Solana cluster over JSON-RPC.
//!
//! Questions are asked again while the node is away, for a while; what changes the chain is sent under one
//! signature until the chain has decided about it, so that it acts once at most. Must never report a
//! transaction as expired that may still land, and never print or log the node's address: it may hold an API key.

mod failure;
mod landing;
mod node;
mod simulation;

use std::fmt;
use std::future::Future;
use std::time::Duration;

use async_trait::async_trait;
use backon::{ExponentialBuilder, Retryable};
use solana_account_decoder_client_types::UiAccountEncoding;
use solana_commitment_config::CommitmentConfig;
use solana_rpc_client::nonblocking::rpc_client::RpcClient;
use solana_rpc_client_api::client_error::Error as ClientError;
use solana_rpc_client_api::config::{RpcAccountInfoConfig, RpcProgramAccountsConfig};
use solana_rpc_client_api::filter::{Memcmp, RpcFilterType};
use solana_sdk::hash::Hash;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Signature;
use solana_sdk::sysvar;
use solana_sdk::transaction::Transaction;

use super::{Account, ChainClock, Landed, Ledger, LedgerError, MemcmpFilter, Simulated};
use crate::idl;
use failure::{is_transient, may_have_landed, reason, unavailable};

/// Longest wait for one answer.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(15);
/// Questions are repeated after 0.2, 0.4, 0.8 … seconds, so often.
const REPEATS: usize = 5;
const FIRST_PAUSE: Duration = Duration::from_millis(200);
/// Longest that a question may take in all: whoever waits for the answer gives up after a minute.
const LONGEST_QUESTION: Duration = Duration::from_secs(25);

/// A cluster, as one of its nodes tells it.
pub struct RpcLedger {
    client: RpcClient,
    commitment: CommitmentConfig,
    compute_unit_price: u64,
}

/// How sure the cluster must be before something counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Commitment {
    /// Voted for by a supermajority: a second or two.
    #[default]
    Confirmed,
    /// Cannot be rolled back any more: about thirteen seconds.
    Finalized,
}

/// Which cluster, and how to talk to it.
#[derive(Clone)]
pub struct RpcOptions {
    /// `http://` or `https://`; with most providers it holds an API key.
    pub url: String,
    pub commitment: Commitment,
    /// Micro-lamports offered for each compute unit, on top of the fee for signatures.
    pub compute_unit_price: u64,
}

impl RpcOptions {
    /// The cluster at `url`, with confirmed answers and no priority fee.
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), commitment: Commitment::default(), compute_unit_price: 0 }
    }
}

impl fmt::Debug for RpcOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { url: _, commitment, compute_unit_price } = self;
        f.debug_struct("RpcOptions")
            .field("url", &format_args!("<redacted>"))
            .field("commitment", commitment)
            .field("compute_unit_price", compute_unit_price)
            .finish()
    }
}

impl RpcLedger {
    /// Does not connect: the first question does.
    pub fn new(options: RpcOptions) -> Self {
        let RpcOptions { url, commitment, compute_unit_price } = options;
        let commitment = match commitment {
            Commitment::Confirmed => CommitmentConfig::confirmed(),
            Commitment::Finalized => CommitmentConfig::finalized(),
        };
        let client = RpcClient::new_with_timeout_and_commitment(url, ANSWER_TIMEOUT, commitment);
        Self { client, commitment, compute_unit_price }
    }

    /// Where the node is, with the API key that the address may hold.
    pub fn url(&self) -> String {
        self.client.url()
    }

    /// Fails where the node does not answer, says that it is behind, or has no program of ours.
    pub async fn check(&self) -> Result<(), LedgerError> {
        self.ask(|| self.client.get_health()).await?;
        match self.account(&idl::ID).await? {
            Some(program) if program.executable => Ok(()),
            _ => Err(LedgerError::Unavailable {
                reason: format!("the program {} is not deployed on the node's cluster", idl::ID),
            }),
        }
    }

    /// Lamports out of nothing, on clusters that give them away.
    pub async fn airdrop(&self, address: &Pubkey, lamports: u64) -> Result<(), LedgerError> {
        let before = self.lamports(address).await?;
        self.ask(|| self.client.request_airdrop(address, lamports)).await?;
        let arrived = || async {
            match self.lamports(address).await? {
                now if now > before => Ok(()),
                _ => Err(LedgerError::Unavailable { reason: "the airdrop has not arrived".to_owned() }),
            }
        };
        arrived.retry(patience()).await
    }

    async fn lamports(&self, address: &Pubkey) -> Result<u64, LedgerError> {
        Ok(self.account(address).await?.map_or(0, |account| account.lamports))
    }

    /// Asks again while the node is away.
    async fn ask<T, F>(&self, question: impl Fn() -> F) -> Result<T, LedgerError>
    where
        F: Future<Output = Result<T, ClientError>>,
    {
        let asking = question.retry(patience()).when(is_transient).notify(|error, pause| {
            tracing::warn!(reason = reason(error), ?pause, "the node gave no answer; asking again");
        });
        match tokio::time::timeout(LONGEST_QUESTION, asking).await {
            Ok(answer) => answer.map_err(|error| unavailable(&error)),
            Err(_) => Err(LedgerError::Unavailable { reason: "the node did not answer in time".to_owned() }),
        }
    }
}

fn patience() -> ExponentialBuilder {
    ExponentialBuilder::default().with_min_delay(FIRST_PAUSE).with_max_times(REPEATS).with_jitter()
}

#[async_trait]
impl Ledger for RpcLedger {
    async fn account(&self, address: &Pubkey) -> Result<Option<Account>, LedgerError> {
        let addresses = [*address];
        let answer = self
            .ask(|| self.client.get_multiple_ui_accounts_with_config(&addresses, self.account_config()))
            .await?;
        let Some(account) = answer.value.into_iter().next().flatten() else { return Ok(None) };
        account.decode().map(Some).ok_or_else(|| undecodable(address))
    }

    async fn program_accounts(
        &self,
        filters: &[MemcmpFilter],
    ) -> Result<Vec<(Pubkey, Account)>, LedgerError> {
        let config = RpcProgramAccountsConfig {
            filters: Some(filters.iter().map(memcmp).collect()),
            account_config: self.account_config(),
            ..RpcProgramAccountsConfig::default()
        };
        let found =
            self.ask(|| self.client.get_program_ui_accounts_with_config(&idl::ID, config.clone())).await?;
        let mut accounts = Vec::with_capacity(found.len());
        for (address, account) in found {
            let account: Account = account.decode().ok_or_else(|| undecodable(&address))?;
            // A node that does not know a filter ignores it.
            if filters.iter().all(|filter| filter.matches(&account.data)) {
                accounts.push((address, account));
            }
        }
        accounts.sort_unstable_by_key(|(address, _)| *address);
        Ok(accounts)
    }

    async fn latest_blockhash(&self) -> Result<Hash, LedgerError> {
        self.ask(|| self.client.get_latest_blockhash()).await
    }

    async fn clock(&self) -> Result<ChainClock, LedgerError> {
        let account = self.account(&sysvar::clock::ID).await?;
        account
            .and_then(|account| clock_in(&account.data))
            .ok_or_else(|| LedgerError::Unavailable { reason: "the node shows no clock".to_owned() })
    }

    async fn send(&self, transaction: &Transaction) -> Result<Landed, LedgerError> {
        transaction.verify().map_err(|_| LedgerError::BadSignature)?;
        let signature = *transaction.signatures.first().ok_or(LedgerError::BadSignature)?;
        if self.standing(&signature).await?.is_some() {
            return Err(LedgerError::AlreadyProcessed { signature });
        }
        if let Err(refusal) = self.submit(transaction).await
            && (!may_have_landed(&refusal) || !self.is_seen_soon(&signature).await?)
        {
            return Err(refusal);
        }
        self.until_decided(transaction, signature).await
    }

    async fn simulate(
        &self,
        transaction: &Transaction,
        accounts: &[Pubkey],
    ) -> Result<Simulated, LedgerError> {
        self.run_without_effect(transaction, accounts).await
    }

    fn compute_unit_price(&self) -> u64 {
        self.compute_unit_price
    }
}

impl RpcLedger {
    fn account_config(&self) -> RpcAccountInfoConfig {
        RpcAccountInfoConfig {
            encoding: Some(UiAccountEncoding::Base64),
            commitment: Some(self.commitment),
            ..RpcAccountInfoConfig::default()
        }
    }

    /// What the chain knows of a signature: nothing, that it is on its way, or what came of it.
    async fn standing(&self, signature: &Signature) -> Result<Option<landing::Standing>, LedgerError> {
        let signatures = [*signature];
        let answer = self.ask(|| self.client.get_signature_statuses(&signatures)).await?;
        let status = answer.value.into_iter().next().flatten();
        Ok(status.map(|status| landing::Standing::of(status, self.commitment)))
    }
}

fn memcmp(filter: &MemcmpFilter) -> RpcFilterType {
    RpcFilterType::Memcmp(Memcmp::new_raw_bytes(filter.offset, filter.bytes.clone()))
}

fn undecodable(address: &Pubkey) -> LedgerError {
    LedgerError::Unavailable {
        reason: format!("the node sent account {address} in a form that cannot be read"),
    }
}

/// Slot and time in the clock sysvar: a u64, three more numbers of 8 bytes, an i64, all little-endian.
fn clock_in(data: &[u8]) -> Option<ChainClock> {
    let number = |at: usize| Some(u64::from_le_bytes(data.get(at..at + 8)?.try_into().ok()?));
    Some(ChainClock { slot: number(0)?, unix_seconds: number(32)?.cast_signed() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_is_read_from_the_sysvar_as_the_runtime_lays_it_out() {
        let clock = solana_sdk::clock::Clock {
            slot: 7,
            epoch_start_timestamp: 1,
            epoch: 2,
            leader_schedule_epoch: 3,
            unix_timestamp: 1_800_000_000,
        };
        let account = solana_sdk::account::Account::new_data(1, &clock, &sysvar::ID).unwrap();
        let expected = ChainClock { slot: 7, unix_seconds: 1_800_000_000 };
        assert_eq!(clock_in(&account.data), Some(expected));
        assert_eq!(clock_in(&account.data[..39]), None);
    }
}
