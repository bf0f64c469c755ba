//! Markets: made where they are missing; those that are there must be this matcher's.

use obscura_auction::order::MarketTag;
use solana_sdk::signature::Signer;

use super::{DeployError, Deployer, Deployment};
use crate::accounts::{self, Market, MarketTerms};
use crate::address;
use crate::idl::types::CreateMarketArgs;
use crate::instructions::authority::create_market;

/// A market as it is to be made.
#[derive(Clone, Debug)]
pub struct NewMarket {
    pub gpu_type: String,
    pub batch_seconds: u32,
    pub clear_seconds: u32,
    /// Seconds before the chain's now at which its first batch began: geneses are staggered, so that one
    /// matcher does not prove all markets at once.
    pub age_seconds: i64,
    pub terms: MarketTerms,
}

impl Deployer<'_> {
    pub(super) async fn markets(&mut self, deployment: &Deployment<'_>) -> Result<(), DeployError> {
        let now = self.ledger.clock().await?.unix_seconds;
        let authority = self.payer.pubkey();
        for market in &deployment.markets {
            let address = address::market(MarketTag::of(&market.gpu_type));
            let steps = match accounts::find::<Market>(self.ledger, &address).await? {
                Some(stored) => {
                    refuse_other(&stored, market)?;
                    Vec::new()
                }
                None => vec![vec![create_market(authority, authority, arguments(market, now))]],
            };
            self.ensure(format!("market {}", market.gpu_type), address, None, steps).await?;
        }
        Ok(())
    }
}

fn arguments(market: &NewMarket, now: i64) -> CreateMarketArgs {
    let NewMarket { gpu_type, batch_seconds, clear_seconds, age_seconds, terms } = market.clone();
    CreateMarketArgs { gpu_type, genesis: now - age_seconds, batch_seconds, clear_seconds, terms }
}

fn refuse_other(stored: &Market, asked: &NewMarket) -> Result<(), DeployError> {
    let gpu_type = asked.gpu_type.clone();
    if stored.batch_seconds != asked.batch_seconds {
        let (stored, asked) = (stored.batch_seconds, asked.batch_seconds);
        return Err(DeployError::OtherMarketSeconds { gpu_type, stored, asked });
    }
    let (stored, ours) = (stored.terms.matcher, asked.terms.matcher);
    if stored != ours {
        return Err(DeployError::OtherMatcher { gpu_type, stored, ours });
    }
    Ok(())
}
