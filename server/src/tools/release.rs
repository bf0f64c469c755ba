//! `release`: a buyer ends its running lease and pays for the whole of it.

use std::sync::LazyLock;

use serde_json::Value;

use super::arguments::InputContract;
use super::{Annotations, Audience, ToolDefinition, schema};
use crate::service::{Caller, LeaseView, PoolService, ReleaseInput, ServiceError};

pub const NAME: &str = "release";

static INPUT: LazyLock<InputContract> =
    LazyLock::new(|| InputContract::of::<ReleaseInput>(NAME, "POST /v1/leases/{leaseId}/release"));

pub fn definition() -> ToolDefinition {
    ToolDefinition {
        name: NAME,
        title: "End a running lease",
        description: "Ends a lease of yours now, for good, and pays its whole amount: unused time is \
                      not paid back. Its only gain is that what the lease does not cost comes back \
                      before its term is over. Leave a lease alone that you still use: when its term \
                      is over the provider claims it and the rest comes back by itself.",
        input_schema: INPUT.schema().clone(),
        output_schema: schema::answer_of::<LeaseView>(),
        annotations: Annotations { read_only: false, destructive: true, idempotent: true },
        audience: Audience::Buyer,
    }
}

pub async fn run(
    pool: &dyn PoolService,
    caller: &Caller,
    arguments: Value,
) -> Result<LeaseView, ServiceError> {
    let input: ReleaseInput = INPUT.read(arguments)?;
    pool.release_lease(caller, input).await
}
