//! The market's rules from outside: tables for single cases, laws for all of them.
//!
//! `PROPTEST_CASES` raises the number of random books for each law.

#![allow(clippy::unwrap_used)]

mod admissible_table;
mod allocation_laws;
mod books;
mod clearing_laws;
mod clearing_table;
mod encoding_golden;
mod hashing_paths;
mod settlement_laws;
mod single_mutations;
