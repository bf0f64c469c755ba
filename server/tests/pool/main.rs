//! A whole local pool, driven as users drive it: over HTTP and MCP, with the real
//! program and real proofs. The chain's clock is moved by the tests.

#![allow(clippy::unwrap_used)]

mod agent_tools;
mod errors;
mod harness;
mod imported_keys;
mod mcp_face;
mod node_face;
mod receipts;
mod restart;
mod vault;
mod vault_world;
mod whole_loop;
