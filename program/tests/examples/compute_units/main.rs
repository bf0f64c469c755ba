//! Writes `program/CU.md`: what each instruction costs in a real SVM, what each account's rent is, and what
//! one lease costs on the network. `cargo run -p obscura-program-tests --example compute_units`

#![allow(clippy::unwrap_used)]

mod accounts;
mod calls;
mod leases;
mod table;

use table::Table;

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../CU.md");

fn main() {
    let mut table = Table::default();
    calls::setup(&mut table);
    calls::money(&mut table);
    calls::sizes(&mut table);
    leases::trading(&mut table);
    leases::unmatched(&mut table);
    leases::disputes(&mut table);
    leases::penalties(&mut table);
    let text = format!("{}{}", table.render(), accounts::render());
    std::fs::write(PATH, text).unwrap();
    println!("wrote {PATH}");
}
