//! The public figures of each market, worked out once for everybody who asks at the same moment.
//!
//! All of it is on the chain or in public clearings, and none of it depends on who asks. What is shown is
//! never older than the chain's last change where the ledger can tell that, else than one slot.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use obscura_client::ledger::ChainMark;
use solana_sdk::pubkey::Pubkey;

use super::batches::RunningBatch;
use super::quote::History;
use super::{Market, Pool};
use crate::service::ServiceError;
use crate::storage::ClearedBatch;

/// How long figures stand where the ledger cannot tell whether it has changed: a slot of a cluster.
const SLOT: Duration = Duration::from_millis(400);

/// What a market shows to everybody.
pub(super) struct MarketFigures {
    pub running: RunningBatch,
    /// Of the last batches that paid.
    pub history: History,
    /// The last ones cleared, the latest first.
    pub cleared: Vec<ClearedBatch>,
}

/// The latest figures of each market.
pub(super) struct MarketBoard {
    shown: BTreeMap<Pubkey, Place>,
}

#[derive(Default)]
struct Place {
    shown: Mutex<Option<Shown>>,
    /// One works them out, the others wait for it.
    turn: tokio::sync::Mutex<()>,
}

struct Shown {
    moment: Moment,
    at: Instant,
    figures: Arc<MarketFigures>,
}

/// What figures were read at.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Moment {
    chain: Option<ChainMark>,
    storage: u64,
}

impl MarketBoard {
    pub fn of(markets: &[Market]) -> Self {
        Self { shown: markets.iter().map(|market| (market.address, Place::default())).collect() }
    }
}

impl Shown {
    fn is_of(&self, moment: Moment) -> bool {
        self.moment == moment && (moment.chain.is_some() || self.at.elapsed() < SLOT)
    }
}

impl Place {
    fn at(&self, moment: Moment) -> Option<Arc<MarketFigures>> {
        let shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        shown.as_ref().filter(|shown| shown.is_of(moment)).map(|shown| shown.figures.clone())
    }

    fn show(&self, shown: Shown) {
        *self.shown.lock().unwrap_or_else(PoisonError::into_inner) = Some(shown);
    }
}

impl Pool {
    /// The figures of this moment.
    pub(super) async fn figures(&self, market: &Market) -> Result<Arc<MarketFigures>, ServiceError> {
        let Some(place) = self.board.shown.get(&market.address) else {
            return Ok(Arc::new(self.work_out(market).await?));
        };
        if let Some(figures) = place.at(self.moment()) {
            return Ok(figures);
        }
        let _turn = place.turn.lock().await;
        // Read before the figures are: what changes meanwhile makes them old at once.
        let (moment, at) = (self.moment(), Instant::now());
        if let Some(figures) = place.at(moment) {
            return Ok(figures);
        }
        let figures = Arc::new(self.work_out(market).await?);
        place.show(Shown { moment, at, figures: figures.clone() });
        Ok(figures)
    }

    fn moment(&self) -> Moment {
        Moment { chain: self.ledger.mark(), storage: self.storage.public_changes() }
    }

    async fn work_out(&self, market: &Market) -> Result<MarketFigures, ServiceError> {
        let address = market.address.to_bytes();
        Ok(MarketFigures {
            running: self.running_batch(market).await?,
            history: History::of(&self.storage.recent_payments(&address).await?),
            cleared: self.storage.recent_batches(&address).await?,
        })
    }
}
