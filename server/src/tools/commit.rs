//! `commit`: locks the collateral behind a sealed order. Only the hash reaches
//! the pool; the price and the size stay with the caller.

use std::sync::LazyLock;

use serde_json::Value;

use super::arguments::InputContract;
use super::{Annotations, Face, ToolDefinition, schema};
use crate::service::{Caller, CommitInput, OrderView, PoolService, ServiceError, SideInput};

pub const NAME: &str = "commit";

static INPUT: LazyLock<InputContract> = LazyLock::new(InputContract::of::<CommitInput>);

pub fn definition() -> ToolDefinition {
    ToolDefinition {
        name: NAME,
        title: "Commit a sealed order",
        description: "Locks money (a bid) or GPUs' worth of stake (an ask) behind a sealed order \
                      and returns its handle at once. Send only the commitHash that `obscura seal` \
                      printed and keep the opening: price, quantity and secret stay with you until \
                      `reveal`. For a bid, maxTotalMicro is required: it is locked, and it is the \
                      most the order can ever cost. Works in the commit window, the first two \
                      thirds of a batch. Next: `lease-status` until `reveal` is possible.",
        input_schema: INPUT.schema().clone(),
        output_schema: schema::answer_of::<OrderView>(),
        // An order fee is gone once the batch clears, so it is not free to undo; and
        // without an orderId a second call is a second order.
        annotations: Annotations { read_only: false, destructive: true, idempotent: false },
    }
}

pub async fn run(
    pool: &dyn PoolService,
    caller: &Caller,
    arguments: Value,
    face: Face,
) -> Result<OrderView, ServiceError> {
    let input: CommitInput = INPUT.read(arguments)?;
    fits_side(&input, face)?;
    pool.commit(caller, input).await
}

fn fits_side(input: &CommitInput, face: Face) -> Result<(), ServiceError> {
    match input.side.unwrap_or(SideInput::Bid) {
        SideInput::Bid if input.lock_gpus.is_some() => Err(ServiceError::invalid_field(
            "lockGpus",
            "lockGpus is for asks; a bid locks money: send maxTotalMicro",
        )),
        SideInput::Ask if input.max_total_micro.is_some() => Err(ServiceError::invalid_field(
            "maxTotalMicro",
            "maxTotalMicro is for bids; an ask locks GPUs: send lockGpus",
        )),
        SideInput::Bid if face == Face::Mcp && input.max_total_micro.is_none() => {
            Err(ServiceError::invalid_field(
                "maxTotalMicro",
                "maxTotalMicro is missing: the most this bid may cost, in micro-USDC; it is \
                 locked now. At least ceil(priceMicro*qty*durationSeconds/3600) + qty - 1",
            ))
        }
        SideInput::Bid | SideInput::Ask => Ok(()),
    }
}
