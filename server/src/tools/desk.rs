//! Where a request about an order goes: to the vault that may keep it, else to the pool.

use crate::service::{
    Caller, LeaseStatusInput, OrderView, OrdersInput, OrdersView, PoolService, RefundInput, ServiceError,
    VaultService,
};

/// A pool, and the vault in front of it where there is one.
#[derive(Clone, Copy)]
pub struct Desk<'a> {
    pub pool: &'a dyn PoolService,
    pub vault: Option<&'a dyn VaultService>,
}

impl Desk<'_> {
    pub async fn order_status(
        &self,
        caller: &Caller,
        input: LeaseStatusInput,
    ) -> Result<OrderView, ServiceError> {
        match self.vault {
            Some(vault) => vault.order_status(caller, input).await,
            None => self.pool.order_status(caller, input).await,
        }
    }

    pub async fn orders(&self, caller: &Caller, input: OrdersInput) -> Result<OrdersView, ServiceError> {
        match self.vault {
            Some(vault) => vault.orders(caller, input).await,
            None => self.pool.orders(caller, input).await,
        }
    }

    /// The pool's own name for an order: a handle of the vault's stands for its latest attempt.
    pub async fn pool_order_id(&self, caller: &Caller, order_id: String) -> Result<String, ServiceError> {
        let Some(vault) = self.vault else { return Ok(order_id) };
        let look = LeaseStatusInput { order_id: order_id.clone(), wait_seconds: None };
        let attempts = vault.order_status(caller, look).await?.attempts;
        let latest = attempts.and_then(|attempts| attempts.made.into_iter().next_back());
        Ok(latest.map_or(order_id, |latest| latest.order_id))
    }

    pub async fn refund(&self, caller: &Caller, input: RefundInput) -> Result<OrderView, ServiceError> {
        match self.vault {
            Some(vault) => vault.refund(caller, input).await,
            None => self.pool.refund(caller, input).await,
        }
    }
}
