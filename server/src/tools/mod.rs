//! The tool surface: a handful of tools over one pool service, and a vault where there is one.
//!
//! Free of axum, rmcp and LiteSVM, so that the pool server and a local MCP server
//! over a remote pool serve the same tools. A tool takes raw JSON, checks it
//! against its own schema, calls the service and returns JSON that fits its
//! output schema. HTTP routes run the same functions, so both faces refuse the
//! same requests with the same words.

pub mod account;
mod answer;
pub mod arguments;
pub mod commit;
mod correction;
mod definition;
pub mod desk;
pub mod lease;
pub mod lease_status;
pub mod markets;
mod next_steps;
pub mod orders;
pub mod privacy_report;
pub mod quote;
pub mod refund;
pub mod release;
pub mod reveal;
pub mod reveal_sealed;
pub mod schema;
mod surface;
pub mod verify_receipt;

#[cfg(test)]
mod contract_tests;

pub use answer::CommitAnswer;
pub use definition::{Annotations, Audience, ToolDefinition};
pub use desk::Desk;
pub use surface::{Face, Sealing, SurfaceOptions, ToolSurface, Toolset};
