//! `reveal`: hands the opening of a committed order to the matcher, in the
//! batch's reveal window and not a second earlier.

use std::sync::LazyLock;

use serde_json::Value;

use super::arguments::InputContract;
use super::{Annotations, ToolDefinition, schema};
use crate::service::{Caller, OrderView, PoolService, RevealInput, ServiceError};

pub const NAME: &str = "reveal";

static INPUT: LazyLock<InputContract> = LazyLock::new(InputContract::of::<RevealInput>);

pub fn definition() -> ToolDefinition {
    ToolDefinition {
        name: NAME,
        title: "Reveal a committed order to the matcher",
        description: "Opens a committed order to the matcher, in the reveal window: the last third \
                      of its batch. Send the whole revealBody that `obscura seal` printed: every \
                      value exactly as it was sealed; fields left out mean their defaults. The answer carries the matcher's signed acknowledgement that \
                      the order will be included. An order that is not revealed cannot trade and \
                      loses its reveal deposit. Next: `lease-status`.",
        input_schema: INPUT.schema().clone(),
        output_schema: schema::answer_of::<OrderView>(),
        // What was disclosed cannot be taken back; a second reveal is refused.
        annotations: Annotations { read_only: false, destructive: true, idempotent: false },
    }
}

pub async fn run(
    pool: &dyn PoolService,
    caller: &Caller,
    arguments: Value,
) -> Result<OrderView, ServiceError> {
    let input: RevealInput = INPUT.read(arguments)?;
    pool.reveal(caller, input).await
}
