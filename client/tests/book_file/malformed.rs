//! Every refusal of a text, one by one: its name, its place, and what to do.

use obscura_client::book_file::{Malformed, read_book, read_claim};

/// A text, the refusal's code, line, column and field, and a part of its message.
type Case = (&'static str, &'static str, (usize, usize), &'static str, &'static str);

fn each_is_refused<T>(read: fn(&[u8]) -> Result<T, Malformed>, cases: &[Case]) {
    for &(text, code, place, field, message) in cases {
        let Err(error) = read(text.as_bytes()) else { panic!("accepted: {text}") };
        assert_eq!(error.problem.code(), code, "{text}: {error}");
        assert_eq!(error.field.as_deref().unwrap_or_default(), field, "{text}: {error}");
        assert_eq!((error.line, error.column), place, "{text}: {error}");
        assert!(error.to_string().contains(message), "{text}: {error}");
    }
}

#[test]
fn what_is_not_json() {
    each_is_refused(
        read_book,
        &[
            ("", "invalid_json", (1, 0), "", "EOF"),
            ("\n\n", "invalid_json", (3, 0), "", "EOF"),
            ("bids", "invalid_json", (1, 1), "", "expected value"),
            (r#"{"bids":[],"asks":[]"#, "invalid_json", (1, 20), "", "EOF"),
            (r#"{"bids":[],"asks":[],}"#, "invalid_json", (1, 22), "", "trailing comma"),
            (r#"{"bids":[],"asks":[]}x"#, "invalid_json", (1, 22), "", "trailing characters"),
            (r#"{"bids":[],"asks":[]} {}"#, "invalid_json", (1, 23), "", "trailing characters"),
            ("{\"bids\":[],\n\"asks\":[\n", "invalid_json", (3, 0), "asks[0]", "EOF"),
            (
                r#"{"bids":[{"index":01}],"asks":[]}"#,
                "invalid_json",
                (1, 20),
                "bids[0].index",
                "invalid number",
            ),
            (
                r#"{"bids":[{"index":1e999}],"asks":[]}"#,
                "invalid_json",
                (1, 23),
                "bids[0].index",
                "out of range",
            ),
        ],
    );
}

#[test]
fn what_is_not_utf_8() {
    let error = read_book(b"{\"b\xff\":1}").unwrap_err();
    assert_eq!(error.problem.code(), "invalid_json");
}

#[test]
fn the_wrong_type() {
    each_is_refused(
        read_book,
        &[
            ("[]", "wrong_type", (1, 0), "", "expected a book: an object with bids, asks"),
            ("7", "wrong_type", (1, 1), "", "expected a book"),
            (r#"{"bids":{},"asks":[]}"#, "wrong_type", (1, 8), "bids", "expected a list"),
            (r#"{"bids":null,"asks":[]}"#, "wrong_type", (1, 12), "bids", "expected a list"),
            (r#"{"bids":[7],"asks":[]}"#, "wrong_type", (1, 10), "bids[0]", "expected an order"),
            (r#"{"bids":[{"index":"0"}],"asks":[]}"#, "wrong_type", (1, 21), "bids[0].index", "whole number"),
            (r#"{"bids":[{"qty":null}],"asks":[]}"#, "wrong_type", (1, 20), "bids[0].qty", "whole number"),
            (
                r#"{"bids":[{"minQty":null}],"asks":[]}"#,
                "wrong_type",
                (1, 23),
                "bids[0].minQty",
                "whole number",
            ),
            (r#"{"bids":[{"qty":[1]}],"asks":[]}"#, "wrong_type", (1, 16), "bids[0].qty", "whole number"),
            (r#"{"bids":[{"qty":true}],"asks":[]}"#, "wrong_type", (1, 20), "bids[0].qty", "whole number"),
        ],
    );
}

#[test]
fn fields_that_do_not_belong_or_are_missing_or_come_twice() {
    each_is_refused(
        read_book,
        &[
            (
                r#"{"bids":[],"asks":[],"fee":1}"#,
                "unknown_field",
                (1, 26),
                "fee",
                "a book has no such field: it has bids, asks",
            ),
            (
                r#"{"bids":[{"price":1}],"asks":[]}"#,
                "unknown_field",
                (1, 17),
                "bids[0].price",
                "index, priceMicro, qty, minQty, durationSeconds",
            ),
            ("{}", "missing_field", (1, 2), "bids", "a book must have bids"),
            (r#"{"bids":[]}"#, "missing_field", (1, 11), "asks", "a book must have asks"),
            (
                r#"{"bids":[{}],"asks":[]}"#,
                "missing_field",
                (1, 11),
                "bids[0].index",
                "an order must have index",
            ),
            (
                r#"{"bids":[{"index":0}],"asks":[]}"#,
                "missing_field",
                (1, 20),
                "bids[0].priceMicro",
                "priceMicro",
            ),
            (
                r#"{"bids":[],"asks":[{"index":0,"priceMicro":1}]}"#,
                "missing_field",
                (1, 45),
                "asks[0].qty",
                "qty",
            ),
            (r#"{"bids":[],"bids":[],"asks":[]}"#, "duplicate_field", (1, 17), "bids", "twice"),
            (r#"{"bids":[{"qty":1,"qty":1}],"asks":[]}"#, "duplicate_field", (1, 23), "bids[0].qty", "twice"),
        ],
    );
}

#[test]
fn numbers_that_are_not_whole() {
    each_is_refused(
        read_book,
        &[
            (
                r#"{"bids":[{"qty":4.0}],"asks":[]}"#,
                "number_not_whole",
                (1, 19),
                "bids[0].qty",
                "digits alone",
            ),
            (r#"{"bids":[{"qty":4.5}],"asks":[]}"#, "number_not_whole", (1, 19), "bids[0].qty", "got 4.5"),
            (r#"{"bids":[{"qty":1e2}],"asks":[]}"#, "number_not_whole", (1, 19), "bids[0].qty", "exponent"),
            (r#"{"bids":[{"index":-0}],"asks":[]}"#, "number_not_whole", (1, 20), "bids[0].index", "got -0"),
        ],
    );
}

#[test]
fn numbers_out_of_range() {
    each_is_refused(
        read_book,
        &[
            (
                r#"{"bids":[{"index":4294967296}],"asks":[]}"#,
                "index_out_of_range",
                (1, 28),
                "bids[0].index",
                "index must be between 0 and 4294967295, got 4294967296",
            ),
            (
                r#"{"bids":[{"index":-1}],"asks":[]}"#,
                "index_out_of_range",
                (1, 20),
                "bids[0].index",
                "got -1",
            ),
            (
                r#"{"bids":[{"priceMicro":0}],"asks":[]}"#,
                "price_out_of_range",
                (1, 24),
                "bids[0].priceMicro",
                "priceMicro must be between 1 and 1099511627775, got 0",
            ),
            (
                r#"{"bids":[{"priceMicro":1099511627776}],"asks":[]}"#,
                "price_out_of_range",
                (1, 36),
                "bids[0].priceMicro",
                "got 1099511627776",
            ),
            (
                r#"{"bids":[{"priceMicro":18446744073709551616}],"asks":[]}"#,
                "price_out_of_range",
                (1, 43),
                "bids[0].priceMicro",
                "got about 1.8446744073709552e19",
            ),
            (
                r#"{"bids":[],"asks":[{"qty":0}]}"#,
                "qty_out_of_range",
                (1, 27),
                "asks[0].qty",
                "qty must be between 1 and 4096, got 0",
            ),
            (r#"{"bids":[],"asks":[{"qty":4097}]}"#, "qty_out_of_range", (1, 30), "asks[0].qty", "got 4097"),
            (
                r#"{"bids":[],"asks":[{"qty":65537}]}"#,
                "qty_out_of_range",
                (1, 31),
                "asks[0].qty",
                "got 65537",
            ),
            (
                r#"{"bids":[],"asks":[{"qty":-99999999999999999999}]}"#,
                "qty_out_of_range",
                (1, 47),
                "asks[0].qty",
                "got about -1e20",
            ),
            (
                r#"{"bids":[{"minQty":0}],"asks":[]}"#,
                "min_qty_out_of_range",
                (1, 20),
                "bids[0].minQty",
                "minQty must be between 1 and 4096, got 0",
            ),
            (
                r#"{"bids":[{"minQty":4097}],"asks":[]}"#,
                "min_qty_out_of_range",
                (1, 23),
                "bids[0].minQty",
                "got 4097",
            ),
            (
                r#"{"bids":[{"durationSeconds":59}],"asks":[]}"#,
                "duration_out_of_range",
                (1, 30),
                "bids[0].durationSeconds",
                "durationSeconds must be between 60 and 2592000, got 59",
            ),
            (
                r#"{"bids":[],"asks":[{"durationSeconds":2592001}]}"#,
                "duration_out_of_range",
                (1, 45),
                "asks[0].durationSeconds",
                "got 2592001",
            ),
        ],
    );
}

#[test]
fn orders_that_make_no_book() {
    each_is_refused(
        read_book,
        &[
            (
                "{\"bids\":[{\"index\":3,\"priceMicro\":1,\"qty\":1}],\n\"asks\":[{\"index\":2,\"priceMicro\":1,\"qty\":1},\n{\"index\":3,\"priceMicro\":1,\"qty\":1}]}",
                "duplicate_index",
                (3, 34),
                "asks[1].index",
                "two orders have index 3: give every order",
            ),
            (
                r#"{"bids":[{"index":3,"priceMicro":1,"qty":1},{"index":3,"priceMicro":1,"qty":1}],"asks":[]}"#,
                "duplicate_index",
                (1, 78),
                "bids[1].index",
                "index 3",
            ),
            (
                r#"{"bids":[{"index":3,"priceMicro":1,"qty":1},{"index":4,"minQty":3,"priceMicro":1,"qty":2}],"asks":[]}"#,
                "min_qty_above_qty",
                (1, 89),
                "bids[1].minQty",
                "order 4: minQty 3 is above qty 2: lower it",
            ),
            (
                r#"{"bids":[],"asks":[{"index":4,"minQty":2,"priceMicro":1,"qty":2}]}"#,
                "ask_not_divisible",
                (1, 64),
                "asks[0].minQty",
                "leave it out, or write 1",
            ),
        ],
    );
}

#[test]
fn a_clearing_that_is_none() {
    each_is_refused(
        read_claim,
        &[
            ("{", "invalid_json", (1, 1), "", "EOF"),
            (
                "[]",
                "wrong_type",
                (1, 0),
                "",
                "expected a clearing: an object with priceMicro, lo, hi, volume, fills, refusedForSize",
            ),
            (r#"{"price":1}"#, "unknown_field", (1, 8), "price", "a clearing has no such field"),
            ("{}", "missing_field", (1, 2), "priceMicro", "a clearing must have priceMicro"),
            (r#"{"priceMicro":null}"#, "missing_field", (1, 19), "lo", "must have lo"),
            (r#"{"priceMicro":null,"lo":1}"#, "missing_field", (1, 26), "hi", "must have hi"),
            (r#"{"priceMicro":null,"lo":1,"hi":1}"#, "missing_field", (1, 33), "volume", "must have volume"),
            (
                r#"{"priceMicro":null,"lo":1,"hi":1,"volume":0}"#,
                "missing_field",
                (1, 44),
                "fills",
                "must have fills",
            ),
            (
                r#"{"priceMicro":null,"lo":1,"hi":1,"volume":0,"fills":[]}"#,
                "missing_field",
                (1, 55),
                "refusedForSize",
                "must have refusedForSize",
            ),
            (r#"{"lo":null,"lo":null}"#, "duplicate_field", (1, 15), "lo", "twice"),
            (r#"{"priceMicro":"6"}"#, "wrong_type", (1, 17), "priceMicro", "whole number"),
            (r#"{"volume":null}"#, "wrong_type", (1, 14), "volume", "whole number"),
            (
                r#"{"fills":[{"fee":0}]}"#,
                "unknown_field",
                (1, 16),
                "fills[0].fee",
                "a fill has no such field: it has index, qty, amountMicro",
            ),
            (
                r#"{"fills":[{"index":0,"qty":1}]}"#,
                "missing_field",
                (1, 29),
                "fills[0].amountMicro",
                "a fill must have amountMicro",
            ),
            (r#"{"fills":[{"qty":-1}]}"#, "qty_out_of_range", (1, 19), "fills[0].qty", "got -1"),
            (
                r#"{"fills":[{"amountMicro":18446744073709551616}]}"#,
                "number_out_of_range",
                (1, 45),
                "fills[0].amountMicro",
                "amountMicro must be between 0 and 18446744073709551615",
            ),
            (r#"{"refusedForSize":[0,1.5]}"#, "number_not_whole", (1, 24), "refusedForSize[1]", "got 1.5"),
        ],
    );
}

#[test]
fn a_message_repeats_no_long_text_and_no_control_characters() {
    let name = "x".repeat(10_000);
    for text in [
        format!(r#"{{"{name}\u001b[31m":1}}"#),
        format!(r#"{{"\u001b[31m{name}":1}}"#),
        format!(r#"{{"bids":"{name}"}}"#),
        format!(r#"{{"bids":"\u001b[31m{name}"}}"#),
        format!("{{\"\u{202e}{name}\":1}}"),
    ] {
        let message = read_book(text.as_bytes()).unwrap_err().to_string();
        assert!(message.len() < 400 && !message.contains(['\u{1b}', '\u{202e}']), "{message}");
    }
}

#[test]
fn nesting_without_end_is_an_error_and_no_overflow() {
    let error = read_book("[".repeat(1_000_000).as_bytes()).unwrap_err();
    assert_eq!(error.problem.code(), "wrong_type");
    let deep = format!(r#"{{"bids":[{{"qty":{}"#, "[".repeat(1_000_000));
    assert_eq!(read_book(deep.as_bytes()).unwrap_err().problem.code(), "wrong_type");
}
