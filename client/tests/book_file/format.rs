//! What a book may look like, and what its clearing looks like.

use std::fs;
use std::path::Path;

use obscura_auction::book::BookOrder;
use obscura_client::book_file::{Verdict, read_book, read_claim};

use crate::books::{SPLIT, clearing_text};

fn order(text: &str) -> BookOrder {
    *read_book(text.as_bytes()).unwrap().orders().first().unwrap()
}

/// The JSON blocks of SPEC section 7.1 in their sequence.
fn blocks_of_the_specification() -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/SPEC.md");
    let text = fs::read_to_string(path).unwrap();
    let section = text.split("### 7.1 ").nth(1).unwrap().split("\n## ").next().unwrap();
    let blocks = section.split("```json\n").skip(1);
    blocks.map(|block| block.split("```").next().unwrap().to_owned()).collect()
}

#[test]
fn the_examples_of_the_specification_are_what_comes_out() {
    let blocks = blocks_of_the_specification();
    let (examples, rest) = blocks.as_chunks::<2>();
    assert!(examples.len() >= 2 && rest.is_empty(), "the specification has pairs of a book and its clearing");
    for [book, clearing] in examples {
        assert_eq!(&clearing_text(book), clearing, "{book}");
    }
}

#[test]
fn a_clearing_is_one_line_of_fields_in_one_sequence() {
    let expected = concat!(
        r#"{"priceMicro":6500,"lo":6000,"hi":7000,"volume":3,"#,
        r#""fills":[{"index":0,"qty":3,"amountMicro":332},{"index":3,"qty":2,"amountMicro":221},"#,
        r#"{"index":4,"qty":1,"amountMicro":111}],"refusedForSize":[1]}"#,
        "\n"
    );
    assert_eq!(clearing_text(SPLIT), expected);
}

/// 6500 * 3 * 61 / 3600 is 330.4: two leases of 220.3 and 110.1 are rounded up each.
#[test]
fn a_split_bid_pays_the_sum_of_leases_that_are_rounded_up_each() {
    let claim = read_claim(clearing_text(SPLIT).as_bytes()).unwrap();
    let amounts: Vec<u64> = claim.fills.iter().map(|fill| fill.amount_micro).collect();
    assert_eq!(amounts, [332, 221, 111]);
}

#[test]
fn a_book_without_orders_clears_to_nothing() {
    let nothing =
        concat!(r#"{"priceMicro":null,"lo":null,"hi":null,"volume":0,"fills":[],"refusedForSize":[]}"#, "\n");
    assert_eq!(clearing_text(r#"{"bids":[],"asks":[]}"#), nothing);
}

#[test]
fn what_a_bid_leaves_out_is_all_or_none_for_an_hour() {
    let bid = order(r#"{"bids":[{"index":7,"priceMicro":10,"qty":4}],"asks":[]}"#);
    assert_eq!((bid.min_qty.get(), bid.duration.get()), (4, 3600));
}

#[test]
fn what_an_ask_leaves_out_is_divisible_and_as_long_as_can_be() {
    let ask = order(r#"{"bids":[],"asks":[{"index":7,"priceMicro":10,"qty":4}]}"#);
    assert_eq!((ask.min_qty.get(), ask.duration.get()), (1, 2_592_000));
    let explicit =
        r#"{"bids":[],"asks":[{"index":7,"priceMicro":10,"qty":4,"minQty":1,"durationSeconds":2592000}]}"#;
    assert_eq!(order(explicit), ask);
}

#[test]
fn both_ends_of_every_range_are_taken() {
    for text in [
        r#"{"bids":[{"index":0,"priceMicro":1,"qty":1,"minQty":1,"durationSeconds":60}],"asks":[]}"#,
        r#"{"bids":[{"index":4294967295,"priceMicro":1099511627775,"qty":4096,"minQty":4096,"durationSeconds":2592000}],"asks":[]}"#,
    ] {
        assert!(read_book(text.as_bytes()).is_ok(), "{text}");
    }
}

#[test]
fn the_dearest_trade_is_paid_to_the_last_unit() {
    let terms = r#""priceMicro":1099511627775,"qty":4096,"durationSeconds":2592000"#;
    let book = format!(r#"{{"bids":[{{"index":0,{terms}}}],"asks":[{{"index":1,{terms}}}]}}"#);
    let clearing = clearing_text(&book);
    let amount = ((1_u128 << 40) - 1) * 4096 * 720;
    assert_eq!(clearing.matches(&format!(r#""amountMicro":{amount}}}"#)).count(), 2, "{clearing}");
}

#[test]
fn fields_come_in_any_sequence_with_any_white_space_and_escapes() {
    let plain =
        r#"{"bids":[{"index":0,"priceMicro":10,"qty":2}],"asks":[{"index":1,"priceMicro":5,"qty":2}]}"#;
    let other = " {\r\n\t\"asks\" : [ { \"qty\" : 2, \"index\" : 1 , \"priceMicro\" : 5 } ] ,\n \"\\u0062ids\":[{\"qty\":2,\"index\":0,\"price\\u004dicro\":10}]\n}\n\n";
    assert_eq!(read_book(other.as_bytes()), read_book(plain.as_bytes()));
}

#[test]
fn a_clearing_may_be_written_in_another_way_than_ours() {
    let claim = "{\"refusedForSize\": [], \"fills\": [],\n \"volume\": 0, \"hi\": null, \"lo\": null, \"priceMicro\": null}";
    let book = read_book(br#"{"bids":[],"asks":[]}"#).unwrap();
    assert_eq!(Verdict::on(&book, &read_claim(claim.as_bytes()).unwrap()), Verdict::Valid);
}
