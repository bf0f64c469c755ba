//! Files of 32 secret bytes as 64 hex digits, mode 0600, made on first use.
//!
//! A file that others can read is refused rather than used. Must never print what it holds.

use std::fmt;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use rand::RngCore;
use zeroize::Zeroizing;

use crate::key_file::{mode_for_others, write_new};

/// Why a secret file could not be used.
#[derive(Debug, thiserror::Error)]
pub enum SecretFileError {
    #[error("cannot read or write {}: {source}", .path.display())]
    Io { path: PathBuf, source: std::io::Error },
    #[error("{} may be read by others (mode {mode:o}): make it 0600, and consider it stolen", .path.display())]
    ReadableByOthers { path: PathBuf, mode: u32 },
    #[error("{} does not hold {expected}", .path.display())]
    Malformed { path: PathBuf, expected: &'static str },
}

/// 32 secret bytes; wiped when dropped, never printed.
#[derive(Clone)]
pub struct Secret32(Zeroizing<[u8; 32]>);

impl Secret32 {
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The bytes, for the one computation that needs them.
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for Secret32 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret32(..)")
    }
}

/// Reads the secret in `path`, drawing and writing it first if there is none.
pub fn load_or_create_secret(path: &Path) -> Result<Secret32, SecretFileError> {
    match read_private(path)? {
        Some(text) => secret_from_hex(&text)
            .ok_or(SecretFileError::Malformed { path: path.into(), expected: "64 hex digits" }),
        None => {
            let mut bytes = [0u8; 32];
            rand::rngs::OsRng.fill_bytes(&mut bytes);
            let secret = Secret32::new(bytes);
            write_private(path, &Zeroizing::new(hex::encode(secret.expose())))?;
            Ok(secret)
        }
    }
}

/// 32 bytes from 64 hex digits, surrounding blanks allowed.
pub fn secret_from_hex(text: &str) -> Option<Secret32> {
    let mut bytes = [0u8; 32];
    hex::decode_to_slice(text.trim(), &mut bytes).ok()?;
    Some(Secret32::new(bytes))
}

/// The text of a private file; `None` where there is no such file.
pub fn read_private(path: &Path) -> Result<Option<Zeroizing<String>>, SecretFileError> {
    let io = |source| SecretFileError::Io { path: path.into(), source };
    match mode_for_others(path) {
        Ok(None) => {}
        Ok(Some(mode)) => return Err(SecretFileError::ReadableByOthers { path: path.into(), mode }),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(io(error)),
    }
    fs::read_to_string(path).map(|text| Some(Zeroizing::new(text))).map_err(io)
}

/// Writes a new private file; never over an existing one.
fn write_private(path: &Path, text: &str) -> Result<(), SecretFileError> {
    write_new(path, text.as_bytes()).map_err(|source| SecretFileError::Io { path: path.into(), source })
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_secret_survives_a_second_load_and_its_file_is_private() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("deep/secret");
        let first = load_or_create_secret(&path).unwrap();
        let second = load_or_create_secret(&path).unwrap();
        assert_eq!(first.expose(), second.expose());
        let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600);
    }

    #[test]
    fn a_file_that_others_can_read_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("secret");
        load_or_create_secret(&path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(matches!(load_or_create_secret(&path), Err(SecretFileError::ReadableByOthers { .. })));
    }

    #[test]
    fn printing_a_secret_shows_nothing() {
        let secret = Secret32::new([7; 32]);
        assert_eq!(format!("{secret:?}"), "Secret32(..)");
    }
}
