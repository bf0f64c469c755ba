//! What is worth telling whoever follows an order: in words, and as a mark that
//! changes when there is news.

use crate::service::{BatchPhase, OrderState, OrderView};

/// One line for a person or a model: where the order is, and for how long.
pub fn in_words(view: &OrderView) -> String {
    let (index, left) = (view.batch_index, view.seconds_left);
    let batch = match view.batch_phase {
        BatchPhase::NotOpen => format!("batch {index} opens in {left} s"),
        BatchPhase::Open => format!("batch {index} takes orders, reveals begin in {left} s"),
        BatchPhase::Revealing => format!("batch {index} takes reveals for {left} s"),
        BatchPhase::Clearing => format!("batch {index} is being cleared, {left} s at most"),
        BatchPhase::Cleared => format!("batch {index} is cleared"),
        BatchPhase::Void => format!("batch {index} is void"),
        BatchPhase::Empty => format!("batch {index} was empty"),
    };
    format!("{}: {batch}", in_json(&view.state))
}

/// Differs where the order or one of its leases has moved on.
pub fn mark(view: &OrderView) -> String {
    let leases: Vec<String> = view.leases.iter().map(|lease| in_json(&lease.state)).collect();
    [in_json(&view.state)].into_iter().chain(leases).collect::<Vec<_>>().join("-")
}

/// Whether the caller has something to do now: waiting would not help.
pub fn wants_the_caller(view: &OrderView) -> bool {
    is_over(view) || view.next_actions.iter().any(|next| next.tool == crate::tools::reveal::NAME)
}

/// Whether it is known what became of it.
pub fn is_decided(view: &OrderView) -> bool {
    is_over(view) || matches!(view.state, OrderState::Leased | OrderState::Refundable)
}

fn is_over(view: &OrderView) -> bool {
    matches!(view.state, OrderState::Refunded | OrderState::Closed)
}

/// A state as the API spells it.
fn in_json(state: &impl serde::Serialize) -> String {
    match serde_json::to_value(state) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}
