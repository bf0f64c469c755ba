//! One command's talk with the chain: its signer, its ledger, and the one transaction that it tries or sends.
//!
//! Must never send where a dry run was asked for.

use anyhow::{Context, anyhow};
use obscura_client::accounts::{self, ProgramAccount, ReadError};
use obscura_client::amount::decimal;
use obscura_client::ledger::rpc::RpcLedger;
use obscura_client::ledger::{ChainClock, Ledger, LedgerError, MemcmpFilter};
use obscura_client::movements::{self, Mints, Movement};
use obscura_client::node_url;
use obscura_client::pubkey::Pubkey;
use obscura_client::transactions::Submission;
use serde_json::{Map, Value, json};
use solana_sdk::instruction::Instruction;
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer;

use super::options::{Node, Signing};
use super::refusal::Refusal;
use super::{Answer, show};

pub struct Session {
    pub ledger: RpcLedger,
    pub mints: Mints,
    signer: Keypair,
    fee_payer: Option<Keypair>,
    node: Node,
    dry_run: bool,
}

/// One transaction and how to speak of it.
pub struct Step<'a> {
    /// For example `deposit`.
    pub verb: &'a str,
    pub instructions: Vec<Instruction>,
    /// What the JSON names besides, for example the order's id.
    pub names: Map<String, Value>,
}

impl<'a> Step<'a> {
    pub fn new(verb: &'a str, instructions: impl IntoIterator<Item = Instruction>) -> Self {
        let instructions = instructions.into_iter().collect();
        Self { verb, instructions, names: Map::new() }
    }

    pub fn naming(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.names.insert(name.to_owned(), value.into());
        self
    }
}

impl Session {
    pub async fn open(signing: &Signing) -> anyhow::Result<Self> {
        let (signer, fee_payer) = (signing.signer()?, signing.fee_payer()?);
        let ledger = signing.ledger();
        let mints = pool_mints(&ledger, &signing.node).await?;
        let (node, dry_run) = (signing.node.clone(), signing.dry_run);
        Ok(Self { ledger, mints, signer, fee_payer, node, dry_run })
    }

    /// The key that signs.
    pub fn key(&self) -> Pubkey {
        self.signer.pubkey()
    }

    /// The key that pays.
    pub fn payer(&self) -> Pubkey {
        self.paying().pubkey()
    }

    fn paying(&self) -> &Keypair {
        self.fee_payer.as_ref().unwrap_or(&self.signer)
    }

    /// Reads an account that must be there; `hint` says what to do where it is not.
    pub async fn get<T: ProgramAccount>(&self, address: &Pubkey, hint: &str) -> anyhow::Result<T> {
        get(&self.ledger, &self.node, address, hint).await
    }

    /// Reads every account of one type.
    pub async fn list<T: ProgramAccount>(&self) -> anyhow::Result<Vec<(Pubkey, T)>> {
        list(&self.ledger, &self.node, []).await
    }

    pub async fn clock(&self) -> anyhow::Result<ChainClock> {
        self.ledger.clock().await.map_err(|error| told(&self.node, error))
    }

    /// Seconds of the chain's clock.
    pub async fn now(&self) -> anyhow::Result<i64> {
        Ok(self.clock().await?.unix_seconds)
    }

    /// Tries or sends `step`, and says what came of it.
    pub async fn submit(&self, step: Step<'_>) -> anyhow::Result<Answer> {
        let Step { verb, instructions, names } = step;
        let submission = Submission::new(self.paying(), instructions).signed_by(&self.signer);
        let outcome =
            if self.dry_run { self.rehearse(&submission).await } else { self.send(&submission).await };
        match outcome {
            Ok(outcome) => Ok(Answer::done(self.told_done(verb, names, &outcome))),
            Err(error) => match Refusal::of(&error) {
                Some(refusal) => Ok(self.refused(verb, &refusal)),
                None => Err(told(&self.node, error)),
            },
        }
    }

    async fn rehearse(&self, submission: &Submission<'_>) -> Result<Outcome, LedgerError> {
        let rehearsal = movements::rehearse(&self.ledger, submission, &self.mints).await?;
        if let Some(refusal) = rehearsal.refusal {
            return Err(refusal);
        }
        let facts = json!({ "computeUnits": rehearsal.compute_units });
        Ok(Outcome { facts, movements: Some(rehearsal.movements) })
    }

