//! The model's rules of what an owner, a cranker and the authority do. Each returns whether the call lands,
//! and changes nothing where it does not.

use super::batch_rules::value_of;
use super::state::*;

impl Model {
    pub fn deposit(&mut self, trader: usize, amount: u64) -> bool {
        self.traders[trader].usdc.available += amount;
        amount > 0
    }

    pub fn withdraw(&mut self, who: Who, trader: usize, amount: u64) -> bool {
        let purse = &mut self.traders[trader].usdc;
        if who != Who::Owner(trader) || amount == 0 || amount > purse.available {
            return false;
        }
        purse.available -= amount;
        true
    }

    pub fn begin_unstake(&mut self, trader: usize, amount: u64) -> bool {
        let now = self.now.seconds;
        let owner = &mut self.traders[trader];
        if amount == 0 || amount > owner.obsc.available {
            return false;
        }
        owner.obsc.available -= amount;
        owner.unstaking += amount;
        owner.unstakes_at = now + UNSTAKE;
        true
    }

    pub fn withdraw_stake(&mut self, trader: usize) -> bool {
        let owner = &mut self.traders[trader];
        if owner.unstaking == 0 || self.now.seconds < owner.unstakes_at {
            return false;
        }
        owner.unstaking = 0;
        true
    }

    pub fn set_delegate(&mut self, trader: usize, delegate: Delegate) -> bool {
        if delegate.expires_at <= self.now.seconds {
            return false;
        }
        self.traders[trader].epoch += 1;
        self.traders[trader].delegate = Some(delegate);
        true
    }

    pub fn revoke(&mut self, trader: usize) -> bool {
        let owner = &mut self.traders[trader];
        if owner.delegate.take().is_none() {
            return false;
        }
        owner.epoch += 1;
        true
    }

    pub fn bond(&mut self, amount: u64) -> bool {
        if amount == 0 || amount > self.matcher_obsc {
            return false;
        }
        self.matcher_obsc -= amount;
        self.bond += amount;
        true
    }

    pub fn unbond(&mut self, amount: u64) -> bool {
        if amount == 0 || amount > self.bond || self.open_batches > 0 {
            return false;
        }
        self.bond -= amount;
        self.matcher_obsc += amount;
        true
    }

    /// Sweeps what was donated just before.
    pub fn sweep(&mut self, donated: u64) -> bool {
        self.treasury_usdc += donated;
        donated > 0
    }

    pub fn withdraw_treasury(&mut self, amount: u64) -> bool {
        if amount == 0 || amount > self.treasury_usdc {
            return false;
        }
        self.treasury_usdc -= amount;
        true
    }

    pub fn free_surplus(&mut self, number: usize) -> bool {
        let order = &self.orders[number];
        let cleared = self.batches[&order.batch].cleared.as_ref();
        let settled = cleared.is_some_and(|it| it.clearing.filled.get(order.index) && !it.may_open(self.now));
        let all = if order.is_bid { order.unspent() } else { order.gpus() };
        let surplus = all - order.shown;
        let live = order.ended == Ended::Live && order.shown_leases == order.open;
        if !(live && settled && surplus > 0) {
            return false;
        }
        let order = &mut self.orders[number];
        order.freed += surplus;
        let owner = &mut self.traders[order.trader];
        if order.is_bid {
            owner.unlock_usdc(surplus);
            owner.restore(order.epoch, surplus, 0);
        } else {
            let stake = order.stake.saturating_sub(order.shown * STAKE_PER_GPU);
            order.stake -= stake;
            owner.unlock_obsc(stake);
            owner.restore(order.epoch, 0, surplus);
        }
        true
    }

    /// How the order ends now, if it can.
    fn ending(&self, order: &Order) -> Option<Ended> {
        let batch = &self.batches[&order.batch];
        if order.ended != Ended::Live {
            return None;
        }
        let Some(cleared) = &batch.cleared else {
            return batch.void_at.is_past(self.now).then_some(Ended::Void);
        };
        if !cleared.clearing.included.get(order.index) {
            return Some(Ended::NotRevealed);
        }
        if !cleared.clearing.filled.get(order.index) {
            return Some(Ended::Unmatched);
        }
        let over = !cleared.may_open(self.now) && order.open == 0;
        over.then_some(if order.paid > 0 { Ended::Completed } else { Ended::OfferExpired })
    }

    /// What the matcher owes the order that ends so.
    fn penalty(&self, order: &Order, ended: Ended) -> u64 {
        let batch = &self.batches[&order.batch];
        match ended {
            _ if batch.discharged => 0,
            Ended::Void => VOID_PENALTY / batch.orders.len() as u64,
            Ended::OfferExpired if order.is_bid && order.leases == 0 => UNOPENED_PENALTY,
            _ => 0,
        }
    }

    /// Cranked by the owner of trader `cranker` into its account, or by a stranger without one.
    pub fn refund(&mut self, number: usize, cranker: Option<usize>) -> bool {
        let order = self.orders[number].clone();
        let Some(ended) = self.ending(&order) else { return false };
        let taken = self.forfeit(self.penalty(&order, ended));
        let batch = self.batches.get_mut(&order.batch).expect("of an order");
        // Left out, it may still have been acknowledged.
        if !batch.discharged && ended != Ended::NotRevealed {
            let value = value_of(order.is_bid, order.lock);
            batch.exposure -= value;
            self.exposure -= value;
        }
        let half = ORDER_FEE / 2;
        let (back, to_treasury, to_cranker) = match ended {
            Ended::Void => (order.behind(), 0, 0),
            Ended::NotRevealed => (order.unspent(), ORDER_FEE - half + REVEAL_DEPOSIT, half),
            _ => (order.unspent() + REVEAL_DEPOSIT, ORDER_FEE - half, half),
        };
        let owner = &mut self.traders[order.trader];
        owner.obsc.available += taken;
        owner.usdc.locked -= order.behind();
        owner.usdc.available += back;
        owner.unlock_obsc(order.stake);
        owner.restore(order.epoch, back, order.gpus());
        self.treasury_usdc += to_treasury;
        match cranker {
            Some(cranker) => self.traders[cranker].usdc.available += to_cranker,
            None => self.treasury_usdc += to_cranker,
        }
        let order = &mut self.orders[number];
        (order.ended, order.refunded) = (ended, back);
        true
    }
}
