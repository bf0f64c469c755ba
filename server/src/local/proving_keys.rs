//! The development proving key: made from a public seed on first use, cached
//! in the data directory.

use std::path::PathBuf;

use anyhow::Context;
use obscura_circuits::keys::ClearingKeys;
use obscura_circuits::size::BatchSize;
use obscura_client::bootstrap::CIRCUIT_SIZE;

use super::data_dir::default_data_dir;

/// Starts loading at once, on a thread of its own: it can take seconds.
pub fn load(cache: PathBuf) -> impl Future<Output = anyhow::Result<ClearingKeys>> {
    let loading = tokio::task::spawn_blocking(move || {
        let size = BatchSize::new(CIRCUIT_SIZE)?;
        ClearingKeys::dev(size, &cache)
            .with_context(|| format!("cannot make or read the proving key in {}", cache.display()))
    });
    async move { loading.await? }
}

/// Where a throw-away pool keeps proving keys, so that only the first one waits
/// for them: they are the same for everybody.
pub fn default_cache() -> PathBuf {
    default_data_dir().circuit()
}
