//! The built `obscura zkey`: what it writes, what it refuses, and how it ends.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::io::Cursor;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use obscura_circuits::circom::json::read_verification_key;
use obscura_circuits::circom::r1cs::write_r1cs;
use obscura_circuits::circom::rehearsal::write_zkey;
use obscura_circuits::circom::zkey::Zkey;
use obscura_circuits::keys::{ClearingKeys, VerifyingKeyBytes};
use obscura_circuits::progress::Progress;
use obscura_circuits::size::BatchSize;
use obscura_circuits::synthesis::Constraints;
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;
use serde_json::{Value, json};

/// A contribution's name in the file, and one of the same length that would drive a terminal.
const NAME: &[u8] = b"rehearsal";
const HOSTILE_NAME: &[u8] = b"\x1b[2J\x1b]0;x";

fn constraints() -> &'static Constraints {
    static CONSTRAINTS: OnceLock<Constraints> = OnceLock::new();
    CONSTRAINTS.get_or_init(|| Constraints::of(BatchSize::S16).unwrap())
}

/// A key of sixteen slots with one contribution, as the ceremony's tool would leave it.
fn zkey() -> &'static [u8] {
    static FILE: OnceLock<Vec<u8>> = OnceLock::new();
    FILE.get_or_init(|| {
        let mut file = Vec::new();
        let mut rng = ChaCha20Rng::seed_from_u64(11);
        write_zkey(constraints(), &mut rng, &mut file, &Progress::default()).unwrap();
        file
    })
}

fn keys() -> &'static ClearingKeys {
    static KEYS: OnceLock<ClearingKeys> = OnceLock::new();
    KEYS.get_or_init(|| {
        Zkey::read(Cursor::new(zkey()), constraints(), &Progress::default()).unwrap().into_keys().unwrap()
    })
}

fn fingerprint() -> String {
    hex::encode(keys().verifying_key().fingerprint())
}

/// Content of section `number`: where it starts and ends.
fn section(file: &[u8], number: u32) -> std::ops::Range<usize> {
    let mut at = 12;
    loop {
        let length = u64::from_le_bytes(file[at + 4..at + 12].try_into().unwrap()) as usize;
        if file[at..at + 4] == number.to_le_bytes() {
            return at + 12..at + 12 + length;
        }
        at += 12 + length;
    }
}

/// The key before anybody contributed: both deltas are the generators, as gamma is.
fn uncontributed() -> Vec<u8> {
    let mut file = zkey().to_vec();
    let header = section(&file, 2);
    let (gamma, delta) = (header.end - 2 * 128 - 64, header.end - 128);
    file.copy_within(gamma..gamma + 128, delta);
    file
}

fn named(name: &[u8]) -> Vec<u8> {
    let mut file = zkey().to_vec();
    let contributions = section(&file, 10);
    let place = file[contributions.clone()].windows(NAME.len()).position(|bytes| bytes == NAME).unwrap();
    let start = contributions.start + place;
    file[start..start + NAME.len()].copy_from_slice(name);
    file
}

/// The points of the private variables, with two that changed places.
fn with_swapped_points() -> Vec<u8> {
    let mut file = zkey().to_vec();
    let start = section(&file, 8).start;
    let (first, second) = file[start..start + 128].split_at(64);
    let swapped = [second, first].concat();
    file[start..start + 128].copy_from_slice(&swapped);
    file
}

/// A folder for one test, gone at its end.
struct Folder(tempfile::TempDir);

#[derive(Debug)]
struct Ended {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Folder {
    fn with(files: &[(&str, &[u8])]) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        for (name, content) in files {
            fs::write(folder.path(name), content).unwrap();
        }
        folder
    }

