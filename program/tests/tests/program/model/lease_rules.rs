//! The model's rules of a lease, from the offer to the close. Each returns whether the call lands, and
//! changes nothing where it does not.

use super::money::share;
use super::state::*;

impl Model {
    fn buyer_acts(&self, who: Who, lease: &Lease) -> Option<u32> {
        self.acts(who, self.orders[lease.bid].trader, LEASE)
    }

    fn provider_acts(&self, who: Who, lease: &Lease) -> bool {
        self.acts(who, self.orders[lease.ask].trader, LEASE).is_some()
    }

    /// The first second of its term: a split bid may be cancelled before.
    fn starts(&self, lease: &Lease) -> i64 {
        let bid = &self.orders[lease.bid];
        if bid.leases == 1 {
            return lease.accepted_at;
        }
        lease.accepted_at.max(bid.accepts_until.seconds + CANCEL)
    }

    pub fn accept(&mut self, who: Who, id: LeaseId) -> bool {
        let lease = &self.leases[&id];
        let in_time = !lease.accept_by.is_past(self.now);
        if !(self.provider_acts(who, lease) && lease.state == State::Offered && in_time) {
            return false;
        }
        let now = self.now.seconds;
        let lease = self.leases.get_mut(&id).expect("it is there");
        lease.state = State::Active;
        lease.accepted_at = now;
        true
    }

    pub fn show(&mut self, who: Who, id: LeaseId) -> bool {
        let lease = &self.leases[&id];
        let by_other = match lease.state {
            State::Active => self.provider_acts(who, lease),
            _ => who == Who::Matcher,
        };
        let may = self.buyer_acts(who, lease).is_some() || by_other;
        let offer_over = lease.state == State::Offered && lease.accept_by.is_past(self.now);
        if !may || lease.shown || offer_over || matches!(lease.state, State::Closed(_)) {
            return false;
        }
        self.keep_shown(id);
        let lease = self.leases.get_mut(&id).expect("it is there");
        if lease.state == State::Offered {
            lease.accept_by = lease.accept_by.later(ACCEPT);
            let bid = &mut self.orders[lease.bid];
            bid.accepts_until = bid.accepts_until.max(lease.accept_by);
        }
        true
    }

    fn keep_shown(&mut self, id: LeaseId) {
        let lease = self.leases.get_mut(&id).expect("it is there");
        lease.shown = true;
        for (order, need) in [(lease.bid, lease.whole()), (lease.ask, lease.qty)] {
            self.orders[order].shown_leases += 1;
            self.orders[order].shown += need;
        }
    }

    pub fn challenge(&mut self, who: Who, id: LeaseId) -> bool {
        let lease = &self.leases[&id];
        let Some(epoch) = self.buyer_acts(who, lease) else { return false };
        let now = self.now;
        let buyer = self.orders[lease.bid].trader;
        let rested = now.seconds >= lease.challenged_at + GAP;
        let in_time = self.starts(lease) + lease.duration >= now.later(ANSWER).seconds;
        let affords = self.traders[buyer].caps_allow(epoch, CHALLENGE_DEPOSIT, 0)
            && self.traders[buyer].usdc.available >= CHALLENGE_DEPOSIT;
        let open = lease.state == State::Active && lease.challenge.is_none();
        if !(open && rested && in_time && affords) {
            return false;
        }
        if !lease.shown {
            self.keep_shown(id);
        }
        self.traders[buyer].charge(epoch, CHALLENGE_DEPOSIT, 0);
        self.traders[buyer].lock_usdc(CHALLENGE_DEPOSIT);
        let lease = self.leases.get_mut(&id).expect("it is there");
        lease.challenged_at = now.seconds;
        lease.challenge = Some(Challenge { made_at: now.seconds, answer_by: now.later(ANSWER), epoch });
        true
    }

    pub fn answer(&mut self, who: Who, id: LeaseId) -> bool {
        let lease = &self.leases[&id];
        let (bid, ask) = (lease.bid, lease.ask);
        let in_time = lease.challenge.is_some_and(|open| !open.answer_by.is_past(self.now));
        if !(self.provider_acts(who, lease) && lease.state == State::Active && in_time) {
            return false;
        }
        let [buyer, provider] = [bid, ask].map(|order| self.orders[order].trader);
        self.traders[buyer].usdc.locked -= CHALLENGE_DEPOSIT;
        self.traders[provider].usdc.available += CHALLENGE_DEPOSIT;
        let lease = self.leases.get_mut(&id).expect("it is there");
        lease.challenge = None;
        lease.answers += 1;
        true
    }

