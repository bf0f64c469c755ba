//! One file or folder per command.

pub mod bench;
pub mod clear;
pub mod deploy;
pub mod seal;
pub mod verify;
pub mod zkey;
