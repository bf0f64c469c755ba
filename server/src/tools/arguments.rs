//! Raw JSON to typed input: checks against the schema first, so that an error
//! names the field, what came, the rule and the way out.
//!
//! Fields with a code of their own (price, quantity, duration, hash, secret) get
//! it; when several fields are wrong the order of `RANK` decides, so the same
//! body always gets the same error.

use jsonschema::Validator;
use jsonschema::error::ValidationErrorKind;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::correction::{Corrected, correct};
use crate::service::{NextAction, ServiceError};

/// Fields in the order their errors are reported.
const RANK: [&str; 12] = [
    "gpuType",
    "orderId",
    "leaseId",
    "side",
    "priceMicro",
    "qty",
    "minQty",
    "durationSeconds",
    "commitHash",
    "secret",
    "maxTotalMicro",
    "lockGpus",
];

/// Longest excerpt of a caller's value that an error repeats.
const MAX_ECHO_CHARS: usize = 40;

/// An input schema with its compiled validator.
pub struct InputContract {
    tool: &'static str,
    http: &'static str,
    schema: Map<String, Value>,
    validator: Validator,
}

impl InputContract {
    /// Compiles the schema of `T`, the input of `tool` and of the route `http`.
    pub fn of<T: schemars::JsonSchema>(tool: &'static str, http: &'static str) -> Self {
        let schema = super::schema::of::<T>();
        let validator = jsonschema::options()
            .with_draft(jsonschema::Draft::Draft202012)
            .should_validate_formats(true)
            .build(&Value::Object(schema.clone()))
            .expect("a derived schema is a valid schema; an inventory test compiles each");
        Self { tool, http, schema, validator }
    }

    /// The schema, to publish.
    pub fn schema(&self) -> &Map<String, Value> {
        &self.schema
    }

    /// Checks raw arguments and reads them as `T`.
    pub fn read<T: DeserializeOwned>(&self, arguments: Value) -> Result<T, ServiceError> {
        let arguments = match arguments {
            Value::Null => Value::Object(Map::new()),
            Value::Object(object) => Value::Object(object),
            other => {
                return Err(ServiceError::InvalidArguments {
                    field: None,
                    detail: format!("send one JSON object, not {}", kind_of(&other)),
                });
            }
        };
        if let Some(error) = self.first_error(&arguments) {
            return Err(self.with_correction(&error, &arguments));
        }
        serde_json::from_value(with_plain_integers(arguments)).map_err(|error| {
            ServiceError::InvalidArguments {
                field: None,
                detail: format!("the arguments do not fit the schema: {error}"),
            }
        })
    }

