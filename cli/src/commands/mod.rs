//! One file per command.

pub mod seal;
