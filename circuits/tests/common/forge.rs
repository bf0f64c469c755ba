//! A dishonest prover: changes a witness and then makes everything else agree with the change, so
//! that only the rule under test can object.

use super::{broken_groups, constraints, fr};
use ark_bn254::Fr;
use ark_ff::{AdditiveGroup, Field, PrimeField};
use ark_groth16::r1cs_to_qap::evaluate_constraint;
use obscura_circuits::clearing::{ClearingWitness, OrderWitness, RankWitness, RowWitness, fill_up};
use obscura_circuits::gadgets::benes;
use obscura_circuits::poseidon::hash_elements;
use obscura_circuits::synthesis::assignment;

pub struct Forge(pub ClearingWitness);

/// An order's terms, to be changed before they are committed to anew.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    pub is_ask: Fr,
    pub price: Fr,
    pub qty: Fr,
    pub min_qty: Fr,
    pub duration: Fr,
}

impl Forge {
    /// Changes anything.
    pub fn with(mut self, change: impl FnOnce(&mut ClearingWitness)) -> Self {
        change(&mut self.0);
        self
    }

    /// Changes one order in index order.
    pub fn order(self, index: usize, change: impl FnOnce(&mut OrderWitness)) -> Self {
        self.with(|witness| change(&mut witness.orders[index]))
    }

    /// Changes one order where it ranks.
    pub fn rank(self, index: usize, change: impl FnOnce(&mut RankWitness)) -> Self {
        let at = self.rank_of(index);
        self.with(|witness| change(&mut witness.ranks[at]))
    }

    /// Changes an order's terms, commits to the change, and ranks and fills everybody by what they say
    /// now. Rows stay as they are.
    pub fn terms(mut self, index: usize, change: impl FnOnce(&mut Terms)) -> Self {
        let at = self.rank_of(index);
        let RankWitness { is_ask, price, qty, min_qty, .. } = self.0.ranks[at];
        let packed = self.0.orders[index].packed;
        let duration = packed - self.word(is_ask, price, qty, min_qty, Fr::ZERO);
        let mut terms = Terms { is_ask, price, qty, min_qty, duration };
        change(&mut terms);
        let Terms { is_ask, price, qty, min_qty, duration } = terms;
        let rank = &mut self.0.ranks[at];
        (rank.is_ask, rank.price, rank.qty, rank.min_qty) = (is_ask, price, qty, min_qty);
        self.0.orders[index].packed = self.word(is_ask, price, qty, min_qty, duration);
        self.recommit(index).rerank()
    }

    /// Commits to the order's word and secret as they are now.
    pub fn recommit(mut self, index: usize) -> Self {
        let order = &mut self.0.orders[index];
        order.commit_hash = hash_elements(&[order.packed, order.owner, order.secret]).unwrap();
        self
    }

    /// Ranks the orders by the keys they have now, and gives everybody what the rule gives.
    pub fn rerank(mut self) -> Self {
        let small = |value: Fr| value.into_bigint().0[0] as i128;
        let key = |rank: &RankWitness| {
            let place = small(rank.place);
            let is_bid = small(rank.included) - small(rank.is_ask);
            let tie = if is_bid == 1 { 2047 - place } else { place };
            std::cmp::Reverse((small(rank.price), small(rank.included), tie))
        };
        self.0.ranks.sort_by_key(key);
        let order: Vec<usize> = self.0.ranks.iter().map(|rank| small(rank.place) as usize).collect();
        self.0.ranking_switches = switches(&order);
        self.same_prices().filled_by_the_rule()
    }

    /// Puts the ranks in the order of these indices, whatever their keys; the others follow as they were.
    pub fn ranked(mut self, first: &[usize]) -> Self {
        let rest: Vec<usize> =
            self.order_of_ranks().into_iter().filter(|index| !first.contains(index)).collect();
        let all: Vec<usize> = first.iter().copied().chain(rest).collect();
        self.0.ranks = all.iter().map(|index| self.0.ranks[self.rank_of(*index)]).collect();
        self.0.ranking_switches = switches(&all);
        self.same_prices().filled_by_the_rule()
    }