    fn first_error(&self, arguments: &Value) -> Option<ServiceError> {
        self.validator
            .iter_errors(arguments)
            .map(|error| {
                let field = field_of(&error);
                (rank(&field), field, error)
            })
            .min_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.cmp(&b.1)))
            .map(|(_, field, error)| self.explain(&field, &error))
    }

    /// The error with the request as it could be sent instead. A request that carries a secret is never
    /// repeated.
    fn with_correction(&self, error: &ServiceError, arguments: &Value) -> ServiceError {
        let mut problem = error.to_problem();
        let order_id = arguments.get("orderId").and_then(Value::as_str);
        let step = if self.property("secret").is_some() {
            order_id.map(|id| NextAction::reveal(&shorten(id), "with every value as it was sealed"))
        } else {
            arguments
                .as_object()
                .and_then(|object| correct(object, &self.schema, &self.validator))
                .map(|fixed| self.again(fixed))
        };
        if let Some(step) = step {
            problem.next_actions = vec![step];
        }
        ServiceError::Explained(Box::new(problem))
    }

    fn again(&self, Corrected { arguments, fill }: Corrected) -> NextAction {
        NextAction {
            tool: self.tool.into(),
            http: self.http.into(),
            arguments,
            fill,
            reason: "the request as it can be sent, with every field of `fill` added".into(),
        }
    }

    fn explain(&self, field: &str, error: &jsonschema::ValidationError<'_>) -> ServiceError {
        match error.kind() {
            ValidationErrorKind::Required { .. } => {
                ServiceError::invalid_field(field, format!("{field} is missing: {}", self.describe(field)))
            }
            ValidationErrorKind::AdditionalProperties { .. } => ServiceError::invalid_field(
                field,
                format!("{field} is not a field of this request; its fields are {}", self.field_names()),
            ),
            _ => self.explain_value(field, error),
        }
    }

    fn explain_value(&self, field: &str, error: &jsonschema::ValidationError<'_>) -> ServiceError {
        let value = error.instance();
        let (min, max) = self.bounds(field);
        match field {
            "secret" => ServiceError::SecretMalformed,
            "commitHash" => ServiceError::HashMalformed { reason: "is not 64 lower-case hex digits".into() },
            "priceMicro" if value.is_number() => ServiceError::PriceOutOfRange { got: echo(value), min, max },
            "qty" | "minQty" | "lockGpus" if value.is_number() => ServiceError::QtyOutOfRange {
                field: field.into(),
                got: echo(value),
                min,
                max,
                hint: String::new(),
            },
            "durationSeconds" if value.is_number() => {
                ServiceError::DurationOutOfRange { got: echo(value), min, max, hint: String::new() }
            }
            _ => ServiceError::invalid_field(
                field,
                format!("{field} is {}, which is not allowed: {}", echo(value), self.describe(field)),
            ),
        }
    }

    fn describe(&self, field: &str) -> String {
        let property = self.property(field);
        let text = property
            .and_then(|property| property.get("description"))
            .and_then(Value::as_str)
            .unwrap_or("see the tool's input schema");
        let (min, max) = self.bounds(field);
        let numeric = property.is_some_and(|property| property.contains_key("maximum"));
        let range = if numeric { format!(" (an integer from {min} to {max})") } else { String::new() };
        format!("{}{range}", text.replace('\n', " "))
    }

    fn bounds(&self, field: &str) -> (u64, u64) {
        let bound = |name: &str, default: u64| {
            self.property(field)
                .and_then(|property| property.get(name))
                .and_then(Value::as_u64)
                .unwrap_or(default)
        };
        (bound("minimum", 0), bound("maximum", super::schema::MAX_SAFE_INTEGER))
    }

    fn property(&self, field: &str) -> Option<&Map<String, Value>> {
        self.schema.get("properties")?.get(field)?.as_object()
    }

    fn field_names(&self) -> String {
        self.schema
            .get("properties")
            .and_then(Value::as_object)
            .map(|properties| properties.keys().cloned().collect::<Vec<_>>().join(", "))
            .unwrap_or_default()
    }
}

/// `4.0` is an integer to JSON Schema, and to whoever writes numbers as floats; to serde it is none.
fn with_plain_integers(mut arguments: Value) -> Value {
    for value in arguments.as_object_mut().into_iter().flat_map(Map::values_mut) {
        let whole = value.as_f64().filter(|number| value.is_f64() && number.fract() == 0.0);
        // The schema has bounded it: from 0 to 2^53-1, where every float is exact.
        if let Some(whole) =
            whole.filter(|number| (0.0..=super::schema::MAX_SAFE_INTEGER as f64).contains(number))
        {
            *value = Value::from(whole as u64);
        }
    }
    arguments
}

fn field_of(error: &jsonschema::ValidationError<'_>) -> String {
    match error.kind() {
        ValidationErrorKind::Required { property } => property.as_str().unwrap_or_default().to_owned(),
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            unexpected.first().map(|name| shorten(name)).unwrap_or_default()
        }
        _ => error
            .instance_path()
            .as_str()
            .trim_start_matches('/')
            .split('/')
            .next()
            .unwrap_or_default()
            .to_owned(),
    }
}

