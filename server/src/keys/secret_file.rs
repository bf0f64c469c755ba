//! Files of 32 secret bytes as 64 hex digits, mode 0600, made on first use.

use std::fmt;
use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use obscura_client::key_file::write_new;
use rand::RngCore;
use zeroize::Zeroizing;

use super::KeyFileError;

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
pub fn load_or_create_secret(path: &Path) -> Result<Secret32, KeyFileError> {
    match read_private(path)? {
        Some(text) => secret_from_hex(&text)
            .ok_or(KeyFileError::Malformed { path: path.into(), expected: "64 hex digits" }),
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
fn read_private(path: &Path) -> Result<Option<Zeroizing<String>>, KeyFileError> {
    let io = |source| KeyFileError::Io { path: path.into(), source };
    let mode = match fs::metadata(path) {
        Ok(metadata) => metadata.permissions().mode() & 0o777,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(io(error)),
    };
    if mode & 0o077 != 0 {
        return Err(KeyFileError::ReadableByOthers { path: path.into(), mode });
    }
    fs::read_to_string(path).map(|text| Some(Zeroizing::new(text))).map_err(io)
}

/// Writes a new private file; never over an existing one.
fn write_private(path: &Path, text: &str) -> Result<(), KeyFileError> {
    write_new(path, text.as_bytes()).map_err(|source| KeyFileError::Io { path: path.into(), source })
}

#[cfg(test)]
mod tests {
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
        assert!(matches!(load_or_create_secret(&path), Err(KeyFileError::ReadableByOthers { .. })));
    }

    #[test]
    fn printing_a_secret_shows_nothing() {
        let secret = Secret32::new([7; 32]);
        assert_eq!(format!("{secret:?}"), "Secret32(..)");
    }
}
