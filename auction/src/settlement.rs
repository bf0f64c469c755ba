//! What a lease costs, what its bid must have locked, and how the amount is shared.
//!
//! Must never lose or make a micro-USDC: fee and payout always sum to the amount. SPEC section 1.
//! The amount is rounded up for the provider, the fee down for the provider: the market pays both.

use crate::units::{DurationSeconds, FeeBps, Gpus, MicroUsdc, PriceMicro};

const SECONDS_PER_HOUR: u128 = 3600;
const BPS_PER_WHOLE: u128 = 10_000;

/// `ceil(price * qty * duration / 3600)`: what the buyer of one lease pays, in favour of the provider.
pub fn amount_ceil(price: PriceMicro, qty: Gpus, duration: DurationSeconds) -> MicroUsdc {
    let gpu_seconds = u128::from(qty.get()) * u128::from(duration.get());
    let amount = (u128::from(price.get()) * gpu_seconds).div_ceil(SECONDS_PER_HOUR);
    // At most (2^40 - 1) * 4096 * 720 < 2^62, by the ranges of the three units.
    MicroUsdc::new(amount as u64)
}

/// `floor(price * qty * used / 3600)`: what `used` seconds of a lease that failed have cost, in favour of
/// the buyer. Never above what the whole term costs, if `used` is not longer.
pub fn used_amount_floor(price: PriceMicro, qty: Gpus, used_seconds: u32) -> MicroUsdc {
    let gpu_seconds = u128::from(qty.get()) * u128::from(used_seconds);
    let amount = u128::from(price.get()) * gpu_seconds / SECONDS_PER_HOUR;
    // At most (2^40 - 1) * 4096 * 2^32 / 3600 < 2^74 for any u32; a term's seconds keep it below 2^62.
    MicroUsdc::new(u64::try_from(amount).unwrap_or(u64::MAX))
}

/// First second of a lease's term: its acceptance. A bid with several leases may cancel one until
/// `cancels_until`, so none of their terms starts before.
pub fn term_starts(accepted_at: i64, leases_of_bid: u16, cancels_until: i64) -> i64 {
    if leases_of_bid > 1 { accepted_at.max(cancels_until) } else { accepted_at }
}

/// The least a bid must lock: its amount at its limit, plus what splitting can add by rounding.
///
/// A bid over `qty` GPUs has at most `qty` leases, and each rounds up by less than one unit.
pub fn collateral_ceil(limit: PriceMicro, qty: Gpus, duration: DurationSeconds) -> MicroUsdc {
    let whole = amount_ceil(limit, qty, duration).get();
    MicroUsdc::new(whole + u64::from(qty.get()) - 1)
}

/// `floor(amount * feeBps / 10000)`: the market's share of a lease.
pub fn fee_floor(amount: MicroUsdc, fee: FeeBps) -> MicroUsdc {
    let share = u128::from(amount.get()) * u128::from(fee.get()) / BPS_PER_WHOLE;
    // Not above `amount`, since a fee is at most 10,000 bps.
    MicroUsdc::new(share as u64)
}

/// The provider's share of a lease: all that is not the fee.
pub fn payout_after_fee(amount: MicroUsdc, fee: FeeBps) -> MicroUsdc {
    MicroUsdc::new(amount.get() - fee_floor(amount, fee).get())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(price: u64, qty: u16, seconds: u32) -> u64 {
        amount_ceil(
            PriceMicro::new(price).unwrap(),
            Gpus::new(qty).unwrap(),
            DurationSeconds::new(seconds).unwrap(),
        )
        .get()
    }

    #[test]
    fn an_amount_is_rounded_up_and_only_where_it_is_not_whole() {
        assert_eq!(amount(1_860_000, 4, 3600), 7_440_000);
        assert_eq!(amount(1, 1, 60), 1);
        assert_eq!(amount(3600, 1, 61), 61);
        assert_eq!(amount(3601, 1, 61), 62);
    }

    #[test]
    fn a_part_of_a_term_is_rounded_down_and_never_above_the_whole() {
        let used = |price, seconds| {
            used_amount_floor(PriceMicro::new(price).unwrap(), Gpus::new(1).unwrap(), seconds).get()
        };
        assert_eq!((used(3601, 0), used(3601, 60), used(3601, 61)), (0, 60, 61));
        assert_eq!(amount(3601, 1, 61), 62);
    }

    #[test]
    fn the_term_of_a_split_bids_lease_starts_once_it_cannot_be_cancelled() {
        assert_eq!([term_starts(7, 1, 9), term_starts(7, 2, 9), term_starts(11, 2, 9)], [7, 9, 11]);
    }

    #[test]
    fn the_dearest_lease_and_its_collateral_fit_64_bits() {
        let dearest = amount_ceil(PriceMicro::MAX, Gpus::MAX, DurationSeconds::MAX);
        assert_eq!(u128::from(dearest.get()), ((1_u128 << 40) - 1) * 4096 * 720);
        let collateral = collateral_ceil(PriceMicro::MAX, Gpus::MAX, DurationSeconds::MAX);
        assert_eq!(collateral.get(), dearest.get() + 4095);
    }

    #[test]
    fn fee_is_rounded_down_and_the_provider_gets_the_rest() {
        let fee = FeeBps::new(100).unwrap();
        assert_eq!(fee_floor(MicroUsdc::new(199), fee).get(), 1);
        assert_eq!(payout_after_fee(MicroUsdc::new(199), fee).get(), 198);
        assert_eq!(fee_floor(MicroUsdc::new(u64::MAX), FeeBps::MAX).get(), u64::MAX);
        assert_eq!(payout_after_fee(MicroUsdc::new(u64::MAX), FeeBps::MAX), MicroUsdc::ZERO);
    }
}
