//! What a prover who knows everything, the challenges included, could still try: keys chosen late, every
//! outcome of a walk, single values and values that change together, proofs of something else. And that the
//! rules leave room for honest extremes.
#![allow(clippy::unwrap_used, reason = "a test that cannot set its scene has failed")]

#[path = "../common/mod.rs"]
mod common;
mod extremes;
mod joint_changes;
mod late_keys;
mod outcomes;

const ASK_SUMS: &str = "rows of an ask sum to its fill";
const BID_SUMS: &str = "rows of a bid sum to its fill and have its duration";
const SECRETS: &str = "rows of a bid have its secret";
