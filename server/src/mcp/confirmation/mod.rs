//! A person's word before an order above a threshold.
//!
//! The question goes to the person through the client: in the middle of the call
//! where the revision is 2025-11-25, as an input-required result where it is
//! 2026-07-28. A client that cannot ask is refused: a model must not be able to
//! agree for its person. An answer is good for one call, of the same caller, tool
//! and arguments, for ten minutes.
//!
//! The threshold is per order. It is a check on a mistaken or a misled agent, not a
//! budget: that is the key's caps, which the chain enforces.

mod question;
mod seal;

use std::time::Duration;

use rmcp::ErrorData;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, ElicitRequest, ElicitResult, ElicitationAction, InputRequest,
    InputRequiredResult, ProtocolVersion,
};
use rmcp::service::{RequestContext, RoleServer};
use serde_json::{Value, json};

use super::sessions;
use super::tool_answer::refusal;
use crate::service::Caller;
use crate::tools::{ToolDefinition, ToolSurface};

use question::Question;
use seal::{Bound, Seals};

/// How long a person may think.
const ANSWER_WITHIN: Duration = Duration::from_secs(600);
/// Name of the one question in an input-required result.
const KEY: &str = "confirm";

/// Asks for confirmation of orders above a threshold.
pub struct Confirmations {
    above_micro: u64,
    seals: Seals,
}

/// What is to be done with a call.
pub enum Verdict {
    /// Carry it out.
    Go,
    /// Answer this instead.
    Answer(CallToolResponse),
}

impl Confirmations {
    pub fn above(above_micro: u64) -> Self {
        Self { above_micro, seals: Seals::new(ANSWER_WITHIN) }
    }

    /// Whether the call may be carried out, after asking where it has to be asked.
    pub async fn judge(
        &self,
        surface: &ToolSurface,
        tool: &ToolDefinition,
        caller: &Caller,
        request: &CallToolRequestParams,
        context: &RequestContext<RoleServer>,
    ) -> Result<Verdict, ErrorData> {
        let arguments = request.arguments.clone().map_or(Value::Null, Value::Object);
        let Some(question) = self.question(surface, tool, &arguments).await else { return Ok(Verdict::Go) };
        let bound = Bound { caller, tool: tool.name, arguments: &arguments };
        let in_results =
            context.protocol_version().is_some_and(|version| version >= ProtocolVersion::V_2026_07_28);
        match (in_results, can_show_forms(context)) {
            (_, false) => Ok(refuse(question.cannot_be_asked())),
            (true, true) => self.ask_in_result(&question, &bound, request),
            (false, true) if sessions::is_kept(context) => Ok(ask_in_call(&question, context).await),
            (false, true) => Ok(refuse(question.cannot_be_asked())),
        }
    }

    async fn question(
        &self,
        surface: &ToolSurface,
        tool: &ToolDefinition,
        arguments: &Value,
    ) -> Option<Question> {
        let amount_micro = question::spends(tool, arguments).filter(|amount| *amount > self.above_micro)?;
        // Nobody is asked about a request that the tool refuses as it stands.
        if !jsonschema::draft202012::is_valid(&Value::Object(tool.input_schema.clone()), arguments) {
            return None;
        }
        Question::about(surface, tool, arguments, amount_micro, self.above_micro).await
    }

    /// 2026-07-28: the first call gets the question, the same call again brings the answer.
    fn ask_in_result(
        &self,
        question: &Question,
        bound: &Bound<'_>,
        request: &CallToolRequestParams,
    ) -> Result<Verdict, ErrorData> {
        let answer = request.input_responses.as_ref().and_then(|answers| answers.get(KEY));
        let (Some(state), Some(answer)) = (&request.request_state, answer) else {
            let form = InputRequest::Elicitation(ElicitRequest::new(question.form()?));
            let state = self.seals.seal(bound)?;
            let asked = InputRequiredResult::new(Some([(KEY.to_owned(), form)].into()), Some(state));
            return Ok(Verdict::Answer(asked.into()));
        };
        let answer: ElicitResult = serde_json::from_value(answer.clone()).map_err(|error| {
            ErrorData::invalid_params(format!("{KEY} is no answer to a form: {error}"), None)
        })?;
        if !agrees(&answer) {
            return Ok(refuse(question.declined(&answer.action)));
        }
        match self.seals.redeem(state, bound) {
            Ok(()) => Ok(Verdict::Go),
            Err(why) => Ok(refuse(question.not_for_this(&why.to_string()))),
        }
    }
}

/// 2025-11-25: the call waits for the answer.
async fn ask_in_call(question: &Question, context: &RequestContext<RoleServer>) -> Verdict {
    let Ok(form) = question.form() else { return refuse(question.cannot_be_asked()) };
    let asking = context.peer.create_elicitation_with_timeout(form, Some(ANSWER_WITHIN));
    let answer = tokio::select! {
        () = context.ct.cancelled() => return refuse(question.declined(&ElicitationAction::Cancel)),
        answer = asking => answer,
    };
    match answer {
        Ok(answer) if agrees(&answer) => Verdict::Go,
        Ok(answer) => refuse(question.declined(&answer.action)),
        Err(error) => {
            tracing::debug!(%error, "a confirmation could not be asked for");
            refuse(question.cannot_be_asked())
        }
    }
}

fn agrees(answer: &ElicitResult) -> bool {
    let ticked = answer.content.as_ref().is_some_and(|content| content[KEY] == json!(true));
    answer.action == ElicitationAction::Accept && ticked
}

/// Forms are what a client without further word means by elicitation.
fn can_show_forms(context: &RequestContext<RoleServer>) -> bool {
    let elicitation = context.client_capabilities().and_then(|client| client.elicitation);
    elicitation.is_some_and(|can| can.form.is_some() || can.url.is_none())
}

fn refuse(problem: crate::service::Problem) -> Verdict {
    Verdict::Answer(refusal(problem).into())
}
