//! The market's rules from outside: tables for single cases, laws for all of them.
//!
//! Each law is tried on 10,000 random books; `PROPTEST_CASES` asks for more.

#![allow(clippy::unwrap_used)]

mod admissible_table;
mod allocation_laws;
mod books;
mod brute_force;
mod clearing_laws;
mod clearing_table;
mod encoding_golden;
mod hashing_paths;
mod settlement_laws;
mod single_mutations;
