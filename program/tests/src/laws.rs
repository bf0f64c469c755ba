//! The laws of SPEC section 10, summed up from every account of the program. They must hold after every
//! instruction, so the world checks them after each one that lands.

use anchor_lang::prelude::Pubkey;
use anchor_lang::{AccountDeserialize, Discriminator};
use std::collections::BTreeMap;

use litesvm::LiteSVM;
use solana_sdk::account::ReadableAccount;

use crate::accounts::{Books, Matcher, Order, Settings, Trader};
use crate::types::Ended;
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

/// `accounted` is the sum of what everybody holds, the vaults cover it, and what a trader has locked is what
/// its live orders locked.
pub fn check(svm: &LiteSVM) {
    let Some(books) = all::<Books>(svm).into_values().next() else { return };
    let settings = all::<Settings>(svm).into_values().next().expect("settings come with the books");
    let traders = all::<Trader>(svm);
    let bonds: u64 = all::<Matcher>(svm).values().map(|matcher| matcher.bond).sum();

    let usdc: u64 = traders.values().map(|trader| trader.usdc.available + trader.usdc.locked).sum();
    assert_eq!(usdc + books.usdc.treasury, books.usdc.accounted, "USDC held is USDC accounted for");
    let obsc: u64 = traders.values().map(|trader| trader.obsc.available + trader.obsc.locked).sum();
    assert_eq!(obsc + bonds + books.obsc.treasury, books.obsc.accounted, "OBSC held is OBSC accounted for");

    for (mint, book) in [(settings.usdc_mint, books.usdc), (settings.obsc_mint, books.obsc)] {
        let vault = tokens::amount(svm, &address::vault(&mint));
        assert!(vault >= book.accounted, "the vault holds {vault}, {} is accounted for", book.accounted);
    }
    check_locks(svm, &traders);
}

fn check_locks(svm: &LiteSVM, traders: &BTreeMap<Pubkey, Trader>) {
    let mut expected: BTreeMap<Pubkey, (u64, u64)> = traders.keys().map(|key| (*key, (0, 0))).collect();
    for order in all::<Order>(svm).into_values().filter(|order| matches!(order.ended, Ended::Live)) {
        let unspent = if order.side == 0 { order.lock - order.paid } else { 0 };
        let locks = expected.get_mut(&order.trader).expect("an order's trader exists");
        locks.0 += unspent + order.order_fee + order.reveal_deposit;
        locks.1 += order.stake_locked;
    }
    for (key, trader) in traders {
        let locked = (trader.usdc.locked, trader.obsc.locked);
        assert_eq!(locked, expected[key], "{key}: locked is what live orders locked");
    }
}
