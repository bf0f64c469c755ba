//! A clearing as people read it: who got what for how much, and one line that sums it up.
//!
//! Must never be what a script reads; that is the JSON.

use comfy_table::{CellAlignment, Table, presets};
use obscura_auction::book::{Book, BookOrder};
use obscura_auction::clear::Clearing;
use obscura_auction::units::{Gpus, MicroUsdc};
use obscura_client::amount::decimal;
use obscura_client::book_file::Outcome;

/// Nobody reads more, and aligning millions of them would take longer than the auction.
const MAX_ROWS: usize = 100;

const HEADER: [&str; 6] = ["order", "side", "limit", "qty", "got", "USDC"];
const SIDE_COLUMN: usize = 1;

pub fn for_people(book: &Book, outcome: &Outcome) -> String {
    let summary = summary(book, outcome.clearing());
    let ends = ends(outcome);
    if ends.is_empty() {
        return summary;
    }
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_header(HEADER);
    for column in table.column_iter_mut().filter(|column| column.index != SIDE_COLUMN) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table.add_rows(ends.iter().take(MAX_ROWS).filter_map(|end| cells(book, end)));
    let table = table.trim_fmt();
    match ends.len().saturating_sub(MAX_ROWS) {
        0 => format!("{table}\n\n{summary}"),
        unshown => format!("{table}\n... and {unshown} more: --json has them all\n\n{summary}"),
    }
}

/// How an order ended: with a fill and its amount, or refused for size.
struct End {
    index: u32,
    filled: Option<(Gpus, MicroUsdc)>,
}

/// By ascending index.
fn ends(outcome: &Outcome) -> Vec<End> {
    let filled =
        outcome.fills().map(|(fill, amount)| End { index: fill.index, filled: Some((fill.qty, amount)) });
    let refused = outcome.clearing().refused_for_size.iter();
    let mut ends: Vec<End> = filled.chain(refused.map(|&index| End { index, filled: None })).collect();
    ends.sort_unstable_by_key(|end| end.index);
    ends
}

fn cells(book: &Book, end: &End) -> Option<[String; 6]> {
    let BookOrder { index, side, price, qty, .. } = book.get(end.index)?;
    let (got, amount) = match end.filled {
        Some((got, amount)) => (got.to_string(), decimal(amount.get())),
        None => ("0".to_owned(), "refused for size".to_owned()),
    };
    Some([index.to_string(), side.to_string(), decimal(price.get()), qty.to_string(), got, amount])
}

fn summary(book: &Book, clearing: &Clearing) -> String {
    let Clearing { price, lo, hi, volume, fills, refused_for_size } = clearing;
    let traded = match (price, lo, hi) {
        (Some(price), Some(lo), Some(hi)) => format!(
            "{volume} GPUs at {} USDC per GPU-hour, the middle of {} and {}",
            decimal(price.get()),
            decimal(lo.get()),
            decimal(hi.get())
        ),
        _ => "Nothing trades".to_owned(),
    };
    let orders = book.orders().len();
    format!(
        "{traded}; orders filled: {} of {orders}, refused for size: {}",
        fills.len(),
        refused_for_size.len()
    )
}
