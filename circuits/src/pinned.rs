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
        constraints: 24154,
        witnesses: 23961,
        fingerprint: "106d2f5166d21ed7099b51cf39a7284922815bbb7e433b7a962153b12862b92f",
    },
    PinnedCircuit {
        constraints: 90050,
        witnesses: 89329,
        fingerprint: "d78f4d2bf127c3b285b551133f1d0985bcd52a7b67592606b64169d54f6de664",
    },
    PinnedCircuit {
        constraints: 356310,
        witnesses: 353477,
        fingerprint: "ab3241527bc8f9086bcc6b86e2d5ba1c7644a90093d85bf0aef079553cb1c3dc",
    },
    PinnedCircuit {
        constraints: 1432090,
        witnesses: 1420809,
        fingerprint: "f8c338333c45becee7f8c5fa9a39f449b5c2097b4db41ce8fcb3a5710cf7e9e9",
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
