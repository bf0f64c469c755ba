//! A dishonest prover: changes a witness and then makes everything else agree with the change, so
//! that only the rule under test can object.

use super::{broken_groups, constraints, fr};
use ark_bn254::Fr;
use ark_ff::{AdditiveGroup, Field, PrimeField};
use ark_groth16::r1cs_to_qap::evaluate_constraint;
use obscura_circuits::clearing::{ClearingWitness, ListWitness, RowWitness, SlotWitness};
use obscura_circuits::gadgets::benes;
use obscura_circuits::poseidon::hash_elements;
use obscura_circuits::synthesis::assignment;

pub struct Forge(pub ClearingWitness);

impl Forge {
    /// Changes one slot.
    pub fn slot(mut self, index: usize, change: impl FnOnce(&mut SlotWitness)) -> Self {
        change(&mut self.0.slots[index]);
        self
    }

    /// Changes anything.
    pub fn with(mut self, change: impl FnOnce(&mut ClearingWitness)) -> Self {
        change(&mut self.0);
        self
    }

    /// Commits to the slot's values as they are now.
    pub fn recommit(mut self, index: usize) -> Self {
        let slot = &mut self.0.slots[index];
        let two_to = |bits: u64| fr(2).pow([bits]);
        let packed = two_to(153)
            + two_to(152) * slot.is_ask
            + two_to(88) * self.0.market_tag
            + two_to(48) * slot.price
            + two_to(35) * slot.qty
            + two_to(22) * slot.min_qty
            + slot.duration;
        slot.commit_hash = hash_elements(&[packed, slot.owner, slot.secret]).unwrap();
        self
    }

    /// Ranks the slots by the keys they have now.
    pub fn rerank(mut self) -> Self {
        let mut order: Vec<usize> = (0..self.0.slots.len()).collect();
        let key = |index: &usize| {
            let slot = &self.0.slots[*index];
            let place = *index as u64;
            let key = slot.price * fr(2048) + slot.is_bid * fr(2047 - 2 * place) + fr(place);
            std::cmp::Reverse(key.into_bigint())
        };
        order.sort_by_key(key);
        self.0.ranking_switches = switches(&order);
        self
    }

    /// Ranks the slots in this order, whatever their keys.
    pub fn ranked(mut self, order: &[usize]) -> Self {
        let rest = (0..self.0.slots.len()).rev().filter(|index| !order.contains(index));
        let all: Vec<usize> = order.iter().copied().chain(rest).collect();
        self.0.ranking_switches = switches(&all);
        self
    }

    /// Claims these lease rows, in this order, starting at row 0.
    pub fn leases(mut self, leases: &[(usize, usize, Fr)]) -> Self {
        let slots = self.0.slots.len();
        self.0.rows = vec![RowWitness::default(); slots];
        self.0.ask_list = vec![ListWitness::default(); slots];
        let mut bid_heads = Vec::new();
        for (row, (bid, ask, qty)) in leases.iter().enumerate() {
            let starts = row == 0 || leases[row - 1].0 != *bid;
            bid_heads.push(starts.then_some(*bid));
            let (starts, continues) = (Fr::from(starts), Fr::from(!starts));
            self.0.rows[row] = RowWitness { starts, continues, ask: fr(*ask as u64), qty: *qty };
        }
        let mut list: Vec<usize> = (0..leases.len()).collect();
        list.sort_by_key(|row| leases[*row].1);
        let mut ask_heads = Vec::new();
        for (place, row) in list.iter().enumerate() {
            let starts = place == 0 || leases[list[place - 1]].1 != leases[*row].1;
            ask_heads.push(starts.then_some(leases[*row].1));
            self.0.ask_list[place] = ListWitness { starts: Fr::from(starts), continues: Fr::from(!starts) };
        }
        list.extend(leases.len()..slots);
        self.0.bid_switches = switches(&completed(bid_heads, slots));
        self.0.ask_switches = switches(&completed(ask_heads, slots));
        self.0.ask_row_switches = switches(&list);
        self
    }

    /// The witness with a statement that says what the witness does.
    pub fn restated(mut self) -> ClearingWitness {
        self.0.statement_hash = Fr::ZERO;
        let values = assignment(&self.0).unwrap();
        // The last constraint is `(hash - statement_hash) * 1 = 0`.
        let last = constraints().matrices[0].last().unwrap();
        self.0.statement_hash = evaluate_constraint(last, &values);
        self.0
    }

    /// The circuit objects in exactly these groups.
    #[track_caller]
    pub fn breaks(self, groups: &[&str]) {
        assert_eq!(broken_groups(&self.restated()), groups);
    }

    /// The circuit objects in this group at least.
    #[track_caller]
    pub fn breaks_at_least(self, group: &str) {
        let broken = broken_groups(&self.restated());
        assert!(broken.contains(&group), "{broken:?}");
    }

    /// The circuit does not object: the forgery is consistent up to here.
    #[track_caller]
    pub fn holds(self) {
        self.breaks(&[]);
    }
}

/// Sends each head to the first place that claims it, and everything else to the places left.
fn completed(heads: Vec<Option<usize>>, slots: usize) -> Vec<usize> {
    let mut source: Vec<Option<usize>> = vec![None; slots];
    for (place, head) in heads.into_iter().enumerate() {
        source[place] = head.filter(|_| !source.contains(&head));
    }
    let rest: Vec<usize> = (0..slots).filter(|slot| !source.contains(&Some(*slot))).collect();
    let mut rest = rest.into_iter();
    source.iter().map(|head| head.unwrap_or_else(|| rest.next().unwrap())).collect()
}

/// A network's bits for output `k` = input `source[k]`.
pub fn switches(source: &[usize]) -> Vec<Fr> {
    benes::route(source).unwrap().into_iter().map(Fr::from).collect()
}
