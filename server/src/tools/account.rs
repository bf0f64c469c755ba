//! `account`: the caller's owner key, balances and caps. Changes nothing.

use std::sync::LazyLock;

use serde_json::Value;

use super::arguments::InputContract;
use super::{Annotations, Audience, ToolDefinition, schema};
use crate::service::{AccountInput, AccountView, Caller, PoolService, ServiceError};

pub const NAME: &str = "account";

static INPUT: LazyLock<InputContract> =
    LazyLock::new(|| InputContract::of::<AccountInput>(NAME, "GET /v1/account"));

pub fn definition() -> ToolDefinition {
    ToolDefinition {
        name: NAME,
        title: "Owner key, balances and caps",
        description: "The trader behind your API key: its `owner` key; what is available and locked; what may \
                      still be spent, per order and in all; what running leases cost an hour and when the budget \
                      runs out; spending by clientTag. Free, changes nothing.",
        input_schema: INPUT.schema().clone(),
        output_schema: schema::answer_of::<AccountView>(),
        annotations: Annotations::LOOK,
        audience: Audience::Everyone,
    }
}

pub async fn run(
    pool: &dyn PoolService,
    caller: &Caller,
    arguments: Value,
) -> Result<AccountView, ServiceError> {
    let AccountInput {} = INPUT.read(arguments)?;
    pool.account(caller).await
}
