//! Every outcome that the walks could be told to have.

use crate::common::{Batch, constraints, fr};
use crate::{ASK_SUMS, BID_SUMS, SECRETS};
use ark_bn254::Fr;
use obscura_circuits::clearing::{ClearingWitness, RankWitness};
use obscura_circuits::synthesis::assignment;

/// The rows that decide about outcomes: not the hashes, nor what the leases say.
fn rows_of_the_walks() -> Vec<usize> {
    let others = [
        "statement",
        "challenges",
        ASK_SUMS,
        BID_SUMS,
        SECRETS,
        "leases root",
        "orders root",
        "openings hash to their commitments",
        "terms are the row's, behind its blind",
        "blinds come from the bid's secret and the row's ask",
    ];
    (0..constraints().count())
        .filter(|row| !others.contains(&constraints().groups.of(*row).unwrap()))
        .collect()
}

/// Of all ways to set the flags of the first ranks and the places where supply runs out, the walks accept
/// the rule's alone, whatever the rows say.
#[test]
fn a_batch_has_one_outcome() {
    for batch in [
        Batch::new().bid(10, 4).partial_bid(8, 2, 1).ask(5, 2),
        Batch::new().partial_bid(10, 3, 1).bid(9, 1).ask(5, 2),
        Batch::new().bid(10, 1).ask(9, 1).ask(8, 3),
        Batch::new().ask(9, 1).partial_bid(8, 5, 2).ask(7, 2),
        Batch::new().ask(5, 1).ask(5, 1).bid(4, 1),
        Batch::new().bid(5, 1).bid(4, 1).bid(4, 1),
    ] {
        let honest = batch.witness();
        let mut accepted = 0;
        for (outcome, spent, used_up) in outcomes() {
            let claimed = claim(&honest, outcome, spent, used_up);
            let values = assignment(&claimed).unwrap();
            if rows_of_the_walks().iter().all(|row| constraints().holds(*row, &values)) {
                accepted += 1;
                let told = |rank: &RankWitness| (rank.full, rank.partial, rank.spent, rank.used_up);
                assert!(claimed.ranks.iter().map(told).eq(honest.ranks.iter().map(told)));
            }
        }
        assert_eq!(accepted, 1);
    }
}

/// Full, partial or nothing for each of three ranks; and from where on nothing is left, and all is used.
fn outcomes() -> impl Iterator<Item = ([usize; 3], usize, usize)> {
    let of_three = (0..27).map(|code| [code % 3, code / 3 % 3, code / 9]);
    let ends = [0, 1, 2, 3, 16].into_iter().flat_map(|spent| [1, 2, 3, 16].map(|used_up| (spent, used_up)));
    of_three.flat_map(move |outcome| ends.clone().map(move |(spent, used_up)| (outcome, spent, used_up)))
}

/// The orders' flags follow from those of the ranks: their tags leave no choice.
fn claim(honest: &ClearingWitness, outcome: [usize; 3], spent: usize, used_up: usize) -> ClearingWitness {
    let mut witness = honest.clone();
    for (at, rank) in witness.ranks.iter_mut().enumerate() {
        let outcome = outcome.get(at);
        (rank.full, rank.partial) = (Fr::from(outcome == Some(&1)), Fr::from(outcome == Some(&2)));
        (rank.spent, rank.used_up) = (Fr::from(at >= spent), Fr::from(at >= used_up));
    }
    let traded = Fr::from(outcome != [0; 3]);
    for at in 0..16 {
        let rank = witness.ranks[at];
        let behind = witness.ranks.get(at + 1).map_or(traded, |next| next.used_up);
        let index = (0..16).find(|index| rank.place == fr(*index)).unwrap() as usize;
        let filled_bid = rank.full + rank.partial;
        let order = &mut witness.orders[index];
        order.filled_bid = filled_bid;
        order.filled = filled_bid + rank.is_ask * rank.used_up + (behind - rank.used_up);
    }
    witness
}
