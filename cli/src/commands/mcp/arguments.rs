//! What `obscura mcp` and the entries that start it have in common.

use std::convert::Infallible;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;
use obscura_client::secret_file::read_private;
use obscura_server::cli::AgentArgs;
use obscura_server::local::default_data_dir;
use obscura_server::remote::ApiKey;
use zeroize::Zeroizing;

const KEY_VARIABLE: &str = "OBSCURA_API_KEY";

/// Which pool, as whom, and what is shown.
#[derive(Args)]
pub struct ServeArguments {
    /// The pool's address.
    #[arg(
        long,
        value_name = "URL",
        env = "OBSCURA_POOL",
        default_value = "http://127.0.0.1:8402",
        value_parser = pool_address
    )]
    pub pool: String,

    /// A file with the pool's API key in it, readable by you alone. Without it OBSCURA_API_KEY holds the key.
    #[arg(long, value_name = "FILE")]
    pub api_key_file: Option<PathBuf>,

    /// The owner's key, which signs public reveals; it never leaves this machine. Needs SOL for fees.
    #[arg(long, value_name = "FILE", env = "OBSCURA_KEYPAIR", hide_env_values = true)]
    pub keypair: Option<PathBuf>,

    /// A Solana node's JSON-RPC address, never shown. [default: /rpc of a pool on this machine, where it answers]
    #[arg(long, value_name = "URL", env = "OBSCURA_RPC_URL", hide_env_values = true)]
    pub rpc_url: Option<String>,

    /// The vault's folder. [default: `agent-vault` in the platform's data folder for obscura]
    #[arg(long, value_name = "DIR")]
    pub vault: Option<PathBuf>,

    #[command(flatten)]
    pub agents: AgentArgs,
}

impl ServeArguments {
    pub fn vault_folder(&self) -> PathBuf {
        self.vault.clone().unwrap_or_else(|| default_data_dir().path().join("agent-vault"))
    }

    pub fn api_key(&self) -> anyhow::Result<ApiKey> {
        let text = match &self.api_key_file {
            Some(path) => key_in(path)?,
            None => match std::env::var(KEY_VARIABLE) {
                Ok(text) => Zeroizing::new(text),
                Err(_) => bail!(
                    "say as whom: --api-key-file FILE, or {KEY_VARIABLE}. The pool's operator gives out API keys; a \
                     local pool prints two when it starts"
                ),
            },
        };
        Ok(ApiKey::new(&text)?)
    }
}

/// The address of a pool's own MCP face stands for the pool.
fn pool_address(url: &str) -> Result<String, Infallible> {
    let url = url.trim_end_matches('/');
    Ok(url.strip_suffix("/mcp").unwrap_or(url).to_owned())
}

fn key_in(path: &Path) -> anyhow::Result<Zeroizing<String>> {
    read_private(path)?.with_context(|| format!("there is no API key file {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_of_a_pools_mcp_face_is_the_pools() {
        for written in
            ["http://pool:8402", "http://pool:8402/", "http://pool:8402/mcp", "http://pool:8402/mcp/"]
        {
            assert_eq!(pool_address(written).unwrap(), "http://pool:8402");
        }
        assert_eq!(pool_address("https://example.com/obscura").unwrap(), "https://example.com/obscura");
    }
}
