//! `orders` where a vault is: under the handles that it gave out, and with those that the chain does not know.

use super::Keeper;
use crate::service::{Caller, OrderLine, OrderState, OrdersInput, OrdersView, ServiceError};

impl Keeper {
    pub(super) async fn list(&self, caller: &Caller, input: OrdersInput) -> Result<OrdersView, ServiceError> {
        let mut listed = self.pool.orders(caller, input).await?;
        for order in self.live_orders_of(caller).await? {
            let handle = order.handle.to_string();
            for line in &mut listed.orders {
                if order.attempts.iter().any(|made| made.order_id.to_string() == line.order_id) {
                    line.order_id.clone_from(&handle);
                }
            }
            let view = self.view(&order).await?;
            if view.state == OrderState::Queued {
                listed.orders.retain(|line| line.order_id != handle);
                listed.orders.insert(0, OrderLine::of(view, order.kept_at));
                listed.total = listed.total.saturating_add(1);
            }
        }
        Ok(listed)
    }
}
