//! Receipts that nobody would give: whatever is read is refused with a reason, or is the honest one.

#![allow(clippy::unwrap_used)]

use std::path::PathBuf;
use std::time::Duration;

use obscura_client::receipt::Receipt;

/// Each test stops at the first of the two; `BOLERO_RANDOM_ITERATIONS` and
/// `BOLERO_RANDOM_TEST_TIME_MS` ask for more.
const ITERATIONS: usize = 4_000;
const TIME: Duration = Duration::from_secs(2);

fn honest(name: &str) -> Vec<u8> {
    std::fs::read(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../examples/receipts").join(name)).unwrap()
}

/// Reads and checks `text`; what holds says the same as `original`.
fn check(text: &[u8], original: &Receipt) {
    let lines = text.split(|&byte| byte == b'\n').count();
    match Receipt::from_json(text) {
        Err(error) => assert!((1..=lines).contains(&error.line), "{error}"),
        Ok(receipt) => match receipt.verify() {
            Err(error) => assert!(!error.to_string().is_empty()),
            Ok(_) => assert_eq!(receipt, *original),
        },
    }
}

#[test]
fn any_bytes_are_a_receipt_or_an_error() {
    let original = Receipt::from_json(&honest("filled.json")).unwrap();
    bolero::check!()
        .with_iterations(ITERATIONS)
        .with_test_time(TIME)
        .with_type::<Vec<u8>>()
        .for_each(|text| check(text, &original));
}

#[test]
fn no_edit_of_a_text_gives_another_receipt_that_holds() {
    for name in ["filled.json", "unfilled.json"] {
        let text = honest(name);
        let original = Receipt::from_json(&text).unwrap();
        original.verify().unwrap();
        bolero::check!()
            .with_iterations(ITERATIONS)
            .with_test_time(TIME)
            .with_type::<Vec<(u16, u8, u8)>>()
            .for_each(|edits| check(&edited(text.clone(), edits), &original));
    }
}

/// Each edit replaces some bytes at a place by others that JSON is made of.
fn edited(mut text: Vec<u8>, edits: &[(u16, u8, u8)]) -> Vec<u8> {
    const PIECES: [&[u8]; 12] =
        [b"", b"0", b"1", b"f", b"\"", b"{", b"}", b"[", b"]", b",", b"null", b"18446744073709551616"];
    for (at, length, piece) in edits.iter().take(4) {
        let start = usize::from(*at) % (text.len() + 1);
        let end = (start + usize::from(length % 3)).min(text.len());
        let piece = PIECES[usize::from(*piece) % PIECES.len()];
        text.splice(start..end, piece.iter().copied());
    }
    text
}
