//! A pool on a node of its own: made in process, then copied over account by account, so that a test needs no
//! deployment. And the `obscura` command, whose every output is searched for secrets.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use obscura_client::bootstrap::{self, LocalKeys, LocalSetup};
use obscura_client::ledger::local::{ClockSource, LocalLedger, ManualClock};
use obscura_client::ledger::rpc::{RpcLedger, RpcOptions};
use obscura_client::ledger::{Account, Ledger};
use obscura_client::transactions::Submission;
use obscura_client::{address, idl, wallet};
use serde_json::{Value, json};
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::{Keypair, Signer};
use spl_token_interface::instruction::mint_to;
use tempfile::TempDir;

use crate::localnet::Localnet;

const PROGRAM: &[u8] = include_bytes!("../../../program/artifacts/obscura_program.so");
/// A request has an upper size, and hex doubles it.
const CHUNK: usize = 1 << 20;
const API_KEY: &str = "k3y-of-the-node";
const SOL: u64 = 1_000_000_000;
pub const USDC: u64 = 1_000_000;

pub struct World {
    pub directory: TempDir,
    pub keys: LocalKeys,
    pub owner: Keypair,
    pub ledger: RpcLedger,
    node: Localnet,
    secrets: Vec<String>,
}

impl World {
    /// None where there is no node to run: see [`Localnet::start`].
    pub async fn start(test: &str) -> Option<Self> {
        let node = Localnet::start(test)?;
        let directory = tempfile::tempdir().unwrap();
        let ledger = RpcLedger::new(RpcOptions::new(node.url()));
        let now = ledger.clock().await.unwrap().unix_seconds;
        let keys = LocalKeys::load_or_create(&directory.path().join("keys")).unwrap();
        let clock = ClockSource::Manual(ManualClock::starting_at(now));
        let local = LocalLedger::open(&directory.path().join("chain"), clock).await.unwrap();
        bootstrap::prepare(&local, &keys, &LocalSetup::development(45, 16)).await.unwrap();
        let owner = obscura_client::key_file::load_or_create(&directory.path().join("owner.json")).unwrap();
        let world = Self { directory, keys, owner, ledger, node, secrets: Vec::new() };
        world.copy(&local).await;
        world.fund().await;
        Some(world.guarding_keys())
    }

    async fn copy(&self, local: &LocalLedger) {
        for (place, chunk) in PROGRAM.chunks(CHUNK).enumerate() {
            let parameters = json!([idl::ID.to_string(), hex::encode(chunk), place * CHUNK]);
            self.call("surfnet_writeProgram", parameters).await;
        }
        let mut accounts = local.program_accounts(&[]).await.unwrap();
        for mint in [self.keys.usdc_mint.pubkey(), self.keys.obsc_mint.pubkey()] {
            for address in [mint, address::vault(&mint)] {
                accounts.push((address, local.account(&address).await.unwrap().unwrap()));
            }
        }
        for (address, account) in accounts {
            let Account { lamports, data, owner, .. } = account;
            let update =
                json!({ "lamports": lamports, "data": hex::encode(data), "owner": owner.to_string() });
            self.call("surfnet_setAccount", json!([address.to_string(), update])).await;
        }
    }

    /// Ten SOL each, and what the owner starts with in its wallet.
    async fn fund(&self) {
        for key in [self.keys.authority.pubkey(), self.keys.matcher.pubkey()] {
            self.ledger.airdrop(&key, 10 * SOL).await.unwrap();
        }
        self.enrich(&self.owner.pubkey()).await;
    }

    /// Ten SOL, 100 USDC and 1,000 OBSC in the wallet of `key`.
    async fn enrich(&self, key: &Pubkey) {
        let authority = &self.keys.authority;
        self.ledger.airdrop(key, 10 * SOL).await.unwrap();
        for (mint, amount) in [(&self.keys.usdc_mint, 100 * USDC), (&self.keys.obsc_mint, 1_000 * USDC)] {
            let (mint, payer) = (mint.pubkey(), authority.pubkey());
            let tokens = wallet::token_account(key, &mint);
            let steps = [
                wallet::open_token_account(&payer, key, &mint),
                mint_to(&spl_token_interface::ID, &mint, &tokens, &payer, &[], amount).unwrap(),
            ];
            Submission::new(authority, steps).send(&self.ledger).await.unwrap();
        }
    }

    /// Another key with money in its wallet: its file, and its public half.
    pub async fn newcomer(&self, name: &str) -> (String, Pubkey) {
        let (file, key) = stranger(self.directory.path(), name);
        self.enrich(&key).await;
        (file, key)
    }

    /// A market with the terms of the first one and batches of its own length, made by the command itself.
    pub fn create_market(&self, name: &str, batch_seconds: u32, clear_seconds: u32) {
        let mut terms = self.json(&self.key(), &["market", "show", "H100 80GB"]);
        let of_market = ["address", "gpuType", "genesis", "batchSeconds", "clearSeconds"];
        let of_batch = ["runningBatch", "phase", "phaseEndsAt", "now"];
        for name in of_market.iter().chain(&of_batch) {
            assert!(terms.as_object_mut().unwrap().remove(*name).is_some(), "{name}");
        }
        let file = self.write("terms.json", &terms.to_string());
        let (batch, clear) = (batch_seconds.to_string(), clear_seconds.to_string());
        let lengths = ["--batch-seconds", &batch, "--clear-seconds", &clear];
        let create = [&["market", "create", name, "--terms", &file], &lengths[..]].concat();
        self.json(&self.local_key("authority"), &create);
    }

