//! The blockhashes a transaction may name, and the signatures that have landed under each.
//!
//! LiteSVM knows one blockhash, the same after every start, and remembers 32 transactions: alone it
//! would take a payment twice. Must never forget a signature while its blockhash is still accepted.
//! Both are random and persisted, so that the rule holds across restarts.

use std::collections::{BTreeSet, VecDeque};

use rand::RngCore;
use rand::rngs::OsRng;
use solana_sdk::hash::Hash;
use solana_sdk::signature::Signature;

/// As on a Solana cluster: hashes kept, and here also the seconds each is good for.
pub const MAX_BLOCKHASHES: usize = 150;
const MAX_AGE_SECONDS: i64 = 150;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecentBlockhash {
    /// Counts blockhashes from the chain's beginning.
    pub height: i64,
    pub hash: Hash,
    pub unix_seconds: i64,
    pub landed: BTreeSet<Signature>,
}

/// A signature that takes effect, with the hash it was signed over and the oldest still accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Landing {
    pub height: i64,
    pub hash: Hash,
    pub unix_seconds: i64,
    pub signature: Signature,
    pub oldest_height: i64,
}

/// What the window says about a transaction.
#[derive(Debug, PartialEq, Eq)]
pub enum Standing {
    Fresh(Landing),
    Expired,
    AlreadyProcessed,
}

/// Oldest first.
#[derive(Debug, Default)]
pub struct BlockhashWindow {
    hashes: VecDeque<RecentBlockhash>,
}

impl BlockhashWindow {
    pub fn restore(hashes: impl IntoIterator<Item = RecentBlockhash>) -> Self {
        Self { hashes: hashes.into_iter().collect() }
    }

    /// The hash to sign with now. A new one is drawn each second, and after each landed transaction,
    /// so that a caller may send the same instruction twice and mean it.
    pub fn latest(&mut self, now: i64) -> Hash {
        match self.hashes.back() {
            Some(newest) if newest.unix_seconds == now && newest.landed.is_empty() => newest.hash,
            _ => self.draw(now),
        }
    }

    pub fn standing(&self, hash: &Hash, signature: &Signature, now: i64) -> Standing {
        match self.hashes.iter().find(|recent| recent.hash == *hash) {
            Some(recent) if recent.landed.contains(signature) => Standing::AlreadyProcessed,
            Some(recent) if now - recent.unix_seconds < MAX_AGE_SECONDS => Standing::Fresh(Landing {
                height: recent.height,
                hash: recent.hash,
                unix_seconds: recent.unix_seconds,
                signature: *signature,
                oldest_height: self.oldest_height(),
            }),
            _ => Standing::Expired,
        }
    }

    /// Call once the landing is on the disk.
    pub fn record(&mut self, landing: &Landing) {
        if let Some(recent) = self.hashes.iter_mut().find(|recent| recent.height == landing.height) {
            recent.landed.insert(landing.signature);
        }
    }

    fn oldest_height(&self) -> i64 {
        self.hashes.front().map_or(0, |oldest| oldest.height)
    }

    fn draw(&mut self, now: i64) -> Hash {
        let mut bytes = [0; 32];
        OsRng.fill_bytes(&mut bytes);
        let hash = Hash::new_from_array(bytes);
        let height = self.hashes.back().map_or(0, |newest| newest.height + 1);
        if self.hashes.len() == MAX_BLOCKHASHES {
            self.hashes.pop_front();
        }
        self.hashes.push_back(RecentBlockhash { height, hash, unix_seconds: now, landed: BTreeSet::new() });
        hash
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIGNATURE: [u8; 64] = [7; 64];

    fn standing(window: &BlockhashWindow, hash: &Hash, now: i64) -> Standing {
        window.standing(hash, &Signature::from(SIGNATURE), now)
    }

    fn land(window: &mut BlockhashWindow, hash: &Hash, now: i64) {
        let Standing::Fresh(landing) = standing(window, hash, now) else { panic!("the hash is not fresh") };
        window.record(&landing);
    }

    #[test]
    fn a_hash_expires_after_150_newer_ones() {
        let mut window = BlockhashWindow::default();
        let first = window.latest(0);
        for _ in 1..MAX_BLOCKHASHES {
            let hash = window.latest(0);
            land(&mut window, &hash, 0);
        }
        assert!(matches!(standing(&window, &first, 0), Standing::AlreadyProcessed));
        window.latest(0);
        window.latest(1);
        assert_eq!(standing(&window, &first, 1), Standing::Expired);
    }

    #[test]
    fn a_hash_expires_after_150_quiet_seconds() {
        let mut window = BlockhashWindow::default();
        let hash = window.latest(1_000);
        assert!(matches!(standing(&window, &hash, 1_149), Standing::Fresh(_)));
        assert_eq!(standing(&window, &hash, 1_150), Standing::Expired);
    }

    #[test]
    fn a_landed_signature_is_remembered_as_long_as_its_hash() {
        let mut window = BlockhashWindow::default();
        let hash = window.latest(7);
        land(&mut window, &hash, 7);
        assert_eq!(standing(&window, &hash, 8), Standing::AlreadyProcessed);
    }

    #[test]
    fn the_same_payment_can_be_signed_again_as_a_new_transaction() {
        let mut window = BlockhashWindow::default();
        let hash = window.latest(7);
        land(&mut window, &hash, 7);
        assert_ne!(window.latest(7), hash);
    }
}
