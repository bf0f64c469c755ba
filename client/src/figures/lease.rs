//! A lease. Its size and duration are there once somebody has shown them.

use super::{Figure, Figures, hash, key, number, obsc, span, time, usdc, variant};
use crate::accounts::{Lease, LeaseState};

impl Figures for Lease {
    fn figures(&self) -> Vec<Figure> {
        let mut figures = vec![
            variant("state", &self.state),
            variant("reason", &self.reason),
            variant("fault", &self.fault),
            key("buyer", self.buyer),
            key("provider", self.provider),
            key("market", self.market),
            key("batch", self.batch),
            number("row", self.row),
            key("bidOrder", self.bid_order),
            key("askOrder", self.ask_order),
            number("bidIndex", self.bid_index),
            number("askIndex", self.ask_index),
            hash("termsHash", self.terms_hash),
            usdc("price", self.price_micro),
            number("feeBps", self.fee_bps),
            time("acceptBy", self.accept_by.seconds),
            span("maxDuration", self.max_duration),
            time("offeredAt", self.offered_at),
            time("acceptedAt", self.accepted_at),
            number("answers", self.answers),
        ];
        // Unknown until it is closed, and not zero.
        if matches!(self.state, LeaseState::Closed) {
            figures.extend([
                time("closedAt", self.closed_at),
                usdc("amount", self.amount),
                usdc("fee", self.fee),
                obsc("slashed", self.slashed),
            ]);
        }
        if self.qty > 0 {
            figures.extend([number("qty", self.qty), span("duration", self.duration)]);
        }
        if let Some(challenge) = &self.challenge {
            figures.push(usdc("challengeDeposit", challenge.deposit));
            figures.push(time("challengeAnswerBy", challenge.answer_by.seconds));
        }
        figures
    }
}
