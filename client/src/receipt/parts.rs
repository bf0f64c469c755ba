//! The parts of a receipt as JSON has them: hex for hashes and points, base58 for keys.

use std::fmt;

use obscura_auction::encoding::{BITMAP_BYTES, Bitmap, StatementFields};
use obscura_auction::lock::Lock;
use obscura_auction::order::Side;
use obscura_auction::units::{DurationSeconds, FeeBps, OutOfRange, PriceMicro};
use obscura_circuits::keys::VerifyingKeyBytes;
use obscura_circuits::proof::ProofBytes;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use solana_sdk::pubkey::Pubkey;

/// Bytes that are written as hex digits, exactly so many.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Hex<const N: usize>(pub [u8; N]);

impl<const N: usize> fmt::Debug for Hex<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl<const N: usize> Serialize for Hex<N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex::encode(self.0))
    }
}

impl<'de, const N: usize> Deserialize<'de> for Hex<N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let lower = !text.bytes().any(|byte| byte.is_ascii_uppercase());
        let mut bytes = [0; N];
        match hex::decode_to_slice(&text, &mut bytes) {
            Ok(()) if lower => Ok(Self(bytes)),
            _ => Err(serde::de::Error::custom(format!("expected {} lower-case hex digits", 2 * N))),
        }
    }
}

/// Public keys as base58 text.
pub mod base58 {
    use super::{Deserialize, Deserializer, Pubkey, Serialize, Serializer};

    pub fn serialize<S: Serializer>(key: &Pubkey, serializer: S) -> Result<S::Ok, S::Error> {
        key.to_string().serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Pubkey, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|_| serde::de::Error::custom("expected a public key in base58"))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum OrderSide {
    Bid,
    Ask,
}

/// One order of the batch, as the chain absorbed it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListedOrder {
    pub commit_hash: Hex<32>,
    #[serde(with = "base58")]
    pub owner: Pubkey,
    pub side: OrderSide,
    /// Micro-USDC of a bid, GPUs of an ask.
    pub lock: u64,
}

impl ListedOrder {
    pub fn lock(&self) -> Lock {
        let side = match self.side {
            OrderSide::Bid => Side::Bid,
            OrderSide::Ask => Side::Ask,
        };
        Lock { side, amount: self.lock }
    }
}

/// What the proof is of, but for what the receipt says elsewhere: program and market.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StatementView {
    /// Slots of the circuit.
    pub size: u16,
    pub order_count: u16,
    pub batch_index: u64,
    pub orders_root: Hex<32>,
    /// Bit `i % 8` of byte `i / 8` is order `i`.
    pub included: Hex<BITMAP_BYTES>,
    pub filled: Hex<BITMAP_BYTES>,
    /// Micro-USDC per GPU-hour; null where nothing traded.
    pub price_micro: Option<u64>,
    pub fee_bps: u16,
    pub min_duration_seconds: u32,
    pub max_duration_seconds: u32,
    pub leases_root: Hex<32>,
    /// The circuit's public input, which all of this hashes to.
    pub hash: Hex<32>,
}

impl StatementView {
    /// The fields that are hashed.
    pub fn fields(&self, program: [u8; 32], market: [u8; 32]) -> Result<StatementFields, OutOfRange> {
        let Self {
            size,
            order_count,
            batch_index,
            orders_root,
            included,
            filled,
            price_micro,
            fee_bps,
            min_duration_seconds,
            max_duration_seconds,
            leases_root,
            hash: _,
        } = self;
        Ok(StatementFields {
            size: *size,
            order_count: *order_count,
            batch_index: *batch_index,
            program,
            market,
            orders_root: orders_root.0,
            included: Bitmap::from_bytes(included.0),
            filled: Bitmap::from_bytes(filled.0),
            price: price_micro.map(PriceMicro::new).transpose()?,
            fee_bps: FeeBps::new(*fee_bps)?,
            min_duration: DurationSeconds::new(*min_duration_seconds)?,
            max_duration: DurationSeconds::new(*max_duration_seconds)?,
            leases_root: leases_root.0,
        })
    }

