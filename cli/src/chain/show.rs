//! Accounts and movements on standard output.

use comfy_table::{Table, presets};
use obscura_client::figures::{self, Figure, Quantity};
use obscura_client::movements::Movement;
use obscura_client::pubkey::Pubkey;
use serde_json::{Map, Value, json};

/// Nobody reads more rows than these; the JSON has them all.
const MAX_ROWS: usize = 100;

/// One account, as JSON or as two columns under `title`.
pub fn one(as_json: bool, title: &str, address: &Pubkey, figures: &[Figure]) -> String {
    if as_json { Value::Object(object(address, figures)).to_string() } else { card(title, address, figures) }
}

/// Several accounts, as JSON under the name `title`, or as rows of these of their figures.
pub fn many(as_json: bool, title: &str, columns: &[&str], accounts: &[(Pubkey, Vec<Figure>)]) -> String {
    if !as_json {
        return rows(title, columns, accounts);
    }
    let objects = accounts.iter().map(|(address, figures)| Value::Object(object(address, figures)));
    json!({ title: objects.collect::<Vec<_>>() }).to_string()
}

/// One account as a JSON object.
pub fn object(address: &Pubkey, figures: &[Figure]) -> Map<String, Value> {
    let mut object = Map::from_iter([("address".to_owned(), address.to_string().into())]);
    object.extend(figures::json(figures));
    object
}

/// One account as two columns.
pub fn card(title: &str, address: &Pubkey, figures: &[Figure]) -> String {
    let mut table = plain();
    table.add_rows(figures.iter().map(|figure| [figure.name.clone(), figure.value.in_words()]));
    format!("{title} {address}\n{}", table.trim_fmt())
}

/// Several accounts, with these of their figures.
pub fn rows(title: &str, columns: &[&str], accounts: &[(Pubkey, Vec<Figure>)]) -> String {
    if accounts.is_empty() {
        return format!("{title}: none");
    }
    let mut table = plain();
    table.set_header(["address"].iter().chain(columns));
    for (address, figures) in accounts.iter().take(MAX_ROWS) {
        let cell = |column: &&str| {
            let found = figures.iter().find(|figure| figure.name == **column);
            found.map(|figure| short(&figure.value)).unwrap_or_default()
        };
        table.add_row([address.to_string()].into_iter().chain(columns.iter().map(cell)));
    }
    let unshown = accounts.len().saturating_sub(MAX_ROWS);
    let more =
        if unshown > 0 { format!("\n... and {unshown} more: --json has them all") } else { String::new() };
    format!("{title}: {}\n{}{more}", accounts.len(), table.trim_fmt())
}

/// Whose money comes first; what is not named here comes last.
const KINDS: [&str; 8] = ["Trader", "Order", "Lease", "Batch", "Matcher", "Books", "Vault", "Tokens"];

/// What moves, or moved, as a table. Of an account that was not there it shows what is not nothing; the JSON has
/// it all.
pub fn movements(movements: &[Movement]) -> String {
    let rank = |kind: &str| KINDS.iter().position(|known| *known == kind).unwrap_or(KINDS.len());
    let mut shown: Vec<&Movement> = movements.iter().filter(|movement| is_worth_a_row(movement)).collect();
    shown.sort_by_key(|movement| rank(movement.kind));
    if shown.is_empty() {
        return "no figure changes".to_owned();
    }
    let mut table = plain();
    table.set_header(["kind", "account", "figure", "before", "after"]);
    for Movement { account, kind, name, before, after, .. } in shown {
        let value =
            |quantity: &Option<Quantity>| quantity.as_ref().map_or("-".to_owned(), Quantity::in_words);
        table.add_row([*kind, &account.to_string(), name, &value(before), &value(after)]);
    }
    table.trim_fmt()
}

fn is_worth_a_row(movement: &Movement) -> bool {
    let Movement { is_new, after, .. } = movement;
    !is_new || after.as_ref().and_then(Quantity::number).is_some_and(|number| number > 0)
}

fn short(value: &Quantity) -> String {
    match value {
        Quantity::Usdc(micro) | Quantity::Obsc(micro) => obscura_client::amount::decimal(*micro),
        value => value.in_words(),
    }
}

fn plain() -> Table {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING);
    table
}
