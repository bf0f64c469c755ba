//! Methods that read single accounts.

use obscura_client::ledger::{Account, Ledger};
use serde_json::{Value, json};
use solana_account_decoder::parse_account_data::{AccountAdditionalDataV3, SplTokenAdditionalDataV2};
use solana_account_decoder::parse_token::token_amount_to_ui_amount_v3;
use solana_account_decoder::{MAX_BASE58_BYTES, UiAccountEncoding, encode_ui_account};
use solana_rpc_client_api::config::RpcAccountInfoConfig;
use solana_sdk::program_pack::Pack;
use solana_sdk::pubkey::Pubkey;
use spl_token_interface::state::{Account as TokenAccount, Mint};

use super::Chain;
use super::failure::Failure;
use super::node::context;
use super::parameters::{Parameters, parse};

/// As Solana's nodes have it.
const MAX_MULTIPLE_ACCOUNTS: usize = 100;

pub async fn get_account_info(chain: &Chain, mut parameters: Parameters) -> Result<Value, Failure> {
    let address = parameters.address()?;
    let config: RpcAccountInfoConfig = parameters.optional("the configuration")?;
    let value = shown_at(chain, &address, &config, UiAccountEncoding::Binary).await?;
    Ok(json!({ "context": context(chain).await?, "value": value }))
}

pub async fn get_multiple_accounts(chain: &Chain, mut parameters: Parameters) -> Result<Value, Failure> {
    let addresses: Vec<String> = parameters.required("the list of addresses")?;
    let config: RpcAccountInfoConfig = parameters.optional("the configuration")?;
    if addresses.len() > MAX_MULTIPLE_ACCOUNTS {
        return Err(Failure::invalid_params(format!("at most {MAX_MULTIPLE_ACCOUNTS} addresses at a time")));
    }
    let mut values = Vec::with_capacity(addresses.len());
    for address in addresses {
        let address = parse(&address, "an address")?;
        values.push(shown_at(chain, &address, &config, UiAccountEncoding::Base64).await?);
    }
    Ok(json!({ "context": context(chain).await?, "value": values }))
}

pub async fn get_balance(chain: &Chain, mut parameters: Parameters) -> Result<Value, Failure> {
    let account = chain.account(&parameters.address()?).await?;
    let lamports = account.map_or(0, |account| account.lamports);
    Ok(json!({ "context": context(chain).await?, "value": lamports }))
}

pub async fn get_token_account_balance(chain: &Chain, mut parameters: Parameters) -> Result<Value, Failure> {
    let account = chain.account(&parameters.address()?).await?;
    let tokens = account
        .filter(|account| account.owner == spl_token_interface::ID)
        .and_then(|account| TokenAccount::unpack(&account.data).ok())
        .ok_or_else(|| Failure::invalid_params("there is no token account at that address"))?;
    let mint = chain.account(&tokens.mint).await?.and_then(|account| Mint::unpack(&account.data).ok());
    let mint = mint.ok_or_else(|| Failure::invalid_params("the token account's mint does not exist"))?;
    let decimals = SplTokenAdditionalDataV2::with_decimals(mint.decimals);
    let amount = token_amount_to_ui_amount_v3(tokens.amount, &decimals);
    Ok(json!({ "context": context(chain).await?, "value": amount }))
}

async fn shown_at(
    chain: &Chain,
    address: &Pubkey,
    config: &RpcAccountInfoConfig,
    default: UiAccountEncoding,
) -> Result<Value, Failure> {
    match chain.account(address).await? {
        Some(account) => shown(address, &account, config, default),
        None => Ok(Value::Null),
    }
}

/// An account in the encoding that was asked for.
pub fn shown(
    address: &Pubkey,
    account: &Account,
    config: &RpcAccountInfoConfig,
    default: UiAccountEncoding,
) -> Result<Value, Failure> {
    let encoding = config.encoding.unwrap_or(default);
    let base58 = matches!(encoding, UiAccountEncoding::Binary | UiAccountEncoding::Base58);
    let length = config.data_slice.map_or(account.data.len(), |slice| slice.length.min(account.data.len()));
    if base58 && length > MAX_BASE58_BYTES {
        let reason = format!("more than {MAX_BASE58_BYTES} bytes do not come in base58: ask for base64");
        return Err(Failure::invalid_params(reason));
    }
    let nothing_else: Option<AccountAdditionalDataV3> = None;
    Ok(json!(encode_ui_account(address, account, encoding, nothing_else, config.data_slice)))
}
