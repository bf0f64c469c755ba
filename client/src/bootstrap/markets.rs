//! The four local markets. Parameters are SPEC section 11's, with the windows after a clearing scaled
//! to the batch; geneses are staggered, so that one matcher does not prove four batches at once.

use obscura_auction::order::MarketTag;
use obscura_circuits::size::BatchSize;
use solana_sdk::signature::Signer;

use super::{BootstrapError, LocalKeys, LocalSetup, MATCHER_BOND};
use crate::accounts::{self, Market, MarketParams, MarketTerms};
use crate::address;
use crate::idl::types::CreateMarketArgs;
use crate::instructions::authority::create_market;
use crate::ledger::Ledger;
use crate::transactions::Submission;

pub const GPU_TYPES: [&str; 4] = ["H100 80GB", "H200 141GB", "A100 80GB", "RTX 4090"];

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

/// Creates the markets that are missing; those that are there must be this matcher's.
pub async fn create(ledger: &dyn Ledger, keys: &LocalKeys, setup: &LocalSetup) -> Result<(), BootstrapError> {
    let LocalSetup { circuits: _, allow_dev_keys: _, batch_seconds, max_orders } = *setup;
    let now = ledger.clock().await?.unix_seconds;
    let authority = keys.authority.pubkey();
    for (place, gpu_type) in (0u32..).zip(GPU_TYPES) {
        if let Some(market) = find(ledger, gpu_type).await? {
            let (stored, ours) = (market.terms.matcher, keys.matcher.pubkey());
            if stored != ours {
                return Err(BootstrapError::OtherKeys { what: "the matcher", stored, ours });
            }
            continue;
        }
        let market = CreateMarketArgs {
            gpu_type: gpu_type.to_owned(),
            genesis: now - stagger(place, batch_seconds),
            batch_seconds,
            clear_seconds: clear_seconds(max_orders),
            terms: MarketTerms {
                matcher: keys.matcher.pubkey(),
                params: parameters(batch_seconds, max_orders),
            },
        };
        Submission::new(&keys.authority, [create_market(authority, authority, market)]).send(ledger).await?;
    }
    Ok(())
}

/// A market's batches never change their length or their room: others need another data directory.
pub async fn refuse_other_shape(ledger: &dyn Ledger, setup: &LocalSetup) -> Result<(), BootstrapError> {
    for gpu_type in GPU_TYPES {
        let Some(market) = find(ledger, gpu_type).await? else { continue };
        let (stored, asked) = (market.batch_seconds, setup.batch_seconds);
        if stored != asked {
            return Err(BootstrapError::OtherBatchSeconds { stored, asked });
        }
        let (stored, asked) = (market.terms.params.max_orders, setup.max_orders);
        if stored != asked {
            return Err(BootstrapError::OtherMaxOrders { stored, asked });
        }
    }
    Ok(())
}

async fn find(ledger: &dyn Ledger, gpu_type: &str) -> Result<Option<Market>, BootstrapError> {
    Ok(accounts::find(ledger, &address::market(MarketTag::of(gpu_type))).await?)
}

/// Seconds by which the market in `place` began earlier than the first.
fn stagger(place: u32, batch_seconds: u32) -> i64 {
    i64::from(place * batch_seconds / GPU_TYPES.len() as u32)
}

fn clear_seconds(max_orders: u16) -> u32 {
    if max_orders == BatchSize::S1024.get() { CLEAR_SECONDS_OF_1024 } else { CLEAR_SECONDS }
}

fn parameters(batch_seconds: u32, max_orders: u16) -> MarketParams {
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
            let MarketParams { settle_seconds, accept_seconds, .. } = parameters(seconds, 16);
            (settle_seconds, accept_seconds)
        };
        assert_eq!(windows(45), (120, 60));
        assert_eq!(windows(3600), (9600, 4800));
        assert_eq!(windows(3), (8, 10));
    }

    #[test]
    fn geneses_are_spread_over_one_batch() {
        assert_eq!([0, 1, 2, 3].map(|place| stagger(place, 45)), [0, 11, 22, 33]);
    }
}
