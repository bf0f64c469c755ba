//! An order. A bid counts its lock in micro-USDC, an ask in GPUs.

use uuid::Uuid;

use super::{Figure, Figures, flag, hash, key, number, obsc, text, time, usdc, variant};
use crate::accounts::Order;

const BID: u8 = 0;

impl Figures for Order {
    fn figures(&self) -> Vec<Figure> {
        let is_bid = self.side == BID;
        let locked =
            |bid: &str, ask: &str, amount| if is_bid { usdc(bid, amount) } else { number(ask, amount) };
        vec![
            text("orderId", Uuid::from_bytes(self.order_id).to_string()),
            key("owner", self.owner),
            key("market", self.market),
            key("batch", self.batch),
            number("index", self.index),
            text("side", if is_bid { "bid" } else { "ask" }),
            variant("ended", &self.ended),
            hash("commitHash", self.commit_hash),
            locked("lock", "lockGpus", self.lock),
            obsc("stakeLocked", self.stake_locked),
            usdc("orderFee", self.order_fee),
            usdc("revealDeposit", self.reveal_deposit),
            usdc(if is_bid { "paid" } else { "earned" }, self.paid),
            usdc("refunded", self.refunded),
            locked("freed", "freedGpus", self.freed),
            obsc("slashed", self.slashed),
            number("leases", self.leases),
            number("openLeases", self.open_leases),
            number("shownLeases", self.shown_leases),
            number("refusedLeases", self.refused_leases),
            time("acceptsUntil", self.accepts_until.seconds),
            flag("omissionPaid", self.omission_paid),
            time("committedAt", self.committed_at),
            flag("publiclyRevealed", self.public_opening.is_some()),
        ]
    }
}
