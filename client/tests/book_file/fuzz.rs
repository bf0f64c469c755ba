//! Texts and books that nobody would write, by the thousand.

use std::time::Duration;

use obscura_client::book_file::lines::clear_lines;
use obscura_client::book_file::{Malformed, Outcome, Verdict, read_book, read_claim};

use crate::books::{Seed, book_text, clearing_text, orders};
use crate::mutations::mutated;

/// Each test stops at the first of the two; `BOLERO_RANDOM_ITERATIONS` and
/// `BOLERO_RANDOM_TEST_TIME_MS` ask for more.
const ITERATIONS: usize = 4_000;
const TIME: Duration = Duration::from_secs(2);

macro_rules! fuzz {
    ($input:ty, $test:expr) => {
        bolero::check!()
            .with_iterations(ITERATIONS)
            .with_test_time(TIME)
            .with_type::<$input>()
            .for_each(|input| $test(input))
    };
}

/// Reads a text as both documents: what it gets is a value or a place in the text.
fn reads(text: &[u8]) {
    match read_book(text) {
        Ok(book) => {
            let mut clearing = Vec::new();
            Outcome::of(&book).write_json(&mut clearing).unwrap();
            assert_eq!(Verdict::on(&book, &read_claim(&clearing).unwrap()), Verdict::Valid);
        }
        Err(error) => has_a_place(&error, text),
    }
    if let Err(error) = read_claim(text) {
        has_a_place(&error, text);
    }
}

fn has_a_place(error: &Malformed, text: &[u8]) {
    let line = text.split(|&byte| byte == b'\n').nth(error.line - 1);
    let line = line.unwrap_or_else(|| panic!("there is no line {}: {error}", error.line));
    assert!(error.column <= line.len() + 1, "line {} is shorter: {error}", error.line);
}

#[test]
fn any_bytes_are_a_document_or_an_error() {
    fuzz!(Vec<u8>, |text: &Vec<u8>| reads(text));
}

/// Where it goes, whether something goes for it, and what comes instead.
type Edit = (u16, bool, u8);

const PIECES: [&str; 16] =
    ["", "{", "}", "[", "]", ",", ":", "\"", "-", "0", "9", ".5", "e9", "null", "\"qty\":1,", "\n"];

fn edited(mut text: Vec<u8>, edits: &[Edit]) -> Vec<u8> {
    for &(at, replaces, piece) in edits {
        let at = usize::from(at) % (text.len() + 1);
        let until = (at + usize::from(replaces)).min(text.len());
        let piece = PIECES.get(usize::from(piece)).map_or(vec![piece], |piece| piece.as_bytes().to_vec());
        text.splice(at..until, piece);
    }
    text
}

#[test]
fn a_document_with_some_bytes_changed_is_a_document_or_an_error() {
    fuzz!((Vec<Seed>, bool, Vec<Edit>), |(seeds, is_wide, edits): &(Vec<Seed>, bool, Vec<Edit>)| {
        let book = book_text(&orders(seeds, *is_wide));
        let edits = &edits[..edits.len().min(3)];
        reads(&edited(clearing_text(&book).into_bytes(), edits));
        reads(&edited(book.into_bytes(), edits));
    });
}

#[test]
fn a_clearing_is_valid_and_any_single_mutation_of_it_is_not() {
    fuzz!((Vec<Seed>, bool, u64, u64), |(seeds, is_wide, pick, number): &(Vec<Seed>, bool, u64, u64)| {
        let text = book_text(&orders(seeds, *is_wide));
        let book = read_book(text.as_bytes()).unwrap();
        let claim = read_claim(clearing_text(&text).as_bytes()).unwrap();
        assert_eq!(Verdict::on(&book, &claim), Verdict::Valid);
        if let Some(mutant) = mutated(&claim, *pick, *number) {
            assert_ne!(Verdict::on(&book, &mutant), Verdict::Valid, "{mutant:?} for {claim:?}");
        }
    });
}

#[test]
fn the_sequence_of_the_orders_changes_nothing() {
    fuzz!((Vec<(Seed, u32)>, bool), |(keyed, is_wide): &(Vec<(Seed, u32)>, bool)| {
        let seeds: Vec<Seed> = keyed.iter().map(|(seed, _)| *seed).collect();
        let orders = orders(&seeds, *is_wide);
        let mut shuffled: Vec<_> = orders.iter().zip(keyed).map(|(order, (_, key))| (key, order)).collect();
        shuffled.sort_by_key(|(key, _)| *key);
        let shuffled: Vec<_> = shuffled.into_iter().map(|(_, order)| order.clone()).collect();
        assert_eq!(clearing_text(&book_text(&orders)), clearing_text(&book_text(&shuffled)));
    });
}

#[test]
fn any_lines_have_as_many_results() {
    fuzz!(Vec<Vec<u8>>, |lines: &Vec<Vec<u8>>| {
        let text = lines.join(&b'\n');
        let mut results = Vec::new();
        let tally = clear_lines(text.as_slice(), &mut results).unwrap();
        let ends = text.iter().filter(|&&byte| byte == b'\n').count();
        let expected = ends + usize::from(text.last().is_some_and(|&byte| byte != b'\n'));
        assert_eq!(tally.lines, expected);
        assert_eq!(results.iter().filter(|&&byte| byte == b'\n').count(), expected);
    });
}
