//! A call that waits: it says where the batch is while it does, and stops waiting
//! at once where it is cancelled or its client has gone.

use std::time::Duration;

use rmcp::ErrorData;
use rmcp::model::{ProgressNotificationParam, ProgressToken};
use rmcp::service::{RequestContext, RoleServer};
use serde_json::{Value, json};
use tokio::time::{Instant, interval_at};

use super::order_news;
use crate::service::{Caller, OrderView, ServiceError};
use crate::tools::{ToolDefinition, ToolSurface, lease_status};

/// How often a waiting client hears. The chain's clock ticks in seconds.
const REPORT_EVERY: Duration = Duration::from_secs(1);

type Answer = Option<Result<Value, ServiceError>>;

/// Whether this call may take longer than a look.
pub fn can_wait(tool: &ToolDefinition, arguments: &Value) -> bool {
    tool.name == lease_status::NAME && wait_seconds(arguments) > 0.0
}

/// `lease-status`, followed while it waits.
///
/// Errors: a cancelled call's, which rmcp sends to nobody.
pub async fn call(
    surface: &ToolSurface,
    caller: &Caller,
    arguments: Value,
    context: &RequestContext<RoleServer>,
) -> Result<Answer, ErrorData> {
    let token = context.meta.get_progress_token();
    let wait = Wait { order_id: arguments["orderId"].clone(), total: wait_seconds(&arguments) };
    let started = Instant::now();
    let mut ticks = interval_at(started + REPORT_EVERY, REPORT_EVERY);
    let answer = surface.call(caller, lease_status::NAME, arguments);
    tokio::pin!(answer);
    loop {
        tokio::select! {
            biased;
            () = context.ct.cancelled() => {
                return Err(ErrorData::internal_error("the call was cancelled; nothing was changed", None));
            }
            answer = &mut answer => return Ok(answer),
            _ = ticks.tick() => {
                if let Some(token) = &token {
                    // Side by side: an answer that is not polled could hold what the report waits for, such as a
                    // connection to the database.
                    let report = wait.report(surface, caller, token, started.elapsed(), context);
                    tokio::select! {
                        biased;
                        () = context.ct.cancelled() => {
                            return Err(ErrorData::internal_error("the call was cancelled; nothing was changed", None));
                        }
                        answer = &mut answer => return Ok(answer),
                        () = report => {}
                    }
                }
            }
        }
    }
}

/// What is waited for.
struct Wait {
    order_id: Value,
    /// Seconds that the caller gave it.
    total: f64,
}

impl Wait {
    async fn report(
        &self,
        surface: &ToolSurface,
        caller: &Caller,
        token: &ProgressToken,
        elapsed: Duration,
        context: &RequestContext<RoleServer>,
    ) {
        let look = surface.call(caller, lease_status::NAME, json!({ "orderId": self.order_id })).await;
        let Some(Ok(view)) = look else { return };
        let Ok(view) = serde_json::from_value::<OrderView>(view) else { return };
        let progress = ProgressNotificationParam::new(token.clone(), elapsed.as_secs_f64().min(self.total))
            .with_total(self.total)
            .with_message(order_news::in_words(&view));
        // A client that has gone is noticed by its cancellation.
        let _ = context.peer.notify_progress(progress).await;
    }
}

fn wait_seconds(arguments: &Value) -> f64 {
    arguments["waitSeconds"].as_f64().unwrap_or(0.0)
}
