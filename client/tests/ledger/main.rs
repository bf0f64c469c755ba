//! The behaviour that every ledger owes its users, and what each of them adds.

#![allow(clippy::unwrap_used)]

mod behaviour;
mod fault_proxy;
#[cfg(feature = "embedded")]
mod local;
mod localnet;
mod node_address;
mod refusals;
mod rpc;
mod scripted_node;
mod simulation;
