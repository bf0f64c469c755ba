//! Who listens for changes of the lists.

use std::collections::BTreeMap;

use rmcp::service::{SubscriptionContext, SubscriptionSink};
use tokio::sync::Mutex;

#[derive(Default)]
pub struct Subscribers {
    open: Mutex<Open>,
}

#[derive(Default)]
struct Open {
    next: u64,
    sinks: BTreeMap<u64, SubscriptionSink>,
}

impl Subscribers {
    /// Tells a subscription of changes for as long as it lasts.
    pub async fn keep(&self, subscription: SubscriptionContext) {
        let number = {
            let mut open = self.open.lock().await;
            open.next += 1;
            let number = open.next;
            open.sinks.insert(number, subscription.sink().clone());
            number
        };
        subscription.cancelled().await;
        self.open.lock().await.sinks.remove(&number);
    }

    pub async fn tools_changed(&self) {
        for sink in self.open.lock().await.sinks.values() {
            // Whoever has gone does not want to know.
            let _ = sink.notify_tool_list_changed().await;
        }
    }

    pub async fn prompts_changed(&self) {
        for sink in self.open.lock().await.sinks.values() {
            let _ = sink.notify_prompt_list_changed().await;
        }
    }
}
