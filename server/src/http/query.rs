//! Query strings as JSON objects, so that they pass the same contract as bodies.
//!
//! A value that is written as a number becomes one where the field is numeric;
//! anything else stays text and is refused by the contract with the field's name.

use axum::extract::Query;
use serde_json::{Map, Value};

/// The pairs of a query string; the last of a repeated name wins.
pub type Pairs = Query<Vec<(String, String)>>;

/// Fields that are numbers in JSON.
const NUMERIC: [&str; 5] = ["qty", "durationSeconds", "fillProbability", "waitSeconds", "limit"];

/// Fields that are true or false in JSON.
const BOOLEAN: [&str; 1] = ["all"];

/// The query as a JSON object.
pub fn to_object(Query(pairs): Pairs) -> Map<String, Value> {
    pairs
        .into_iter()
        .map(|(name, text)| {
            let value = match name.as_str() {
                name if NUMERIC.contains(&name) => number_or_text(text),
                name if BOOLEAN.contains(&name) => boolean_or_text(text),
                _ => Value::String(text),
            };
            (name, value)
        })
        .collect()
}

fn number_or_text(text: String) -> Value {
    match serde_json::from_str::<Value>(&text) {
        Ok(number @ Value::Number(_)) => number,
        _ => Value::String(text),
    }
}

fn boolean_or_text(text: String) -> Value {
    text.parse().map_or(Value::String(text), Value::Bool)
}
