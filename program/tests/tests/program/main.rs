//! Tests of the compiled program, a file for each part of SPEC section 11. The world checks conservation
//! after every instruction that lands, so no test has to.

#![allow(clippy::unwrap_used)]

mod acknowledgements;
mod cancellation;
mod challenges;
mod clearing;
mod commits;
mod delegates;
mod errors;
mod events;
mod exploits;
mod full_loop;
mod fuzz;
mod governance;
mod leases;
mod matchers;
mod model;
mod penalties;
mod providers;
mod refunds;
mod reveals;
mod scenes;
mod setup;
mod shown_terms;
mod surplus;
mod traders;
mod vectors;
