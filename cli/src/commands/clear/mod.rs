//! `obscura clear`: what a book's clearing is, and whether a clearing is a book's.
//!
//! Runs without network. Must never print half a result: a text that is refused leaves standard output
//! empty, or with `--jsonl` its error in its place. The format is SPEC section 7.1.

mod help;
mod table;

use std::fs::File;
use std::io::{Read, Write, stdin};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, anyhow, bail, ensure};
use clap::Args;
use obscura_client::book_file::lines::{LinesError, Tally, check_lines, clear_lines};
use obscura_client::book_file::text::{Text, read_all};
use obscura_client::book_file::{Outcome, Verdict, read_book, read_claim};

use crate::output::{self, stdout};
use crate::progress_bar::watched;

/// What a clearing that is not the book's ends with.
const INVALID: u8 = 1;

/// Stands for standard input.
const STDIN: &str = "-";

#[derive(Args)]
#[command(after_help = help::TEXT)]
pub struct Arguments {
    /// The book; `-` is standard input.
    #[arg(value_name = "BOOK.json")]
    book: PathBuf,

    /// With --check: the clearing that is claimed for it; `-` is standard input.
    #[arg(value_name = "CLEARING.json", requires = "check")]
    clearing: Option<PathBuf>,

    /// Say whether the clearing is the book's, or which rule it breaks at which order.
    #[arg(long, requires = "clearing")]
    check: bool,

    /// Print one line of JSON.
    #[arg(long)]
    json: bool,

    /// Every line of the input is a document, and every line of the output its result, in JSON.
    #[arg(long)]
    jsonl: bool,
}

pub fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let Arguments { book, clearing, check: _, json, jsonl } = arguments;
    match (clearing, jsonl) {
        (None, false) => clear(&book, json),
        (None, true) => clear_each(&book),
        (Some(clearing), false) => check(&book, &clearing, json),
        (Some(clearing), true) => check_each(&book, &clearing),
    }
}

fn clear(path: &Path, json: bool) -> anyhow::Result<ExitCode> {
    let text = read(path)?;
    let (book, outcome) = watched("clearing the book", |_| {
        let book = well_formed(read_book(&text), path)?;
        drop(text);
        let outcome = Outcome::of(&book);
        anyhow::Ok((book, outcome))
    })?;
    let mut to = stdout();
    output::written(if json {
        outcome.write_json(&mut to).and_then(|()| to.flush())
    } else {
        writeln!(to, "{}", table::for_people(&book, &outcome)).and_then(|()| to.flush())
    })?;
    Ok(ExitCode::SUCCESS)
}

fn check(book: &Path, clearing: &Path, json: bool) -> anyhow::Result<ExitCode> {
    one_stdin(book, clearing)?;
    let (book_text, claim_text) = (read(book)?, read(clearing)?);
    let verdict = watched("checking the clearing", |_| {
        let book = well_formed(read_book(&book_text), book)?;
        drop(book_text);
        let claim = well_formed(read_claim(&claim_text), clearing)?;
        drop(claim_text);
        anyhow::Ok(Verdict::on(&book, &claim))
    })?;
    let text = if json { serde_json::to_string(&verdict)? } else { in_words(&verdict) };
    let mut to = stdout();
    output::written(writeln!(to, "{text}").and_then(|()| to.flush()))?;
    Ok(match verdict {
        Verdict::Valid => ExitCode::SUCCESS,
        Verdict::Invalid(_) => ExitCode::from(INVALID),
    })
}

fn in_words(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Valid => "valid".to_owned(),
        Verdict::Invalid(broken) => format!("invalid: {}: {broken}", broken.rule()),
    }
}

fn clear_each(books: &Path) -> anyhow::Result<ExitCode> {
    ended(clear_lines(open(books)?, stdout()))
}

fn check_each(books: &Path, clearings: &Path) -> anyhow::Result<ExitCode> {
    one_stdin(books, clearings)?;
    ended(check_lines(open(books)?, open(clearings)?, stdout()))
}

/// Bad lines come before invalid ones: what they hide is not known.
fn ended(lines: Result<Tally, LinesError>) -> anyhow::Result<ExitCode> {
    let Tally { lines, malformed, invalid } = match lines {
        Err(LinesError::Write(error)) => {
            output::written(Err(error))?;
            return Ok(ExitCode::SUCCESS);
        }
        lines => lines?,
    };
    ensure!(malformed == 0, "lines with an error in place of a result: {malformed} of {lines}");
    if invalid > 0 {
        eprintln!("invalid clearings: {invalid} of {lines}");
        return Ok(ExitCode::from(INVALID));
    }
    Ok(ExitCode::SUCCESS)
}

fn one_stdin(book: &Path, clearing: &Path) -> anyhow::Result<()> {
    if book == Path::new(STDIN) && clearing == Path::new(STDIN) {
        bail!("only one of the two can be standard input: name a file for the other");
    }
    Ok(())
}

fn open(path: &Path) -> anyhow::Result<Box<dyn Read>> {
    if path == Path::new(STDIN) {
        return Ok(Box::new(stdin().lock()));
    }
    let file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(Box::new(file))
}

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    let text = read_all(open(path)?).with_context(|| format!("cannot read {}", path.display()))?;
    well_formed(text, path)
}

fn well_formed<T>(text: Text<T>, path: &Path) -> anyhow::Result<T> {
    let name = if path == Path::new(STDIN) { "standard input".into() } else { path.display().to_string() };
    text.map_err(|malformed| anyhow!("{name}: {malformed}"))
}
