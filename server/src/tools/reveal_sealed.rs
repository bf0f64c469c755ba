//! The private reveal through a server that learns nothing. No tool: a vault sends it, never a model.

use std::sync::LazyLock;

use serde_json::Value;

use super::arguments::InputContract;
use crate::service::{Caller, OrderView, PoolService, SealedRevealInput, ServiceError};

static INPUT: LazyLock<InputContract> = LazyLock::new(|| {
    InputContract::of::<SealedRevealInput>(super::reveal::NAME, "POST /v1/orders/reveal-sealed")
});

pub async fn run(
    pool: &dyn PoolService,
    caller: &Caller,
    arguments: Value,
) -> Result<OrderView, ServiceError> {
    let input: SealedRevealInput = INPUT.read(arguments)?;
    pool.reveal_sealed(caller, input).await
}
