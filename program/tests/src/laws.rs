//! The laws of SPEC section 10, summed up from every account of the program. They must hold after every
//! instruction, so the world checks them after each one that lands.

use anchor_lang::prelude::Pubkey;
use anchor_lang::{AccountDeserialize, Discriminator};
use std::collections::BTreeMap;

use litesvm::LiteSVM;
use solana_sdk::account::ReadableAccount;

use crate::accounts::{Batch, Books, Lease, Matcher, Order, Settings, Trader};
use crate::types::{Ended, LeaseState};
use crate::{ID, address, tokens};

/// All accounts of type `T`, by address.
pub fn all<T: AccountDeserialize + Discriminator>(svm: &LiteSVM) -> BTreeMap<Pubkey, T> {
    let owned = svm.accounts_db().inner.iter().filter(|(_, account)| *account.owner() == ID);
    owned
        .filter(|(_, account)| account.data().starts_with(T::DISCRIMINATOR))
        .map(|(key, account)| {
            let decoded = T::try_deserialize(&mut account.data()).expect("an account of its type");
            (*key, decoded)
        })
        .collect()
}

/// `accounted` is the sum of what everybody holds, the vaults cover it, what a trader has locked is what its
/// live orders locked, and an order counts its leases right and ends after the last of them.
pub fn check(svm: &LiteSVM) {
    let Some(books) = all::<Books>(svm).into_values().next() else { return };
    let settings = all::<Settings>(svm).into_values().next().expect("settings come with the books");
    let traders = all::<Trader>(svm);
    let bonds: u64 = all::<Matcher>(svm).values().map(|matcher| matcher.bond).sum();

    let usdc: u64 = traders.values().map(|trader| trader.usdc.available + trader.usdc.locked).sum();
    assert_eq!(usdc + books.usdc.treasury, books.usdc.accounted, "USDC held is USDC accounted for");
    let obsc: u64 =
        traders.values().map(|trader| trader.obsc.available + trader.obsc.locked + trader.unstaking).sum();
    assert_eq!(obsc + bonds + books.obsc.treasury, books.obsc.accounted, "OBSC held is OBSC accounted for");

    for (mint, book) in [(settings.usdc_mint, books.usdc), (settings.obsc_mint, books.obsc)] {
        let vault = tokens::amount(svm, &address::vault(&mint));
        assert!(vault >= book.accounted, "the vault holds {vault}, {} is accounted for", book.accounted);
    }
    let orders = all::<Order>(svm);
    let leases = all::<Lease>(svm);
    check_locks(&orders, &leases, &traders);
    check_leases(&orders, &leases);
    check_exposures(svm);
}

fn check_locks(
    orders: &BTreeMap<Pubkey, Order>,
    leases: &BTreeMap<Pubkey, Lease>,
    traders: &BTreeMap<Pubkey, Trader>,
) {
    let mut expected: BTreeMap<Pubkey, (u64, u64)> = traders.keys().map(|key| (*key, (0, 0))).collect();
    for order in orders.values().filter(|order| matches!(order.ended, Ended::Live)) {
        let unspent = if order.side == 0 { order.lock - order.paid - order.freed } else { 0 };
        let locks = expected.get_mut(&order.trader).expect("an order's trader exists");
        locks.0 += unspent + order.order_fee + order.reveal_deposit;
        locks.1 += order.stake_locked;
    }
    for (lease, challenge) in leases.values().filter_map(|lease| Some((lease, lease.challenge?))) {
        let trader = orders[&lease.bid_order].trader;
        expected.get_mut(&trader).expect("a lease's buyer exists").0 += challenge.deposit;
    }
    for (key, trader) in traders {
        let locked = (trader.usdc.locked, trader.obsc.locked);
        assert_eq!(locked, expected[key], "{key}: locked is what live orders locked");
    }
}

/// Lease accounts are never closed, so each order's counts can be made again from them.
fn check_leases(orders: &BTreeMap<Pubkey, Order>, leases: &BTreeMap<Pubkey, Lease>) {
    let mut expected: BTreeMap<Pubkey, [u16; 3]> = orders.keys().map(|key| (*key, [0; 3])).collect();
    for lease in leases.values() {
        let runs = !matches!(lease.state, LeaseState::Closed);
        for order in [lease.bid_order, lease.ask_order] {
            let [all, open, shown] = expected.get_mut(&order).expect("a lease's order exists");
            *all += 1;
            *open += u16::from(runs);
            *shown += u16::from(runs && lease.qty > 0);
        }
    }
    for (key, order) in orders {
        let counted = [order.leases, order.open_leases, order.shown_leases];
        assert_eq!(counted, expected[key], "{key}: leases, those not closed, and those with shown terms");
        assert!(order.shown <= order.lock - order.freed, "{key}: shown terms need more than the lock");
        assert!(
            matches!(order.ended, Ended::Live) || order.open_leases == 0,
            "{key}: ended before its leases"
        );
    }
}

/// A matcher answers for the locks of its batches that are not discharged.
fn check_exposures(svm: &LiteSVM) {
    let batches = all::<Batch>(svm);
    for matcher in all::<Matcher>(svm).into_values() {
        let open = batches.values().filter(|batch| batch.matcher == matcher.key && !batch.discharged);
        let (count, exposure) = open.fold((0, 0), |(count, sum), batch| (count + 1, sum + batch.exposure));
        let kept = (matcher.open_batches, matcher.exposure);
        assert_eq!(kept, (count, exposure), "{}: batches it answers for, and their locks", matcher.key);
    }
}
