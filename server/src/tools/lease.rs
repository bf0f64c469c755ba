//! `lease`: a budget in, a lease out. The vault quotes, seals, commits, reveals and takes back what is left.

use std::sync::LazyLock;

use serde_json::Value;

use super::arguments::InputContract;
use super::{Annotations, Audience, CommitAnswer, Desk, ToolDefinition, schema};
use crate::service::{Caller, LeaseInput, NextAction, ServiceError, gpu_names};

pub const NAME: &str = "lease";

static INPUT: LazyLock<InputContract> = LazyLock::new(|| InputContract::of::<LeaseInput>(NAME, ""));

pub fn definition() -> ToolDefinition {
    ToolDefinition {
        name: NAME,
        title: "Lease GPUs within a budget",
        description: "The whole purchase behind one handle: bids within maxTotalMicro, keeps the secret, reveals \
                      in time and takes back what is not spent. Everybody in a batch pays one price, which lies \
                      between the last ask and the last bid that traded: a limit is what you may have to pay. \
                      Answers at once; follow the handle with `lease-status`.",
        input_schema: INPUT.schema().clone(),
        output_schema: schema::order_answer::<CommitAnswer>(),
        annotations: Annotations { read_only: false, destructive: true, idempotent: false },
        audience: Audience::Buyer,
    }
}

pub async fn run(desk: Desk<'_>, caller: &Caller, arguments: Value) -> Result<CommitAnswer, ServiceError> {
    let mut input: LeaseInput = INPUT.read(arguments)?;
    let vault = desk.vault.ok_or(ServiceError::Internal)?;
    input.gpu_type = gpu_names::in_full(desk.pool, &input.gpu_type).await?;
    if input.dry_run == Some(true) {
        let again = NextAction::in_earnest(NAME, &input);
        let mut preview = vault.preview_lease(caller, input).await?;
        preview.next_actions = vec![again];
        return Ok(preview.into());
    }
    Ok(vault.lease(caller, input).await?.into())
}