    /// With a key file of sixteen slots.
    fn with_key() -> Self {
        let folder = Self::with(&[]);
        let mut file = Vec::new();
        keys().write(&mut file).unwrap();
        fs::write(folder.path("16.key"), file).unwrap();
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Names of all files.
    fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(self.0.path()).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn run(&self, words: &str) -> Ended {
        let mut command = Command::new(env!("CARGO_BIN_EXE_obscura"));
        let output = command.current_dir(self.0.path()).arg("zkey").args(words.split(' ')).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Ended { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    /// Runs what must succeed in silence on standard error, and reads its JSON.
    fn document(&self, words: &str) -> Value {
        let Ended { code, stdout, stderr } = self.run(words);
        assert_eq!((code, stderr.as_str()), (Some(0), ""), "{words}");
        serde_json::from_str(&stdout).unwrap()
    }

    /// Runs what must end with 2 and print no result.
    fn error(&self, words: &str) -> String {
        let Ended { code, stdout, stderr } = self.run(words);
        assert_eq!((code, stdout.as_str()), (Some(2), ""), "{words}: {stderr}");
        stderr
    }

    /// Runs what must end with 1: both verdicts say the same, and leave no file behind.
    fn verdict(&self, words: &str) -> String {
        let before = self.files();
        let ended = self.run(&format!("{words} --json"));
        assert_eq!((ended.code, ended.stderr.as_str()), (Some(1), ""), "{words}");
        let document: Value = serde_json::from_str(&ended.stdout).unwrap();
        assert_eq!(document["valid"], false);
        let message = document["message"].as_str().unwrap();
        let ended = self.run(words);
        assert_eq!((ended.code, ended.stdout), (Some(1), format!("invalid: {message}\n")));
        assert_eq!(self.files(), before);
        message.to_owned()
    }
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn the_constraints_are_exported_as_they_are() {
    let folder = Folder::with(&[]);
    let document = folder.document("export-r1cs --size 16 16.r1cs --json");
    let circuit = BatchSize::S16.circuit();
    let expected = json!({
        "file": "16.r1cs", "size": 16, "constraints": circuit.constraints, "circuit": circuit.fingerprint,
    });
    assert_eq!(document, expected);
    let mut file = Vec::new();
    write_r1cs(constraints(), &mut file, &Progress::default()).unwrap();
    assert!(fs::read(folder.path("16.r1cs")).unwrap() == file);
    assert_eq!(mode(&folder.path("16.r1cs")), 0o644);

    let Ended { stdout, .. } = folder.run("export-r1cs --size 16 again.r1cs");
    assert!(stdout.contains("again.r1cs: 24154 constraints") && stdout.contains(circuit.fingerprint));
    assert_eq!(folder.files(), ["16.r1cs", "again.r1cs"]);
}

#[test]
fn a_key_is_imported_with_its_fingerprint_and_contributions() {
    let folder = Folder::with(&[("final.zkey", zkey())]);
    let document = folder.document("import --size 16 final.zkey 16.key --json");
    let expected = json!({
        "valid": true,
        "size": 16,
        "circuit": BatchSize::S16.circuit().fingerprint,
        "fingerprint": fingerprint(),
        "contributions": [{ "name": "rehearsal", "kind": "secret" }],
    });
    assert_eq!(document, expected);
    let file = fs::read(folder.path("16.key")).unwrap();
    let read = ClearingKeys::read(Cursor::new(file), BatchSize::S16, &Progress::default()).unwrap();
    assert!(read.proving_key() == keys().proving_key());
    assert_eq!(mode(&folder.path("16.key")), 0o644);
    assert_eq!(folder.files(), ["16.key", "final.zkey"]);
}

#[test]
fn a_contributors_name_cannot_drive_a_terminal() {
    let folder = Folder::with(&[("final.zkey", &named(HOSTILE_NAME)[..])]);
    let Ended { code, stdout, stderr } = folder.run("import --size 16 final.zkey 16.key");
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    assert!(!stdout.contains('\u{1b}'), "{stdout:?}");
    for line in [
        "contributions: 1",
        r#"  1. "\u{1b}[2J\u{1b}]0;x": a secret"#,
        &format!("fingerprint  {}", fingerprint()),
        "written to   16.key",
    ] {
        assert!(stdout.lines().any(|printed| printed == line), "no {line} in:\n{stdout}");
    }
}

#[test]
fn a_key_without_contributions_is_refused() {
    let folder = Folder::with(&[("first.zkey", &uncontributed()[..])]);
    let message = folder.verdict("import --size 16 first.zkey 16.key");
    assert!(message.starts_with("first.zkey: nobody contributed to it"), "{message}");
}

#[test]
fn a_key_of_another_size_is_refused() {
    let folder = Folder::with(&[("final.zkey", zkey())]);
    let message = folder.verdict("import --size 64 final.zkey 64.key");
    assert!(message.contains("its circuit has 23963 variables, this one has 89331"), "{message}");
    assert!(message.contains("obscura zkey export-r1cs"), "{message}");
}

#[test]
fn a_file_that_is_no_whole_key_is_refused() {
    let cut = &zkey()[..zkey().len() / 2];
    let folder = Folder::with(&[("cut.zkey", cut), ("empty.zkey", b""), ("other.zkey", b"some other file")]);
    for (name, problem) in
        [("cut", "it is cut short"), ("empty", "it is cut short"), ("other", "it is no .zkey file")]
    {
        let message = folder.verdict(&format!("import --size 16 {name}.zkey 16.key"));
        assert!(message.starts_with(&format!("{name}.zkey: {problem}")), "{message}");
    }
}

#[test]
fn a_key_that_proves_nothing_is_refused() {
    let folder = Folder::with(&[("final.zkey", &with_swapped_points()[..])]);
    let message = folder.verdict("import --size 16 final.zkey 16.key");
    assert!(message.contains("the key does not prove a clearing"), "{message}");
}

#[test]
fn nothing_is_ever_written_over() {
    let folder = Folder::with(&[("final.zkey", zkey()), ("there", b"precious")]);
    for words in ["import --size 16 final.zkey there", "export-r1cs --size 16 there"] {
        let error = folder.error(words);
        assert_eq!(error, "error: there is there already: name another file, or remove it first\n");
    }
    let error = folder.error("import --size 16 final.zkey final.zkey");
    assert!(error.contains("final.zkey is there already"), "{error}");
    let error = folder.error("show final.zkey --size 16 --verification-key there");
    assert!(error.contains("there is there already"), "{error}");
    assert_eq!(fs::read(folder.path("there")).unwrap(), b"precious");
    assert!(fs::read(folder.path("final.zkey")).unwrap() == zkey());
}

#[test]
fn files_that_cannot_be_used_are_named() {
    let folder = Folder::with(&[]);
    let error = folder.error("import --size 16 absent.zkey 16.key");
    assert!(error.starts_with("error: cannot read absent.zkey: No such file"), "{error}");
    // A folder opens like a file, and then cannot be read.
    let error = folder.error("import --size 16 . 16.key");
    assert!(error.starts_with("error: cannot read .: Is a directory"), "{error}");
    let error = folder.error("show absent.key --size 16");
    assert!(error.starts_with("error: cannot read absent.key: No such file"), "{error}");
    let error = folder.error("export-r1cs --size 16 absent/16.r1cs");
    assert!(error.starts_with("error: cannot make a file in absent: No such file"), "{error}");
    assert_eq!(folder.files(), [""; 0]);
}

#[test]
fn sizes_that_no_circuit_has_are_refused() {
    let folder = Folder::with(&[]);
    for (size, reason) in [
        ("17", "a batch has 16, 64, 256 or 1024 slots, got 17"),
        ("many", "give 16, 64, 256 or 1024"),
        ("99999", "give 16, 64, 256 or 1024"),
    ] {
        let error = folder.error(&format!("export-r1cs --size {size} out.r1cs"));
        assert!(error.contains(reason), "{error}");
    }
    assert!(folder.error("export-r1cs out.r1cs").contains("--size"));
}

#[test]
fn a_key_file_is_shown_and_exported_for_the_ceremonys_tool() {
    let folder = Folder::with_key();
    let document = folder.document("show 16.key --size 16 --verification-key vk.json --json");
    let circuit = BatchSize::S16.circuit().fingerprint;
    let expected = json!({
        "valid": true, "size": 16, "circuit": circuit, "fingerprint": fingerprint(), "developmentKey": false,
    });
    assert_eq!(document, expected);
    let exported = fs::read_to_string(folder.path("vk.json")).unwrap();
    assert_eq!(read_verification_key(&exported).unwrap(), *keys().verifying_key());
    let Ended { code, stdout, .. } = folder.run("show 16.key --size 16");
    let expected = format!("circuit      {circuit}\nfingerprint  {}\n", fingerprint());
    assert_eq!((code, stdout), (Some(0), expected));
}

#[test]
fn a_key_file_that_is_damaged_or_of_another_size_is_refused() {
    let folder = Folder::with_key();
    let message = folder.verdict("show 16.key --size 64 --verification-key vk.json");
    assert!(message.contains("it is a key of circuit 106d"), "{message}");
    let mut file = fs::read(folder.path("16.key")).unwrap();
    let middle = file.len() / 2;
    file[middle] ^= 1;
    fs::write(folder.path("16.key"), &file).unwrap();
    let message = folder.verdict("show 16.key --size 16");
    assert!(message.contains("its SHA-256 does not fit"), "{message}");
    fs::write(folder.path("16.key"), zkey()).unwrap();
    let message = folder.verdict("show 16.key --size 16");
    assert!(message.contains("no proving key that `obscura zkey import` wrote"), "{message}");
}

#[test]
fn a_development_key_is_called_one() {
    let folder = Folder::with(&[]);
    let keys = ClearingKeys::dev(BatchSize::S16, &folder.path("cache"), &Progress::default()).unwrap();
    let key = "show cache/clearing-16.devkey --size 16";
    let document = folder.document(&format!("{key} --json"));
    let development = VerifyingKeyBytes::development(BatchSize::S16);
    assert_eq!(*keys.verifying_key(), development);
    assert_eq!(document["fingerprint"], hex::encode(development.fingerprint()));
    assert_eq!(document["developmentKey"], true);
    assert!(folder.run(key).stdout.contains("anybody can forge proofs"));
}

#[test]
fn every_command_has_examples_and_exit_codes() {
    let folder = Folder::with(&[]);
    for command in ["export-r1cs", "import", "show"] {
        let Ended { code, stdout, .. } = folder.run(&format!("{command} --help"));
        assert_eq!(code, Some(0));
        for part in ["Examples:", &format!("obscura zkey {command} "), "Exit codes: 0", "--json"] {
            assert!(stdout.contains(part), "{command}: no {part}");
        }
    }
}
