//! Books and clearings as JSON, from outside: the format of SPEC section 7.1 and its every refusal.
//!
//! `fuzz` runs for a moment in every `cargo test`. For an hour each, stopping at the first failure:
//! ```sh
//! BOLERO_RANDOM_ITERATIONS=1000000000 BOLERO_RANDOM_TEST_TIME_MS=3600000 \
//!   cargo test --release -p obscura-client --test book_file fuzz
//! ```
//! A failure prints its seed; `BOLERO_RANDOM_SEED` runs it again.

#![allow(clippy::unwrap_used)]

mod books;
mod format;
mod fuzz;
mod malformed;
mod many_lines;
mod mutations;
mod tampered;
