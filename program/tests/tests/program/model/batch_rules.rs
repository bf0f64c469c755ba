//! The model's rules of a batch: commit, reveal, clear, open, complete, discharge. Each returns whether the
//! call lands, and changes nothing where it does not.

use obscura_program_tests::{Clearing, Sealed};

use super::state::*;

/// What a lock counts in the matcher's exposure.
pub fn value_of(is_bid: bool, lock: u64) -> u64 {
    if is_bid { lock } else { lock * STAKE_PER_GPU }
}

fn is_admissible(sealed: &Sealed, is_bid: bool) -> bool {
    let terms = &sealed.terms;
    let (price, qty) = (u128::from(terms.price.get()), u128::from(terms.qty.get()));
    let duration = i64::from(terms.duration.get());
    if terms.min_qty > terms.qty {
        return false;
    }
    if !is_bid {
        return terms.min_qty.get() == 1 && duration >= MAX_DURATION && u128::from(sealed.lock.amount) >= qty;
    }
    let cost = (price * qty * duration as u128).div_ceil(3_600) + qty - 1;
    (60..=MAX_DURATION).contains(&duration) && u128::from(sealed.lock.amount) >= cost
}

impl Model {
    pub fn commit(&mut self, who: Who, trader: usize, batch: u64, sealed: &Sealed) -> bool {
        let is_bid = sealed.lock.side == obscura_auction::order::Side::Bid;
        let lock = sealed.lock.amount;
        let (usdc, gpus) = if is_bid { (lock, 0) } else { (0, lock) };
        let (cost, stake) = (usdc + ORDER_FEE + REVEAL_DEPOSIT, gpus * STAKE_PER_GPU);
        let Some(epoch) = self.acts(who, trader, TRADE) else { return false };
        let owner = &self.traders[trader];
        let since = self.now.seconds - self.start_of(batch);
        let in_window = batch == self.running() && since < COMMIT_SECONDS;
        let is_new = !self.orders.iter().any(|order| order.sealed.address() == sealed.address());
        let has_room = self.batches.get(&batch).is_none_or(|batch| batch.orders.len() < MAX_ORDERS);
        let cap = owner.delegate.as_ref().filter(|_| epoch != 0).map_or(u64::MAX, |d| d.order_cap);
        let affords = owner.usdc.available >= cost && owner.obsc.available >= stake;
        let cover = (self.exposure + value_of(is_bid, lock)) / (10_000 / BOND_COVER_BPS);
        let bonded = self.bond >= MATCHER_BOND && self.bond >= cover;
        let allowed = lock >= 1 && lock <= cap && owner.caps_allow(epoch, cost, gpus);
        if !(in_window && is_new && has_room && affords && bonded && allowed) {
            return false;
        }
        self.put_in_batch(batch, value_of(is_bid, lock));
        let owner = &mut self.traders[trader];
        owner.charge(epoch, cost, gpus);
        owner.lock_usdc(cost);
        owner.obsc.available -= stake;
        owner.obsc.locked += stake;
        self.orders.push(Order {
            sealed: sealed.clone(),
            trader,
            batch,
            index: self.batches[&batch].orders.len() - 1,
            is_bid,
            lock,
            admissible: is_admissible(sealed, is_bid),
            epoch,
            ended: Ended::Live,
            stake,
            paid: 0,
            freed: 0,
            refunded: 0,
            slashed: 0,
            leases: 0,
            open: 0,
            shown_leases: 0,
            shown: 0,
            refused: 0,
            accepts_until: Moment::default(),
            omission_paid: false,
        });
        true
    }

    fn put_in_batch(&mut self, index: u64, value: u64) {
        let void_after = self.start_of(index) + 2 * BATCH_SECONDS - self.now.seconds;
        let void_at = self.now.later(void_after as u64);
        let number = self.orders.len();
        self.exposure += value;
        let is_first = !self.batches.contains_key(&index);
        self.open_batches += u32::from(is_first);
        let batch = self.batches.entry(index).or_insert(Batch {
            orders: vec![],
            forced: vec![],
            void_at,
            cleared: None,
            exposure: 0,
            discharged: false,
        });
        batch.orders.push(number);
        batch.forced.push(false);
        batch.exposure += value;
    }

