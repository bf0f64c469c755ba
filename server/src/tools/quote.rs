//! `quote`: what a market paid lately, and what an order would lock. Moves
//! nothing and knows nobody.

use std::sync::LazyLock;

use serde_json::Value;

use super::arguments::InputContract;
use super::{Annotations, Audience, ToolDefinition, schema};
use crate::service::{PoolService, QuoteInput, QuoteView, ServiceError};

pub const NAME: &str = "quote";

static INPUT: LazyLock<InputContract> =
    LazyLock::new(|| InputContract::of::<QuoteInput>(NAME, "GET /v1/quote"));

pub fn definition() -> ToolDefinition {
    ToolDefinition {
        name: NAME,
        title: "Quote a GPU market",
        description: "What a GPU market paid lately (payment-weighted median, with the money, buyers, providers \
                      and age behind it), what price fills with a given probability, what an order of the given \
                      size would cost and lock, and the batch that takes orders now. Public data only. Prices are \
                      micro-USDC per GPU-hour: 1860000 is 1.86 USDC.",
        input_schema: INPUT.schema().clone(),
        output_schema: schema::answer_of::<QuoteView>(),
        annotations: Annotations::LOOK,
        audience: Audience::Everyone,
    }
}

pub async fn run(pool: &dyn PoolService, arguments: Value) -> Result<QuoteView, ServiceError> {
    let input: QuoteInput = INPUT.read(arguments)?;
    pool.quote(input).await
}
