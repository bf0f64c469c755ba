//! How agents decide. Pure: what they saw and what they remember goes in, an order comes out; no clock, no
//! network, integers only.

pub mod buyer;
pub mod provider;

use obscura_auction::order::Side;
use obscura_auction::units::{DurationSeconds, Gpus, PriceMicro};
use obscura_client::sealing::Terms;
use serde::Serialize;

pub use buyer::Buyer;
pub use provider::Provider;

use crate::market_view::MarketView;

/// A way to trade.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Strategy {
    /// Bids above the market, to be filled.
    Taker,
    /// Bids far below the median, and a little more after each miss.
    Discount,
    /// Has work to be done by a certain round, and bids more as it comes near.
    Deadline,
    /// Takes as many GPUs as what is left of its money buys.
    Budget,
    /// Asks its cost and a margin, whatever the market does.
    Floor,
    /// Asks a little less than the last clearing price.
    Follower,
    /// Asks far less than the last clearing price, above a cost that changes.
    Undercutter,
}

impl Strategy {
    /// Those of a side, in the order in which agents take them.
    pub fn of_side(side: Side) -> &'static [Self] {
        match side {
            Side::Bid => &[Self::Taker, Self::Discount, Self::Deadline, Self::Budget],
            Side::Ask => &[Self::Floor, Self::Follower, Self::Undercutter],
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Taker => "taker",
            Self::Discount => "discount",
            Self::Deadline => "deadline",
            Self::Budget => "budget",
            Self::Floor => "floor",
            Self::Follower => "follower",
            Self::Undercutter => "undercutter",
        }
    }

    pub fn side(self) -> Side {
        if Self::of_side(Side::Ask).contains(&self) { Side::Ask } else { Side::Bid }
    }
}

/// What an agent wants of one batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Micro-USDC per GPU-hour.
    pub limit: u64,
    pub qty: u16,
    /// Least number of GPUs it takes.
    pub min_qty: u16,
    /// Seconds.
    pub duration: u32,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// GPUs traded.
    pub qty: u16,
    /// Micro-USDC.
    pub paid: u64,
    /// Micro-USDC per GPU-hour, where anything traded.
    pub clearing_price: Option<u64>,
}

/// One agent's mind.
#[derive(Clone, Debug)]
pub enum Mind {
    Buyer(Buyer),
    Provider(Provider),
}

impl Mind {
    pub fn strategy(&self) -> Strategy {
        match self {
            Self::Buyer(buyer) => buyer.strategy(),
            Self::Provider(provider) => provider.strategy(),
        }
    }

    /// What to do in this round; `None` sits it out.
    pub fn decide(&mut self, view: &MarketView) -> Option<Decision> {
        match self {
            Self::Buyer(buyer) => buyer.decide(view),
            Self::Provider(provider) => Some(provider.decide(view)),
        }
    }

    pub fn learn(&mut self, outcome: &Outcome) {
        match self {
            Self::Buyer(buyer) => buyer.learn(outcome),
            Self::Provider(provider) => provider.learn(outcome),
        }
    }
}

impl Decision {
    /// As an order of that market and side; an ask's duration is the longest there is.
    pub fn terms(&self, gpu_type: &str, side: Side) -> anyhow::Result<Terms> {
        let Self { limit, qty, min_qty, duration } = *self;
        let (min_qty, duration) = match side {
            Side::Bid => (Some(Gpus::new(min_qty)?), Some(DurationSeconds::new(duration)?)),
            Side::Ask => (None, None),
        };
        let (price, qty) = (PriceMicro::new(limit)?, Gpus::new(qty)?);
        Ok(Terms { gpu_type: gpu_type.to_owned(), side, price, qty, min_qty, duration })
    }
}

/// So many thousandths of an amount, rounded down.
pub fn permille(amount: u64, thousandths: u64) -> u64 {
    amount.saturating_mul(thousandths) / 1_000
}
