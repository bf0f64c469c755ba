//! The built `obscura` against a real Solana node with the program on it.

#![allow(clippy::unwrap_used)]

// The ledger's own tests stop and restart theirs.
#[allow(dead_code)]
#[path = "../../../client/tests/ledger/localnet.rs"]
mod localnet;

mod authority;
mod leases;
mod offline;
mod refusals;
mod trading;
mod world;
