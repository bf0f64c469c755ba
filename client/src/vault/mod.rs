//! The vault: orders with their secrets, encrypted on the trader's own disk, so that nobody has to copy one.
//!
//! What is about to be sent is written down first, so that a crash at any moment loses neither a secret nor
//! money, and nothing is committed twice. Must never show or log a term or a secret, and must forget the
//! secrets of an order once it is over.

mod caps;
mod key;
mod order;
mod store;

pub use caps::{Caps, OverBudget};
pub use key::{KEY_VARIABLE, VaultKeyError, vault_key};
pub use order::{Attempt, AttemptState, HiddenSecret, KeptOrder, KeptTerms, Revealed};
pub use store::{Vault, VaultError, make_folder};
