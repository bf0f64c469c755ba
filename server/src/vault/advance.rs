//! One step of a kept order. Where it is decides what is next; the record decides where it is.

use obscura_client::vault::AttemptState;
use uuid::Uuid;

use super::{Keeper, unusable};
use crate::service::ServiceError;

impl Keeper {
    /// Does what is due for the order now. The caller holds its lock.
    pub(super) async fn step(&self, handle: Uuid) -> Result<(), ServiceError> {
        let Some(mut order) = self.vault.find(handle).await.map_err(unusable)? else { return Ok(()) };
        if order.is_over() {
            return Ok(());
        }
        match &order.latest().state {
            AttemptState::Drawn | AttemptState::Sent => self.place(&mut order).await,
            AttemptState::Committed => self.reveal(&mut order).await,
            AttemptState::Revealed(_) => self.settle(&mut order).await,
            // Cut off between an attempt's end and the next one: the end is worked out again.
            AttemptState::Ended { .. } => self.settle(&mut order).await,
        }
    }
}
