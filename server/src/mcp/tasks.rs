//! The Tasks extension: following an order without an open request.
//!
//! A task is no state of this server. Its id names the order, when it was begun
//! and what was known then; what it is at is read from the pool each time, so it
//! survives a restart and any replica can answer for it. Only which tasks were
//! cancelled is remembered here, as a courtesy: nothing runs that could be stopped.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, SecondsFormat, Utc};
use rmcp::ErrorData;
use rmcp::model::{
    CallToolResponse, CallToolResult, CreateTaskResult, DetailedTask, GetTaskResult, Task, TaskPayload,
    TaskStatus,
};
use rmcp::service::{RequestContext, RoleServer};
use serde_json::{Value, json};

use super::handler::Face;
use super::order_news;
use super::tool_answer::tool_answer;
use crate::service::{Caller, OrderView};
use crate::tools::{ToolDefinition, ToolSurface, lease, lease_status};

/// Most cancelled tasks that are remembered; the oldest is forgotten, and is then at work again.
const MAX_CANCELLED: usize = 4096;
/// Longer than any id that this server gives.
const MAX_ID_BYTES: usize = 8192;
/// How soon it is worth looking again: never sooner or later than this.
const POLL_MS: std::ops::RangeInclusive<u64> = 1_000..=5_000;

/// What a task waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Until {
    /// Anything new since this mark, or something for the caller to do.
    News(String),
    /// It is known what became of the order.
    Decided,
}

/// A task's id, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskId {
    order_id: String,
    /// Seconds since 1970 when it was begun.
    begun: i64,
    until: Until,
}

impl TaskId {
    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '.');
        let (begun, until, order_id) = (parts.next()?, parts.next()?, parts.next()?);
        let until = if until == "decided" { Until::Decided } else { Until::News(until.to_owned()) };
        let is_order = uuid::Uuid::parse_str(order_id).is_ok() && text.len() <= MAX_ID_BYTES;
        if !is_order {
            return None;
        }
        Some(Self { order_id: order_id.to_owned(), begun: begun.parse().ok()?, until })
    }

    fn to_text(&self) -> String {
        let until = match &self.until {
            Until::News(mark) => mark.as_str(),
            Until::Decided => "decided",
        };
        format!("{}.{until}.{}", self.begun, self.order_id)
    }

    fn is_done(&self, view: &OrderView) -> bool {
        match &self.until {
            Until::News(mark) => order_news::wants_the_caller(view) || order_news::mark(view) != *mark,
            Until::Decided => order_news::is_decided(view),
        }
    }

    fn task(&self, message: String, view: Option<&OrderView>) -> Task {
        let begun = DateTime::from_timestamp(self.begun, 0).unwrap_or_default();
        let left = view.map_or(*POLL_MS.start(), |view| view.seconds_left.saturating_mul(1_000));
        Task::new(self.to_text(), TaskStatus::Working, iso(begun), iso(Utc::now()))
            .with_status_message(message)
            .with_poll_interval_ms(left.clamp(*POLL_MS.start(), *POLL_MS.end()))
    }
}

/// Whether this call becomes a task: where the client has them, and the call is for something to come.
///
/// A client of the revision before may name the extension too, but there an answer to a call that did not ask
/// for a task must be the result itself.
pub fn wanted(tool: &ToolDefinition, arguments: &Value, context: &RequestContext<RoleServer>) -> bool {
    let in_revision = context.protocol_version().is_some_and(|revision| !revision.has_initialize());
    let has_tasks =
        in_revision && context.client_capabilities().is_some_and(|client| client.supports_tasks());
    let is_for_later = match tool.name {
        lease_status::NAME => arguments["waitSeconds"].as_f64().is_some_and(|seconds| seconds > 0.0),
        lease::NAME => arguments["dryRun"] != json!(true),
        _ => false,
    };
    has_tasks && is_for_later
}

