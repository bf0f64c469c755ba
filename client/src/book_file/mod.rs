//! Books and clearings as JSON texts: read a book, clear it, check somebody's clearing of it.
//!
//! A map, in reading order:
//! - [`book`]: from a text to a [`Book`](obscura_auction::book::Book).
//! - [`outcome`]: a book's clearing with what every order pays or earns, and its text.
//! - [`claim`], [`verdict`]: a clearing that somebody claims, and the first rule that it breaks.
//! - [`lines`]: many of them, one a line.
//! - [`malformed`]: why a text is neither, and where that showed.
//! - `reading`, `numbers`, [`text`]: how a text becomes values, and how long it may be.
//!
//! Must never hold a rule of the market, nor guess what a text means: whatever SPEC section 7.1 does
//! not name is refused. Nothing here panics on any input.

pub mod book;
pub mod claim;
pub mod lines;
pub mod malformed;
mod numbers;
pub mod outcome;
mod reading;
pub mod text;
pub mod verdict;

pub use book::read_book;
pub use claim::{Claim, read_claim};
pub use malformed::{Malformed, Problem};
pub use outcome::Outcome;
pub use verdict::{Broken, Verdict, verify};