    /// Seals an order of four GPUs, and guards its secret. The file.
    pub fn seal(&mut self, market: &str, side: &str, owner: &Pubkey) -> String {
        let owner = owner.to_string();
        let terms = ["--gpu-type", market, "--side", side, "--price-micro", "1860000", "--qty", "4"];
        let seal = [&["seal", "--owner", &owner, "--json"], &terms[..]].concat();
        let sealed: Value = serde_json::from_slice(&self.run(&self.key(), &seal).stdout).unwrap();
        self.guard(sealed["secret"].as_str().unwrap());
        self.write(&format!("{side}-{owner}.json"), &sealed.to_string())
    }

    async fn call(&self, method: &str, parameters: Value) {
        let body = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": parameters });
        let answer = reqwest::Client::new().post(self.node.url()).json(&body).send().await.unwrap();
        let answer: Value = answer.json().await.unwrap();
        assert!(answer.get("error").is_none(), "{method}: {answer}");
    }

    fn guarding_keys(mut self) -> Self {
        self.secrets.push(API_KEY.to_owned());
        for keypair in [&self.owner, &self.keys.authority, &self.keys.matcher] {
            let bytes = keypair.to_bytes();
            self.secrets.push(keypair.to_base58_string());
            self.secrets.push(hex::encode(&bytes[..32]));
            self.secrets.push(bytes[..8].iter().map(u8::to_string).collect::<Vec<_>>().join(","));
        }
        self
    }

    /// From here on no output may have this text in it.
    fn guard(&mut self, secret: &str) {
        self.secrets.push(secret.to_owned());
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) -> String {
        std::fs::write(self.path(name), text).unwrap();
        self.path(name).display().to_string()
    }

    /// The key file of the owner.
    pub fn key(&self) -> String {
        self.path("owner.json").display().to_string()
    }

    pub fn local_key(&self, name: &str) -> String {
        self.directory.path().join("keys").join(format!("{name}.json")).display().to_string()
    }

    /// Runs `obscura` as `keypair`, and looks for secrets in what it prints.
    pub fn run(&self, keypair: &str, arguments: &[&str]) -> Output {
        let output = Command::new(env!("CARGO_BIN_EXE_obscura"))
            .args(arguments)
            .env("OBSCURA_RPC_URL", format!("{}/?api-key={API_KEY}", self.node.url()))
            .env("OBSCURA_KEYPAIR", keypair)
            .output()
            .unwrap();
        let shown = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
        let shown = String::from_utf8_lossy(&shown);
        for secret in &self.secrets {
            assert!(!shown.contains(secret.as_str()), "{arguments:?} shows a secret: {shown}");
        }
        output
    }

    /// Runs it with `--json`, for a command that must succeed.
    pub fn json(&self, keypair: &str, arguments: &[&str]) -> Value {
        let output = self.run(keypair, &[arguments, &["--json"]].concat());
        assert!(
            output.status.success(),
            "{arguments:?}: {}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// As [`json`](Self::json) for the owner, after a dry run that says the same and moves nothing.
    pub fn tried_and_sent(&self, arguments: &[&str]) -> Value {
        self.tried_and_sent_as(&self.key(), arguments)
    }

    pub fn tried_and_sent_as(&self, keypair: &str, arguments: &[&str]) -> Value {
        let before = self.shown();
        let tried = self.json(keypair, &[arguments, &["--dry-run"]].concat());
        assert_eq!((&tried["dryRun"], &tried["accepted"]), (&json!(true), &json!(true)), "{tried}");
        assert!(tried.get("signature").is_none(), "{tried}");
        assert_eq!(self.shown(), before, "a dry run of {arguments:?} moved something");
        let sent = self.json(keypair, arguments);
        assert!(sent["signature"].is_string(), "{sent}");
        let figures = |document: &Value| -> Vec<String> {
            let movements = document["movements"].as_array().unwrap();
            movements.iter().map(|movement| movement["figure"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(figures(&tried), figures(&sent), "{arguments:?}");
        sent
    }

    /// The owner's account as the command shows it, or the text of its absence.
    fn shown(&self) -> String {
        let output = self.run(&self.key(), &["account", "show", "--json"]);
        String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
    }

    /// Runs it for a command that must fail with this exit code; gives both outputs.
    pub fn fails(&self, keypair: &str, code: i32, arguments: &[&str]) -> String {
        let output = self.run(keypair, arguments);
        let shown = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {shown}");
        shown
    }
}

/// A key file that the pool has never heard of.
pub fn stranger(directory: &Path, name: &str) -> (String, Pubkey) {
    let path = directory.join(format!("{name}.json"));
    let key = obscura_client::key_file::load_or_create(&path).unwrap().pubkey();
    (path.display().to_string(), key)
}
