//! Somebody with a key: an owner, a matcher, a stranger. It must never hold state of the chain's.

use anchor_lang::prelude::Pubkey;
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer;

use crate::{address, tokens};

/// An owner's key, its trader account and its two token accounts.
pub struct Actor {
    pub key: Keypair,
    pub trader: Pubkey,
}

impl Actor {
    /// The same actor for the same number, in every run.
    pub fn numbered(number: u8) -> Self {
        let key = keypair(number);
        let trader = address::trader(&key.pubkey());
        Self { key, trader }
    }

    pub fn owner(&self) -> Pubkey {
        self.key.pubkey()
    }

    /// Its token account of `mint`.
    pub fn tokens(&self, mint: &Pubkey) -> Pubkey {
        tokens::account_of(&self.owner(), mint)
    }
}

/// A key that is the same in every run. Numbers below 100 are for actors.
pub fn keypair(number: u8) -> Keypair {
    Keypair::new_from_array([number; 32])
}
