//! Values that change together: to first order, what the hashes bind fixes every other variable.

use crate::common::{Batch, busy_batch, constraints};
use ark_bn254::Fr;
use ark_ff::{AdditiveGroup, Field};
use ark_groth16::r1cs_to_qap::evaluate_constraint;
use obscura_circuits::clearing::{ClearingWitness, OrderWitness, RowWitness};
use obscura_circuits::synthesis::assignment;
use std::collections::{BTreeMap, BTreeSet};

/// To first order: every variable's change as a combination of the changes of variables that are free.
struct Changes {
    /// What a variable's change is made of, once a constraint has said so.
    known: Vec<Option<BTreeMap<usize, Fr>>>,
}

impl Changes {
    fn of(&mut self, column: usize) -> BTreeMap<usize, Fr> {
        let Some(form) = self.known[column].take() else { return BTreeMap::from([(column, Fr::ONE)]) };
        let mut open = BTreeMap::new();
        for (part, factor) in form {
            for (free, weight) in self.of(part) {
                *open.entry(free).or_insert(Fr::ZERO) += factor * weight;
            }
        }
        open.retain(|_, factor| *factor != Fr::ZERO);
        self.known[column] = Some(open.clone());
        open
    }

    /// The changes of `columns`, weighted, come to nothing.
    fn relate(&mut self, columns: &[(Fr, usize)]) {
        let mut sum = BTreeMap::new();
        for (factor, column) in columns.iter().filter(|(factor, _)| *factor != Fr::ZERO) {
            for (free, weight) in self.of(*column) {
                *sum.entry(free).or_insert(Fr::ZERO) += *factor * weight;
            }
        }
        sum.retain(|_, factor| *factor != Fr::ZERO);
        if let Some((newest, factor)) = sum.pop_last() {
            let over = -factor.inverse().unwrap();
            sum.values_mut().for_each(|factor| *factor *= over);
            self.known[newest] = Some(sum);
        }
    }
}

/// The column of the variable that `change` changes, for it is the first that differs.
fn column_of(witness: &ClearingWitness, change: impl FnOnce(&mut ClearingWitness)) -> usize {
    let honest = assignment(witness).unwrap();
    let mut changed = witness.clone();
    change(&mut changed);
    assignment(&changed).unwrap().iter().zip(&honest).position(|(a, b)| a != b).unwrap()
}

#[test]
fn what_the_hashes_bind_leaves_nothing_open() {
    let asks = (0..15).fold(Batch::new(), |batch, step| batch.ask(3 + step, 3));
    let bids = (0..16).fold(Batch::new(), |batch, step| batch.bid(3 + step, 3));
    for batch in [busy_batch(), Batch::new(), bids, asks.bid(90, 45), Batch::new().bid(5, 1).hidden()] {
        let (open, expected) = (open_columns(&batch), unread_columns(&batch));
        let name = |column: &usize| (*column, constraints().groups.of_witness(column - 2));
        let more: Vec<_> = open.difference(&expected).map(name).collect();
        assert!(more.is_empty(), "{more:?}");
        assert_eq!(open, expected, "nothing reads these, so nothing binds them");
    }
}

type OrderField = fn(&mut OrderWitness) -> &mut Fr;
const CHAINED: [OrderField; 3] = [|o| &mut o.commit_hash, |o| &mut o.owner, |o| &mut o.side_lock];

fn order_column(witness: &ClearingWitness, index: usize, field: OrderField) -> usize {
    column_of(witness, |w| *field(&mut w.orders[index]) += Fr::ONE)
}

/// Slots whose group the chain absorbs.
fn absorbed(batch: &Batch) -> usize {
    batch.0.orders.len().next_multiple_of(3).min(16)
}

/// What slots past the last group hold, and the words of orders that are not included.
fn unread_columns(batch: &Batch) -> BTreeSet<usize> {
    let witness = batch.witness();
    let column = |index, field| order_column(&witness, index, field);
    let past = (absorbed(batch)..16).flat_map(|index| CHAINED.map(|field| column(index, field)));
    let unopened = (0..16).filter(|index| witness.orders[*index].included == Fr::ZERO);
    past.chain(unopened.map(|index| column(index, |o| &mut o.packed))).collect()
}

/// What orders root, commitments and leases root bind directly; and the flags that come first, about which
/// first-order changes say nothing (`bits` has the proof).
fn bound_columns(batch: &Batch) -> Vec<usize> {
    let witness = batch.witness();
    let column = |index, field| order_column(&witness, index, field);
    let row = |at: usize, field: fn(&mut RowWitness) -> &mut Fr| {
        column_of(&witness, |w| *field(&mut w.rows[at]) += Fr::ONE)
    };
    let mut bound = vec![0, 1];
    bound.extend([
        column_of(&witness, |w| w.program += Fr::ONE),
        column_of(&witness, |w| w.market += Fr::ONE),
    ]);
    bound.extend((0..absorbed(batch)).flat_map(|index| CHAINED.map(|field| column(index, field))));
    for index in 0..16 {
        bound.push(column(index, |o| &mut o.active));
        bound.extend([row(index, |r| &mut r.used), row(index, |r| &mut r.starts)]);
        if witness.orders[index].included == Fr::ONE {
            bound.extend([column(index, |o| &mut o.packed), column(index, |o| &mut o.secret)]);
        }
        if witness.rows[index].used == Fr::ONE {
            bound.extend([row(index, |r| &mut r.bid), row(index, |r| &mut r.ask)]);
            bound.push(row(index, |r| &mut r.secret));
        }
    }
    bound
}

fn open_columns(batch: &Batch) -> BTreeSet<usize> {
    let values = assignment(&batch.witness()).unwrap();
    let mut changes = Changes { known: vec![None; values.len()] };
    bound_columns(batch).into_iter().for_each(|column| changes.known[column] = Some(BTreeMap::new()));
    let [a, b, c] = constraints().matrices.as_slice() else { panic!("three matrices") };
    for ((a, b), c) in a.iter().zip(b).zip(c) {
        let (left, right) = (evaluate_constraint(a, &values), evaluate_constraint(b, &values));
        let scaled = |row: &[(Fr, usize)], factor: Fr| -> Vec<(Fr, usize)> {
            row.iter().map(|(coefficient, column)| (*coefficient * factor, *column)).collect()
        };
        changes.relate(&[scaled(a, right), scaled(b, left), scaled(c, -Fr::ONE)].concat());
    }
    (0..values.len()).flat_map(|column| changes.of(column).into_keys()).collect()
}
