//! The state that goes out with a question and comes back with the answer:
//! authenticated, bound to caller, tool and arguments, good for a while and once.
//!
//! The key is drawn when the server starts. After a restart, or at another
//! replica, a state is refused and the person is asked again.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use rand::RngCore;
use rand::rngs::OsRng;
use rmcp::ErrorData;
use rmcp::model::{RequestStateCodec, RequestStateError, SealOptions};
use serde_json::Value;
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::service::Caller;

/// Confirmations used within the time that they are good for; more than a person gives in ten minutes.
const MAX_USED: usize = 10_000;

/// Why a state is no confirmation of this call.
#[derive(Debug, Error)]
pub enum SealError {
    #[error("it is too old")]
    Expired,
    #[error("it is of another call, another caller or another server")]
    Foreign,
    #[error("it was used before")]
    Used,
    #[error("too many confirmations were used in the last minutes: wait for a few")]
    Full,
}

/// What a confirmation is for.
#[derive(Clone, Copy)]
pub struct Bound<'a> {
    pub caller: &'a Caller,
    pub tool: &'a str,
    pub arguments: &'a Value,
}

impl Bound<'_> {
    fn digest(&self) -> [u8; 32] {
        let Self { caller, tool, arguments } = self;
        let arguments = canonical(arguments).to_string();
        let mut hash = Sha256::new_with_prefix(b"obscura-confirmation-v1");
        hash.update(caller.owner);
        hash.update((tool.len() as u64).to_be_bytes());
        hash.update(tool);
        hash.update(arguments);
        hash.finalize().into()
    }
}

/// Seals questions, and redeems their answers once.
pub struct Seals {
    codec: RequestStateCodec,
    good_for: Duration,
    used: Mutex<HashMap<Vec<u8>, Instant>>,
}

impl Seals {
    pub fn new(good_for: Duration) -> Self {
        let mut key = [0u8; 32];
        OsRng.fill_bytes(&mut key);
        Self { codec: RequestStateCodec::new_unchecked(key), good_for, used: Mutex::default() }
    }

    /// A state for a question about this call.
    pub fn seal(&self, bound: &Bound<'_>) -> Result<String, ErrorData> {
        let mut number = [0u8; 16];
        OsRng.fill_bytes(&mut number);
        let digest = bound.digest();
        let options = SealOptions::new().associated_data(&digest).ttl(self.good_for);
        Ok(self.codec.seal_with(&number, &options))
    }

    /// Takes the state for this call's; never twice.
    pub fn redeem(&self, state: &str, bound: &Bound<'_>) -> Result<(), SealError> {
        let number = self.codec.open_with(state, &bound.digest()).map_err(|error| match error {
            RequestStateError::Expired => SealError::Expired,
            _ => SealError::Foreign,
        })?;
        let now = Instant::now();
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        used.retain(|_, forget| *forget > now);
        if used.len() >= MAX_USED {
            return Err(SealError::Full);
        }
        // Expired by the time that it is forgotten.
        match used.insert(number, now + self.good_for + Duration::from_secs(1)) {
            None => Ok(()),
            Some(_) => Err(SealError::Used),
        }
    }
}

/// The same arguments in the same order, however the client wrote them down.
fn canonical(value: &Value) -> Value {
    match value {
        Value::Object(object) => {
            let mut fields: Vec<_> =
                object.iter().map(|(name, value)| (name.clone(), canonical(value))).collect();
            fields.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Object(fields.into_iter().collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(canonical).collect()),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const CALLER: Caller = Caller { owner: [1; 32] };

    #[test]
    fn a_confirmation_is_good_once_and_for_its_own_call_only() {
        let seals = Seals::new(Duration::from_secs(60));
        let arguments = json!({ "gpuType": "H100 80GB", "maxTotalMicro": 5 });
        let call = Bound { caller: &CALLER, tool: "commit", arguments: &arguments };
        let state = seals.seal(&call).unwrap();
        let more = json!({ "gpuType": "H100 80GB", "maxTotalMicro": 6 });
        let somebody = Caller { owner: [2; 32] };
        for other in [
            Bound { arguments: &more, ..call },
            Bound { tool: "lease", ..call },
            Bound { caller: &somebody, ..call },
        ] {
            assert!(matches!(seals.redeem(&state, &other), Err(SealError::Foreign)));
        }
        let reordered = json!({ "maxTotalMicro": 5, "gpuType": "H100 80GB" });
        assert!(seals.redeem(&state, &Bound { arguments: &reordered, ..call }).is_ok());
        assert!(matches!(seals.redeem(&state, &call), Err(SealError::Used)));
        let elsewhere = Seals::new(Duration::from_secs(60));
        assert!(matches!(elsewhere.redeem(&state, &call), Err(SealError::Foreign)));
    }

    #[test]
    fn a_confirmation_does_not_outlive_its_time() {
        let seals = Seals::new(Duration::from_millis(1));
        let call = Bound { caller: &CALLER, tool: "commit", arguments: &Value::Null };
        let state = seals.seal(&call).unwrap();
        let sealed = Instant::now();
        while !matches!(seals.redeem(&state, &call), Err(SealError::Expired)) {
            assert!(sealed.elapsed() < Duration::from_secs(10), "a millisecond is over");
        }
    }
}
