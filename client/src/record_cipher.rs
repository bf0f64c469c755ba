//! Encryption at rest: XChaCha20-Poly1305, a fresh nonce per record, the record's role and name as
//! associated data, so that a record copied onto another name does not open.

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use rand::RngCore;
use zeroize::Zeroizing;

use crate::secret_file::Secret32;

const NONCE_BYTES: usize = 24;

/// What a record is and which one: no record opens as another. No role may begin with another one.
#[derive(Clone, Copy, Debug)]
pub struct RecordName<'a> {
    pub role: &'a [u8],
    pub name: &'a [u8],
}

#[derive(Clone)]
pub struct RecordCipher(XChaCha20Poly1305);

impl RecordCipher {
    pub fn new(key: &Secret32) -> Self {
        Self(XChaCha20Poly1305::new(key.expose().into()))
    }

    /// `nonce || ciphertext`.
    pub fn seal(&self, name: RecordName<'_>, plain: &[u8]) -> Vec<u8> {
        let mut nonce = [0u8; NONCE_BYTES];
        rand::rngs::OsRng.fill_bytes(&mut nonce);
        let aad = associated_data(name);
        let sealed = self
            .0
            .encrypt(XNonce::from_slice(&nonce), Payload { msg: plain, aad: &aad })
            .expect("records are a few kilobytes at most; the cipher fails only beyond 2^36");
        [nonce.as_slice(), &sealed].concat()
    }

    /// `None` where the key, the role, the name or a byte is another one.
    pub fn open(&self, name: RecordName<'_>, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, body) = sealed.split_at_checked(NONCE_BYTES)?;
        let aad = associated_data(name);
        self.0.decrypt(XNonce::from_slice(nonce), Payload { msg: body, aad: &aad }).ok().map(Zeroizing::new)
    }
}

fn associated_data(RecordName { role, name }: RecordName<'_>) -> Vec<u8> {
    [role, name].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMED: RecordName<'static> = RecordName { role: b"opening", name: b"one" };

    #[test]
    fn a_record_opens_only_under_its_own_role_and_name() {
        let cipher = RecordCipher::new(&Secret32::new([9; 32]));
        let sealed = cipher.seal(NAMED, b"terms");
        assert_eq!(cipher.open(NAMED, &sealed).unwrap().as_slice(), b"terms");
        assert!(cipher.open(RecordName { name: b"two", ..NAMED }, &sealed).is_none());
        assert!(cipher.open(RecordName { role: b"terms", ..NAMED }, &sealed).is_none());
    }

    #[test]
    fn a_flipped_bit_or_a_short_record_does_not_open() {
        let cipher = RecordCipher::new(&Secret32::new([9; 32]));
        let mut sealed = cipher.seal(NAMED, b"terms");
        sealed[30] ^= 1;
        assert!(cipher.open(NAMED, &sealed).is_none());
        assert!(cipher.open(NAMED, &sealed[..10]).is_none());
    }
}
