//! One verb for each instruction, as the right caller with the right accounts would send it. A negative test
//! takes the instruction from `instructions`' builders here and changes the one thing it is about.

pub mod authority;
pub mod clear;
pub mod leases;
pub mod matcher;
pub mod orders;
pub mod owner;
