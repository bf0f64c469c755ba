//! The key that a vault is encrypted under: from the environment, else a private file beside it.

use std::env::VarError;
use std::path::Path;

use crate::secret_file::{Secret32, SecretFileError, load_or_create_secret, secret_from_hex};

/// Names the key, 64 hex digits.
pub const KEY_VARIABLE: &str = "OBSCURA_VAULT_KEY";
const KEY_FILE: &str = "vault.key";

#[derive(Debug, thiserror::Error)]
pub enum VaultKeyError {
    #[error("{KEY_VARIABLE} must be 64 hex digits")]
    Variable,
    #[error(transparent)]
    File(#[from] SecretFileError),
}

/// The key of the vault in `folder`; drawn on first use where the environment names none.
pub fn vault_key(folder: &Path) -> Result<Secret32, VaultKeyError> {
    match std::env::var(KEY_VARIABLE) {
        Ok(text) => secret_from_hex(&text).ok_or(VaultKeyError::Variable),
        Err(VarError::NotUnicode(_)) => Err(VaultKeyError::Variable),
        Err(VarError::NotPresent) => Ok(load_or_create_secret(&folder.join(KEY_FILE))?),
    }
}
