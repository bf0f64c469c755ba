//! Addresses of the program's accounts by their 8-byte discriminator, so that a query for one type
//! does not walk every account of the chain.

use std::collections::{BTreeMap, BTreeSet};

use solana_sdk::pubkey::Pubkey;

const DISCRIMINATOR_LEN: usize = 8;
type Discriminator = [u8; DISCRIMINATOR_LEN];

#[derive(Debug, Default)]
pub struct ProgramIndex {
    by_type: BTreeMap<Discriminator, BTreeSet<Pubkey>>,
}

impl ProgramIndex {
    pub fn insert(&mut self, address: Pubkey, data: &[u8]) {
        if let Some(kind) = data.first_chunk() {
            self.by_type.entry(*kind).or_default().insert(address);
        }
    }

    /// `data` is what the account held when it was inserted.
    pub fn remove(&mut self, address: &Pubkey, data: &[u8]) {
        let Some(kind) = data.first_chunk::<DISCRIMINATOR_LEN>() else { return };
        if let Some(addresses) = self.by_type.get_mut(kind) {
            addresses.remove(address);
        }
    }

    /// Addresses that may match, ascending: of one type where `prefix` names it, else of all.
    pub fn candidates(&self, prefix: Option<&[u8]>) -> Vec<Pubkey> {
        match prefix.and_then(<[u8]>::first_chunk::<DISCRIMINATOR_LEN>) {
            Some(kind) => self.by_type.get(kind).into_iter().flatten().copied().collect(),
            None => self.all(),
        }
    }

    fn all(&self) -> Vec<Pubkey> {
        let addresses: BTreeSet<Pubkey> = self.by_type.values().flatten().copied().collect();
        addresses.into_iter().collect()
    }
}
