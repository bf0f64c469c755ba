//! The caller's orders, from the chain: a handle that was lost is found again.

use std::cmp::Reverse;

use obscura_client::accounts::{self, Ended, Order, filter};
use uuid::Uuid;

use super::{Pool, owner_of};
use crate::service::{Caller, NextAction, OrderLine, OrdersInput, OrdersView, ServiceError};

const DEFAULT_LIMIT: u16 = 20;
const MAX_LIMIT: u16 = 50;

impl Pool {
    pub(super) async fn list_orders(
        &self,
        caller: &Caller,
        input: OrdersInput,
    ) -> Result<OrdersView, ServiceError> {
        let OrdersInput { all, limit } = input;
        let of_owner = filter::orders_of_owner(&owner_of(caller));
        let mut orders = accounts::list::<Order>(self.ledger.as_ref(), [of_owner]).await?;
        orders.retain(|(_, order)| all == Some(true) || matches!(order.ended, Ended::Live));
        orders.sort_by_key(|(address, order)| (Reverse(order.committed_at), *address));
        let total = u32::try_from(orders.len()).unwrap_or(u32::MAX);
        orders.truncate(usize::from(limit.unwrap_or(DEFAULT_LIMIT).min(MAX_LIMIT)));
        let mut lines = Vec::with_capacity(orders.len());
        for (address, order) in orders {
            let id = Uuid::from_bytes(order.order_id);
            if let Some(found) = self.order_at(address, id).await? {
                lines.push(OrderLine::of(self.order_view(&found).await?, order.committed_at));
            }
        }
        let next_actions = next_actions(&lines);
        Ok(OrdersView { orders: lines, total, next_actions })
    }
}

fn next_actions(lines: &[OrderLine]) -> Vec<NextAction> {
    match lines.first() {
        Some(latest) => vec![NextAction::wait(&latest.order_id, 0, "the latest order, in full")],
        None => vec![NextAction::markets("there is no order to show; see what there is to lease")],
    }
}
