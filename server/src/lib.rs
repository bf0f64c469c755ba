//! Pool server of Obscura: MCP and HTTP over one service layer, the matcher, API
//! keys and storage.
//!
//! It must never hold a user's key, and never move a user's money anywhere but
//! into an order or back to the user. `service` and `tools` know neither axum nor
//! LiteSVM; `pool` is the in-process implementation over a `Ledger`.

pub mod api_key;
pub mod cli;
pub mod cluster;
pub mod demo;
mod first_error;
pub mod http;
pub mod local;
pub mod logging;
pub mod matcher;
pub mod mcp;
pub mod pool;
pub mod prover;
pub mod proving_keys;
mod recent_keys;
pub mod remote;
pub mod serve;
pub mod service;
mod sign_of_life;
pub mod storage;
mod supervise;
pub mod terminal;
pub mod tools;
pub mod vault;
