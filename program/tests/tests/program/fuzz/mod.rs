//! Bytes that nobody would send, by the thousand: as the data of an instruction whose accounts are right, and
//! as an account of the program's under an instruction that is right.

mod account_bytes;
mod instruction_data;

use std::time::Duration;

use crate::exploits::substitution::calls;
use crate::exploits::substitution::valid::Valid;

/// Each test stops at the first of the two; `BOLERO_RANDOM_ITERATIONS` and
/// `BOLERO_RANDOM_TEST_TIME_MS` ask for more.
const ITERATIONS: usize = 3_000;
const TIME: Duration = Duration::from_secs(10);

thread_local! {
    /// One valid call of every instruction, in its world.
    static VALID: std::cell::RefCell<Vec<Valid>> =
        std::cell::RefCell::new(calls::all().iter().map(Valid::of).collect());
}

/// Makes the worlds, so that their making does not count as test time.
fn warm_up() {
    with_call(0, |_| ());
}

/// Lets `test` have the valid call of number `pick`.
fn with_call(pick: u8, test: impl FnOnce(&mut Valid)) {
    VALID.with_borrow_mut(|all| {
        let place = usize::from(pick) % all.len();
        test(&mut all[place]);
    });
}

/// Where, and what comes there instead.
type Edit = (u16, u8);

fn edit(bytes: &mut [u8], edits: &[Edit]) {
    for (at, byte) in edits {
        if !bytes.is_empty() {
            let at = usize::from(*at) % bytes.len();
            bytes[at] = *byte;
        }
    }
}
