//! The four local markets; geneses are staggered, so that one matcher does not prove four batches at once.

use obscura_auction::order::MarketTag;
use solana_sdk::pubkey::Pubkey;

use super::{BootstrapError, LocalSetup};
use crate::accounts::{self, Market, MarketTerms};
use crate::address;
use crate::deploy::{NewMarket, clear_seconds, default_parameters};
use crate::ledger::Ledger;

pub const GPU_TYPES: [&str; 4] = ["H100 80GB", "H200 141GB", "A100 80GB", "RTX 4090"];

/// The markets that a local pool has.
pub fn local(matcher: Pubkey, setup: &LocalSetup) -> Vec<NewMarket> {
    let LocalSetup { circuits: _, allow_dev_keys: _, batch_seconds, max_orders } = *setup;
    let markets = (0u32..).zip(GPU_TYPES).map(|(place, gpu_type)| NewMarket {
        gpu_type: gpu_type.to_owned(),
        batch_seconds,
        clear_seconds: clear_seconds(max_orders),
        age_seconds: stagger(place, batch_seconds),
        terms: MarketTerms { matcher, params: default_parameters(batch_seconds, max_orders) },
    });
    markets.collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn geneses_are_spread_over_one_batch() {
        assert_eq!([0, 1, 2, 3].map(|place| stagger(place, 45)), [0, 11, 22, 33]);
    }
}
