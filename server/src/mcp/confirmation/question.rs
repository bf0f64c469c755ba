//! What a person is asked, and what a model is told where the answer is no.
//!
//! The words are ours and the market's; of the call only numbers go in, so that a
//! model cannot put its own words before the person.

use obscura_client::amount::decimal;
use rmcp::ErrorData;
use rmcp::model::{ElicitRequestParams, ElicitationAction};
use serde_json::{Value, json};

use super::KEY;
use crate::service::{NextAction, Problem, gpu_names, plain};
use crate::tools::{ToolDefinition, ToolSurface};

/// Longest name of a market.
const MAX_NAME_CHARS: usize = 64;
/// The field that says what an order may cost.
const AMOUNT: &str = "maxTotalMicro";

/// Micro-USDC that a call may spend: the amount of a tool that has one, unless it is only tried.
pub fn spends(tool: &ToolDefinition, arguments: &Value) -> Option<u64> {
    let has_amount = tool.input_schema["properties"].get(AMOUNT).is_some();
    if tool.annotations.read_only || !has_amount || arguments["dryRun"] == json!(true) {
        return None;
    }
    let amount = &arguments[AMOUNT];
    // A tool takes 4.0 for 4; above 2^53 it takes nothing.
    amount.as_u64().or_else(|| amount.as_f64().map(|amount| amount as u64))
}

/// A question about one call.
pub struct Question {
    gpu_type: String,
    amount_micro: u64,
    above_micro: u64,
    message: String,
}

impl Question {
    /// None where the call names no market that there is: the tool says so better, and locks nothing.
    pub async fn about(
        surface: &ToolSurface,
        tool: &ToolDefinition,
        arguments: &Value,
        amount_micro: u64,
        above_micro: u64,
    ) -> Option<Self> {
        let named = arguments["gpuType"].as_str()?;
        let gpu_type = match gpu_names::in_full(surface.pool(), named).await {
            Ok(full) => full,
            Err(error) if error.code() == "unknown_gpu_type" => return None,
            // A pool that gives no answer now may give one to the tool: the person is asked all the same.
            Err(_) => plain(named, MAX_NAME_CHARS),
        };
        let message = format!(
            "Your agent wants to order GPUs on Obscura ({}): {}, for at most {} USDC in all. That is locked now, and \
             what is not needed comes back. Order fee and reveal deposit come on top. Go ahead?",
            tool.name,
            what_is_ordered(&gpu_type, arguments),
            decimal(amount_micro),
        );
        Some(Self { gpu_type, amount_micro, above_micro, message })
    }

    /// The question as a form of one tick.
    pub fn form(&self) -> Result<ElicitRequestParams, ErrorData> {
        let schema = json!({
            "type": "object",
            "properties": { KEY: {
                "type": "boolean",
                "title": format!("Lock up to {} USDC", decimal(self.amount_micro)),
                "description": "Yes: the order is sent. No: nothing is locked.",
                "default": false
            } },
            "required": [KEY]
        });
        let requested_schema = serde_json::from_value(schema)
            .map_err(|error| ErrorData::internal_error(format!("the question is no form: {error}"), None))?;
        Ok(ElicitRequestParams::FormElicitationParams {
            meta: None,
            message: self.message.clone(),
            requested_schema,
        })
    }

    pub fn cannot_be_asked(&self) -> Problem {
        let detail = format!(
            "{}, and this client cannot ask one: it declares no elicitation, or keeps no session. Nothing was locked. \
             Lower {AMOUNT} to {} or less, or let your person send this order: with the `obscura` command, or through a client that can \
             ask. Only your person, not you, can raise the threshold (--confirm-above). Do not split the order to get \
             around it",
            self.needs_a_person(),
            self.above_micro,
        );
        self.problem("confirmation_required", detail)
    }

    pub fn not_for_this(&self, why: &str) -> Problem {
        let detail = format!(
            "{}, and the requestState that came is not its confirmation: {why}. Nothing was locked. Send the call \
             again without requestState and inputResponses: your person is asked again",
            self.needs_a_person(),
        );
        self.problem("confirmation_required", detail)
    }

    pub fn declined(&self, action: &ElicitationAction) -> Problem {
        let how = match action {
            ElicitationAction::Accept => "left the box empty",
            ElicitationAction::Decline => "said no",
            _ => "closed the question",
        };
        let detail = format!(
            "your person was asked about {} USDC and {how}. Nothing was locked. Do not send it again as it is: ask what \
             they want instead, or order for {} micro-USDC or less",
            decimal(self.amount_micro),
            self.above_micro,
        );
        self.problem("confirmation_declined", detail)
    }

    fn needs_a_person(&self) -> String {
        let (amount, above) = (decimal(self.amount_micro), decimal(self.above_micro));
        format!("this order may cost {amount} USDC; above {above} USDC a person has to agree")
    }

    fn problem(&self, code: &str, detail: String) -> Problem {
        let reason = format!("see what {} micro-USDC or less would buy", self.above_micro);
        Problem {
            problem_type: format!("urn:obscura:problem:{code}"),
            title: code.replace('_', " "),
            status: 403,
            detail,
            code: code.to_owned(),
            field: Some(AMOUNT.to_owned()),
            next_actions: vec![NextAction::quote(&self.gpu_type, reason)],
        }
    }
}

/// As much of the terms as the call shows; a sealed order shows none.
fn what_is_ordered(gpu_type: &str, arguments: &Value) -> String {
    // A tool takes 4.0 for 4.
    let number = |field: &str| {
        let value = &arguments[field];
        value.as_u64().or_else(|| value.as_f64().map(|number| number as u64))
    };
    let mut words = match number("qty") {
        Some(gpus) => format!("{gpus} x {gpu_type}"),
        None => format!("a sealed order for {gpu_type}"),
    };
    if let Some(seconds) = number("durationSeconds") {
        words.push_str(&format!(" for {seconds} s"));
    }
    if let Some(price) = number("priceMicro").or_else(|| number("maxPriceMicro")) {
        words.push_str(&format!(" at {} USDC per GPU-hour at most", decimal(price)));
    }
    if let Some(batches) = number("goodForBatches") {
        words.push_str(&format!(", in up to {batches} batches"));
    }
    words
}
