//! A transaction that a node runs and forgets.
//!
//! Must never be taken for a promise: what lands before the transaction itself can change what it does.

use solana_account_decoder_client_types::UiAccountEncoding;
use solana_rpc_client_api::config::{RpcSimulateTransactionAccountsConfig, RpcSimulateTransactionConfig};
use solana_sdk::pubkey::Pubkey;
use solana_sdk::transaction::{Transaction, TransactionError};

use super::failure::{decode_refusal, is_transient};
use super::{LedgerError, RpcLedger, Simulated, patience, undecodable};
use crate::ledger::refusal::decode_error;
use backon::Retryable;

impl RpcLedger {
    pub(super) async fn run_without_effect(
        &self,
        transaction: &Transaction,
        accounts: &[Pubkey],
    ) -> Result<Simulated, LedgerError> {
        let config = self.simulation_config(accounts);
        let question = || self.client.simulate_transaction_with_config(transaction, config.clone());
        let answer = question
            .retry(patience())
            .when(is_transient)
            .await
            .map_err(|error| decode_refusal(transaction, &error))?
            .value;
        let compute_units = answer.units_consumed.unwrap_or(0);
        let logs = answer.logs.unwrap_or_default();
        if let Some(error) = answer.err.map(TransactionError::from) {
            if error == TransactionError::BlockhashNotFound {
                return Err(LedgerError::BlockhashExpired);
            }
            let refusal = Some(decode_error(transaction, error, logs.clone()));
            return Ok(Simulated { refusal, compute_units, logs, accounts: Vec::new() });
        }
        let shown = answer.accounts.unwrap_or_default();
        if shown.len() != accounts.len() {
            return Err(LedgerError::Unavailable {
                reason: format!("the node showed {} accounts of {}", shown.len(), accounts.len()),
            });
        }
        let mut after = Vec::with_capacity(accounts.len());
        for (address, account) in accounts.iter().zip(shown) {
            let account = account.map(|account| account.decode().ok_or_else(|| undecodable(address)));
            after.push((
                *address,
                account.transpose()?.filter(|account: &super::Account| account.lamports > 0),
            ));
        }
        Ok(Simulated { refusal: None, compute_units, logs, accounts: after })
    }

    fn simulation_config(&self, accounts: &[Pubkey]) -> RpcSimulateTransactionConfig {
        RpcSimulateTransactionConfig {
            sig_verify: true,
            commitment: Some(self.commitment),
            accounts: Some(RpcSimulateTransactionAccountsConfig {
                encoding: Some(UiAccountEncoding::Base64),
                addresses: accounts.iter().map(Pubkey::to_string).collect(),
            }),
            ..RpcSimulateTransactionConfig::default()
        }
    }
}
