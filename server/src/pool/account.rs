//! The caller's balances, and what this pool may do with them.

use std::collections::BTreeMap;

use obscura_auction::order::Side;
use obscura_client::accounts::{self, Delegate, Ended, Lease, LeaseState, Order, Trader, filter};
use obscura_client::address;
use obscura_client::idl::constants;
use solana_sdk::pubkey::Pubkey;

use super::commit_checks::budget;
use super::{Pool, owner_of};
use crate::service::{AccountView, BudgetView, Caller, DelegateView, NextAction, ServiceError, TagSpending};

/// Tags that an account lists.
const MAX_TAGS: usize = 20;
/// A thousand years: nobody plans further, and every JSON reader keeps it.
const MAX_SAFE_SECONDS: u64 = 1_000 * 365 * 24 * 3600;

impl Pool {
    pub(super) async fn account_of(&self, caller: &Caller) -> Result<AccountView, ServiceError> {
        let trader = self.trader_of(caller).await?;
        let budget = self.delegate_of(&trader).map(|delegate| budget(&trader, delegate));
        let spending = self.spending_of(&trader.owner).await?;
        let burn = self.burn_of(&trader.owner).await?;
        Ok(AccountView {
            owner: trader.owner.to_string(),
            trader: address::trader(&trader.owner).to_string(),
            available_micro: trader.usdc.available,
            locked_micro: trader.usdc.locked,
            obsc_available_micro: trader.obsc.available,
            obsc_locked_micro: trader.obsc.locked,
            delegate: self.delegate_of(&trader).map(view),
            runs_out_in_seconds: budget.as_ref().and_then(|budget| runs_out(total_left(budget), burn)),
            budget,
            burn_micro_per_hour: burn,
            open_orders: spending.open_orders,
            spending: spending.by_tag,
            next_actions: vec![
                NextAction::markets("see what there is to lease, and which window is open"),
                NextAction::orders("find an order whose handle you no longer have"),
            ],
        })
    }

    /// Micro-USDC per hour of the leases that run for `owner`.
    async fn burn_of(&self, owner: &Pubkey) -> Result<u64, ServiceError> {
        let of_buyer = filter::leases_of_buyer(owner);
        let mut burn = 0u64;
        for (address, lease) in accounts::list::<Lease>(self.ledger.as_ref(), [of_buyer]).await? {
            if !matches!(lease.state, LeaseState::Active) {
                continue;
            }
            let terms = self.storage.lease_terms(&address.to_bytes()).await?;
            let gpus = terms.map_or(u64::from(lease.qty), |terms| u64::from(terms.qty));
            burn = burn.saturating_add(lease.price_micro.saturating_mul(gpus));
        }
        Ok(burn)
    }

    async fn spending_of(&self, owner: &Pubkey) -> Result<Spending, ServiceError> {
        let of_owner = filter::orders_of_owner(owner);
        let orders = accounts::list::<Order>(self.ledger.as_ref(), [of_owner]).await?;
        let tags: BTreeMap<_, _> = self.storage.client_tags(&owner.to_bytes()).await?.into_iter().collect();
        let mut by_tag: BTreeMap<Option<&String>, TagSpending> = BTreeMap::new();
        let mut open_orders = 0u32;
        for (address, order) in &orders {
            let live = matches!(order.ended, Ended::Live);
            open_orders = open_orders.saturating_add(u32::from(live));
            let tag = tags.get(&address.to_bytes());
            let sum = by_tag.entry(tag).or_insert_with(|| TagSpending {
                client_tag: tag.cloned(),
                orders: 0,
                spent_micro: 0,
                locked_micro: 0,
            });
            sum.orders = sum.orders.saturating_add(1);
            sum.spent_micro = sum.spent_micro.saturating_add(spent(order));
            sum.locked_micro = sum.locked_micro.saturating_add(if live { locked(order) } else { 0 });
        }
        let mut by_tag: Vec<TagSpending> = by_tag.into_values().collect();
        by_tag.sort_by_key(|sum| std::cmp::Reverse(sum.spent_micro.saturating_add(sum.locked_micro)));
        by_tag.truncate(MAX_TAGS);
        Ok(Spending { open_orders, by_tag })
    }

    /// The trader account of a caller; an API key without one is of no use.
    pub(super) async fn trader_of(&self, caller: &Caller) -> Result<Trader, ServiceError> {
        let address = address::trader(&owner_of(caller));
        accounts::find(self.ledger.as_ref(), &address)
            .await?
            .ok_or(ServiceError::Unauthorized("the API key's owner has no trader account"))
    }

    /// This pool's authority over a trader, where it has any.
    pub(super) fn delegate_of<'a>(&self, trader: &'a Trader) -> Option<&'a Delegate> {
        use solana_sdk::signer::Signer;
        trader.delegate.as_ref().filter(|delegate| delegate.key == self.relayer.pubkey())
    }
}

struct Spending {
    open_orders: u32,
    by_tag: Vec<TagSpending>,
}

/// Micro-USDC that an order has taken for good. What an ask earned is no spending.
fn spent(order: &Order) -> u64 {
    let is_bid = Side::try_from(order.side) == Ok(Side::Bid);
    let paid = if is_bid { order.paid } else { 0 };
    let (fee, deposit) = match order.ended {
        Ended::Live | Ended::Void => (0, 0),
        Ended::NotRevealed => (order.order_fee, order.reveal_deposit),
        Ended::Unmatched | Ended::OfferExpired | Ended::Completed => (order.order_fee, 0),
    };
    paid.saturating_add(fee).saturating_add(deposit)
}

/// Micro-USDC behind an order that is not over.
fn locked(order: &Order) -> u64 {
    let is_bid = Side::try_from(order.side) == Ok(Side::Bid);
    let lock = if is_bid { order.lock.saturating_sub(order.paid).saturating_sub(order.freed) } else { 0 };
    lock.saturating_add(order.order_fee).saturating_add(order.reveal_deposit)
}

/// Micro-USDC that can be spent in all, over any number of orders.
fn total_left(budget: &BudgetView) -> u64 {
    budget.available_micro.min(budget.spend_cap_left_micro)
}

/// Seconds for which `left` pays `burn` an hour.
fn runs_out(left: u64, burn: u64) -> Option<u64> {
    let seconds = u128::from(left) * 3600 / u128::from(std::num::NonZeroU64::new(burn)?.get());
    Some(u64::try_from(seconds).unwrap_or(u64::MAX).min(MAX_SAFE_SECONDS))
}

fn view(delegate: &Delegate) -> DelegateView {
    let Delegate {
        key,
        permissions,
        expires_at,
        spend_cap,
        spent,
        max_order_micro,
        max_order_gpus,
        gpu_cap,
        gpus_locked,
    } = *delegate;
    DelegateView {
        key: key.to_string(),
        spend_cap_micro: spend_cap,
        spent_micro: spent,
        order_cap_micro: max_order_micro,
        order_cap_gpus: max_order_gpus,
        gpu_cap,
        gpus_locked,
        expires_at,
        may_trade: permissions & constants::PERMISSION_TRADE != 0,
        may_lease: permissions & constants::PERMISSION_LEASE != 0,
    }
}
