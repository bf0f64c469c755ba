//! Tools of the Tasks extension, on rmcp's own task manager: its wire shapes are
//! what the suite looks at here. The pool derives its tasks from orders instead.

use std::time::Duration;

use rmcp::ErrorData;
use rmcp::model::{
    CallToolResponse, CallToolResult, ClientCapabilities, ContentBlock, CreateTaskResult, InputRequiredResult,
};
use rmcp::task_manager::{TaskContext, TaskExit, TaskOptions};

use super::{Call, unknown};
use crate::samples::{form_request, one_field};

/// Not to be served without a task.
const TASKS_ONLY: [&str; 4] = ["failing_job", "test_tool_with_task", "confirm_delete", "multi_input"];

pub async fn call(call: Call<'_>) -> Result<CallToolResponse, ErrorData> {
    let with_tasks = call.context.client_capabilities().is_some_and(|client| client.supports_tasks());
    let name = call.request.name.clone();
    if TASKS_ONLY.contains(&name.as_ref()) && !with_tasks {
        let needed = ClientCapabilities::builder().enable_tasks().build();
        return Err(ErrorData::missing_required_client_capability(needed));
    }
    match name.as_ref() {
        "greet" => Ok(done(format!("Hello, {}!", call.text("name").unwrap_or_default())).into()),
        "slow_compute" if with_tasks => Ok(compute_as_task(&call)),
        "slow_compute" => {
            tokio::time::sleep(seconds(&call)).await;
            Ok(done("computed".to_owned()).into())
        }
        "protocol_error_job" if !with_tasks => Err(broken()),
        "protocol_error_job" => Ok(call.spawn(|_| async { Err(TaskExit::Error(broken())) })),
        "failing_job" => Ok(call.spawn(|_| async {
            Ok(CallToolResult::error(vec![ContentBlock::text("the job failed, as it was meant to")]))
        })),
        "confirm_delete" => confirm_delete(&call),
        "multi_input" => two_values(&call),
        "test_tool_with_task" => greet_as_task(&call),
        other => Err(unknown(other)),
    }
}

impl Call<'_> {
    fn spawn<F>(&self, work: impl FnOnce(TaskContext) -> F + Send + 'static) -> CallToolResponse
    where
        F: Future<Output = Result<CallToolResult, TaskExit>> + Send + 'static,
    {
        let task = self.fixture.tasks.spawn(TaskOptions::default(), move |context| Box::pin(work(context)));
        CreateTaskResult::new(task).into()
    }
}

fn compute_as_task(call: &Call<'_>) -> CallToolResponse {
    let seconds = seconds(call);
    call.spawn(move |task| async move {
        tokio::select! {
            () = task.cancelled() => Err(TaskExit::Cancelled),
            () = tokio::time::sleep(seconds) => Ok(done("computed".to_owned())),
        }
    })
}

fn confirm_delete(call: &Call<'_>) -> Result<CallToolResponse, ErrorData> {
    let filename = call.text("filename").unwrap_or_else(|| "file.txt".to_owned());
    let question = form_request(&format!("Delete {filename}?"), one_field("confirm", "boolean"))?;
    Ok(call.spawn(move |task| async move {
        let answer = task.request_input("confirm", question).await?;
        Ok(done(format!("delete {filename}: {}", answer["content"]["confirm"])))
    }))
}

fn two_values(call: &Call<'_>) -> Result<CallToolResponse, ErrorData> {
    let first = form_request("Value A?", one_field("value", "string"))?;
    let second = form_request("Value B?", one_field("value", "string"))?;
    Ok(call.spawn(move |task| async move {
        let (first, second) =
            tokio::join!(task.request_input("input-a", first), task.request_input("input-b", second));
        Ok(done(format!("{} and {}", first?["content"]["value"], second?["content"]["value"])))
    }))
}

fn greet_as_task(call: &Call<'_>) -> Result<CallToolResponse, ErrorData> {
    let Some(answer) = call.answer("user_name") else {
        let question = form_request("What is your name?", one_field("name", "string"))?;
        return Ok(
            InputRequiredResult::from_input_requests([("user_name".to_owned(), question)].into()).into()
        );
    };
    let name = answer["content"]["name"].as_str().unwrap_or_default().to_owned();
    Ok(call.spawn(move |_| async move { Ok(done(format!("Hello, {name}!"))) }))
}

fn seconds(call: &Call<'_>) -> Duration {
    let seconds = call.arguments().get("seconds").and_then(serde_json::Value::as_f64).unwrap_or(1.0);
    Duration::try_from_secs_f64(seconds).unwrap_or_default()
}

fn done(text: String) -> CallToolResult {
    CallToolResult::success(vec![ContentBlock::text(text)])
}

fn broken() -> ErrorData {
    ErrorData::internal_error("the job broke, as it was meant to", None)
}
