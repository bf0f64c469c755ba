//! What the pool's records are to the cipher: each has a role and the address that it belongs to, so that
//! a row copied onto another account does not open.

use obscura_client::record_cipher::{RecordCipher, RecordName};
use obscura_client::secret_file::Secret32;
use zeroize::Zeroizing;

use super::Address;

/// What a record is.
#[derive(Clone, Copy)]
pub(super) enum Role {
    KeyCheck,
    Opening,
    LeaseTerms,
}

impl Role {
    fn of(self, address: &Address) -> RecordName<'_> {
        let role: &[u8] = match self {
            Self::KeyCheck => b"obscura-storage-key-check-v1",
            Self::Opening => b"obscura-storage-opening-v1",
            Self::LeaseTerms => b"obscura-storage-lease-terms-v1",
        };
        RecordName { role, name: address }
    }
}

#[derive(Clone)]
pub(super) struct Cipher(RecordCipher);

impl Cipher {
    pub fn new(key: &Secret32) -> Self {
        Self(RecordCipher::new(key))
    }

    pub fn seal(&self, role: Role, address: &Address, plain: &[u8]) -> Vec<u8> {
        self.0.seal(role.of(address), plain)
    }

    /// `None` where the key, the role, the address or a byte is another one.
    pub fn open(&self, role: Role, address: &Address, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        self.0.open(role.of(address), sealed)
    }
}
