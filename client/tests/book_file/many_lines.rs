//! Many documents, one a line.

use std::io::{self, Read, Write};
use std::sync::{Arc, Mutex};

use obscura_client::book_file::lines::{LinesError, Tally, check_lines, clear_lines};

use crate::books::clearing_text;

const TRADES: &str =
    r#"{"bids":[{"index":0,"priceMicro":10,"qty":2}],"asks":[{"index":1,"priceMicro":5,"qty":2}]}"#;
const EMPTY: &str = r#"{"bids":[],"asks":[]}"#;

fn cleared(books: &str) -> (Tally, String) {
    let mut results = Vec::new();
    let tally = clear_lines(books.as_bytes(), &mut results).unwrap();
    (tally, String::from_utf8(results).unwrap())
}

fn checked(books: &str, clearings: &str) -> (Tally, Vec<String>) {
    let mut verdicts = Vec::new();
    let tally = check_lines(books.as_bytes(), clearings.as_bytes(), &mut verdicts).unwrap();
    (tally, String::from_utf8(verdicts).unwrap().lines().map(str::to_owned).collect())
}

#[test]
fn every_line_has_its_result_in_its_place() {
    let (tally, results) = cleared(&format!("{TRADES}\n{EMPTY}\r\n{TRADES}"));
    assert_eq!(results, [TRADES, EMPTY, TRADES].map(clearing_text).concat());
    assert_eq!(tally, Tally { lines: 3, malformed: 0, invalid: 0 });
}

#[test]
fn a_bad_line_has_its_error_in_its_place_and_the_next_line_goes_on() {
    let bad = r#"{"bids":[{"index":0,"priceMicro":10,"qty":0}],"asks":[]}"#;
    let (tally, results) = cleared(&format!("{TRADES}\n{bad}\n\n{TRADES}\n"));
    let results: Vec<&str> = results.lines().collect();
    assert_eq!(
        results[1],
        concat!(
            r#"{"error":{"document":"book","code":"qty_out_of_range","line":2,"column":43,"#,
            r#""field":"bids[0].qty","message":"qty must be between 1 and 4096, got 0"}}"#
        )
    );
    assert!(results[2].starts_with(
        r#"{"error":{"document":"book","code":"invalid_json","line":3,"column":0,"field":null,"#
    ));
    assert_eq!(results[3], clearing_text(TRADES).trim_end());
    assert_eq!(tally, Tally { lines: 4, malformed: 2, invalid: 0 });
}

#[test]
fn clearings_are_checked_line_by_line() {
    let honest = clearing_text(TRADES);
    let forged = honest.replace(r#""volume":2"#, r#""volume":3"#);
    let (tally, verdicts) =
        checked(&format!("{TRADES}\n{TRADES}\n{TRADES}\n"), &format!("{honest}{forged}[]\n"));
    assert_eq!(verdicts[0], r#"{"valid":true}"#);
    assert!(verdicts[1].starts_with(r#"{"valid":false,"rule":"volume","order":null,"#), "{}", verdicts[1]);
    assert!(
        verdicts[2].starts_with(r#"{"error":{"document":"clearing","code":"wrong_type","line":3,"#),
        "{}",
        verdicts[2]
    );
    assert_eq!(tally, Tally { lines: 3, malformed: 1, invalid: 1 });
}

#[test]
fn a_line_that_one_of_the_files_lacks_is_an_error() {
    let honest = clearing_text(TRADES);
    let (tally, verdicts) = checked(&format!("{TRADES}\n{TRADES}\n"), &honest);
    assert!(verdicts[1].starts_with(r#"{"error":{"document":"clearing","code":"missing_line","line":2,"#));
    assert_eq!(tally, Tally { lines: 2, malformed: 1, invalid: 0 });
    let (tally, verdicts) = checked(TRADES, &format!("{honest}{honest}"));
    assert!(verdicts[1].starts_with(r#"{"error":{"document":"book","code":"missing_line","line":2,"#));
    assert_eq!(tally, Tally { lines: 2, malformed: 1, invalid: 0 });
}

/// Gives one line for each result that it has seen flushed, and ends when it has given all.
struct OneAtATime {
    lines: Vec<Vec<u8>>,
    given: usize,
    flushed: Arc<Mutex<usize>>,
}

impl Read for OneAtATime {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let Some(line) = self.lines.get(self.given) else { return Ok(0) };
        assert_eq!(*self.flushed.lock().unwrap(), self.given, "waits for a line while it owes a result");
        self.given += 1;
        to[..line.len()].copy_from_slice(line);
        Ok(line.len())
    }
}

struct CountsFlushedLines {
    written: usize,
    flushed: Arc<Mutex<usize>>,
}

impl Write for CountsFlushedLines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.written += bytes.iter().filter(|&&byte| byte == b'\n').count();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        *self.flushed.lock().unwrap() = self.written;
        Ok(())
    }
}

#[test]
fn a_result_is_sent_before_the_next_line_is_waited_for() {
    let flushed = Arc::new(Mutex::new(0));
    let lines = vec![format!("{TRADES}\n").into_bytes(); 3];
    let books = OneAtATime { lines, given: 0, flushed: flushed.clone() };
    clear_lines(books, CountsFlushedLines { written: 0, flushed }).unwrap();
}

struct Closed;

impl Write for Closed {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_closed_output_is_told_from_an_unreadable_input() {
    let error = clear_lines(TRADES.as_bytes(), Closed).unwrap_err();
    assert!(
        matches!(&error, LinesError::Write(error) if error.kind() == io::ErrorKind::BrokenPipe),
        "{error}"
    );
    struct Unreadable;
    impl Read for Unreadable {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::ErrorKind::PermissionDenied.into())
        }
    }
    let error = clear_lines(Unreadable, Vec::new()).unwrap_err();
    assert!(matches!(&error, LinesError::Read { .. }), "{error}");
}
