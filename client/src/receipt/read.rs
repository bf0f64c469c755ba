//! From a text to a receipt. Unknown and missing fields are refused: what is not read is not checked.

use super::Receipt;

/// A text that is no receipt, and where it stops being one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}, {field}: {reason}")]
pub struct MalformedReceipt {
    /// From 1.
    pub line: usize,
    /// From 1; 0 at the end of the text.
    pub column: usize,
    /// Path of the field, `.` for the whole.
    pub field: String,
    pub reason: String,
}

impl Receipt {
    /// Reads one JSON document.
    pub fn from_json(text: &[u8]) -> Result<Self, MalformedReceipt> {
        let mut reader = serde_json::Deserializer::from_slice(text);
        let receipt = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
            let field = error.path().to_string();
            malformed(field, &error.into_inner())
        })?;
        reader.end().map_err(|error| malformed(".".to_owned(), &error))?;
        Ok(receipt)
    }
}

fn malformed(field: String, error: &serde_json::Error) -> MalformedReceipt {
    let (line, column) = (error.line(), error.column());
    // serde_json repeats the place at the end of its text.
    let text = error.to_string();
    let place = format!(" at line {line} column {column}");
    let reason = text.strip_suffix(&place).unwrap_or(&text).to_owned();
    MalformedReceipt { line, column, field, reason }
}
