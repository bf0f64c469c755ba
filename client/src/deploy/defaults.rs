//! A market's parameters where nobody says: SPEC section 11's, with the windows after a clearing scaled to the
//! batch.

use obscura_circuits::size::BatchSize;

use crate::accounts::MarketParams;

/// Micro-OBSC that a market asks of its matcher at the least: SPEC section 11.
pub const MATCHER_BOND: u64 = 10_000_000_000;

/// The batch length for which the settle and accept times below are meant.
const NOMINAL_BATCH_SECONDS: u32 = 45;
const SETTLE_SECONDS: u32 = 120;
const ACCEPT_SECONDS: u32 = 60;
const CANCEL_SECONDS: u32 = 120;
const ANSWER_SECONDS: u32 = 60;
const CHALLENGE_GAP_SECONDS: u32 = 600;
/// A loop that looks every second must still find time to act.
const LEAST_SETTLE_SECONDS: u32 = 6;
const LEAST_ACCEPT_SECONDS: u32 = 10;
const LEAST_CANCEL_SECONDS: u32 = 10;
const LEAST_ANSWER_SECONDS: u32 = 10;
/// Proving takes as long for a short batch as for a long one, and longer for more orders: three times
/// as long as one matcher needs for a full batch of every market.
const CLEAR_SECONDS: u32 = 45;
const CLEAR_SECONDS_OF_1024: u32 = 180;

/// Seconds that a market's matcher has for a clearing, where nobody says.
pub fn clear_seconds(max_orders: u16) -> u32 {
    if max_orders == BatchSize::S1024.get() { CLEAR_SECONDS_OF_1024 } else { CLEAR_SECONDS }
}

/// A market's parameters where nobody says.
pub fn default_parameters(batch_seconds: u32, max_orders: u16) -> MarketParams {
    let scaled = |seconds: u32, least: u32| (seconds * batch_seconds / NOMINAL_BATCH_SECONDS).max(least);
    MarketParams {
        fee_bps: 100,
        max_orders,
        min_duration: 60,
        max_duration: 604_800,
        min_collateral: 1,
        order_fee: 10_000,
        reveal_deposit: 1_000_000,
        stake_per_gpu: 100_000_000,
        accept_seconds: scaled(ACCEPT_SECONDS, LEAST_ACCEPT_SECONDS),
        settle_seconds: scaled(SETTLE_SECONDS, LEAST_SETTLE_SECONDS),
        cancel_seconds: scaled(CANCEL_SECONDS, LEAST_CANCEL_SECONDS),
        answer_seconds: scaled(ANSWER_SECONDS, LEAST_ANSWER_SECONDS),
        challenge_gap_seconds: scaled(CHALLENGE_GAP_SECONDS, LEAST_ANSWER_SECONDS),
        challenge_deposit: 1_000_000,
        no_show_slash_bps: 1_000,
        failure_slash_bps: 2_000,
        matcher_bond: MATCHER_BOND,
        bond_per_usdc: 1_000_000,
        bond_cover_bps: 1_000,
        void_penalty: 100_000_000,
        unopened_penalty: 10_000_000,
        omission_penalty: 100_000_000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_after_a_clearing_follow_the_batch_and_never_get_too_short() {
        let windows = |seconds| {
            let MarketParams { settle_seconds, accept_seconds, .. } = default_parameters(seconds, 16);
            (settle_seconds, accept_seconds)
        };
        assert_eq!(windows(45), (120, 60));
        assert_eq!(windows(3600), (9600, 4800));
        assert_eq!(windows(3), (8, 10));
    }
}