fn rank(field: &str) -> usize {
    RANK.iter().position(|known| *known == field).unwrap_or(RANK.len())
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

fn echo(value: &Value) -> String {
    match value {
        Value::Array(_) | Value::Object(_) => kind_of(value).into(),
        other => shorten(&other.to_string()),
    }
}

fn shorten(text: &str) -> String {
    if text.chars().count() <= MAX_ECHO_CHARS {
        return text.into();
    }
    let mut short: String = text.chars().take(MAX_ECHO_CHARS).collect();
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::service::{CommitInput, RevealInput};

    fn refusal(body: Value) -> ServiceError {
        InputContract::of::<RevealInput>("reveal", "POST /v1/orders/reveal")
            .read::<RevealInput>(body)
            .unwrap_err()
    }

    fn reveal_with(field: &str, value: Value) -> Value {
        let mut body = json!({
            "orderId": "7f3b3d0a-5d0e-4a41-9a6e-1a0a6a4f0a11",
            "priceMicro": 1_860_000, "qty": 4, "secret": "1".repeat(64)
        });
        body[field] = value;
        body
    }

    #[test]
    fn the_two_bodies_of_the_readme_are_read_as_they_stand() {
        let reveal = InputContract::of::<RevealInput>("reveal", "POST /v1/orders/reveal");
        assert!(reveal.read::<RevealInput>(reveal_with("qty", json!(4))).is_ok());
        let commit = InputContract::of::<CommitInput>("commit", "POST /v1/orders/commit");
        let body = json!({"gpuType": "H100 80GB", "commitHash": "0".repeat(64)});
        assert!(commit.read::<CommitInput>(body).is_ok());
    }

    #[test]
    fn a_whole_number_may_be_written_as_a_float() {
        let reveal = InputContract::of::<RevealInput>("reveal", "POST /v1/orders/reveal");
        let mut body = reveal_with("qty", json!(4.0));
        body["priceMicro"] = json!(1.86e6);
        let input: RevealInput = reveal.read(body).unwrap();
        assert_eq!((input.qty, input.price_micro), (4, 1_860_000));
        assert_eq!(refusal(reveal_with("qty", json!(4.5))).code(), "qty_out_of_range");
        assert_eq!(refusal(reveal_with("qty", json!(-0.0))).code(), "qty_out_of_range");
    }

    #[test]
    fn each_field_with_a_code_of_its_own_gets_it() {
        for (field, value, code) in [
            ("priceMicro", json!(0), "price_out_of_range"),
            ("priceMicro", json!(1u64 << 40), "price_out_of_range"),
            ("priceMicro", json!(1.5), "price_out_of_range"),
            ("priceMicro", json!("12"), "invalid_arguments"),
            ("qty", json!(4097), "qty_out_of_range"),
            ("minQty", json!(0), "qty_out_of_range"),
            ("durationSeconds", json!(59), "duration_out_of_range"),
            ("secret", json!(7), "secret_malformed"),
            ("secrets", json!("x"), "invalid_arguments"),
        ] {
            assert_eq!(refusal(reveal_with(field, value.clone())).code(), code, "{field} = {value}");
        }
    }

    #[test]
    fn the_first_field_of_the_rank_is_named_when_several_are_wrong() {
        let mut body = reveal_with("qty", json!(0));
        body["secret"] = json!("");
        body["nonsense"] = json!(1);
        assert_eq!(refusal(body).code(), "qty_out_of_range");
    }

    #[test]
    fn a_missing_field_is_named_with_what_it_means() {
        let error = refusal(json!({"orderId": "x", "priceMicro": 1, "qty": 1}));
        assert_eq!(error.field(), Some("secret"));
        assert!(error.to_string().contains("64 hex digits"), "{error}");
    }

    #[test]
    fn a_long_value_is_not_repeated_in_full() {
        let error = refusal(reveal_with(&"x".repeat(500), json!(1)));
        assert!(error.to_string().chars().count() < 300, "{error}");
    }
}
