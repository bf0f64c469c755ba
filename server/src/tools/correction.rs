//! A refused request put right, as far as that takes no guess: ready to be sent again.
//!
//! A field gets the name that it almost had, a number written as text becomes one. Everything else that is
//! wrong or missing is taken out and named: an amount that was made up, or a `dryRun` that was dropped, would
//! be an order that nobody wanted.

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
        if !apply(&mut fixed, wrong, schema) {
            return None;
        }
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

/// False where no correction can be offered.
fn apply(fixed: &mut Corrected, wrong: Wrong, schema: &Map<String, Value>) -> bool {
    let Some(object) = fixed.arguments.as_object_mut() else {
        return false;
    };
    match wrong {
        Wrong::Missing(field) => fixed.fill.push(field),
        // What an unknown field was to say cannot be known: it is not left out in silence.
        Wrong::Unknown(field) => {
            let value = object.remove(&field);
            let name = spelt_like(&field, schema).filter(|name| !object.contains_key(*name));
            let (Some(name), Some(value)) = (name, value) else { return false };
            fixed.fill.retain(|missing| missing != name);
            object.insert(name.to_owned(), value);
        }
        Wrong::Value(field) => {
            let value = object.remove(&field).unwrap_or_default();
            match property(schema, &field).and_then(|rule| written_number(&value, rule)) {
                Some(number) => {
                    object.insert(field, number);
                }
                None => fixed.fill.push(field),
            }
        }
    }
    true
}

/// The allowed integer that a text spells.
fn written_number(value: &Value, rule: &Map<String, Value>) -> Option<Value> {
    let (min, max) = (rule.get("minimum")?.as_u64()?, rule.get("maximum")?.as_u64()?);
    let number: u64 = value.as_str()?.trim().parse().ok()?;
    (min..=max).contains(&number).then(|| number.into())
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::service::TermsInput;
    use crate::tools::schema;

    fn offered(arguments: Value) -> Option<Corrected> {
        let schema = schema::of::<TermsInput>();
        let options = jsonschema::options().with_draft(jsonschema::Draft::Draft202012);
        let validator = options.should_validate_formats(true).build(&Value::Object(schema.clone())).unwrap();
        correct(arguments.as_object().unwrap(), &schema, &validator)
    }

    #[test]
    fn a_number_written_as_text_becomes_one_and_a_name_the_one_it_almost_was() {
        let fixed = offered(json!({ "gpu_type": "H100 80GB", "priceMicro": "1860000", "qty": 4 })).unwrap();
        assert_eq!(fixed.arguments, json!({ "gpuType": "H100 80GB", "priceMicro": 1_860_000, "qty": 4 }));
        assert!(fixed.fill.is_empty());
    }

    #[test]
    fn what_is_missing_or_would_have_to_be_guessed_is_the_callers_to_fill() {
        let fixed = offered(json!({
            "gpuType": "H100 80GB", "priceMicro": 1.86, "orderId": "mine", "side": "sell", "dryRun": "true"
        }))
        .unwrap();
        assert_eq!(fixed.arguments, json!({ "gpuType": "H100 80GB" }));
        let mut fill = fixed.fill;
        fill.sort();
        assert_eq!(fill, ["dryRun", "orderId", "priceMicro", "qty", "side"]);
    }

    #[test]
    fn a_field_that_nobody_knows_is_not_left_out_in_silence() {
        assert_eq!(
            offered(json!({ "gpuType": "H100 80GB", "priceMicro": 1, "qty": 1, "spendAtMost": 2 })),
            None
        );
    }
}