    pub fn reveal(&mut self, who: Who, order: usize) -> bool {
        let Order { trader, batch, index, admissible, .. } = self.orders[order];
        let since = self.now.seconds - self.start_of(batch);
        let in_window = (COMMIT_SECONDS..BATCH_SECONDS).contains(&since);
        let may = self.acts(who, trader, TRADE).is_some();
        let forced = &mut self.batches.get_mut(&batch).expect("of an order").forced[index];
        if !(may && in_window && admissible && !*forced) {
            return false;
        }
        *forced = true;
        true
    }

    pub fn clear(&mut self, who: Who, index: u64, clearing: &Clearing) -> bool {
        let since = self.now.seconds - self.start_of(index);
        let now = self.now;
        let Some(batch) = self.batches.get_mut(&index) else { return false };
        // A cluster that stood still gets its slots for it all the same.
        let in_window = since >= BATCH_SECONDS && (since < 2 * BATCH_SECONDS || !batch.void_at.is_past(now));
        let keeps_forced =
            (0..batch.orders.len()).all(|order| !batch.forced[order] || clearing.included.get(order));
        if !(who == Who::Matcher && in_window && keeps_forced && batch.cleared.is_none()) {
            return false;
        }
        let settles_until = now.later(SETTLE);
        let clearing = clearing.clone();
        batch.cleared = Some(Cleared { clearing, settles_until, opened: 0, row_count: ROWS });
        true
    }

    pub fn open(&mut self, id: LeaseId) -> bool {
        let (index, row) = id;
        let now = self.now;
        let Some(batch) = self.batches.get_mut(&index) else { return false };
        let Some(cleared) = &mut batch.cleared else { return false };
        let Some(used) = cleared.clearing.rows.get(usize::from(row)).copied() else { return false };
        let [bid, ask] = [used.bid, used.ask].map(|order| batch.orders[usize::from(order)]);
        let live = [bid, ask].iter().all(|order| self.orders[*order].ended == Ended::Live);
        let is_new = !self.leases.contains_key(&id);
        if !(live && is_new && !cleared.settles_until.is_past(now) && row < cleared.row_count) {
            return false;
        }
        cleared.opened += 1;
        let accept_by = cleared.settles_until.later(ACCEPT);
        let price = cleared.clearing.price_micro;
        for order in [bid, ask] {
            let order = &mut self.orders[order];
            order.leases += 1;
            order.open += 1;
            order.accepts_until = order.accepts_until.max(accept_by);
        }
        let duration = i64::from(self.orders[bid].sealed.terms.duration.get());
        let lease = Lease {
            bid,
            ask,
            price,
            qty: used.qty.into(),
            duration,
            state: State::Offered,
            accept_by,
            accepted_at: 0,
            shown: false,
            challenged_at: 0,
            challenge: None,
            answers: 0,
            amount: 0,
            fee: 0,
            slashed: 0,
        };
        self.leases.insert(id, lease);
        true
    }

    pub fn complete(&mut self, index: u64, row: u16) -> bool {
        let Some(cleared) = self.batches.get_mut(&index).and_then(|batch| batch.cleared.as_mut()) else {
            return false;
        };
        let is_empty = usize::from(row) >= cleared.clearing.rows.len();
        if !(is_empty && row < cleared.row_count) {
            return false;
        }
        cleared.row_count = row;
        true
    }

    pub fn discharge(&mut self, index: u64) -> bool {
        let now = self.now;
        let Some(batch) = self.batches.get_mut(&index) else { return false };
        let over = batch.cleared.as_ref().map_or(batch.void_at, |it| it.settles_until.later(ACCEPT));
        if batch.discharged || !over.later(EVIDENCE).is_past(now) {
            return false;
        }
        batch.discharged = true;
        self.exposure -= batch.exposure;
        batch.exposure = 0;
        self.open_batches -= 1;
        true
    }

    /// With the matcher's true word for the order.
    pub fn slash_matcher(&mut self, order: usize) -> bool {
        let Order { trader, batch, index, is_bid, lock, omission_paid, .. } = self.orders[order];
        let batch = &self.batches[&batch];
        let omitted = batch.cleared.as_ref().is_some_and(|it| !it.clearing.included.get(index));
        if !omitted || batch.discharged || omission_paid {
            return false;
        }
        let taken = self.forfeit(value_of(is_bid, lock).max(OMISSION_PENALTY));
        self.traders[trader].obsc.available += taken;
        self.orders[order].omission_paid = true;
        true
    }
}
