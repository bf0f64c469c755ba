//! Keypairs in files, as Solana's own tools write them: a JSON array of 64 numbers.
//!
//! Must never make a file that others on the machine can read, and never overwrite one.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use solana_sdk::signature::Keypair;
use zeroize::Zeroizing;

#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    #[error("cannot use the key file {}: {source}", .path.display())]
    Io { path: PathBuf, source: std::io::Error },
    #[error("{} can be read by others on this machine (mode {mode:o}): make it yours alone with chmod 600", .path.display())]
    Exposed { path: PathBuf, mode: u32 },
    #[error("{} is not a keypair: it must be a JSON array of 64 numbers", .path.display())]
    Malformed { path: PathBuf },
}

/// Reads the keypair at `path`, which nobody else may read, or draws one and writes it there.
pub fn load_or_create(path: &Path) -> Result<Keypair, KeyFileError> {
    match fs::read_to_string(path) {
        Ok(text) => {
            let text = Zeroizing::new(text);
            require_private(path)?;
            parse(path, &text)
        }
        Err(error) if error.kind() == ErrorKind::NotFound => create(path),
        Err(source) => Err(KeyFileError::Io { path: path.to_path_buf(), source }),
    }
}

/// Reads the keypair at `path`, which nobody else may read.
pub fn load(path: &Path) -> Result<Keypair, KeyFileError> {
    let text =
        fs::read_to_string(path).map_err(|source| KeyFileError::Io { path: path.to_path_buf(), source })?;
    let text = Zeroizing::new(text);
    require_private(path)?;
    parse(path, &text)
}

fn require_private(path: &Path) -> Result<(), KeyFileError> {
    match mode_for_others(path) {
        Ok(None) => Ok(()),
        Ok(Some(mode)) => Err(KeyFileError::Exposed { path: path.to_path_buf(), mode }),
        Err(source) => Err(KeyFileError::Io { path: path.to_path_buf(), source }),
    }
}

/// The mode of a file that others than its owner can use.
#[cfg(unix)]
pub fn mode_for_others(path: &Path) -> std::io::Result<Option<u32>> {
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::metadata(path)?.permissions().mode() & 0o777;
    Ok((mode & 0o077 != 0).then_some(mode))
}

#[cfg(not(unix))]
pub fn mode_for_others(path: &Path) -> std::io::Result<Option<u32>> {
    fs::metadata(path).map(|_| None)
}

fn parse(path: &Path, text: &str) -> Result<Keypair, KeyFileError> {
    let malformed = || KeyFileError::Malformed { path: path.to_path_buf() };
    let bytes: Zeroizing<Vec<u8>> = Zeroizing::new(serde_json::from_str(text).map_err(|_| malformed())?);
    Keypair::try_from(bytes.as_slice()).map_err(|_| malformed())
}

/// Writes `keypair` to `path`, unless a file is there.
pub fn keep(path: &Path, keypair: &Keypair) -> Result<(), KeyFileError> {
    if path.exists() { Ok(()) } else { write(path, keypair) }
}

fn create(path: &Path) -> Result<Keypair, KeyFileError> {
    let keypair = Keypair::new();
    write(path, &keypair)?;
    Ok(keypair)
}

fn write(path: &Path, keypair: &Keypair) -> Result<(), KeyFileError> {
    let io = |source| KeyFileError::Io { path: path.to_path_buf(), source };
    let bytes = Zeroizing::new(keypair.to_bytes());
    let text = Zeroizing::new(format!("{:?}", *bytes));
    write_new(path, text.as_bytes()).map_err(io)
}

/// Writes a file that only its owner may read, whole or not at all, and never over another: what a
/// crash left half written would stop every later start.
pub fn write_new(path: &Path, content: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    // Made with mode 0600.
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(content)?;
    file.as_file().sync_all()?;
    file.persist_noclobber(path)?;
    // The name is safe once the folder is; what cannot be opened as a file cannot be synced, and need not.
    File::open(folder).map_or(Ok(()), |folder| folder.sync_all())
}

#[cfg(test)]
mod tests {
    use solana_sdk::signature::Signer;

    use super::*;

    #[test]
    fn a_created_key_is_read_back_and_private() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("keys/matcher.json");
        let created = load_or_create(&path).unwrap();
        assert_eq!(load_or_create(&path).unwrap().pubkey(), created.pubkey());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn a_kept_key_is_read_back_and_never_replaced() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("demo/buyer.json");
        let first = Keypair::new();
        keep(&path, &first).unwrap();
        keep(&path, &Keypair::new()).unwrap();
        assert_eq!(load(&path).unwrap().pubkey(), first.pubkey());
    }

    #[cfg(unix)]
    #[test]
    fn a_key_file_that_others_can_read_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("matcher.json");
        load_or_create(&path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(matches!(load_or_create(&path), Err(KeyFileError::Exposed { mode: 0o644, .. })));
    }

    #[test]
    fn a_damaged_key_file_is_refused_and_left_alone() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("matcher.json");
        load_or_create(&path).unwrap();
        fs::write(&path, "[1,2,3]").unwrap();
        assert!(matches!(load_or_create(&path), Err(KeyFileError::Malformed { .. })));
        assert_eq!(fs::read_to_string(&path).unwrap(), "[1,2,3]");
    }
}
