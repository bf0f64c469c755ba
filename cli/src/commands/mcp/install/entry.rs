//! What a host's entry says: this program, `mcp`, and its options with whole paths.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::ValueEnum;
use jsonc_parser::cst::CstInputValue;
use obscura_client::amount::decimal;
use obscura_server::cli::{AgentArgs, ToolsetArg};

use super::host::Host;
use crate::commands::mcp::arguments::ServeArguments;

/// An entry, the same for every host but for its form.
pub struct Entry {
    command: String,
    arguments: Vec<String>,
}

impl Entry {
    /// Fails where the host could not start it so.
    pub fn new(serve: &ServeArguments) -> anyhow::Result<Self> {
        let ServeArguments { pool, api_key_file, keypair, rpc_url, vault, agents } = serve;
        let AgentArgs { toolset, read_only, confirm_above } = agents;
        let key = api_key_file.as_ref().context(
            "name the file that holds the API key: --api-key-file FILE. A host's file is no place for a key",
        )?;
        serve.api_key()?;
        let program = std::env::current_exe().context("this program does not know where it is")?;
        let mut arguments = vec!["mcp".to_owned(), "--pool".to_owned(), pool.clone()];
        let mut with = |option: &str, value: String| arguments.extend([option.to_owned(), value]);
        with("--api-key-file", whole(key)?);
        if let Some(keypair) = keypair {
            with("--keypair", whole(keypair)?);
        }
        if let Some(url) = rpc_url {
            with("--rpc-url", without_key(url)?);
        }
        if let Some(vault) = vault {
            let folder = std::path::absolute(vault).context("the vault's folder")?;
            with("--vault", text(&folder)?);
        }
        if let Some(name) = toolset.to_possible_value().filter(|_| !matches!(toolset, ToolsetArg::All)) {
            with("--toolset", name.get_name().to_owned());
        }
        if let Some(micro) = confirm_above {
            with("--confirm-above", decimal(*micro));
        }
        if *read_only {
            arguments.push("--read-only".to_owned());
        }
        Ok(Self { command: text(&program)?, arguments })
    }

    /// As `host` wants it.
    pub fn value(&self, host: Host) -> CstInputValue {
        let text = |text: &String| CstInputValue::String(text.clone());
        let mut fields = Vec::new();
        if host.names_transport() {
            fields.push(("type".to_owned(), CstInputValue::String("stdio".to_owned())));
        }
        fields.push(("command".to_owned(), text(&self.command)));
        fields.push(("args".to_owned(), CstInputValue::Array(self.arguments.iter().map(text).collect())));
        CstInputValue::Object(fields)
    }
}

fn whole(path: &Path) -> anyhow::Result<String> {
    let found: PathBuf =
        path.canonicalize().with_context(|| format!("there is no file {}", path.display()))?;
    text(&found)
}

fn text(path: &Path) -> anyhow::Result<String> {
    path.to_str().map(str::to_owned).with_context(|| format!("{} is not UTF-8", path.display()))
}

/// A node's address with a path, a query or a user may hold a key.
fn without_key(url: &str) -> anyhow::Result<String> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = rest.split_once('/').map_or("", |(_, path)| path);
    if rest.contains(['@', '?', '#']) || !matches!(path, "" | "rpc") {
        bail!(
            "the node's address may hold an API key, and a host's file is no place for it: leave --rpc-url out, and \
             set OBSCURA_RPC_URL where the host is started"
        );
    }
    Ok(url.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_may_hold_a_key_is_not_written_down() {
        for url in ["http://127.0.0.1:8402/rpc", "https://api.devnet.solana.com", "https://node.example.com/"]
        {
            assert_eq!(without_key(url).unwrap(), url);
        }
        for url in [
            "https://node.example.com/v2/KEY",
            "https://node.example.com/?api-key=KEY",
            "https://me:KEY@node",
        ] {
            let refusal = without_key(url).unwrap_err().to_string();
            assert!(!refusal.contains("KEY,") && !refusal.contains("/KEY"), "{refusal}");
        }
    }
}
