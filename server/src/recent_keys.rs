//! API keys that were checked a moment ago: an agent that asks often is looked up once a second.
//!
//! Must never hold a key itself, only its hash, and must never outlast a withdrawn key by more than
//! [`TRUSTED_FOR`]. A key that is refused is looked up every time.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use sha2::{Digest, Sha256};

use crate::service::{Authenticator, Caller, ServiceError};

/// How long a check holds.
const TRUSTED_FOR: Duration = Duration::from_secs(1);
/// More keys than any pool has agents at a moment; past it, all are looked up again.
const MAX_KEYS: usize = 16_384;

/// An authenticator in front of a slower one.
pub struct RecentKeys<A> {
    inner: A,
    checked: Mutex<HashMap<[u8; 32], Checked>>,
}

#[derive(Clone)]
struct Checked {
    caller: Caller,
    at: Instant,
}

impl<A> RecentKeys<A> {
    pub fn over(inner: A) -> Self {
        Self { inner, checked: Mutex::default() }
    }

    fn checked(&self) -> MutexGuard<'_, HashMap<[u8; 32], Checked>> {
        self.checked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn recent(&self, hash: &[u8; 32]) -> Option<Caller> {
        self.checked()
            .get(hash)
            .filter(|checked| checked.at.elapsed() < TRUSTED_FOR)
            .map(|it| it.caller.clone())
    }

    fn remember(&self, hash: [u8; 32], caller: Caller, at: Instant) {
        let mut checked = self.checked();
        if checked.len() >= MAX_KEYS {
            checked.clear();
        }
        checked.insert(hash, Checked { caller, at });
    }
}

#[async_trait]
impl<A: Authenticator> Authenticator for RecentKeys<A> {
    async fn authenticate(&self, api_key: &str) -> Result<Caller, ServiceError> {
        let hash: [u8; 32] = Sha256::digest(api_key.as_bytes()).into();
        if let Some(caller) = self.recent(&hash) {
            return Ok(caller);
        }
        let at = Instant::now();
        let caller = self.inner.authenticate(api_key).await?;
        self.remember(hash, caller.clone(), at);
        Ok(caller)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[derive(Default)]
    struct OneKey {
        asked: AtomicU32,
    }

    #[async_trait]
    impl Authenticator for OneKey {
        async fn authenticate(&self, api_key: &str) -> Result<Caller, ServiceError> {
            self.asked.fetch_add(1, Ordering::SeqCst);
            if api_key == "obk_a" {
                Ok(Caller { owner: [4; 32] })
            } else {
                Err(ServiceError::Unauthorized("no"))
            }
        }
    }

    #[tokio::test]
    async fn a_known_key_is_looked_up_once_and_a_refused_one_every_time() {
        let keys = RecentKeys::over(OneKey::default());
        for _ in 0..3 {
            assert_eq!(keys.authenticate("obk_a").await.unwrap().owner, [4; 32]);
        }
        assert_eq!(keys.inner.asked.load(Ordering::SeqCst), 1);
        for _ in 0..3 {
            assert!(keys.authenticate("obk_b").await.is_err());
        }
        assert_eq!(keys.inner.asked.load(Ordering::SeqCst), 4);
    }

    #[tokio::test]
    async fn a_check_that_is_too_old_is_made_again() {
        let keys = RecentKeys::over(OneKey::default());
        let hash = Sha256::digest(b"obk_a").into();
        let Some(long_ago) = Instant::now().checked_sub(TRUSTED_FOR) else { return };
        keys.remember(hash, Caller { owner: [9; 32] }, long_ago);
        assert_eq!(keys.authenticate("obk_a").await.unwrap().owner, [4; 32]);
    }
}
