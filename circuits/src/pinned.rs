//! Which circuit each size has, written down so that nobody has to lay one out to know.
//!
//! Changes with any change of the circuit, and with it every key; `circuits/tests/shape.rs` lays out all
//! four and says what to write here.

use crate::size::BatchSize;

/// What is pinned of one size's circuit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PinnedCircuit {
    pub constraints: usize,
    /// Private variables.
    pub witnesses: usize,
    /// [`Constraints::fingerprint`](crate::synthesis::Constraints::fingerprint), in hex.
    pub fingerprint: &'static str,
}

const CIRCUITS: [PinnedCircuit; 4] = [
    PinnedCircuit {
        constraints: 24165,
        witnesses: 23961,
        fingerprint: "bf9f21052bea9cbfe84fe9df4f3f1b4d477a984ee08c0efb94d068ed2d308f11",
    },
    PinnedCircuit {
        constraints: 90109,
        witnesses: 89329,
        fingerprint: "452c37e122eb3f9fc1346e51fe94e93a784af949f7562080e93e2ed4f86eec43",
    },
    PinnedCircuit {
        constraints: 356561,
        witnesses: 353477,
        fingerprint: "7926fb08604b524d74d6fd90e493c995cbd7f43a2d130289d16703d78e9ccd05",
    },
    PinnedCircuit {
        constraints: 1433109,
        witnesses: 1420809,
        fingerprint: "e3a5b0231801fd5b0927088373571c478be8470fa65f56797de880a9887e3d07",
    },
];

impl BatchSize {
    /// The circuit of this size.
    pub fn circuit(self) -> PinnedCircuit {
        let place = Self::ALL.iter().position(|size| *size == self);
        place.and_then(|place| CIRCUITS.get(place)).copied().expect("there is a circuit for every size")
    }
}

impl PinnedCircuit {
    /// The fingerprint's bytes.
    pub fn fingerprint(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        hex::decode_to_slice(self.fingerprint, &mut bytes).expect("a pinned fingerprint is 64 hex digits");
        bytes
    }
}
