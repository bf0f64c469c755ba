//! `refund`: sends back what an ended order no longer needs. It can only move
//! money to the order's owner, and only once.

use std::sync::LazyLock;

use serde_json::Value;

use super::arguments::InputContract;
use super::{Annotations, Audience, Desk, Sealing, ToolDefinition, schema};
use crate::service::{Caller, OrderView, RefundInput, ServiceError};

pub const NAME: &str = "refund";

static INPUT: LazyLock<InputContract> =
    LazyLock::new(|| InputContract::of::<RefundInput>(NAME, "POST /v1/orders/{orderId}/refund"));

const OF_THE_POOL: &str = "Sends the money of an ended order (state `refundable`) back to its owner: an order that was \
                           not filled, whose batch was void, or whose leases are over. The pool does this by itself \
                           within seconds. It cannot cancel an order: before the batch has decided it is refused \
                           (wrong_phase), while leases are open too (order_matched). A second call moves nothing \
                           (alreadyRefunded).";

const OF_THE_VAULT: &str = "Ends an order: one that is `queued` at once, with nothing locked; one that is committed is \
                            not committed again after its batch, which alone decides about it (wrong_phase until \
                            then). What is left of an ended order comes back by itself within seconds. A second call \
                            moves nothing (alreadyRefunded).";

pub fn definition(sealing: Sealing) -> ToolDefinition {
    ToolDefinition {
        name: NAME,
        title: "End or refund an order",
        description: match sealing {
            Sealing::Sealed => OF_THE_POOL,
            Sealing::Terms => OF_THE_VAULT,
        },
        input_schema: INPUT.schema().clone(),
        output_schema: schema::order_answer::<OrderView>(),
        annotations: Annotations { read_only: false, destructive: false, idempotent: true },
        audience: Audience::Everyone,
    }
}

pub async fn run(desk: Desk<'_>, caller: &Caller, arguments: Value) -> Result<OrderView, ServiceError> {
    let input: RefundInput = INPUT.read(arguments)?;
    desk.refund(caller, input).await
}
