//! Proofs of full batches: our prover, and stock `ark-groth16` with the same key, witness and convention.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context;
use ark_bn254::{Bn254, Fr};
use ark_groth16::Groth16;
use ark_std::UniformRand;
use obscura_circuits::batch::Clearance;
use obscura_circuits::clearing::ClearingWitness;
use obscura_circuits::keys::ClearingKeys;
use obscura_circuits::progress::Progress;
use obscura_circuits::proof::{prove, verify};
use obscura_circuits::reduction::CircomReduction;
use obscura_circuits::size::BatchSize;
use obscura_circuits::synthesis::{Constraints, assignment};
use obscura_circuits::trial::full_batch;
use rand::rngs::OsRng;

use super::memory::{peak_megabytes, reset_peak};
use super::table::{Cell, Table};
use super::{best_of, development_key};

/// Columns are those of one size; the stock prover runs last, for it needs the most memory.
pub fn measure(sizes: &[BatchSize], runs: u32, cache: &Path) -> anyhow::Result<Table> {
    let rows = sizes.iter().map(|size| row(*size, runs, cache)).collect::<anyhow::Result<_>>()?;
    Ok(Table {
        name: "proofs",
        title: format!("proofs of full batches, best of {runs}, {} threads", rayon::current_num_threads()),
        columns: vec![
            "slots",
            "constraints",
            "constraints per slot",
            "key s",
            "prove s",
            "peak MB",
            "verify ms",
            "stock prove s",
            "stock / ours",
        ],
        rows,
    })
}

fn row(size: BatchSize, runs: u32, cache: &Path) -> anyhow::Result<Vec<Cell>> {
    let constraints = size.circuit().constraints;
    let started = Instant::now();
    let keys = development_key(size, cache)?;
    let key = started.elapsed();
    let clearance = Clearance::compute(&full_batch(size)?)?;

    reset_peak();
    let mut proof = None;
    let ours = best_of(runs, || {
        proof = Some(prove(&keys, &clearance, &mut OsRng, &Progress::default())?);
        Ok(())
    })?;
    let peak = peak_megabytes();
    let proof = proof.context("no proof was made")?;
    let verifying = best_of(runs, || Ok(verify(keys.verifying_key(), &proof, &clearance.statement_hash)?))?;
    let stock = stock(&keys, &clearance, runs)?;
    Ok(vec![
        Cell::Count(size.get().into()),
        Cell::Count(constraints as u64),
        Cell::Figure(constraints as f64 / f64::from(size.get()), 1),
        Cell::Figure(key.as_secs_f64(), 2),
        Cell::Figure(ours.as_secs_f64(), 2),
        peak.map_or(Cell::Missing, |peak| Cell::Figure(peak, 0)),
        Cell::Figure(verifying.as_secs_f64() * 1e3, 2),
        Cell::Figure(stock.as_secs_f64(), 2),
        Cell::Figure(stock.as_secs_f64() / ours.as_secs_f64(), 2),
    ])
}

/// From the witness to the proof, as ours: the matrices are laid out before.
fn stock(keys: &ClearingKeys, clearance: &Clearance, runs: u32) -> anyhow::Result<Duration> {
    let constraints = Constraints::of(keys.size())?;
    best_of(runs, || {
        let values = assignment(&ClearingWitness::of(clearance))?;
        let (r, s) = (Fr::rand(&mut OsRng), Fr::rand(&mut OsRng));
        Groth16::<Bn254, CircomReduction>::create_proof_with_reduction_and_matrices(
            keys.proving_key(),
            r,
            s,
            &constraints.matrices,
            constraints.num_inputs,
            constraints.count(),
            &values,
        )?;
        Ok(())
    })
}
