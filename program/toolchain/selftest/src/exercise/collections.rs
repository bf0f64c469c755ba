//! The standard collections, a queue that wraps around, and a sort with a custom order.

use std::collections::{BTreeMap, HashMap, VecDeque};

use super::digest::Digest;
use super::operands::Operands;

/// Small enough that a few rounds fill the queue and wrap its ring buffer.
const QUEUE_LENGTH: usize = 3;

#[derive(Default)]
pub struct Collections {
    ordered: BTreeMap<u64, u64>,
    hashed: HashMap<u64, u64>,
    queue: VecDeque<u16>,
    pairs: Vec<(i32, u64)>,
}

impl Collections {
    pub fn insert(&mut self, o: &Operands, digest: &mut Digest) {
        let sum = self.ordered.entry(o.a % 97).or_insert(0);
        *sum = sum.wrapping_add(o.b % 1000);
        self.hashed.insert(o.b % 53, o.a);
        self.pairs.push(((o.a as i32) % 1000, o.b));
        self.queue.push_back(o.a as u16);
        if self.queue.len() > QUEUE_LENGTH {
            digest.fold(self.queue.pop_front().unwrap_or(0) as u128);
        }
    }

    /// Folds everything in an order that does not depend on the hasher.
    pub fn finish(mut self, digest: &mut Digest) {
        self.pairs.sort_by(|p, q| p.0.cmp(&q.0).then(q.1.cmp(&p.1)));
        for (first, second) in &self.pairs {
            digest.fold(*first as u128 ^ *second as u128);
        }
        for (key, sum) in &self.ordered {
            digest.fold((key * 7 + sum) as u128);
        }
        let mut hashed: Vec<_> = self.hashed.into_iter().collect();
        hashed.sort_unstable();
        for (key, value) in hashed {
            digest.fold((key ^ value) as u128);
        }
    }
}
