//! Which markets a pool serves: those whose matcher it is, or those of them that were named.

use anyhow::bail;
use obscura_auction::order::MarketTag;
use obscura_client::accounts::{self, Market};
use obscura_client::address;
use obscura_client::ledger::Ledger;
use solana_sdk::pubkey::Pubkey;

/// The markets to serve, by name, and the most orders that a batch of theirs takes.
pub struct Served {
    pub gpu_types: Vec<String>,
    pub max_orders: u16,
}

/// Reads them from the chain: in the order in which they were named, else in that of their names.
pub async fn served(ledger: &dyn Ledger, matcher: &Pubkey, named: &[String]) -> anyhow::Result<Served> {
    let mut markets = Vec::new();
    if named.is_empty() {
        let all = accounts::list::<Market>(ledger, []).await?;
        markets.extend(all.into_iter().map(|(_, market)| market).filter(|market| is_of(market, matcher)));
        markets.sort_unstable_by(|left, right| left.gpu_type.cmp(&right.gpu_type));
    }
    for gpu_type in named {
        let Some(market) =
            accounts::find::<Market>(ledger, &address::market(MarketTag::of(gpu_type))).await?
        else {
            bail!("there is no market {gpu_type} on this cluster");
        };
        if !is_of(&market, matcher) {
            let other = market.terms.matcher;
            bail!("the market {gpu_type} is cleared by {other}, not by {matcher}, the key of --keypair");
        }
        markets.push(market);
    }
    if markets.is_empty() {
        bail!("no market on this cluster has {matcher} as its matcher: make one with `obscura deploy`");
    }
    let max_orders = markets.iter().map(max_orders).max().unwrap_or_default();
    Ok(Served { gpu_types: markets.into_iter().map(|market| market.gpu_type).collect(), max_orders })
}

/// Now or from a batch on that is scheduled.
fn is_of(market: &Market, matcher: &Pubkey) -> bool {
    let next = market.next.as_ref().is_some_and(|next| next.terms.matcher == *matcher);
    market.terms.matcher == *matcher || next
}

fn max_orders(market: &Market) -> u16 {
    let next = market.next.as_ref().map_or(0, |next| next.terms.params.max_orders);
    market.terms.params.max_orders.max(next)
}
