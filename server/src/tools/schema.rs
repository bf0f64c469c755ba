//! JSON Schemas of tool inputs and outputs, 2020-12, from their Rust types.
//!
//! Subschemas are inlined (language models follow no `$ref` reliably) and every
//! integer gets an explicit `maximum`: validators do not enforce `format:
//! uint64`, and beyond 2^53-1 many JSON readers round.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

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
            // The dialect is MCP's own, and the type's name and comment are the tool's.
            for word in ["$schema", "title", "description"] {
                object.remove(word);
            }
            object
        }
        // A derived struct schema is always an object; `true` would accept anything.
        _ => Map::new(),
    }
}

/// What a tool answers with, in outline: a `T`, or where it refuses a problem. Clients hold refusals to
/// the output schema as well, and would show a caller neither code nor way out.
///
/// Every session reads this list before it does anything, so it names fields and types and no more; in
/// full they are in [`of`].
pub fn answer_of<T: JsonSchema>() -> Map<String, Value> {
    outlined::<T>(|_| true)
}

/// The same for one of several tools that answer with an order: what to act on. `lease-status` outlines
/// the rest.
pub fn order_answer<T: JsonSchema>() -> Map<String, Value> {
    outlined::<T>(|field| ORDER_FIELDS.contains(&field))
}

const ORDER_FIELDS: [&str; 5] = ["orderId", "state", "dryRun", "worstCostMicro", "nextActions"];
const PROBLEM_FIELDS: [&str; 4] = ["code", "detail", "field", "nextActions"];

fn outlined<T: JsonSchema>(shown: fn(&str) -> bool) -> Map<String, Value> {
    let mut properties = Map::new();
    let mut alternatives = Vec::new();
    for shape in variants(of::<T>()) {
        alternatives.push(outline_into(&mut properties, &shape, shown));
    }
    alternatives
        .push(outline_into(&mut properties, &of::<Problem>(), |field| PROBLEM_FIELDS.contains(&field)));
    let mut answer = Map::new();
    answer.insert("type".into(), "object".into());
    answer.insert("properties".into(), properties.into());
    answer.insert("anyOf".into(), alternatives.into());
    answer
}

/// Adds the shown fields of `shape`, and says which of them it always has.
fn outline_into(
    properties: &mut Map<String, Value>,
    shape: &Map<String, Value>,
    shown: fn(&str) -> bool,
) -> Value {
    let fields = shape.get("properties").and_then(Value::as_object);
    for (name, field) in fields.into_iter().flatten().filter(|(name, _)| shown(name)) {
        properties.entry(name).or_insert_with(|| outline(field));
    }
    let required = shape.get("required").and_then(Value::as_array);
    let required: Vec<&Value> =
        required.into_iter().flatten().filter(|name| name.as_str().is_some_and(shown)).collect();
    json!({ "required": required })
}

/// The shapes that a type can have.
fn variants(mut schema: Map<String, Value>) -> Vec<Map<String, Value>> {
    match schema.remove("anyOf") {
        Some(Value::Array(shapes)) => {
            shapes.into_iter().filter_map(|shape| shape.as_object().cloned()).collect()
        }
        _ => vec![schema],
    }
}

/// The type of a field, and the words it can be where they are few.
fn outline(field: &Value) -> Value {
    if let Some(words) = words(field) {
        return json!({ "enum": words });
    }
    match field.get("type") {
        Some(kind) => json!({ "type": kind }),
        None => json!({}),
    }
}

/// The words of an enumeration, as `schemars` writes them.
fn words(field: &Value) -> Option<Vec<Value>> {
    if let Some(words) = field.get("enum") {
        return words.as_array().cloned();
    }
    let choices = field.get("oneOf").or_else(|| field.get("anyOf"))?.as_array()?;
    let mut all = Vec::new();
    for choice in choices {
        match (choice.get("const"), choice.get("type").and_then(Value::as_str)) {
            (Some(word), _) => all.push(word.clone()),
            (None, Some("null")) => all.push(Value::Null),
            (None, _) => all.extend(words(choice)?),
        }
    }
    Some(all)
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
