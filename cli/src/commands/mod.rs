//! One file per command.

pub mod bench;
pub mod clear;
pub mod seal;
pub mod verify;
