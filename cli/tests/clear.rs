//! The built `obscura clear`: what goes where, and how it ends.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Output, Stdio};

const BOOK: &str = r#"{"bids":[{"index":0,"priceMicro":10,"qty":4},{"index":2,"priceMicro":8,"qty":2}],"asks":[{"index":1,"priceMicro":5,"qty":2}]}"#;
const CLEARING: &str = concat!(
    r#"{"priceMicro":6,"lo":5,"hi":8,"volume":2,"fills":[{"index":1,"qty":2,"amountMicro":12},"#,
    r#"{"index":2,"qty":2,"amountMicro":12}],"refusedForSize":[0]}"#,
    "\n"
);
const NO_BOOK: &str = r#"{"bids":[{"index":0,"priceMicro":10,"qty":5000}],"asks":[]}"#;

/// A folder with one file for each name and text, gone at the end of the test.
struct Folder(tempfile::TempDir);

impl Folder {
    fn with(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            fs::write(folder.path().join(name), text).unwrap();
        }
        Self(folder)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_obscura"));
        command.current_dir(self.0.path()).arg("clear").args(arguments);
        command
    }

    fn run(&self, arguments: &[&str]) -> Ended {
        Ended::of(self.command(arguments).output().unwrap())
    }

    fn run_with_input(&self, arguments: &[&str], input: &str) -> Ended {
        let mut command = self.command(arguments);
        let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = pipes.spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        Ended::of(child.wait_with_output().unwrap())
    }
}

