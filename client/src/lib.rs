//! Rust SDK of Obscura: accounts, instructions, sealing, and the one seam to the chain.
//!
//! Must never hold a market rule of its own: every rule is `obscura_auction`'s, every hash
//! `obscura_circuits`'. Nothing here or above may know which [`ledger::Ledger`] it talks to; the
//! in-process chain and everything that only a local market needs sit behind the feature
//! `embedded`.

pub mod ledger;
