//! What an argument of a prompt may be. None is free text: a prompt is read by a
//! model, and must not become a way to talk to it in somebody else's name.

use minijinja::{Value as Rendered, context};
use obscura_client::amount::{decimal, parse_micro};
use rmcp::ErrorData;
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use crate::service::{PoolService, gpu_names};

/// Longest duration there can be in a market.
const MAX_HOURS: u64 = 720;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Argument {
    pub name: String,
    pub title: String,
    pub description: String,
    pub kind: Kind,
    #[serde(default)]
    pub required: bool,
    /// Least and most of an integer.
    #[serde(default)]
    min: u64,
    #[serde(default = "unbounded")]
    max: u64,
}

fn unbounded() -> u64 {
    u64::MAX
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    /// A market, as people write it; rendered as the market spells it.
    GpuType,
    /// Rendered as `text` and `micro`.
    Usdc,
    /// Rendered as `text` and `seconds`.
    Hours,
    Integer,
    OrderId,
}

impl Argument {
    /// What the template gets.
    pub async fn check(&self, pool: &dyn PoolService, value: &Value) -> Result<Rendered, ErrorData> {
        let text = match value {
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            _ => return Err(self.refuse("send a string")),
        };
        match self.kind {
            Kind::GpuType => {
                let name = gpu_names::in_full(pool, &text).await;
                name.map(Rendered::from).map_err(|error| self.refuse(&error.to_string()))
            }
            Kind::Usdc => {
                let micro = parse_micro(&text).map_err(|error| self.refuse(&error.to_string()))?;
                Ok(context! { text => decimal(micro), micro => micro })
            }
            Kind::Hours => self.hours(&text),
            Kind::Integer => self.integer(&text),
            Kind::OrderId => {
                let id =
                    Uuid::try_parse(&text).map_err(|_| self.refuse("send the UUID that commit returned"))?;
                Ok(id.to_string().into())
            }
        }
    }

    pub fn missing(&self) -> ErrorData {
        self.refuse("it is missing")
    }

    fn hours(&self, text: &str) -> Result<Rendered, ErrorData> {
        // Hours have the decimals of an amount, and are kept whole to the second.
        let millionths = parse_micro(text).map_err(|error| self.refuse(&error.to_string()))?;
        let seconds = millionths.saturating_mul(3600) / 1_000_000;
        if !(60..=MAX_HOURS * 3600).contains(&seconds) {
            return Err(self.refuse(&format!("send a number of hours from 0.02 to {MAX_HOURS}")));
        }
        Ok(context! { text => text, seconds => seconds })
    }

    fn integer(&self, text: &str) -> Result<Rendered, ErrorData> {
        let Self { min, max, .. } = *self;
        let number = text.parse::<u64>().ok().filter(|number| (min..=max).contains(number));
        number.map(Rendered::from).ok_or_else(|| self.refuse(&format!("send an integer from {min} to {max}")))
    }

    fn refuse(&self, why: &str) -> ErrorData {
        ErrorData::invalid_params(format!("{}: {why}. It is: {}", self.name, self.description), None)
    }
}
