//! A refused request put right, as far as its schema knows how: ready to be sent again.
//!
//! It changes what the schema refuses and nothing else. What only the caller can know is taken out and
//! named, never made up.

use jsonschema::Validator;
use jsonschema::error::{ValidationError, ValidationErrorKind};
use serde_json::{Map, Value};

/// Fields that one request can have wrong before no correction is offered.
const MAX_CORRECTIONS: usize = 16;
/// A field that is spelt less alike is another field.
const LEAST_SIMILARITY: f64 = 0.85;

/// A corrected request.
#[derive(Debug, PartialEq)]
pub struct Corrected {
    pub arguments: Value,
    /// What only the caller can add.
    pub fill: Vec<String>,
}

/// `arguments` with every field that `schema` refuses corrected; none where it cannot be.
pub fn correct(
    arguments: &Map<String, Value>,
    schema: &Map<String, Value>,
    validator: &Validator,
) -> Option<Corrected> {
    let mut fixed = Corrected { arguments: Value::Object(arguments.clone()), fill: Vec::new() };
    for _ in 0..MAX_CORRECTIONS {
        let Some(wrong) = first_wrong(&fixed, validator) else {
            return Some(fixed);
        };
        apply(&mut fixed, wrong, schema);
    }
    None
}

/// What is wrong with one field.
enum Wrong {
    Missing(String),
    Unknown(String),
    Value(String),
}

fn first_wrong(fixed: &Corrected, validator: &Validator) -> Option<Wrong> {
    validator.iter_errors(&fixed.arguments).filter_map(|error| wrong_of(&error)).find(|wrong| match wrong {
        Wrong::Missing(field) => !fixed.fill.contains(field),
        Wrong::Unknown(_) | Wrong::Value(_) => true,
    })
}

fn wrong_of(error: &ValidationError<'_>) -> Option<Wrong> {
    Some(match error.kind() {
        ValidationErrorKind::Required { property } => Wrong::Missing(property.as_str()?.to_owned()),
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            Wrong::Unknown(unexpected.first()?.clone())
        }
        _ => Wrong::Value(error.instance_path().as_str().split('/').nth(1)?.to_owned()),
    })
}

fn apply(fixed: &mut Corrected, wrong: Wrong, schema: &Map<String, Value>) {
    let Some(object) = fixed.arguments.as_object_mut() else {
        return;
    };
    match wrong {
        Wrong::Missing(field) => put_example(object, &mut fixed.fill, schema, field),
        Wrong::Unknown(field) => {
            let value = object.remove(&field);
            if let Some(name) = spelt_like(&field, schema).filter(|name| !object.contains_key(*name))
                && let Some(value) = value
            {
                fixed.fill.retain(|missing| missing != name);
                object.insert(name.to_owned(), value);
            }
        }
        Wrong::Value(field) => {
            let value = object.remove(&field).unwrap_or_default();
            match property(schema, &field).and_then(|rule| nearest(&value, rule)) {
                Some(number) => {
                    object.insert(field, number);
                }
                None if is_required(schema, &field) => put_example(object, &mut fixed.fill, schema, field),
                None => {}
            }
        }
    }
}

/// The schema's example; a field without one is the caller's to fill.
fn put_example(
    object: &mut Map<String, Value>,
    fill: &mut Vec<String>,
    schema: &Map<String, Value>,
    field: String,
) {
    let examples = property(schema, &field).and_then(|rule| rule.get("examples"));
    match examples.and_then(|examples| examples.get(0)) {
        Some(example) => {
            object.insert(field, example.clone());
        }
        None => fill.push(field),
    }
}

/// The allowed integer nearest to what was sent, where that was a number or spelt one.
fn nearest(value: &Value, rule: &Map<String, Value>) -> Option<Value> {
    let (min, max) = (rule.get("minimum")?.as_u64()?, rule.get("maximum")?.as_u64()?);
    let number = match value {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => text.trim().parse().ok()?,
        _ => return None,
    };
    // Both bounds are below 2^53, where every float is exact.
    number.is_finite().then(|| Value::from(number.round().clamp(min as f64, max as f64) as u64))
}

fn spelt_like<'a>(field: &str, schema: &'a Map<String, Value>) -> Option<&'a str> {
    let plain = |name: &str| name.to_lowercase().replace(['_', '-', ' '], "");
    let names = schema.get("properties")?.as_object()?.keys();
    let best = names
        .map(|name| (strsim::jaro_winkler(&plain(field), &plain(name)), name.as_str()))
        .max_by(|a, b| a.0.total_cmp(&b.0));
    best.filter(|(similarity, _)| *similarity >= LEAST_SIMILARITY).map(|(_, name)| name)
}

fn property<'a>(schema: &'a Map<String, Value>, field: &str) -> Option<&'a Map<String, Value>> {
    schema.get("properties")?.get(field)?.as_object()
}

fn is_required(schema: &Map<String, Value>, field: &str) -> bool {
    let required = schema.get("required").and_then(Value::as_array);
    required.is_some_and(|names| names.iter().any(|name| name == field))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::service::TermsInput;
    use crate::tools::schema;

    fn corrected(arguments: Value) -> Corrected {
        let schema = schema::of::<TermsInput>();
        let options = jsonschema::options().with_draft(jsonschema::Draft::Draft202012);
        let validator = options.should_validate_formats(true).build(&Value::Object(schema.clone())).unwrap();
        correct(arguments.as_object().unwrap(), &schema, &validator).unwrap()
    }

    #[test]
    fn numbers_move_to_the_nearest_that_is_allowed_and_names_to_the_nearest_that_is_known() {
        let fixed = corrected(json!({
            "gpu_type": "H100 80GB", "priceMicro": "1860000", "qty": 0, "durationSeconds": 59.6, "nonsense": 1
        }));
        assert_eq!(
            fixed.arguments,
            json!({ "gpuType": "H100 80GB", "priceMicro": 1_860_000, "qty": 1, "durationSeconds": 60 })
        );
        assert!(fixed.fill.is_empty());
    }

    #[test]
    fn what_is_missing_gets_the_schemas_example() {
        let fixed = corrected(json!({ "qty": 4 }));
        assert_eq!(fixed.arguments, json!({ "gpuType": "H100 80GB", "priceMicro": 1_860_000, "qty": 4 }));
    }

    #[test]
    fn what_cannot_be_guessed_is_left_out() {
        let fixed = corrected(json!({
            "gpuType": "H100 80GB", "priceMicro": 1, "qty": 1, "orderId": "mine", "side": "up", "dryRun": "yes"
        }));
        assert_eq!(fixed.arguments, json!({ "gpuType": "H100 80GB", "priceMicro": 1, "qty": 1 }));
    }
}
