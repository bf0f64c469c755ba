//! `obscura mcp` as a host runs it: a child process that speaks MCP over its standard streams, over a whole
//! local pool in this process.

#![allow(clippy::unwrap_used)]

mod crashes;
mod host;
mod install;
mod session;
mod world;
