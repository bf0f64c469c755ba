//! An error with its causes in one line, each said once.
//!
//! Errors of this project quote what they stem from; so do many others', and both would be read twice.

use std::error::Error;

/// The error's text, and after it those of its causes that it does not already quote.
pub fn in_one_line(error: &dyn Error) -> String {
    let mut line = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        if !line.contains(&text) {
            line.push_str(": ");
            line.push_str(&text);
        }
        cause = error.source();
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("disk full")]
    struct Inner;

    #[derive(Debug, thiserror::Error)]
    enum Outer {
        #[error("cannot write: {0}")]
        Quoting(#[source] Inner),
        #[error("cannot write")]
        Silent(#[source] Inner),
    }

    #[test]
    fn a_cause_is_said_once_whether_or_not_its_error_quotes_it() {
        for error in [Outer::Quoting(Inner), Outer::Silent(Inner)] {
            assert_eq!(in_one_line(&error), "cannot write: disk full");
        }
    }
}