    fn same_prices(mut self) -> Self {
        let prices: Vec<Fr> = self.0.ranks.iter().map(|rank| rank.price - rank.included).collect();
        for (at, rank) in self.0.ranks.iter_mut().enumerate() {
            rank.same_price = Fr::from(prices.get(at + 1) == Some(&prices[at]));
        }
        self
    }

    /// Flags and fills along the ranking as it stands.
    pub fn filled_by_the_rule(mut self) -> Self {
        let small = |value: Fr| value.into_bigint().0[0] as i64;
        let offered = |rank: &RankWitness| small(rank.is_ask) * small(rank.qty);
        let all: i64 = self.0.ranks.iter().map(offered).sum();
        let mut left = all;
        let mut volume = 0;
        for rank in &mut self.0.ranks {
            let is_bid = rank.included - rank.is_ask == Fr::ONE;
            let (qty, min_qty) = (small(rank.qty), small(rank.min_qty));
            rank.spent = Fr::from(left <= 0);
            let got = if is_bid && left >= min_qty { left.min(qty).max(0) } else { 0 };
            rank.full = Fr::from(is_bid && got == qty);
            rank.partial = Fr::from(got > 0 && got < qty);
            volume += got;
            left -= got + offered(rank);
        }
        let mut supply = all;
        for at in 0..self.0.ranks.len() {
            let rank = &mut self.0.ranks[at];
            rank.used_up = Fr::from(supply < volume);
            let behind = supply - offered(rank);
            let gives = rank.is_ask == Fr::ONE && behind < volume;
            let filled_bid = rank.full + rank.partial;
            let index = small(rank.place) as usize;
            self.0.orders[index].filled_bid = filled_bid;
            self.0.orders[index].filled = filled_bid + Fr::from(gives);
            supply = behind;
        }
        self
    }

    /// Claims these lease rows, in this order, starting at row 0, with their bids' terms.
    pub fn leases(mut self, leases: &[(usize, usize, Fr)]) -> Self {
        let slots = self.0.rows.len();
        let duration_bits = (1u64 << 22) - 1;
        let row = |(at, (bid, ask, qty)): (usize, &(usize, usize, Fr))| {
            let order = &self.0.orders[*bid];
            RowWitness {
                used: Fr::ONE,
                starts: Fr::from(at == 0 || leases[at - 1].0 != *bid),
                bid: fr(*bid as u64),
                ask: fr(*ask as u64),
                qty: *qty,
                duration: fr(order.packed.into_bigint().0[0] & duration_bits),
                secret: order.secret,
            }
        };
        self.0.rows = leases.iter().enumerate().map(row).collect();
        fill_up(&mut self.0.rows, slots);
        self
    }

    /// The witness with a statement that says what the witness does.
    pub fn restated(mut self) -> ClearingWitness {
        self.0.statement_hash = Fr::ZERO;
        let values = assignment(&self.0).unwrap();
        // The last constraint of its group is `(hash - statement_hash) * 1 = 0`.
        let groups = &constraints().groups;
        let last = (0..constraints().count()).rfind(|row| groups.of(*row) == Some("statement")).unwrap();
        self.0.statement_hash = evaluate_constraint(&constraints().matrices[0][last], &values);
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

    /// Where the order of this index ranks.
    pub fn rank_of(&self, index: usize) -> usize {
        self.order_of_ranks().iter().position(|known| *known == index).unwrap()
    }

    fn order_of_ranks(&self) -> Vec<usize> {
        self.0.ranks.iter().map(|rank| rank.place.into_bigint().0[0] as usize).collect()
    }

    fn word(&self, is_ask: Fr, price: Fr, qty: Fr, min_qty: Fr, duration: Fr) -> Fr {
        let two_to = |bits: u64| fr(2).pow([bits]);
        two_to(153)
            + two_to(152) * is_ask
            + two_to(88) * self.0.market_tag
            + two_to(48) * price
            + two_to(35) * qty
            + two_to(22) * min_qty
            + duration
    }
}

/// A network's bits for output `k` = input `source[k]`.
pub fn switches(source: &[usize]) -> Vec<Fr> {
    benes::route(source).unwrap().into_iter().map(Fr::from).collect()
}
