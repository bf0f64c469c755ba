//! What a receipt has shown, in one sentence.

use std::fmt;

use obscura_circuits::keys::VerifyingKeyBytes;
use solana_sdk::pubkey::Pubkey;

use super::parts::OrderSide;
use super::{Outcome, Receipt};
use crate::address;
use crate::amount::decimal;

/// A receipt that was checked: nothing in it is a claim any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    pub gpu_type: String,
    pub batch_index: u64,
    /// Where the chain keeps the batch: its orders root should be the receipt's.
    pub batch: Pubkey,
    pub orders: u16,
    pub order_index: u16,
    pub commit_hash: [u8; 32],
    pub side: OrderSide,
    pub outcome: Outcome,
    /// Micro-USDC per GPU-hour; none where nothing traded.
    pub price_micro: Option<u64>,
    pub leases: usize,
    /// GPUs of the leases; none where a lease is not opened in the receipt.
    pub gpus: Option<u64>,
    /// Micro-USDC that the leases cost, fees included; none likewise.
    pub amount_micro: Option<u64>,
    pub fingerprint: [u8; 32],
    pub size: u16,
    /// The key is one whose secrets everybody knows: whoever wants can forge proofs under it.
    pub development_key: bool,
}

impl Verified {
    /// What `receipt` says, once every check has passed.
    pub(super) fn of(receipt: &Receipt) -> Self {
        let statement = &receipt.statement;
        let openings: Option<Vec<_>> = receipt
            .leases
            .iter()
            .map(|lease| lease.opening.as_ref().map(|o| (u64::from(o.qty), o.amount_micro)))
            .collect();
        let sum = |part: fn(&(u64, u64)) -> u64| openings.as_ref().map(|all| all.iter().map(part).sum());
        Self {
            gpu_type: receipt.gpu_type.clone(),
            batch_index: statement.batch_index,
            batch: address::batch(&receipt.market, statement.batch_index),
            orders: statement.order_count,
            order_index: receipt.order_index,
            commit_hash: receipt.commit_hash.0,
            side: receipt.order().map_or(OrderSide::Bid, |order| order.side),
            outcome: receipt.outcome,
            price_micro: statement.price_micro,
            leases: receipt.leases.len(),
            gpus: sum(|(qty, _)| *qty),
            amount_micro: sum(|(_, amount)| *amount),
            fingerprint: receipt.verifying_key.fingerprint.0,
            size: statement.size,
            development_key: VerifyingKeyBytes::from(&receipt.verifying_key).is_development(),
        }
    }
}

impl fmt::Display for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let side = match self.side {
            OrderSide::Bid => "bid",
            OrderSide::Ask => "ask",
        };
        write!(
            f,
            "Proven under the key {} of {} slots: batch {} of \"{}\" cleared its {} by the rules at {}, and \
             the {side} committed as {} {}",
            hex::encode(self.fingerprint),
            self.size,
            self.batch_index,
            self.gpu_type,
            counted(self.orders.into(), "order"),
            self.price_micro
                .map_or("no price".to_owned(), |micro| format!("{} USDC per GPU-hour", decimal(micro))),
            hex::encode(self.commit_hash),
            self.what_came_of_it(),
        )?;
        if self.development_key {
            f.write_str("; the key is a development key, under which anybody can forge proofs")?;
        }
        f.write_str(".")
    }
}

impl Verified {
    fn what_came_of_it(&self) -> String {
        match (self.outcome, self.gpus, self.amount_micro) {
            (Outcome::NotIncluded, ..) => "was not revealed in time and could not trade".to_owned(),
            (Outcome::Unfilled, ..) => "got nothing".to_owned(),
            (Outcome::Filled, Some(gpus), Some(amount)) => {
                let (gpus, leases) = (counted(gpus, "GPU"), counted(self.leases as u64, "lease"));
                format!("traded {gpus} in {leases} for {} USDC", decimal(amount))
            }
            (Outcome::Filled, ..) => {
                let leases = counted(self.leases as u64, "lease");
                format!("traded in {leases}, and not all terms are opened here")
            }
        }
    }
}

fn counted(count: u64, name: &str) -> String {
    if count == 1 { format!("1 {name}") } else { format!("{count} {name}s") }
}
