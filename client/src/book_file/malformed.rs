//! Why a text is no book or no clearing, and the place in it where that showed.
//!
//! Must never repeat a text at length or raw: it may be long, and it may be meant for a terminal.

use obscura_auction::book::BookError;
use serde::ser::{Serialize, SerializeStruct, Serializer};

/// The first thing wrong with a text. In JSON: `code`, `line`, `column`, `field`, `message`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}{}: {problem}", .field.as_ref().map_or(String::new(), |field| format!(", {field}")))]
pub struct Malformed {
    /// Counted from 1.
    pub line: usize,
    /// Bytes of the line up to and with the one at which it showed.
    pub column: usize,
    /// For example `bids[3].qty`; none where it is the text as a whole.
    pub field: Option<String>,
    pub problem: Problem,
}

/// One cause each; the text says what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    #[error("not JSON: {reason}")]
    NotJson { reason: String },
    #[error("{reason}")]
    WrongType { reason: String },
    #[error("{} has no such field: it has {}", .of.name, .of.fields)]
    UnknownField { of: Kind },
    #[error("{} must have {field}", .of.name)]
    MissingField { of: Kind, field: &'static str },
    #[error("this field is there twice: leave one of them out")]
    DuplicateField,
    #[error("must be a whole number in digits alone, without fraction or exponent, got {got}")]
    NotWhole { got: String },
    #[error("{field} must be between {min} and {max}, got {got}")]
    OutOfRange { field: String, min: u64, max: u64, got: String },
    #[error("{error}: {}", remedy(.error))]
    Book { error: BookError },
    #[error("a text of more than {max} bytes is not read")]
    TooLong { max: u64 },
    #[error("there is no such line: both files must have a line for every book")]
    MissingLine,
}

/// An object of the format, as messages name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    pub name: &'static str,
    pub fields: &'static str,
}

impl Problem {
    /// The cause's stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotJson { .. } => "invalid_json",
            Self::WrongType { .. } => "wrong_type",
            Self::UnknownField { .. } => "unknown_field",
            Self::MissingField { .. } => "missing_field",
            Self::DuplicateField => "duplicate_field",
            Self::NotWhole { .. } => "number_not_whole",
            Self::OutOfRange { field, .. } => out_of_range(field),
            Self::Book { error: BookError::DuplicateIndex { .. } } => "duplicate_index",
            Self::Book { error: BookError::MinQtyAboveQty { .. } } => "min_qty_above_qty",
            Self::Book { error: BookError::AskNotDivisible { .. } } => "ask_not_divisible",
            Self::Book { error: BookError::TooManyOrders { .. } } => "too_many_orders",
            Self::TooLong { .. } => "text_too_long",
            Self::MissingLine => "missing_line",
        }
    }
}

fn out_of_range(field: &str) -> &'static str {
    match field {
        "index" => "index_out_of_range",
        "priceMicro" => "price_out_of_range",
        "qty" => "qty_out_of_range",
        "minQty" => "min_qty_out_of_range",
        "durationSeconds" => "duration_out_of_range",
        _ => "number_out_of_range",
    }
}

fn remedy(error: &BookError) -> &'static str {
    match error {
        BookError::DuplicateIndex { .. } => "give every order of the book an index of its own",
        BookError::MinQtyAboveQty { .. } => "lower it, or leave it out for all or none",
        BookError::AskNotDivisible { .. } => "leave it out, or write 1",
        BookError::TooManyOrders { .. } => "clear fewer orders at once",
    }
}

impl Malformed {
    /// Something about the whole of a text's first line.
    pub(super) fn whole(problem: Problem) -> Self {
        Self { line: 1, column: 0, field: None, problem }
    }

    /// The same, found in line `line` of a longer text.
    pub(super) fn on_line(self, line: usize) -> Self {
        Self { line, ..self }
    }
}

impl Serialize for Malformed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { line, column, field, problem } = self;
        let mut object = serializer.serialize_struct("Malformed", 5)?;
        object.serialize_field("code", problem.code())?;
        object.serialize_field("line", line)?;
        object.serialize_field("column", column)?;
        object.serialize_field("field", field)?;
        object.serialize_field("message", &problem.to_string())?;
        object.end()
    }
}
