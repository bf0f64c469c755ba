//! The cache file of one development key: a header that names its circuit and hashes its body.
//!
//! Must never be believed: whatever does not match is treated as absent. Written beside its place and
//! then renamed, so that a reader sees a whole file or none.

use super::KeyError;
use crate::size::BatchSize;
use ark_bn254::Bn254;
use ark_groth16::ProvingKey;
use ark_serialize::{CanonicalDeserialize, CanonicalSerialize};
use sha2::{Digest, Sha256};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// First bytes of a cache file; changes with its layout.
const MAGIC: &[u8; 16] = b"obscura-devkey-1";
/// Magic, circuit fingerprint, SHA-256 of the body.
const HEADER: usize = 16 + 32 + 32;

pub(super) struct CacheFile {
    path: PathBuf,
    circuit: [u8; 32],
}

impl CacheFile {
    pub fn new(dir: &Path, size: BatchSize, circuit: [u8; 32]) -> Self {
        Self { path: dir.join(format!("clearing-{}.devkey", size.get())), circuit }
    }

    /// The key, if the file is there, whole, and of this circuit.
    pub fn read(&self) -> Option<ProvingKey<Bn254>> {
        let bytes = fs::read(&self.path).ok()?;
        let (header, body) = bytes.split_at_checked(HEADER)?;
        if header != self.header(body) {
            return None;
        }
        // The body is what this program wrote, to the last bit, so its points need no check.
        ProvingKey::deserialize_uncompressed_unchecked(body).ok()
    }

    pub fn write(&self, key: &ProvingKey<Bn254>) -> Result<(), KeyError> {
        self.try_write(key).map_err(|source| KeyError::Cache { path: self.path.clone(), source })
    }

    fn try_write(&self, key: &ProvingKey<Bn254>) -> io::Result<()> {
        static WRITES: AtomicU64 = AtomicU64::new(0);
        let mut body = Vec::with_capacity(key.uncompressed_size());
        key.serialize_uncompressed(&mut body).map_err(io::Error::other)?;
        if let Some(dir) = self.path.parent() {
            fs::create_dir_all(dir)?;
        }
        let write = WRITES.fetch_add(1, Ordering::Relaxed);
        let beside = self.path.with_extension(format!("tmp-{}-{write}", std::process::id()));
        fs::write(&beside, [&self.header(&body)[..], &body].concat())?;
        fs::rename(&beside, &self.path)
    }

    fn header(&self, body: &[u8]) -> [u8; HEADER] {
        let mut header = [0; HEADER];
        let digest = Sha256::digest(body);
        let parts = MAGIC.iter().chain(&self.circuit).chain(&digest);
        for (out, byte) in header.iter_mut().zip(parts) {
            *out = *byte;
        }
        header
    }
}
