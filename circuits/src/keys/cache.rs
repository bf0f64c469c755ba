//! The cache file of one development key: a key file like any other, under a name of its own.
//!
//! Must never be believed: whatever does not match is treated as absent. Written beside its place and
//! then renamed, so that a reader sees a whole file or none.

use super::{ClearingKeys, KeyError, KeyFileError};
use crate::progress::{Progress, Stopped};
use crate::size::BatchSize;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

pub(super) struct CacheFile {
    path: PathBuf,
    size: BatchSize,
}

impl CacheFile {
    pub fn new(dir: &Path, size: BatchSize) -> Self {
        Self { path: dir.join(format!("clearing-{}.devkey", size.get())), size }
    }

    /// The key, if the file is there, whole, and of this circuit.
    pub fn read(&self, progress: &Progress) -> Result<Option<ClearingKeys>, Stopped> {
        let Ok(file) = File::open(&self.path) else { return Ok(None) };
        match ClearingKeys::read(file, self.size, progress) {
            Ok(keys) => Ok(Some(keys)),
            Err(KeyFileError::Cancelled) => Err(Stopped),
            Err(_) => Ok(None),
        }
    }

    pub fn write(&self, keys: &ClearingKeys) -> Result<(), KeyError> {
        self.try_write(keys).map_err(|source| KeyError::Cache { path: self.path.clone(), source })
    }

    fn try_write(&self, keys: &ClearingKeys) -> io::Result<()> {
        static WRITES: AtomicU64 = AtomicU64::new(0);
        if let Some(dir) = self.path.parent() {
            fs::create_dir_all(dir)?;
        }
        let write = WRITES.fetch_add(1, Ordering::Relaxed);
        let beside = self.path.with_extension(format!("tmp-{}-{write}", std::process::id()));
        let mut out = BufWriter::new(File::create(&beside)?);
        keys.write(&mut out)?;
        out.flush()?;
        fs::rename(&beside, &self.path)
    }
}
