//! `markets`: every market with its clock and charges. Knows nobody, changes nothing.

use std::sync::LazyLock;

use serde_json::Value;

use super::arguments::InputContract;
use super::{Annotations, Audience, ToolDefinition, schema};
use crate::service::{MarketsInput, MarketsView, PoolService, ServiceError};

pub const NAME: &str = "markets";

static INPUT: LazyLock<InputContract> =
    LazyLock::new(|| InputContract::of::<MarketsInput>(NAME, "GET /v1/markets"));

pub fn definition() -> ToolDefinition {
    ToolDefinition {
        name: NAME,
        title: "List the GPU markets",
        description: "Every market of the pool: its gpuType, as an order is sealed under it, the shortest and \
                      longest lease, fees and deposits, and \
                      where its current batch is. Free, changes nothing. Next: `quote` one.",
        input_schema: INPUT.schema().clone(),
        output_schema: schema::answer_of::<MarketsView>(),
        annotations: Annotations::LOOK,
        audience: Audience::Everyone,
    }
}

pub async fn run(pool: &dyn PoolService, arguments: Value) -> Result<MarketsView, ServiceError> {
    let MarketsInput {} = INPUT.read(arguments)?;
    pool.markets().await
}
