//! Encryption at rest: XChaCha20-Poly1305, a fresh nonce per record, the record's
//! role and address as associated data, so that a row copied onto another account
//! does not open.

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use rand::RngCore;
use zeroize::Zeroizing;

use super::Address;
use crate::keys::Secret32;

const NONCE_BYTES: usize = 24;

/// What a record is. Part of the associated data.
#[derive(Clone, Copy)]
pub(super) enum Role {
    KeyCheck,
    Opening,
    LeaseTerms,
}

impl Role {
    fn tag(self) -> &'static [u8] {
        match self {
            Self::KeyCheck => b"obscura-storage-key-check-v1",
            Self::Opening => b"obscura-storage-opening-v1",
            Self::LeaseTerms => b"obscura-storage-lease-terms-v1",
        }
    }
}

#[derive(Clone)]
pub(super) struct Cipher(XChaCha20Poly1305);

impl Cipher {
    pub fn new(key: &Secret32) -> Self {
        Self(XChaCha20Poly1305::new(key.expose().into()))
    }

    /// `nonce || ciphertext`.
    pub fn seal(&self, role: Role, address: &Address, plain: &[u8]) -> Vec<u8> {
        let mut nonce = [0u8; NONCE_BYTES];
        rand::rngs::OsRng.fill_bytes(&mut nonce);
        let aad = associated_data(role, address);
        let sealed = self
            .0
            .encrypt(XNonce::from_slice(&nonce), Payload { msg: plain, aad: &aad })
            .expect("records are a few dozen bytes; the cipher fails only beyond 2^36");
        [nonce.as_slice(), &sealed].concat()
    }

    /// `None` where the key, the role, the address or a byte is another one.
    pub fn open(&self, role: Role, address: &Address, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, body) = sealed.split_at_checked(NONCE_BYTES)?;
        let aad = associated_data(role, address);
        self.0.decrypt(XNonce::from_slice(nonce), Payload { msg: body, aad: &aad }).ok().map(Zeroizing::new)
    }
}

fn associated_data(role: Role, address: &Address) -> Vec<u8> {
    [role.tag(), address].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_opens_only_under_its_own_role_and_address() {
        let cipher = Cipher::new(&Secret32::new([9; 32]));
        let sealed = cipher.seal(Role::Opening, &[1; 32], b"terms");
        assert_eq!(cipher.open(Role::Opening, &[1; 32], &sealed).unwrap().as_slice(), b"terms");
        assert!(cipher.open(Role::Opening, &[2; 32], &sealed).is_none());
        assert!(cipher.open(Role::LeaseTerms, &[1; 32], &sealed).is_none());
    }

    #[test]
    fn a_flipped_bit_or_a_short_record_does_not_open() {
        let cipher = Cipher::new(&Secret32::new([9; 32]));
        let mut sealed = cipher.seal(Role::Opening, &[1; 32], b"terms");
        sealed[30] ^= 1;
        assert!(cipher.open(Role::Opening, &[1; 32], &sealed).is_none());
        assert!(cipher.open(Role::Opening, &[1; 32], &sealed[..10]).is_none());
    }
}
