//! The MCP face over a whole local pool, as hosts of either revision speak to it:
//! raw HTTP, so that headers, streams and sessions are what is tested.

#![allow(clippy::unwrap_used)]

mod confirmation;
#[path = "../pool/harness.rs"]
mod harness;
mod prompts;
mod resources;
mod revisions;
mod stdio;
mod subscriptions;
mod tasks;
mod waiting;
mod wire;
