//! A world to test the compiled program in: a real SVM running `program/artifacts/obscura_program.so`, with
//! one verb for each instruction. It must never answer for the program: whatever it asserts comes from
//! account bytes, and after every instruction that succeeds it checks the laws of SPEC section 10.

pub mod actor;
pub mod address;
pub mod interface;
pub mod laws;
pub mod outcome;
pub mod planted;
pub mod proven;
pub mod sealed;
pub mod tokens;
pub mod trapdoor;
pub mod verbs;
pub mod world;

pub use actor::Actor;
pub use interface::obscura_program;
pub use obscura_program::error::ObscuraProgramError as Refusal;
pub use obscura_program::{ID, accounts, types};
pub use outcome::{
    Landed, Outcome, Refused, assert_refused, assert_refused_by_anchor, assert_refused_inside,
};
pub use sealed::Sealed;
pub use verbs::clear::Clearing;
pub use world::{GENESIS, GPU_TYPE, World};
