//! Prints what each circuit costs: constraints by rule, and at 16 slots setup and proof time.
//!
//! `cargo run --release -p obscura-circuits --example count`

use obscura_auction::admissible::MarketRules;
use obscura_auction::order::MarketTag;
use obscura_auction::units::{DurationSeconds, FeeBps};
use obscura_circuits::batch::{BatchInputs, Clearance};
use obscura_circuits::keys::ClearingKeys;
use obscura_circuits::proof::prove;
use obscura_circuits::size::BatchSize;
use obscura_circuits::synthesis::Constraints;
use std::error::Error;
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    for size in BatchSize::ALL {
        let started = Instant::now();
        let constraints = Constraints::of(size)?;
        let (count, slots) = (constraints.count(), size.slots());
        let took = started.elapsed().as_millis();
        println!("{slots} slots: {count} constraints, {} per slot, laid out in {took} ms", count / slots);
        if size == BatchSize::S16 {
            for (group, count) in constraints.groups.counts() {
                println!("  {count:6}  {group}");
            }
        }
    }
    time_proof()
}

/// An empty batch costs what a full one does: the circuit's shape does not depend on its witness.
fn time_proof() -> Result<(), Box<dyn Error>> {
    let cache = std::env::temp_dir().join(format!("obscura-count-{}", std::process::id()));
    let started = Instant::now();
    let keys = ClearingKeys::dev(BatchSize::S16, &cache)?;
    println!("setup of 16 slots: {} ms", started.elapsed().as_millis());
    let started = Instant::now();
    ClearingKeys::dev(BatchSize::S16, &cache)?;
    println!("the same from the cache: {} ms", started.elapsed().as_millis());
    std::fs::remove_dir_all(&cache)?;

    let clearance = Clearance::compute(&empty_batch()?)?;
    for _ in 0..3 {
        let started = Instant::now();
        prove(&keys, &clearance, &mut rand::rngs::OsRng)?;
        println!("proof of 16 slots: {} ms", started.elapsed().as_millis());
    }
    Ok(())
}

fn empty_batch() -> Result<BatchInputs, Box<dyn Error>> {
    Ok(BatchInputs {
        size: BatchSize::S16,
        batch_index: 0,
        program: [1; 32],
        market: [2; 32],
        market_rules: MarketRules {
            tag: MarketTag::of("H100 80GB"),
            min_duration: DurationSeconds::MIN,
            max_duration: DurationSeconds::MAX,
        },
        fee_bps: FeeBps::new(100)?,
        orders: Vec::new(),
    })
}