/// Runs the call, and answers with a task for what is still to come of it.
pub async fn begin(
    surface: &ToolSurface,
    caller: &Caller,
    tool: &ToolDefinition,
    mut arguments: Value,
) -> Result<CallToolResponse, ErrorData> {
    if tool.name == lease_status::NAME {
        arguments["waitSeconds"] = 0.into();
    }
    let result = match surface.call(caller, tool.name, arguments).await {
        Some(Ok(result)) => result,
        Some(Err(error)) => return Ok(tool_answer(Err(error)).into()),
        None => return Err(ErrorData::internal_error("the tool has gone", None)),
    };
    let view = order_in(&result)?;
    let until = match tool.name {
        lease::NAME => Until::Decided,
        _ => Until::News(order_news::mark(&view)),
    };
    let id = TaskId { order_id: view.order_id.clone(), begun: Utc::now().timestamp(), until };
    let done = match id.until {
        Until::News(_) => order_news::wants_the_caller(&view),
        Until::Decided => order_news::is_decided(&view),
    };
    if done {
        return Ok(tool_answer(Ok(result)).into());
    }
    Ok(CreateTaskResult::new(id.task(order_news::in_words(&view), Some(&view))).into())
}

/// What a task is at.
pub async fn get(face: &Face, caller: &Caller, task_id: &str) -> Result<GetTaskResult, ErrorData> {
    let id = known(task_id)?;
    if face.cancelled_tasks.has(caller, task_id) {
        let task = id.task("cancelled; the order itself goes on".to_owned(), None);
        return Ok(GetTaskResult::new(DetailedTask::new(task, TaskPayload::Cancelled)));
    }
    let look = json!({ "orderId": id.order_id });
    let result = match face.surface.call(caller, lease_status::NAME, look).await {
        Some(Ok(result)) => result,
        Some(Err(error)) if error.status() != 404 => {
            return Err(ErrorData::internal_error(error.to_string(), None));
        }
        Some(Err(_)) | None => return Err(unknown()),
    };
    let view = order_in(&result)?;
    let task = id.task(order_news::in_words(&view), Some(&view));
    let payload = if id.is_done(&view) {
        TaskPayload::Completed { result: in_json(&tool_answer(Ok(result)))? }
    } else {
        TaskPayload::Working
    };
    Ok(GetTaskResult::new(DetailedTask::new(task, payload)))
}

/// Stops a task. Its order goes on; `refund` is what ends an order.
pub fn cancel(face: &Face, caller: &Caller, task_id: &str) -> Result<(), ErrorData> {
    known(task_id)?;
    face.cancelled_tasks.add(caller, task_id);
    Ok(())
}

/// An id that this server could have given.
pub fn known(task_id: &str) -> Result<TaskId, ErrorData> {
    TaskId::parse(task_id).ok_or_else(unknown)
}

fn unknown() -> ErrorData {
    ErrorData::invalid_params("there is no such task of yours: send the taskId that a call returned", None)
}

fn order_in(result: &Value) -> Result<OrderView, ErrorData> {
    serde_json::from_value(result.clone())
        .map_err(|error| ErrorData::internal_error(format!("the order cannot be read: {error}"), None))
}

fn in_json(answer: &CallToolResult) -> Result<rmcp::model::JsonObject, ErrorData> {
    match serde_json::to_value(answer) {
        Ok(Value::Object(object)) => Ok(object),
        _ => Err(ErrorData::internal_error("the result cannot be written", None)),
    }
}

fn iso(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// Tasks whose callers no longer want them.
#[derive(Default)]
pub struct CancelledTasks(Mutex<VecDeque<(Caller, String)>>);

impl CancelledTasks {
    fn add(&self, caller: &Caller, task_id: &str) {
        let mut cancelled = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if cancelled.len() == MAX_CANCELLED {
            cancelled.pop_front();
        }
        cancelled.push_back((caller.clone(), task_id.to_owned()));
    }

    fn has(&self, caller: &Caller, task_id: &str) -> bool {
        let cancelled = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        cancelled.iter().any(|(of, id)| of == caller && id == task_id)
    }
}
