//! Where a local pool keeps what it must not lose.

use std::env::VarError;
use std::fs::{self, DirBuilder};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use obscura_client::secret_file::{Secret32, SecretFileError, load_or_create_secret, secret_from_hex};

/// Names the key that openings at rest are encrypted with, 64 hex digits.
const STORAGE_KEY_VARIABLE: &str = "OBSCURA_STORAGE_KEY";

/// One pool's folder.
#[derive(Clone, Debug)]
pub struct DataDir(PathBuf);

impl DataDir {
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Makes the folder where there is none, for its owner only. One that is there keeps its mode,
    /// and is refused where others could replace the keys in it.
    pub fn create(&self) -> anyhow::Result<()> {
        let unusable = || format!("cannot use {} as data directory", self.0.display());
        DirBuilder::new().recursive(true).mode(0o700).create(&self.0).with_context(unusable)?;
        let mode = fs::metadata(&self.0).with_context(unusable)?.permissions().mode();
        if mode & 0o022 != 0 {
            bail!("{}: others may write in it (mode {:o}); run chmod 700 on it", unusable(), mode & 0o777);
        }
        Ok(())
    }

    /// The embedded chain.
    pub fn chain(&self) -> PathBuf {
        self.0.join("chain")
    }

    /// Key files in Solana's format: relayer, matcher, authority, mints.
    pub fn keys(&self) -> PathBuf {
        self.0.join("keys")
    }

    /// Proving keys, made on first use.
    pub fn circuit(&self) -> PathBuf {
        self.0.join("circuit")
    }

    /// What the pool knows beyond the chain.
    pub fn database(&self) -> PathBuf {
        self.0.join("pool.sqlite")
    }

    /// What the pool keeps for the callers it seals for.
    pub fn vault(&self) -> PathBuf {
        self.0.join("vault")
    }

    /// What the demo accounts' keys derive from.
    pub fn demo_secret(&self) -> Result<Secret32, SecretFileError> {
        load_or_create_secret(&self.0.join("demo").join("secret"))
    }

    /// The owner key of the demo account of that name, in Solana's format: for whoever acts for it on the
    /// chain by itself.
    pub fn demo_owner(&self, name: &str) -> PathBuf {
        self.0.join("demo").join(format!("{name}.json"))
    }

    /// The key openings are encrypted with: from the environment, else a file.
    pub fn storage_key(&self) -> anyhow::Result<Secret32> {
        match std::env::var(STORAGE_KEY_VARIABLE) {
            Ok(text) => secret_from_hex(&text)
                .with_context(|| format!("{STORAGE_KEY_VARIABLE} must be 64 hex digits")),
            Err(VarError::NotUnicode(_)) => bail!("{STORAGE_KEY_VARIABLE} must be 64 hex digits"),
            Err(VarError::NotPresent) => Ok(load_or_create_secret(&self.0.join("storage.key"))?),
        }
    }
}

/// The folder used where none is named: the platform's place for a user's data.
pub fn default_data_dir() -> DataDir {
    let from =
        |variable: &str| std::env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from);
    let base = from("XDG_DATA_HOME")
        .or_else(|| from("HOME").map(|home| home.join(".local").join("share")))
        .unwrap_or_else(|| PathBuf::from("."));
    DataDir::new(base.join("obscura"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_others_can_write_in_is_refused_and_a_new_one_is_private() {
        let scratch = tempfile::tempdir().unwrap();
        let path = scratch.path().join("pool");
        let folder = DataDir::new(&path);
        folder.create().unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o700);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o777)).unwrap();
        let refusal = folder.create().unwrap_err().to_string();
        assert!(refusal.contains("chmod 700"), "{refusal}");
    }
}
