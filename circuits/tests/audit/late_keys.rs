//! Keys that a prover chooses once it knows the challenges.

use crate::common::forge::Forge;
use crate::common::{Batch, constraints, fr};
use crate::{ASK_SUMS, BID_SUMS, SECRETS};
use ark_bn254::Fr;
use ark_ff::{AdditiveGroup, Field};
use ark_groth16::r1cs_to_qap::evaluate_constraint;
use obscura_circuits::clearing::ClearingWitness;
use obscura_circuits::poseidon::hash_elements;
use obscura_circuits::synthesis::assignment;
use std::collections::BTreeSet;

/// Two bids and two asks, both bids split over both asks, and two bids that nobody opened.
fn split(rows: [u64; 4]) -> Forge {
    let [a, b, c, d] = rows.map(fr);
    let batch = Batch::new().bid(10, 5).bid(9, 5).ask(4, 5).ask(3, 5).bid(8, 1).hidden().bid(8, 1).hidden();
    Forge(batch.witness()).leases(&[(0, 2, a), (0, 3, b), (1, 2, c), (1, 3, d)])
}

/// Where an equation's fractions stand in it: first the rows, then the ranks or the orders.
enum Place {
    Row(usize),
    Right(usize),
}

/// An equation that does not hold, mended by a fraction without a weight whose key is made `x`: then its
/// quotient is free. The statement is complete before; answers the groups that still object.
fn mended(
    wrong: Forge,
    equation: &str,
    place: Place,
    choose: impl FnOnce(&mut ClearingWitness, [Fr; 2]),
) -> Vec<&'static str> {
    let mut witness = wrong.restated();
    let hash = witness.statement_hash;
    let role = fr(4) * fr(2).pow([64u64]);
    let challenges = [role, role + Fr::ONE].map(|role| hash_elements(&[role, hash]).unwrap());
    choose(&mut witness, challenges);
    let mut values = assignment(&witness).unwrap();

    let constraints = constraints();
    let of_equation = |row: &usize| constraints.groups.of(*row) == Some(equation);
    let rows: Vec<usize> = (0..constraints.count()).filter(of_equation).collect();
    let [left, right, _] = constraints.matrices.as_slice() else { panic!("three matrices") };
    // `distance * quotient = weight`, where the quotient is the group's own variable.
    let quotients: Vec<(usize, usize)> = rows
        .iter()
        .filter_map(|row| match right[*row].as_slice() {
            [(factor, column)] if *factor == Fr::ONE && *column > 1 => Some((*row, *column)),
            _ => None,
        })
        .collect();
    assert_eq!(quotients.len(), 32);
    let (fraction, quotient) = match place {
        Place::Row(at) => quotients[at],
        Place::Right(at) => quotients[16 + at],
    };
    assert_eq!(evaluate_constraint(&left[fraction], &values), Fr::ZERO, "the key is x");
    let balance = *rows.last().unwrap();
    let missing = evaluate_constraint(&left[balance], &values);
    assert_ne!(missing, Fr::ZERO, "the equation is wrong");
    values[quotient] += if matches!(place, Place::Row(_)) { -missing } else { missing };
    assert!(constraints.holds(balance, &values) && constraints.holds(fraction, &values));

    let broken = constraints.unsatisfied(&values).map(|row| constraints.groups.of(row).unwrap());
    broken.collect::<BTreeSet<_>>().into_iter().collect()
}

#[test]
fn a_key_without_a_weight_cannot_be_the_challenge() {
    let asks = || split([3, 2, 3, 2]);
    let bids = || split([2, 2, 3, 3]);
    let secrets = || {
        split([2, 3, 3, 2]).with(|w| {
            w.rows[0].secret += Fr::ONE;
            w.rows[1].secret += Fr::ONE;
        })
    };
    let shift = fr(1 << 16);
    let unused = "an unused row is zero";

    let in_row = mended(asks(), ASK_SUMS, Place::Row(9), |w, [x, _]| {
        (w.rows[9].ask, w.rows[9].bid) = (x, -x * shift.inverse().unwrap());
    });
    assert_eq!(in_row, [unused]);
    // A rank of no order: the keys would have to descend from x, and an index is small.
    let at_rank = mended(asks(), ASK_SUMS, Place::Right(4), |w, [x, _]| w.ranks[4].place = x);
    assert_eq!(at_rank, ["an index is below the size", "keys strictly descend"]);

    let in_row =
        mended(bids(), BID_SUMS, Place::Row(9), |w, [x, y]| w.rows[9].duration = x * y.inverse().unwrap());
    assert_eq!(in_row, ["row durations are in range"]);
    let in_row = mended(bids(), BID_SUMS, Place::Row(9), |w, [x, _]| {
        (w.rows[9].bid, w.rows[9].ask) = (x, -x * shift);
    });
    assert_eq!(in_row, [unused]);
    // The duration of a rank without a word is what its other fields make of zero.
    let two_to_48 = fr(1 << 48);
    let at_rank = mended(bids(), BID_SUMS, Place::Right(15), |w, [x, y]| {
        let key = x - w.ranks[15].place;
        w.ranks[15].price = -key * y.inverse().unwrap() * two_to_48.inverse().unwrap();
    });
    assert_eq!(at_rank, ["duration range", "keys strictly descend", "price range"]);

    let in_row =
        mended(secrets(), SECRETS, Place::Row(9), |w, [x, y]| w.rows[9].secret = x * y.inverse().unwrap());
    assert_eq!(in_row, ["rows of one bid share its secret"]);
    let in_row = mended(secrets(), SECRETS, Place::Row(4), |w, [x, y]| {
        w.rows[4..].iter_mut().for_each(|row| row.secret = x * y.inverse().unwrap());
    });
    assert_eq!(in_row, ["rows of one bid share its secret"]);
    // An order without an opening, and an empty slot.
    for index in [4, 9] {
        let at_order = mended(secrets(), SECRETS, Place::Right(index), |w, [x, y]| {
            w.orders[index].secret = (x - fr(index as u64)) * y.inverse().unwrap();
        });
        assert_eq!(at_order, ["openings hash to their commitments"]);
    }
}
