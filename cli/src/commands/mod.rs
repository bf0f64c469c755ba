//! One file or folder per command.

pub mod account;
pub mod batch;
pub mod bench;
pub mod clear;
pub mod delegate;
pub mod deploy;
pub mod deposit;
pub mod lease;
pub mod market;
pub mod matcher;
pub mod mcp;
pub mod order;
pub mod provider;
pub mod seal;
pub mod stake;
pub mod treasury;
pub mod verify;
pub mod withdraw;
pub mod zkey;
