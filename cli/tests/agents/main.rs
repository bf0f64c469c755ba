//! Agents as their users run them: real MCP clients and every example, against the real `obscura-server serve`
//! and the real `obscura`, each as a process of its own.
//!
//! What a test needs beyond Rust is installed on first use, pinned by lock files. Must never pass for a run that
//! did not happen: `prerequisites.rs`.
#![allow(clippy::unwrap_used, reason = "a test that cannot set its scene has failed")]

mod examples;
mod inspector;
mod pool;
mod prerequisites;
mod python;
mod python_sdk;