    /// The view of `fields` with their hash.
    pub fn of(fields: &StatementFields, hash: [u8; 32]) -> Self {
        let StatementFields {
            size,
            order_count,
            batch_index,
            program: _,
            market: _,
            orders_root,
            included,
            filled,
            price,
            fee_bps,
            min_duration,
            max_duration,
            leases_root,
        } = fields;
        Self {
            size: *size,
            order_count: *order_count,
            batch_index: *batch_index,
            orders_root: Hex(*orders_root),
            included: Hex(*included.as_bytes()),
            filled: Hex(*filled.as_bytes()),
            price_micro: price.map(PriceMicro::get),
            fee_bps: fee_bps.get(),
            min_duration_seconds: min_duration.get(),
            max_duration_seconds: max_duration.get(),
            leases_root: Hex(*leases_root),
            hash: Hex(hash),
        }
    }
}

/// A Groth16 proof as the chain takes it: `a` is negated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProofView {
    pub a: Hex<64>,
    pub b: Hex<128>,
    pub c: Hex<64>,
}

impl From<&ProofBytes> for ProofView {
    fn from(proof: &ProofBytes) -> Self {
        let ProofBytes { a, b, c } = *proof;
        Self { a: Hex(a), b: Hex(b), c: Hex(c) }
    }
}

impl From<&ProofView> for ProofBytes {
    fn from(view: &ProofView) -> Self {
        let ProofView { a: Hex(a), b: Hex(b), c: Hex(c) } = *view;
        Self { a, b, c }
    }
}

/// The verifying key as the chain keeps it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KeyView {
    /// SHA-256 of the points below, in this order.
    pub fingerprint: Hex<32>,
    pub alpha_g1: Hex<64>,
    pub beta_g2: Hex<128>,
    pub gamma_g2: Hex<128>,
    pub delta_g2: Hex<128>,
    pub ic: [Hex<64>; 2],
}

impl From<&VerifyingKeyBytes> for KeyView {
    fn from(key: &VerifyingKeyBytes) -> Self {
        let VerifyingKeyBytes { alpha_g1, beta_g2, gamma_g2, delta_g2, ic } = *key;
        Self {
            fingerprint: Hex(key.fingerprint()),
            alpha_g1: Hex(alpha_g1),
            beta_g2: Hex(beta_g2),
            gamma_g2: Hex(gamma_g2),
            delta_g2: Hex(delta_g2),
            ic: ic.map(Hex),
        }
    }
}

impl From<&KeyView> for VerifyingKeyBytes {
    fn from(view: &KeyView) -> Self {
        let KeyView { fingerprint: _, alpha_g1, beta_g2, gamma_g2, delta_g2, ic } = view;
        Self {
            alpha_g1: alpha_g1.0,
            beta_g2: beta_g2.0,
            gamma_g2: gamma_g2.0,
            delta_g2: delta_g2.0,
            ic: ic.map(|point| point.0),
        }
    }
}

/// One lease of the order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LeaseRowView {
    /// Address of the lease account.
    #[serde(with = "base58")]
    pub lease_id: Pubkey,
    /// Place in the lease tree.
    pub row: u16,
    pub bid_index: u16,
    pub ask_index: u16,
    pub terms_hash: Hex<32>,
    /// Siblings from the row to the leases root.
    pub path: Vec<Hex<32>>,
    /// What the terms hash hides; null where nobody opened it and the pool has erased it.
    pub opening: Option<LeaseOpening>,
}

/// The terms of a lease, and what follows from them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LeaseOpening {
    pub qty: u16,
    pub duration_seconds: u32,
    pub blind: Hex<32>,
    /// `ceil(price * qty * duration / 3600)`, micro-USDC.
    pub amount_micro: u64,
    /// `floor(amount * feeBps / 10000)`, out of the amount.
    pub fee_micro: u64,
}
