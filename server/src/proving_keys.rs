//! Where proving keys come from: a ceremony, out of a folder of key files, or a public seed, on first use.
//!
//! Must never prove under a key other than the one whose verifying key was read at the start: that is the
//! one on chain.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use obscura_circuits::keys::{ClearingKeys, KeyError, KeyFileError, VerifyingKeyBytes};
use obscura_circuits::progress::Progress;
use obscura_circuits::size::BatchSize;
use thiserror::Error;

use crate::sign_of_life::while_shown;

/// The proving keys of a pool.
pub enum ProvingKeys {
    /// Anybody can forge proofs under them. Made where the folder lacks them.
    Development { cache: PathBuf },
    /// Out of the files that `obscura zkey import` wrote.
    Imported(ImportedKeys),
}

/// A folder with the key files `16.key`, `64.key` and so on.
pub struct ImportedKeys {
    folder: PathBuf,
    /// Of every size that the pool's markets may need, ascending.
    verifying_keys: Vec<(BatchSize, VerifyingKeyBytes)>,
}

/// Why a folder has not the keys that are needed.
#[derive(Debug, Error)]
pub enum ImportedKeyError {
    #[error(
        "{} cannot be read: {source}; batches of {max_orders} orders need a key of each size up to that: import it \
         with `obscura zkey import --size {size}`, or give --max-orders a smaller number", path.display()
    )]
    Missing { path: PathBuf, size: u16, max_orders: u16, source: io::Error },
    #[error("{}: {source}", path.display())]
    Refused { path: PathBuf, source: KeyFileError },
    #[error(
        "{} is a development key, under which anybody can forge proofs: import a ceremony's, or leave out \
         --proving-keys", path.display()
    )]
    Development { path: PathBuf },
    #[error(
        "{} holds another key than at the start: its verifying key has fingerprint {got}, not {expected}",
        path.display()
    )]
    Replaced { path: PathBuf, expected: String, got: String },
    #[error("{} slots are not among the imported keys", .0.get())]
    NotImported(BatchSize),
    /// A panic's text is for whoever wrote the code.
    #[error("the reading thread ended")]
    Died(#[from] tokio::task::JoinError),
}

/// Why there is no proving key.
#[derive(Debug, Error)]
pub enum ProvingKeyError {
    #[error(transparent)]
    Development(#[from] KeyError),
    #[error(transparent)]
    Imported(#[from] ImportedKeyError),
}

impl ProvingKeys {
    /// The key of `size`, read or made.
    pub fn load(&self, size: BatchSize, progress: &Progress) -> Result<ClearingKeys, ProvingKeyError> {
        match self {
            Self::Development { cache } => Ok(ClearingKeys::dev(size, cache, progress)?),
            Self::Imported(keys) => Ok(keys.load(size, progress)?),
        }
    }
}

impl ImportedKeys {
    /// Checks the file of every size that batches of up to `max_orders` may need, and keeps its verifying key.
    pub async fn open(folder: PathBuf, max_orders: u16) -> Result<Self, ImportedKeyError> {
        let mut verifying_keys = Vec::new();
        for size in BatchSize::up_to(max_orders) {
            let path = file_of(&folder, size);
            let file = File::open(&path).map_err(|source| {
                let (path, size) = (path.clone(), size.get());
                ImportedKeyError::Missing { path, size, max_orders, source }
            })?;
            let progress = Arc::new(Progress::default());
            let shown = progress.clone();
            let reading = tokio::task::spawn_blocking(move || VerifyingKeyBytes::read(file, size, &progress));
            let read = while_shown(reading, "checking the proving key", size, &shown).await?;
            let key = match read {
                Err(source) => return Err(ImportedKeyError::Refused { path, source }),
                Ok(key) if key.is_development() => return Err(ImportedKeyError::Development { path }),
                Ok(key) => key,
            };
            verifying_keys.push((size, key));
        }
        Ok(Self { folder, verifying_keys })
    }

    /// Sizes with their verifying keys, ascending.
    pub fn verifying_keys(&self) -> &[(BatchSize, VerifyingKeyBytes)] {
        &self.verifying_keys
    }

    fn load(&self, size: BatchSize, progress: &Progress) -> Result<ClearingKeys, ImportedKeyError> {
        let expected = self.verifying_keys.iter().find(|(known, _)| *known == size);
        let (_, expected) = expected.ok_or(ImportedKeyError::NotImported(size))?;
        let path = file_of(&self.folder, size);
        let read = File::open(&path)
            .map_err(KeyFileError::from)
            .and_then(|file| ClearingKeys::read(file, size, progress));
        let keys = read.map_err(|source| ImportedKeyError::Refused { path: path.clone(), source })?;
        if keys.verifying_key() != expected {
            let [expected, got] = [expected, keys.verifying_key()].map(|key| hex::encode(key.fingerprint()));
            return Err(ImportedKeyError::Replaced { path, expected, got });
        }
        Ok(keys)
    }
}

fn file_of(folder: &Path, size: BatchSize) -> PathBuf {
    folder.join(format!("{}.key", size.get()))
}
