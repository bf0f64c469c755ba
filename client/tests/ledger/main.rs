//! The behaviour that every ledger owes its users, and what the in-process one adds.

#![allow(clippy::unwrap_used)]
#![cfg(feature = "embedded")]

mod behaviour;
mod local;
