//! One Groth16 verifying key on chain, because key, proof and bitmaps together do not fit a transaction. It
//! must never be replaced: a market names the size, a batch names the account, and neither may change under
//! a proof. Source: SPEC section 10.

use anchor_lang::prelude::*;
use groth16_solana::groth16::{Groth16Verifier, Groth16Verifyingkey};

use crate::errors::ObscuraError;

#[account]
#[derive(InitSpace, Debug)]
pub struct VerifyingKey {
    /// Slots of the circuit this key is for.
    pub size: u16,
    pub points: KeyPoints,
    /// SHA-256 of the points in account order.
    pub fingerprint: [u8; 32],
    pub frozen: bool,
    /// Proofs under it are refused from then on; its open batches go void.
    pub disabled: bool,
    pub bump: u8,
}

/// The key's points as the alt_bn128 syscalls take them: big-endian, G2 as x.c1, x.c0, y.c1, y.c0.
#[derive(AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Debug, PartialEq, Eq)]
pub struct KeyPoints {
    pub alpha_g1: [u8; 64],
    pub beta_g2: [u8; 128],
    pub gamma_g2: [u8; 128],
    pub delta_g2: [u8; 128],
    /// Constant term, then the statement's: the circuit has one public input.
    pub ic: [[u8; 64]; 2],
}

/// A proof as groth16-solana takes it: `a` already negated.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    pub a: [u8; 64],
    pub b: [u8; 128],
    pub c: [u8; 64],
}

impl KeyPoints {
    /// SHA-256 of the points that come from the randomness alone, not from the circuit.
    pub fn origin(&self) -> [u8; 32] {
        let KeyPoints { alpha_g1, beta_g2, gamma_g2, delta_g2, ic: _ } = self;
        solana_sha256_hasher::hashv(&[alpha_g1, beta_g2, gamma_g2, delta_g2]).to_bytes()
    }

    pub fn fingerprint(&self) -> [u8; 32] {
        let KeyPoints { alpha_g1, beta_g2, gamma_g2, delta_g2, ic: [constant, statement] } = self;
        solana_sha256_hasher::hashv(&[alpha_g1, beta_g2, gamma_g2, delta_g2, constant, statement]).to_bytes()
    }
}

impl VerifyingKey {
    /// A market may open on this key, a batch may clear under it.
    pub fn require_usable(&self) -> Result<()> {
        require!(self.frozen, ObscuraError::KeyNotFrozen);
        require!(!self.disabled, ObscuraError::KeyDisabled);
        Ok(())
    }

    /// Checks `proof` for the statement hash, the one public input. Points off the curve or outside their
    /// subgroup are refused by the syscalls, an input not below the modulus by the checked `verify`.
    pub fn verify(&self, proof: &Proof, statement: &[u8; 32]) -> Result<()> {
        let KeyPoints { alpha_g1, beta_g2, gamma_g2, delta_g2, ic } = &self.points;
        let key = Groth16Verifyingkey {
            nr_pubinputs: 1,
            vk_alpha_g1: *alpha_g1,
            vk_beta_g2: *beta_g2,
            vk_gamma_g2: *gamma_g2,
            vk_delta_g2: *delta_g2,
            vk_ic: ic,
            vk_commitment: None,
        };
        let inputs = [*statement];
        Groth16Verifier::new(&proof.a, &proof.b, &proof.c, &inputs, &key)
            .and_then(|mut verifier| verifier.verify())
            .map_err(|_| error!(ObscuraError::ProofRejected))
    }
}
