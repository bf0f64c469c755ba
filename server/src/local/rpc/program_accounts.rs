//! `getProgramAccounts`: accounts of one program, by size and by what stands in them.

use obscura_client::idl;
use obscura_client::ledger::{Account, Ledger, MemcmpFilter};
use serde_json::{Value, json};
use solana_account_decoder::UiAccountEncoding;
use solana_rpc_client_api::config::RpcProgramAccountsConfig;
use solana_rpc_client_api::filter::RpcFilterType;
use solana_sdk::pubkey::Pubkey;

use super::Chain;
use super::account_queries::shown;
use super::failure::Failure;
use super::node::context;
use super::parameters::Parameters;

/// As Solana's nodes have it.
const MAX_FILTERS: usize = 4;

/// What an account's data must satisfy.
#[derive(Clone, Default)]
struct Wanted {
    bytes: Vec<MemcmpFilter>,
    sizes: Vec<u64>,
}

pub async fn get_program_accounts(chain: &Chain, mut parameters: Parameters) -> Result<Value, Failure> {
    let program: Pubkey = parameters.base58("the program's address")?;
    let config: RpcProgramAccountsConfig = parameters.optional("the configuration")?;
    let wanted = Wanted::read(config.filters.unwrap_or_default())?;
    let mut found = Vec::new();
    for (address, account) in wanted.find(chain, &program).await? {
        let account = shown(&address, &account, &config.account_config, UiAccountEncoding::Binary)?;
        found.push(json!({ "pubkey": address.to_string(), "account": account }));
    }
    if config.with_context == Some(true) {
        return Ok(json!({ "context": context(chain).await?, "value": found }));
    }
    Ok(Value::Array(found))
}

impl Wanted {
    fn read(filters: Vec<RpcFilterType>) -> Result<Self, Failure> {
        if filters.len() > MAX_FILTERS {
            return Err(Failure::invalid_params(format!("at most {MAX_FILTERS} filters")));
        }
        let mut wanted = Self::default();
        for filter in filters {
            filter.verify().map_err(|error| Failure::invalid_params(format!("a filter: {error}")))?;
            match filter {
                RpcFilterType::DataSize(size) => wanted.sizes.push(size),
                RpcFilterType::Memcmp(memcmp) => {
                    let bytes = memcmp.bytes().map(|bytes| bytes.into_owned()).unwrap_or_default();
                    wanted.bytes.push(MemcmpFilter::new(memcmp.offset(), bytes));
                }
                RpcFilterType::TokenAccountState => {
                    return Err(Failure::invalid_params("this node does not filter by token account state"));
                }
            }
        }
        Ok(wanted)
    }

    /// The chain keeps an index of the Obscura program's accounts; others are looked for one by one.
    async fn find(self, chain: &Chain, program: &Pubkey) -> Result<Vec<(Pubkey, Account)>, Failure> {
        if *program == idl::ID {
            let mut found = chain.program_accounts(&self.bytes).await?;
            found.retain(|(_, account)| self.has_size(&account.data));
            return Ok(found);
        }
        let wanted =
            move |data: &[u8]| self.has_size(data) && self.bytes.iter().all(|filter| filter.matches(data));
        Ok(chain.owned_by(program, wanted).await?)
    }

    fn has_size(&self, data: &[u8]) -> bool {
        self.sizes.iter().all(|size| u64::try_from(data.len()) == Ok(*size))
    }
}
