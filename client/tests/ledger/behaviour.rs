//! Tests over `dyn Ledger`: an implementation passes [`all`] of them, given a funded payer.

use anchor_lang::solana_program::system_instruction;
use obscura_client::ledger::{Ledger, LedgerError};
use obscura_client::transactions::Submission;
use solana_sdk::hash::Hash;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::{Keypair, Signer};
use solana_sdk::transaction::Transaction;

/// Enough for the account to be rent-exempt.
pub const PAYMENT: u64 = 2_000_000;

pub fn payment(from: &Keypair, to: &Pubkey) -> Instruction {
    system_instruction::transfer(&from.pubkey(), to, PAYMENT)
}

pub fn signed_payment(from: &Keypair, to: &Pubkey, blockhash: Hash) -> Transaction {
    Transaction::new_signed_with_payer(&[payment(from, to)], Some(&from.pubkey()), &[from], blockhash)
}

pub async fn balance(ledger: &dyn Ledger, address: &Pubkey) -> u64 {
    ledger.account(address).await.unwrap().map_or(0, |account| account.lamports)
}

/// Everything that a ledger owes its users.
pub async fn all(ledger: &dyn Ledger, payer: &Keypair) {
    a_payment_moves_money_and_reports_what_it_used(ledger, payer).await;
    a_resent_transaction_is_refused_and_moves_nothing(ledger, payer).await;
    the_same_payment_signed_again_is_another_payment(ledger, payer).await;
    an_unknown_blockhash_is_refused(ledger, payer).await;
    a_forged_signature_is_refused(ledger, payer).await;
    a_missing_signer_is_refused(ledger, payer).await;
    an_empty_payer_is_named_as_the_cause(ledger).await;
    a_failing_instruction_takes_the_others_back(ledger, payer).await;
}

pub async fn a_payment_moves_money_and_reports_what_it_used(ledger: &dyn Ledger, payer: &Keypair) {
    let to = Pubkey::new_unique();
    let landed = Submission::new(payer, [payment(payer, &to)]).send(ledger).await.unwrap();
    assert_eq!(balance(ledger, &to).await, PAYMENT);
    assert!(landed.compute_units > 0);
    assert!(!landed.logs.is_empty());
}

async fn a_resent_transaction_is_refused_and_moves_nothing(ledger: &dyn Ledger, payer: &Keypair) {
    let to = Pubkey::new_unique();
    let transaction = signed_payment(payer, &to, ledger.latest_blockhash().await.unwrap());
    let landed = ledger.send(&transaction).await.unwrap();
    let again = ledger.send(&transaction).await;
    assert_eq!(again, Err(LedgerError::AlreadyProcessed { signature: landed.signature }));
    assert_eq!(balance(ledger, &to).await, PAYMENT);
}

async fn the_same_payment_signed_again_is_another_payment(ledger: &dyn Ledger, payer: &Keypair) {
    let to = Pubkey::new_unique();
    for _ in 0..2 {
        Submission::new(payer, [payment(payer, &to)]).send(ledger).await.unwrap();
    }
    assert_eq!(balance(ledger, &to).await, 2 * PAYMENT);
}

async fn an_unknown_blockhash_is_refused(ledger: &dyn Ledger, payer: &Keypair) {
    let transaction = signed_payment(payer, &Pubkey::new_unique(), Hash::new_from_array([1; 32]));
    assert_eq!(ledger.send(&transaction).await, Err(LedgerError::BlockhashExpired));
}

async fn a_forged_signature_is_refused(ledger: &dyn Ledger, payer: &Keypair) {
    let thief = Keypair::new();
    let mut transaction = signed_payment(payer, &thief.pubkey(), ledger.latest_blockhash().await.unwrap());
    transaction.signatures[0] = thief.sign_message(&transaction.message_data());
    assert_eq!(ledger.send(&transaction).await, Err(LedgerError::BadSignature));
}

async fn a_missing_signer_is_refused(ledger: &dyn Ledger, payer: &Keypair) {
    let stranger = Keypair::new();
    let outcome = Submission::new(payer, [payment(&stranger, &payer.pubkey())]).send(ledger).await;
    assert_eq!(outcome, Err(LedgerError::BadSignature));
}

async fn an_empty_payer_is_named_as_the_cause(ledger: &dyn Ledger) {
    let pauper = Keypair::new();
    let outcome = Submission::new(&pauper, [payment(&pauper, &Pubkey::new_unique())]).send(ledger).await;
    assert_eq!(outcome, Err(LedgerError::FeePayerEmpty));
}

async fn a_failing_instruction_takes_the_others_back(ledger: &dyn Ledger, payer: &Keypair) {
    let to = Pubkey::new_unique();
    let before = balance(ledger, &payer.pubkey()).await;
    let too_much = system_instruction::transfer(&payer.pubkey(), &to, u64::MAX / 2);
    let outcome = Submission::new(payer, [payment(payer, &to), too_much]).send(ledger).await;
    assert!(matches!(outcome, Err(LedgerError::Program { instruction: 1, .. })), "{outcome:?}");
    assert_eq!(balance(ledger, &to).await, 0);
    assert_eq!(balance(ledger, &payer.pubkey()).await, before);
}
