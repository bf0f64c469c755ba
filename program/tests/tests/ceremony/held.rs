//! The ceremony itself, held once for all tests: export, setup, a contribution, a beacon, verification,
//! import.
//!
//! Phase 1 and the setup take the most time and depend on nothing but the circuit and snarkjs' version, so
//! they are kept between runs. Whatever follows is done anew in every run.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::OnceLock;

use obscura_circuits::circom::json;
use obscura_circuits::circom::r1cs::write_r1cs;
use obscura_circuits::circom::rehearsal::write_phase_one;
use obscura_circuits::circom::zkey::{Zkey, ZkeyError};
use obscura_circuits::keys::ClearingKeys;
use obscura_circuits::progress::Progress;
use obscura_circuits::size::BatchSize;
use obscura_circuits::synthesis::Constraints;
use obscura_circuits::trial::trial;
use rand::rngs::OsRng;

use crate::driver::{Snarkjs, VERSION};

/// 24,165 constraints and two rows for the public variables.
const POWER: u32 = 15;
/// Stands for a value that nobody could know before.
const BEACON: &str = "6f62736375726120626561636f6e206f6620612072656865617273616c000000";

/// A ceremony that is over.
pub struct Ceremony {
    /// In the folder with `final.zkey` and `verification_key.json`.
    pub snarkjs: Snarkjs,
    /// What we imported.
    pub keys: ClearingKeys,
}

/// The ceremony of this run; none where there is no Node.
pub fn ceremony() -> Option<&'static Ceremony> {
    static CEREMONY: OnceLock<Option<Ceremony>> = OnceLock::new();
    CEREMONY.get_or_init(hold).as_ref()
}

fn hold() -> Option<Ceremony> {
    let circuit = &BatchSize::S16.circuit().fingerprint[..16];
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("ceremony-{VERSION}-{circuit}"));
    let snarkjs = Snarkjs::find("the ceremony of 16 slots", &folder)?;
    let constraints = Constraints::of(BatchSize::S16).unwrap();
    made_once(&snarkjs, "phase_one.ptau", |name| {
        let mut out = BufWriter::new(File::create(snarkjs.path(name)).unwrap());
        write_phase_one(POWER, &mut OsRng, &mut out, &Progress::default()).unwrap();
        out.flush().unwrap();
    });
    made_once(&snarkjs, "0.zkey", |name| {
        let mut out = BufWriter::new(File::create(snarkjs.path("16.r1cs")).unwrap());
        write_r1cs(&constraints, &mut out, &Progress::default()).unwrap();
        out.flush().unwrap();
        snarkjs.must(&format!("groth16 setup 16.r1cs phase_one.ptau {name}"));
    });
    assert!(matches!(import(&snarkjs, "0.zkey", &constraints), Err(ZkeyError::NoContribution)));

    snarkjs.must("zkey contribute 0.zkey 1.zkey --name=contributor -e=entropy");
    snarkjs.must(&format!("zkey beacon 1.zkey final.zkey {BEACON} 10 --name=beacon"));
    // `zkey verify init` by its short name, for the long one is taken for `zkey verify`, which would do the
    // setup again before it compares; that one is run by the small circuit's test.
    let verified = snarkjs.must("zkvi 0.zkey phase_one.ptau final.zkey");
    assert!(verified.contains("ZKey Ok!"), "{verified}");

    let zkey = import(&snarkjs, "final.zkey", &constraints).unwrap();
    assert_eq!(zkey.contributions.len(), 2);
    let keys = zkey.into_keys().unwrap();
    trial(&keys, &mut OsRng, &Progress::default()).unwrap();
    snarkjs.must("zkey export verificationkey final.zkey verification_key.json");
    let exported = fs::read_to_string(snarkjs.path("verification_key.json")).unwrap();
    assert_eq!(json::read_verification_key(&exported).unwrap(), *keys.verifying_key());
    Some(Ceremony { snarkjs, keys: through_its_file(&keys) })
}

/// Leaves `name` alone where it is whole; otherwise `make` makes it under the name it is given.
fn made_once(snarkjs: &Snarkjs, name: &str, make: impl FnOnce(&str)) {
    let whole = snarkjs.path(name);
    if !whole.exists() {
        let partial = format!("partial-{name}");
        make(&partial);
        fs::rename(snarkjs.path(&partial), whole).unwrap();
    }
}

fn import(snarkjs: &Snarkjs, name: &str, constraints: &Constraints) -> Result<Zkey, ZkeyError> {
    Zkey::read(File::open(snarkjs.path(name)).unwrap(), constraints, &Progress::default())
}

/// As a matcher loads it.
fn through_its_file(keys: &ClearingKeys) -> ClearingKeys {
    let mut file = Vec::new();
    keys.write(&mut file).unwrap();
    let read = ClearingKeys::read(std::io::Cursor::new(file), keys.size(), &Progress::default()).unwrap();
    assert_eq!(read.verifying_key().fingerprint(), keys.verifying_key().fingerprint());
    read
}