#[derive(Debug, PartialEq)]
struct Ended {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Ended {
    fn of(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    fn with(code: i32, stdout: &str) -> Self {
        Self { code: Some(code), stdout: stdout.to_owned(), stderr: String::new() }
    }
}

#[test]
fn a_book_from_a_file_is_cleared_as_json() {
    let folder = Folder::with(&[("book.json", BOOK)]);
    assert_eq!(folder.run(&["book.json", "--json"]), Ended::with(0, CLEARING));
}

#[test]
fn a_book_from_standard_input_is_cleared_as_json() {
    assert_eq!(Folder::with(&[]).run_with_input(&["-", "--json"], BOOK), Ended::with(0, CLEARING));
}

#[test]
fn people_get_a_table_and_a_summary() {
    let Ended { code, stdout, stderr } = Folder::with(&[("book.json", BOOK)]).run(&["book.json"]);
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    let lines: Vec<Vec<&str>> = stdout.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(lines[0], ["order", "side", "limit", "qty", "got", "USDC"]);
    assert_eq!(lines[1], ["0", "bid", "0.000010", "4", "0", "refused", "for", "size"]);
    assert_eq!(lines[2], ["1", "ask", "0.000005", "2", "2", "0.000012"]);
    assert_eq!(lines[3], ["2", "bid", "0.000008", "2", "2", "0.000012"]);
    assert!(stdout.contains("2 GPUs at 0.000006 USDC per GPU-hour"), "{stdout}");
    assert!(stdout.contains("orders filled: 2 of 3, refused for size: 1"), "{stdout}");
}

#[test]
fn people_are_told_that_nothing_trades() {
    let ended = Folder::with(&[]).run_with_input(&["-"], r#"{"bids":[],"asks":[]}"#);
    assert_eq!(ended, Ended::with(0, "Nothing trades; orders filled: 0 of 0, refused for size: 0\n"));
}

#[test]
fn people_get_no_endless_table() {
    let order = |index: u32| format!(r#"{{"index":{index},"priceMicro":5,"qty":1}}"#);
    let list = |indices: std::ops::Range<u32>| indices.map(order).collect::<Vec<_>>().join(",");
    let book = format!(r#"{{"bids":[{}],"asks":[{}]}}"#, list(0..1000), list(1000..2000));
    let Ended { stdout, .. } = Folder::with(&[]).run_with_input(&["-"], &book);
    assert!(stdout.lines().count() < 110 && stdout.contains("... and 1900 more"), "{stdout}");
}

#[test]
fn a_book_that_is_refused_leaves_standard_output_empty() {
    let folder = Folder::with(&[("book.json", NO_BOOK)]);
    for arguments in [&["book.json"][..], &["book.json", "--json"]] {
        let Ended { code, stdout, stderr } = folder.run(arguments);
        assert_eq!((code, stdout.as_str()), (Some(2), ""));
        assert_eq!(
            stderr,
            "error: book.json: line 1, column 46, bids[0].qty: qty must be between 1 and 4096, got 5000\n"
        );
    }
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let Ended { code, stdout, stderr } = Folder::with(&[]).run(&["absent.json", "--json"]);
    assert_eq!((code, stdout.as_str()), (Some(2), ""));
    assert!(stderr.contains("cannot read absent.json: No such file"), "{stderr}");
}

#[test]
fn what_is_printed_passes_its_check() {
    let folder = Folder::with(&[("book.json", BOOK), ("clearing.json", CLEARING)]);
    assert_eq!(folder.run(&["--check", "book.json", "clearing.json"]), Ended::with(0, "valid\n"));
    assert_eq!(
        folder.run(&["--check", "book.json", "clearing.json", "--json"]),
        Ended::with(0, "{\"valid\":true}\n")
    );
    assert_eq!(folder.run_with_input(&["--check", "book.json", "-"], CLEARING), Ended::with(0, "valid\n"));
    assert_eq!(folder.run_with_input(&["--check", "-", "clearing.json"], BOOK), Ended::with(0, "valid\n"));
}

#[test]
fn a_forged_clearing_ends_with_one_and_the_rule_and_the_order() {
    let forged = CLEARING.replacen(r#""amountMicro":12"#, r#""amountMicro":13"#, 1);
    let folder = Folder::with(&[("book.json", BOOK), ("clearing.json", &forged)]);
    assert_eq!(
        folder.run(&["--check", "book.json", "clearing.json"]),
        Ended::with(1, "invalid: amount: ask 1: its amount must be 12 micro-USDC, got 13\n")
    );
    assert_eq!(
        folder.run(&["--check", "--json", "book.json", "clearing.json"]),
        Ended::with(
            1,
            "{\"valid\":false,\"rule\":\"amount\",\"order\":1,\"message\":\"ask 1: its amount must be 12 micro-USDC, got 13\"}\n"
        )
    );
    let dearer = CLEARING.replace(r#""priceMicro":6"#, r#""priceMicro":7"#);
    let ended = folder.run_with_input(&["--check", "book.json", "-"], &dearer);
    assert_eq!(ended, Ended::with(1, "invalid: price: priceMicro must be 6, got 7\n"));
}

#[test]
fn a_check_names_the_file_that_is_no_document() {
    let folder = Folder::with(&[("book.json", BOOK), ("clearing.json", CLEARING), ("other.json", NO_BOOK)]);
    let Ended { code, stdout, stderr } = folder.run(&["--check", "book.json", "other.json", "--json"]);
    assert_eq!((code, stdout.as_str()), (Some(2), ""));
    assert!(
        stderr.starts_with("error: other.json: line 1, column 7, bids: a clearing has no such field"),
        "{stderr}"
    );
    let Ended { code, stdout, stderr } = folder.run(&["--check", "other.json", "clearing.json"]);
    assert_eq!((code, stdout.as_str()), (Some(2), ""));
    assert!(stderr.starts_with("error: other.json: line 1, column 46"), "{stderr}");
}

#[test]
fn a_clearing_without_check_and_a_check_without_clearing_are_refused() {
    let folder = Folder::with(&[("book.json", BOOK), ("clearing.json", CLEARING)]);
    for arguments in
        [&["book.json", "clearing.json"][..], &["--check", "book.json"], &["--check", "-", "-"], &[]]
    {
        let Ended { code, stdout, .. } = folder.run(arguments);
        assert_eq!((code, stdout.as_str()), (Some(2), ""), "{arguments:?}");
    }
}

#[test]
fn lines_go_on_after_a_bad_one_and_end_with_two() {
    let Ended { code, stdout, stderr } =
        Folder::with(&[]).run_with_input(&["-", "--jsonl"], &format!("{BOOK}\n{NO_BOOK}\n{BOOK}\n"));
    let error = concat!(
        r#"{"error":{"document":"book","code":"qty_out_of_range","line":2,"column":46,"#,
        r#""field":"bids[0].qty","message":"qty must be between 1 and 4096, got 5000"}}"#,
        "\n"
    );
    assert_eq!(stdout, format!("{CLEARING}{error}{CLEARING}"));
    assert_eq!(
        (code, stderr.as_str()),
        (Some(2), "error: lines with an error in place of a result: 1 of 3\n")
    );
}

#[test]
fn lines_are_checked_and_end_with_one_where_a_clearing_is_invalid() {
    let forged = CLEARING.replace(r#""hi":8"#, r#""hi":9"#);
    let books = format!("{BOOK}\n{BOOK}\n");
    let folder =
        Folder::with(&[("books.jsonl", &books), ("clearings.jsonl", &format!("{CLEARING}{forged}"))]);
    let Ended { code, stdout, stderr } =
        folder.run(&["--jsonl", "--check", "books.jsonl", "clearings.jsonl"]);
    assert_eq!(
        stdout,
        "{\"valid\":true}\n{\"valid\":false,\"rule\":\"hi\",\"order\":null,\"message\":\"hi must be 8, got 9\"}\n"
    );
    assert_eq!((code, stderr.as_str()), (Some(1), "invalid clearings: 1 of 2\n"));
    let cleared = folder.run(&["--jsonl", "books.jsonl"]);
    assert_eq!(cleared, Ended::with(0, &format!("{CLEARING}{CLEARING}")));
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let books = format!("{BOOK}\n").repeat(20_000);
    let folder = Folder::with(&[("books.jsonl", &books)]);
    let mut command = folder.command(&["--jsonl", "books.jsonl"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    assert_eq!(first, CLEARING);
    let Ended { code, stderr, .. } = Ended::of(child.wait_with_output().unwrap());
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
}

#[test]
fn help_shows_examples_that_work_and_both_documents() {
    let Ended { stdout, .. } = Folder::with(&[]).run(&["--help"]);
    for part in ["Examples:", "A book:", "Its clearing:", "Exit codes:", "refusedForSize", "--jsonl"] {
        assert!(stdout.contains(part), "{part}");
    }
    let (_, book) = stdout.split_once("A book:\n").unwrap();
    let (book, _) = book.split_once("\n  index ").unwrap();
    let (_, clearing) = stdout.split_once("Its clearing:\n").unwrap();
    let clearing = clearing.lines().next().unwrap().trim_start();
    let ended = Folder::with(&[]).run_with_input(&["-", "--json"], book);
    assert_eq!(ended, Ended::with(0, &format!("{clearing}\n")));
}
