//! JSON Schemas of tool inputs and outputs, 2020-12, from their Rust types.
//!
//! Subschemas are inlined (language models follow no `$ref` reliably) and every
//! integer gets an explicit `maximum`: validators do not enforce `format:
//! uint64`, and beyond 2^53-1 many JSON readers round.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};

use crate::service::Problem;

/// Largest integer that every JSON reader keeps exact.
pub const MAX_SAFE_INTEGER: u64 = 9_007_199_254_740_991;

/// The contract schema of `T`.
pub fn of<T: JsonSchema>() -> Map<String, Value> {
    let settings = SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
    let mut schema = Value::from(settings.into_generator().into_root_schema_for::<T>());
    bound_integers(&mut schema);
    match schema {
        Value::Object(mut object) => {
            // An input without fields has none here, and some hosts refuse a tool without the word.
            object.entry("properties").or_insert_with(|| Map::new().into());
            object
        }
        // A derived struct schema is always an object; `true` would accept anything.
        _ => Map::new(),
    }
}

/// What a tool answers with: a `T`, or where it refuses a problem. Clients hold refusals to the
/// output schema as well, and would show a caller neither code nor way out.
pub fn answer_of<T: JsonSchema>() -> Map<String, Value> {
    let mut result = of::<T>();
    let dialect = result.remove("$schema");
    let mut problem = of::<Problem>();
    problem.remove("$schema");
    let mut answer = Map::new();
    answer.extend(dialect.map(|dialect| ("$schema".to_owned(), dialect)));
    answer.insert("type".into(), "object".into());
    answer.insert("anyOf".into(), Value::Array(vec![result.into(), problem.into()]));
    answer
}

fn bound_integers(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            if is_integer(object.get("type")) {
                object.remove("format");
                object.entry("maximum").or_insert_with(|| MAX_SAFE_INTEGER.into());
            }
            object.values_mut().for_each(bound_integers);
        }
        Value::Array(items) => items.iter_mut().for_each(bound_integers),
        _ => {}
    }
}

fn is_integer(declared: Option<&Value>) -> bool {
    match declared {
        Some(Value::String(name)) => name == "integer",
        Some(Value::Array(names)) => names.iter().any(|name| name == "integer"),
        _ => false,
    }
}
