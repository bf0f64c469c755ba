//! One process per folder: two would each believe their memory and overwrite what the other wrote.
//! The operating system frees the lock when the process ends, however it ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

/// Held until dropped.
#[derive(Debug)]
pub struct FolderLock {
    _file: File,
}

#[derive(Debug, thiserror::Error)]
pub enum LockError {
    #[error("{} is in use by another process: stop it, or use another folder", .path.display())]
    InUse { path: PathBuf },
    #[error("cannot lock {}: {source}", .path.display())]
    Io { path: PathBuf, source: std::io::Error },
}

impl FolderLock {
    /// Takes the lock called `name` in `folder`, which must exist.
    pub fn take(folder: &Path, name: &str) -> Result<Self, LockError> {
        let path = folder.join(name);
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(|source| LockError::Io { path: path.clone(), source })?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(LockError::InUse { path: folder.to_path_buf() }),
            Err(TryLockError::Error(source)) => Err(LockError::Io { path, source }),
        }
    }
}
