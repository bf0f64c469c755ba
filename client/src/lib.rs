//! Rust SDK of Obscura: accounts, instructions, sealing, and the one seam to the chain.
//!
//! A map, in reading order:
//! - [`ledger`], [`transactions`]: the chain, and how anything gets onto it.
//! - [`idl`], [`address`], [`accounts`], [`instructions`]: the program's interface.
//! - [`sealing`], [`sealed_order`], [`placing`]: from an order's terms to its commitment, and into a batch.
//! - [`order_standing`], [`deadlines`], [`lease_terms`]: what became of it, until when what is possible, and
//!   what its leases' terms are.
//! - [`figures`], [`movements`], [`amount`]: accounts as people and scripts read them, and what a transaction
//!   moves between them.
//! - [`proofs`]: the circuit's keys and proofs as the program takes them.
//! - [`book_file`]: books and clearings as JSON, for whoever clears or checks outside the pool.
//! - [`receipt`]: what a clearing made of an order, checked without a network.
//! - [`books`]: whether the money adds up.
//! - [`causes`], [`node_url`]: errors and addresses as people may read them.
//! - [`sealed_opening`], [`acknowledgement`]: an opening that only the matcher can read, and the matcher's word.
//! - [`secret_file`], [`record_cipher`], [`folder_lock`]: secrets at rest, and one process at a time over them.
//! - [`key_file`], [`deploy`], [`program_file`]: keys on disk; a cluster made ready, the program with it.
//! - [`bootstrap`]: a local chain made ready.
//!
//! Must never hold a market rule of its own: every rule is `obscura_auction`'s, every hash
//! `obscura_circuits`'. Nothing here or above may know which [`ledger::Ledger`] it talks to; the
//! in-process chain and everything that only a local market needs sit behind the feature
//! `embedded`.

pub mod accounts;
pub mod acknowledgement;
pub mod address;
pub mod amount;
pub mod book_file;
pub mod books;
#[cfg(feature = "embedded")]
pub mod bootstrap;
pub mod causes;
pub mod deadlines;
pub mod deploy;
pub mod figures;
pub mod folder_lock;
pub mod hardware;
pub mod idl;
pub mod instructions;
pub mod key_file;
pub mod lease_terms;
pub mod ledger;
pub mod movements;
pub mod node_url;
pub mod order_standing;
pub mod placing;
pub mod program_file;
pub mod proofs;
pub mod receipt;
pub mod record_cipher;
pub mod sealed_opening;
pub mod sealed_order;
pub mod sealing;
pub mod secret_file;
pub mod transactions;
#[cfg(feature = "vault")]
pub mod vault;
pub mod wallet;

pub use solana_sdk::pubkey;
