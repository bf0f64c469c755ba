//! What a client can do next, in a form it can send as it stands.
//!
//! Every result and every error carries a list of these, so that an agent never
//! has to guess a tool's name or where an identifier goes.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::inputs::CommitInput;

/// One ready-to-send step.
///
/// `Debug` shows no arguments: they can hold an order's terms.
#[derive(Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NextAction {
    /// MCP tool to call.
    pub tool: String,
    /// The same step over HTTP: method and path.
    pub http: String,
    /// Arguments of the tool and body of the request, as far as they are known.
    pub arguments: Value,
    /// Arguments only the caller knows and must add.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub fill: Vec<String>,
    /// Why, and when.
    pub reason: String,
}

impl fmt::Debug for NextAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NextAction").field("tool", &self.tool).finish_non_exhaustive()
    }
}

impl NextAction {
    /// Wait for news of an order.
    pub fn wait(order_id: &str, wait_seconds: u32, reason: impl Into<String>) -> Self {
        Self {
            tool: "lease-status".into(),
            http: format!("GET /v1/orders/{order_id}?waitSeconds={wait_seconds}"),
            arguments: json!({ "orderId": order_id, "waitSeconds": wait_seconds }),
            fill: Vec::new(),
            reason: reason.into(),
        }
    }

    /// Open an order to the matcher. What is still missing is in the `revealBody` of `obscura seal`, with
    /// `minQty` and `durationSeconds` where they are not the defaults.
    pub fn reveal(order_id: &str, reason: impl Into<String>) -> Self {
        Self {
            tool: "reveal".into(),
            http: "POST /v1/orders/reveal".into(),
            arguments: json!({ "orderId": order_id }),
            fill: vec!["priceMicro".into(), "qty".into(), "secret".into()],
            reason: reason.into(),
        }
    }

    /// Take the money of an ended order back.
    pub fn refund(order_id: &str, reason: impl Into<String>) -> Self {
        Self {
            tool: "refund".into(),
            http: format!("POST /v1/orders/{order_id}/refund"),
            arguments: json!({ "orderId": order_id }),
            fill: Vec::new(),
            reason: reason.into(),
        }
    }

    /// Commit a new order, with the most it may cost where that is known.
    pub fn commit(gpu_type: &str, max_total_micro: Option<u64>, reason: impl Into<String>) -> Self {
        let mut arguments = json!({ "gpuType": gpu_type });
        let mut fill = vec!["commitHash".to_owned()];
        match max_total_micro {
            Some(micro) => arguments["maxTotalMicro"] = micro.into(),
            None => fill.push("maxTotalMicro".into()),
        }
        Self {
            tool: "commit".into(),
            http: "POST /v1/orders/commit".into(),
            arguments,
            fill,
            reason: reason.into(),
        }
    }

    /// Send what was tried with `dryRun`, as it was.
    pub fn in_earnest(tool: &str, tried: &impl Serialize) -> Self {
        let mut arguments = serde_json::to_value(tried).unwrap_or_default();
        if let Some(fields) = arguments.as_object_mut() {
            fields.retain(|name, value| name != "dryRun" && !value.is_null());
        }
        Self {
            tool: tool.into(),
            http: "POST /v1/orders/commit".into(),
            arguments,
            fill: Vec::new(),
            reason: "the same without dryRun: this locks".into(),
        }
    }

    /// Send a refused order again, as it was.
    pub fn commit_again(order: &CommitInput, reason: impl Into<String>) -> Self {
        Self {
            tool: "commit".into(),
            http: "POST /v1/orders/commit".into(),
            arguments: serde_json::to_value(order).unwrap_or_default(),
            fill: Vec::new(),
            reason: reason.into(),
        }
    }

    /// Look at a market before ordering.
    pub fn quote(gpu_type: &str, reason: impl Into<String>) -> Self {
        Self {
            tool: "quote".into(),
            http: format!("GET /v1/quote?gpuType={}", gpu_type.replace(' ', "%20")),
            arguments: json!({ "gpuType": gpu_type }),
            fill: Vec::new(),
            reason: reason.into(),
        }
    }

    /// End a running lease and pay for it.
    pub fn release(lease_id: &str, reason: impl Into<String>) -> Self {
        Self {
            tool: "release".into(),
            http: format!("POST /v1/leases/{lease_id}/release"),
            arguments: json!({ "leaseId": lease_id }),
            fill: Vec::new(),
            reason: reason.into(),
        }
    }

    /// Look at the caller's balances.
    pub fn account(reason: impl Into<String>) -> Self {
        Self {
            tool: "account".into(),
            http: "GET /v1/account".into(),
            arguments: json!({}),
            fill: Vec::new(),
            reason: reason.into(),
        }
    }

    /// List the caller's orders.
    pub fn orders(reason: impl Into<String>) -> Self {
        Self {
            tool: "orders".into(),
            http: "GET /v1/orders".into(),
            arguments: json!({}),
            fill: Vec::new(),
            reason: reason.into(),
        }
    }

    /// See what an order has told to whom.
    pub fn privacy_report(order_id: &str, reason: impl Into<String>) -> Self {
        Self {
            tool: "privacy-report".into(),
            http: format!("GET /v1/orders/{order_id}/privacy"),
            arguments: json!({ "orderId": order_id }),
            fill: Vec::new(),
            reason: reason.into(),
        }
    }

    /// Check what the clearing made of an order.
    pub fn verify_receipt(order_id: &str, reason: impl Into<String>) -> Self {
        Self {
            tool: "verify-receipt".into(),
            http: format!("GET /v1/receipts/{order_id}"),
            arguments: json!({ "orderId": order_id }),
            fill: Vec::new(),
            reason: reason.into(),
        }
    }

    /// List the markets.
    pub fn markets(reason: impl Into<String>) -> Self {
        Self {
            tool: "markets".into(),
            http: "GET /v1/markets".into(),
            arguments: json!({}),
            fill: Vec::new(),
            reason: reason.into(),
        }
    }
}