    async fn send(&self, submission: &Submission<'_>) -> Result<Outcome, LedgerError> {
        let performance = movements::perform(&self.ledger, submission, &self.mints).await?;
        let landed = performance.landed;
        let facts = json!({
            "signature": landed.signature.to_string(),
            "slot": landed.slot,
            "computeUnits": landed.compute_units,
        });
        Ok(Outcome { facts, movements: performance.movements })
    }

    fn told_done(&self, verb: &str, names: Map<String, Value>, outcome: &Outcome) -> String {
        let Outcome { facts, movements } = outcome;
        if self.node.json {
            let mut document = Map::from_iter([
                ("action".to_owned(), verb.into()),
                ("dryRun".to_owned(), self.dry_run.into()),
                ("accepted".to_owned(), true.into()),
            ]);
            document.extend(names);
            document.extend(facts.as_object().cloned().unwrap_or_default());
            let moved = |movements: &Vec<Movement>| movements.iter().map(Movement::json).collect();
            document.insert("movements".to_owned(), movements.as_ref().map_or(Value::Null, moved));
            return Value::Object(document).to_string();
        }
        let names: String = names.iter().map(|(name, value)| named(name, value)).collect();
        let table = match movements {
            Some(movements) => show::movements(movements),
            None => "the node does not show what has moved: look again later".to_owned(),
        };
        match facts["signature"].as_str() {
            None => format!("{verb}: dry run, nothing was sent. It would move:\n{names}{table}"),
            Some(signature) => format!("{verb}: done in transaction {signature}\n{names}{table}"),
        }
    }

    fn refused(&self, verb: &str, refusal: &Refusal) -> Answer {
        if self.node.json {
            let document = json!({
                "action": verb, "dryRun": self.dry_run, "accepted": false, "error": refusal.json(),
            });
            return Answer::refused(document.to_string());
        }
        let would = if self.dry_run { "would be refused" } else { "was refused, nothing moved" };
        Answer::refused_in_words(format!("{verb} {would}: {}", refusal.in_words()))
    }
}

/// What is printed of a transaction that ran.
struct Outcome {
    facts: Value,
    movements: Option<Vec<Movement>>,
}

/// A line for people: money in both forms.
fn named(name: &str, value: &Value) -> String {
    match (name.strip_suffix("Micro"), value.as_u64(), value.as_str()) {
        (Some(name), Some(micro), _) => format!("{name} {} ({micro} micro)\n", decimal(micro)),
        (_, _, Some(text)) => format!("{name} {text}\n"),
        _ => format!("{name} {value}\n"),
    }
}

/// Reads an account that must be there.
pub async fn get<T: ProgramAccount>(
    ledger: &RpcLedger,
    node: &Node,
    address: &Pubkey,
    hint: &str,
) -> anyhow::Result<T> {
    match accounts::get(ledger, address).await {
        Ok(account) => Ok(account),
        Err(ReadError::Ledger(error)) => Err(told(node, error)),
        Err(ReadError::Missing { .. }) => {
            Err(anyhow!("there is no {} account at {address}: {hint}", T::NAME.to_lowercase()))
        }
        Err(ReadError::Decode(error)) => Err(anyhow!("{error}: {hint}")),
    }
}

/// Reads every account of one type that satisfies `filters`.
pub async fn list<T: ProgramAccount>(
    ledger: &RpcLedger,
    node: &Node,
    filters: impl IntoIterator<Item = MemcmpFilter>,
) -> anyhow::Result<Vec<(Pubkey, T)>> {
    match accounts::list(ledger, filters).await {
        Ok(found) => Ok(found),
        Err(ReadError::Ledger(error)) => Err(told(node, error)),
        Err(error) => Err(error.into()),
    }
}

/// The mints of the pool on this chain, which there must be.
pub async fn pool_mints(ledger: &RpcLedger, node: &Node) -> anyhow::Result<Mints> {
    match movements::mints(ledger).await {
        Ok(mints) => Ok(mints),
        Err(ReadError::Ledger(error)) => Err(told(node, error)),
        Err(ReadError::Missing { .. }) => Err(anyhow!(
            "there is no pool on the chain of {}: is --rpc-url the right one?",
            node_url::shown(&node.rpc_url)
        )),
        Err(error) => Err(error).context("the settings cannot be read: is this another version's pool?"),
    }
}

/// A failed question, with the node that did not answer it.
pub fn told(node: &Node, error: LedgerError) -> anyhow::Error {
    anyhow!(
        "{}: {error}; --rpc-url (or OBSCURA_RPC_URL) says where the node is",
        node_url::shown(&node.rpc_url)
    )
}
