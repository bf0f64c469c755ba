//! Many books, one a line: results come one a line too, in the same sequence.
//!
//! Must never hold more than one book, nor let a bad line move the others: its error stands in its
//! place. Results are sent off before waiting for more input, so that a program can feed one book and
//! read its result before it feeds the next.

use std::io::{self, Read, Write};

use obscura_auction::book::Book;
use serde::Serialize;

use super::book::read_book;
use super::claim::{Claim, read_claim};
use super::malformed::{Malformed, Problem};
use super::outcome::Outcome;
use super::text::{Lines, Text};
use super::verdict::Verdict;

/// What came of the lines.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    pub lines: usize,
    pub malformed: usize,
    /// Clearings that break a rule.
    pub invalid: usize,
}

/// Why the lines ended early.
#[derive(Debug, thiserror::Error)]
pub enum LinesError {
    #[error("cannot read the {}: {source}", .of.in_words())]
    Read { of: Document, source: io::Error },
    #[error("cannot write the results: {0}")]
    Write(#[from] io::Error),
}

/// Which text an error is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Document {
    Book,
    Clearing,
}

impl Document {
    fn in_words(self) -> &'static str {
        match self {
            Self::Book => "books",
            Self::Clearing => "clearings",
        }
    }
}

/// Clears every line's book.
pub fn clear_lines(books: impl Read, mut results: impl Write) -> Result<Tally, LinesError> {
    let mut books = Source { lines: Lines::of(books), of: Document::Book };
    let mut tally = Tally::default();
    loop {
        if books.lines.may_wait() {
            results.flush()?;
        }
        let Some(book) = books.next(read_book)? else { break };
        tally.lines += 1;
        match book {
            Ok(book) => Outcome::of(&book).write_json(&mut results)?,
            Err(malformed) => tally.write_error(Document::Book, malformed, &mut results)?,
        }
    }
    results.flush()?;
    Ok(tally)
}

/// Checks every line's clearing against the book of the same line.
pub fn check_lines(
    books: impl Read,
    clearings: impl Read,
    mut verdicts: impl Write,
) -> Result<Tally, LinesError> {
    let mut books = Source { lines: Lines::of(books), of: Document::Book };
    let mut clearings = Source { lines: Lines::of(clearings), of: Document::Clearing };
    let mut tally = Tally::default();
    loop {
        if books.lines.may_wait() || clearings.lines.may_wait() {
            verdicts.flush()?;
        }
        let (book, claim) = (books.next(read_book)?, clearings.next(read_claim)?);
        if book.is_none() && claim.is_none() {
            break;
        }
        tally.lines += 1;
        tally.write_verdict(book, claim, &mut verdicts)?;
    }
    verdicts.flush()?;
    Ok(tally)
}

struct Source<R> {
    lines: Lines<R>,
    of: Document,
}

impl<R: Read> Source<R> {
    fn next<T>(&mut self, read: fn(&[u8]) -> Text<T>) -> Result<Option<Text<T>>, LinesError> {
        let line = self.lines.next().map_err(|source| LinesError::Read { of: self.of, source })?;
        Ok(line.map(|line| line.and_then(read)))
    }
}

#[derive(Serialize)]
struct ErrorLine {
    error: ErrorObject,
}

#[derive(Serialize)]
struct ErrorObject {
    document: Document,
    #[serde(flatten)]
    malformed: Malformed,
}

impl Tally {
    fn write_verdict(
        &mut self,
        book: Option<Text<Book>>,
        claim: Option<Text<Claim>>,
        to: &mut impl Write,
    ) -> io::Result<()> {
        match (book.unwrap_or_else(no_such_line), claim.unwrap_or_else(no_such_line)) {
            (Err(malformed), _) => self.write_error(Document::Book, malformed, to),
            (_, Err(malformed)) => self.write_error(Document::Clearing, malformed, to),
            (Ok(book), Ok(claim)) => {
                let verdict = Verdict::on(&book, &claim);
                self.invalid += usize::from(verdict != Verdict::Valid);
                write_line(&verdict, to)
            }
        }
    }

    /// In the place of the line that was counted last.
    fn write_error(
        &mut self,
        document: Document,
        malformed: Malformed,
        to: &mut impl Write,
    ) -> io::Result<()> {
        self.malformed += 1;
        let malformed = malformed.on_line(self.lines);
        write_line(&ErrorLine { error: ErrorObject { document, malformed } }, to)
    }
}

fn no_such_line<T>() -> Text<T> {
    Err(Malformed::whole(Problem::MissingLine))
}

fn write_line(value: &impl Serialize, to: &mut impl Write) -> io::Result<()> {
    serde_json::to_writer(&mut *to, value)?;
    to.write_all(b"\n")
}
