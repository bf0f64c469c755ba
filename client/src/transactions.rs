//! Signing and sending, the same over every [`Ledger`].
//!
//! Must never resend a transaction that may still land: only an expired blockhash, which the chain
//! promises never to take, is signed again.

use std::collections::BTreeSet;

use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::{Keypair, Signer};
use solana_sdk::transaction::Transaction;

use crate::ledger::{Landed, Ledger, LedgerError, Simulated};

/// The most compute units a transaction can ask for.
pub const MAX_COMPUTE_UNITS: u32 = 1_400_000;

/// A blockhash lives about a minute, signing and sending take far less: a second expiry in a row
/// means something else is wrong.
const MAX_ATTEMPTS: usize = 3;

const COMPUTE_BUDGET_PROGRAM: Pubkey = Pubkey::from_str_const("ComputeBudget111111111111111111111111111111");
const SET_COMPUTE_UNIT_LIMIT: u8 = 2;
const SET_COMPUTE_UNIT_PRICE: u8 = 3;

/// Instructions that land together or not at all, and the keys that sign for them.
pub struct Submission<'a> {
    instructions: Vec<Instruction>,
    payer: &'a Keypair,
    signers: Vec<&'a Keypair>,
}

impl<'a> Submission<'a> {
    /// `payer` pays the fee, and signs wherever the instructions name it.
    pub fn new(payer: &'a Keypair, instructions: impl IntoIterator<Item = Instruction>) -> Self {
        Self { instructions: instructions.into_iter().collect(), payer, signers: vec![payer] }
    }

    /// Another signature that the instructions ask for. Naming a key twice does no harm.
    pub fn signed_by(mut self, signer: &'a Keypair) -> Self {
        if !self.signers.iter().any(|known| known.pubkey() == signer.pubkey()) {
            self.signers.push(signer);
        }
        self
    }

    /// Asks for more than the 200,000 compute units an instruction gets by itself.
    pub fn with_compute_units(mut self, units: u32) -> Self {
        self.instructions.insert(0, set_compute_unit_limit(units));
        self
    }

    /// Sends, and returns once it has landed.
    pub async fn send(&self, ledger: &dyn Ledger) -> Result<Landed, LedgerError> {
        let mut attempt = 1;
        loop {
            match self.attempt(ledger).await {
                Err(LedgerError::BlockhashExpired) if attempt < MAX_ATTEMPTS => attempt += 1,
                outcome => return outcome,
            }
        }
    }

    /// Runs it without effect; `accounts` are shown as it would leave them.
    pub async fn simulate(&self, ledger: &dyn Ledger, accounts: &[Pubkey]) -> Result<Simulated, LedgerError> {
        ledger.simulate(&self.signed(ledger).await?, accounts).await
    }

    /// The accounts that it may change, each once, in ascending order.
    pub fn writable(&self) -> Vec<Pubkey> {
        let named = self.instructions.iter().flat_map(|step| &step.accounts);
        let writable = named.filter(|account| account.is_writable).map(|account| account.pubkey);
        let all: BTreeSet<Pubkey> = writable.chain([self.payer.pubkey()]).collect();
        all.into_iter().collect()
    }

    async fn attempt(&self, ledger: &dyn Ledger) -> Result<Landed, LedgerError> {
        ledger.send(&self.signed(ledger).await?).await
    }

    async fn signed(&self, ledger: &dyn Ledger) -> Result<Transaction, LedgerError> {
        let blockhash = ledger.latest_blockhash().await?;
        let price = Some(ledger.compute_unit_price()).filter(|price| *price > 0);
        // At the end, so that an error names an instruction by its place in the submission.
        let mut instructions = self.instructions.clone();
        instructions.extend(price.map(set_compute_unit_price));
        let mut transaction = Transaction::new_with_payer(&instructions, Some(&self.payer.pubkey()));
        transaction.try_sign(&self.signers, blockhash).map_err(|_| LedgerError::BadSignature)?;
        Ok(transaction)
    }
}

fn set_compute_unit_price(micro_lamports: u64) -> Instruction {
    let mut data = vec![SET_COMPUTE_UNIT_PRICE];
    data.extend_from_slice(&micro_lamports.to_le_bytes());
    Instruction { program_id: COMPUTE_BUDGET_PROGRAM, accounts: Vec::new(), data }
}

fn set_compute_unit_limit(units: u32) -> Instruction {
    let mut data = vec![SET_COMPUTE_UNIT_LIMIT];
    data.extend_from_slice(&units.to_le_bytes());
    Instruction { program_id: COMPUTE_BUDGET_PROGRAM, accounts: Vec::new(), data }
}