    pub fn release(&mut self, who: Who, id: LeaseId) -> bool {
        let lease = &self.leases[&id];
        if self.buyer_acts(who, lease).is_none() || lease.state != State::Active {
            return false;
        }
        let whole = lease.whole();
        self.close(id, Reason::Released, whole, 0);
        true
    }

    pub fn claim(&mut self, who: Who, id: LeaseId) -> bool {
        let lease = &self.leases[&id];
        let is_over = self.now.seconds >= self.starts(lease) + lease.duration;
        let settled = self.batches[&id.0].cleared.as_ref().is_some_and(|it| !it.may_open(self.now));
        let idle = lease.state == State::Active && lease.challenge.is_none();
        if !(self.provider_acts(who, lease) && idle && settled && is_over) {
            return false;
        }
        let whole = lease.whole();
        self.close(id, Reason::Claimed, whole, 0);
        true
    }

    pub fn cancel(&mut self, who: Who, id: LeaseId) -> bool {
        let lease = &self.leases[&id];
        let bid = &self.orders[lease.bid];
        let in_time = !bid.accepts_until.later(CANCEL as u64).is_past(self.now);
        let open = !matches!(lease.state, State::Closed(_));
        if !(self.buyer_acts(who, lease).is_some() && open && bid.refused > 0 && in_time) {
            return false;
        }
        self.close(id, Reason::Cancelled, 0, 0);
        true
    }

    pub fn fail(&mut self, id: LeaseId) -> bool {
        let lease = &self.leases[&id];
        let Some(open) = lease.challenge.filter(|open| open.answer_by.is_past(self.now)) else {
            return false;
        };
        let used = (open.made_at - self.starts(lease)).clamp(0, lease.duration);
        let (amount, slash) = (lease.used(used), lease.slash(FAILURE_BPS));
        self.close(id, Reason::Failed, amount, slash);
        true
    }

    pub fn expire(&mut self, id: LeaseId) -> bool {
        let lease = &self.leases[&id];
        let forfeited_at = lease.accepted_at + MAX_DURATION + CLAIM_GRACE;
        match lease.state {
            State::Offered if lease.accept_by.is_past(self.now) => {
                let slash = if lease.shown { lease.slash(NO_SHOW_BPS) } else { 0 };
                let reason = if lease.shown { Reason::NoShow } else { Reason::NotAccepted };
                let bid = lease.bid;
                self.orders[bid].refused += 1;
                self.close(id, reason, 0, slash);
            }
            State::Active if self.now.seconds >= forfeited_at && lease.challenge.is_none() => {
                self.close(id, Reason::Unclaimed, 0, 0)
            }
            _ => return false,
        }
        true
    }

    /// Pays `amount` out of the bid's lock and takes up to `slash` of the ask's stake.
    fn close(&mut self, id: LeaseId, reason: Reason, amount: u64, slash: u64) {
        let lease = self.leases.get_mut(&id).expect("it is there");
        let (bid, ask) = (lease.bid, lease.ask);
        let [buyer, provider] = [bid, ask].map(|order| self.orders[order].trader);
        if let Some(open) = lease.challenge.take() {
            self.traders[buyer].unlock_usdc(CHALLENGE_DEPOSIT);
            self.traders[buyer].restore(open.epoch, CHALLENGE_DEPOSIT, 0);
        }
        let fee = share(amount, FEE_BPS);
        self.traders[buyer].usdc.locked -= amount;
        self.traders[provider].usdc.available += amount - fee;
        self.treasury_usdc += fee;
        let slashed = slash.min(self.orders[ask].stake);
        self.traders[provider].obsc.locked -= slashed;
        self.treasury_obsc += slashed;
        self.orders[ask].stake -= slashed;
        self.orders[ask].slashed += slashed;
        for (order, need, moved) in [(bid, lease.whole(), amount), (ask, lease.qty, amount - fee)] {
            let order = &mut self.orders[order];
            order.open -= 1;
            order.paid += moved;
            if lease.shown {
                order.shown_leases -= 1;
                order.shown -= need;
            }
        }
        lease.state = State::Closed(reason);
        (lease.amount, lease.fee, lease.slashed) = (amount, fee, slashed);
    }
}
