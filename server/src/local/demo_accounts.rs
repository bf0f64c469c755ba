//! Demo accounts: traders with play money whose owner keys and API keys derive
//! from a secret in the data directory, so that a restart prints the same ones.
//!
//! The only owner keys that a pool server ever sees, and only in local mode.

use std::sync::Arc;

use obscura_client::bootstrap::{Funding, LocalKeys, fund_owner, name_delegate};
use obscura_client::idl::constants;
use obscura_client::idl::types::SetDelegateArgs;
use obscura_client::ledger::Ledger;
use obscura_client::secret_file::Secret32;
use sha2::{Digest, Sha256};
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer;

use super::data_dir::DataDir;
use crate::api_key::written;
use crate::storage::Storage;

const OWNER_DOMAIN: &[u8] = b"obscura-demo-owner-v1:";
const API_KEY_DOMAIN: &[u8] = b"obscura-demo-api-key-v1:";

/// 1,000 USDC each, of which an API key may have all in use, 50 per bid.
const FUNDS_MICRO: u64 = 1_000_000_000;
const ORDER_CAP_MICRO: u64 = 50_000_000;
/// Stake for every GPU that an ask can name, at 100 OBSC each; 64 per ask.
const PROVIDER_STAKE_MICRO_OBSC: u64 = 4096 * 100_000_000;
const ORDER_CAP_GPUS: u64 = 64;
const GPU_CAP: u64 = 4096;
const PERMISSIONS: u8 = constants::PERMISSION_TRADE | constants::PERMISSION_LEASE;
/// The year 2100. Constant, because naming the delegate anew would reset its budget.
const EXPIRES_AT: i64 = 4_102_444_800;

/// What a demo account is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DemoRole {
    Buyer,
    Provider,
}

/// One demo trader.
#[derive(Clone)]
pub struct DemoAccount {
    pub name: String,
    pub role: DemoRole,
    pub owner: Arc<Keypair>,
    pub api_key: String,
}

/// Opens demo accounts on one chain.
pub struct DemoAccounts<'a> {
    secret: Secret32,
    ledger: &'a dyn Ledger,
    keys: &'a LocalKeys,
    storage: &'a Storage,
}

impl<'a> DemoAccounts<'a> {
    pub async fn open(
        data_dir: &DataDir,
        ledger: &'a dyn Ledger,
        keys: &'a LocalKeys,
        storage: &'a Storage,
    ) -> anyhow::Result<Self> {
        Ok(Self { secret: data_dir.demo_secret()?, ledger, keys, storage })
    }

    /// The account of that name, opened and funded on first use.
    pub async fn account(&self, name: &str, role: DemoRole) -> anyhow::Result<DemoAccount> {
        let owner = Keypair::new_from_array(self.derive(OWNER_DOMAIN, name));
        let api_key = written(&self.derive(API_KEY_DOMAIN, name));
        fund_owner(self.ledger, self.keys, &owner, funding(role)).await?;
        name_delegate(self.ledger, self.keys, &owner, self.budget()).await?;
        self.storage.put_api_key(&api_key, &owner.pubkey().to_bytes(), name).await?;
        Ok(DemoAccount { name: name.to_owned(), role, owner: Arc::new(owner), api_key })
    }

    fn budget(&self) -> SetDelegateArgs {
        SetDelegateArgs {
            delegate: self.keys.relayer.pubkey(),
            permissions: PERMISSIONS,
            expires_at: EXPIRES_AT,
            spend_cap: FUNDS_MICRO,
            max_order_micro: ORDER_CAP_MICRO,
            max_order_gpus: ORDER_CAP_GPUS,
            gpu_cap: GPU_CAP,
        }
    }

    fn derive(&self, domain: &[u8], name: &str) -> [u8; 32] {
        Sha256::new()
            .chain_update(domain)
            .chain_update(self.secret.expose())
            .chain_update(name.as_bytes())
            .finalize()
            .into()
    }
}

fn funding(role: DemoRole) -> Funding {
    match role {
        DemoRole::Buyer => Funding { usdc: FUNDS_MICRO, obsc: 0 },
        DemoRole::Provider => Funding { usdc: FUNDS_MICRO, obsc: PROVIDER_STAKE_MICRO_OBSC },
    }
}
