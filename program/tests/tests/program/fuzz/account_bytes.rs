//! Bytes of accounts. What is in an account is trusted, so nothing else is asked here than this: whatever an
//! account of the program's says, no instruction makes or loses money by it.

use anchor_lang::AccountDeserialize;
use litesvm::LiteSVM;
use obscura_program_tests::accounts::{Books, Matcher, Trader};
use obscura_program_tests::{ID, World, address, tokens};
use solana_sdk::account::ReadableAccount;

use super::{Edit, ITERATIONS, TIME, edit, warm_up, with_call};
use crate::exploits::substitution::valid::Valid;

const DISCRIMINATOR_BYTES: usize = 8;

/// Micro-USDC and micro-OBSC that the program's accounts say somebody holds.
fn held(svm: &LiteSVM) -> [i128; 2] {
    let mut held = [0; 2];
    for (_, account) in svm.accounts_db().inner.iter().filter(|(_, account)| *account.owner() == ID) {
        let data = account.data();
        if let Ok(trader) = Trader::try_deserialize(&mut &data[..]) {
            held[0] += i128::from(trader.usdc.available) + i128::from(trader.usdc.locked);
            held[1] += i128::from(trader.obsc.available) + i128::from(trader.obsc.locked);
            held[1] += i128::from(trader.unstaking);
        }
        if let Ok(matcher) = Matcher::try_deserialize(&mut &data[..]) {
            held[1] += i128::from(matcher.bond);
        }
        if let Ok(books) = Books::try_deserialize(&mut &data[..]) {
            held[0] += i128::from(books.usdc.treasury);
            held[1] += i128::from(books.obsc.treasury);
        }
    }
    held
}

/// The same less what the vaults hold: no instruction but a sweep changes it.
fn unbacked(world: &World) -> [i128; 2] {
    let vaults = [world.usdc, world.obsc].map(|mint| tokens::amount(&world.svm, &address::vault(&mint)));
    let held = held(&world.svm);
    [held[0] - i128::from(vaults[0]), held[1] - i128::from(vaults[1])]
}

/// Puts `edits` into the account of number `place` of the call's, if it is the program's.
fn damage(valid: &mut Valid, place: u8, edits: &[Edit]) -> bool {
    let accounts = &valid.instruction.accounts;
    let address = accounts[usize::from(place) % accounts.len()].pubkey;
    let Some(mut account) = valid.busy.world.svm.get_account(&address) else { return false };
    if account.owner != ID {
        return false;
    }
    edit(&mut account.data[DISCRIMINATOR_BYTES..], edits);
    valid.busy.world.svm.set_account(address, account).expect("any account can be written");
    true
}

#[test]
fn no_instruction_makes_or_loses_money_whatever_one_account_says() {
    warm_up();
    bolero::check!()
        .with_iterations(ITERATIONS)
        .with_test_time(TIME)
        .with_type::<(u8, u8, u8, [Edit; 4])>()
        .for_each(|(pick, place, count, edits)| {
            with_call(*pick, |valid| {
                if !damage(valid, *place, &edits[..1 + usize::from(*count) % 4]) {
                    return;
                }
                let before = unbacked(&valid.busy.world);
                let (landed, after) = valid.run();
                let sweeps = valid.name == "sweep_donations";
                let (made, lost) = (after[0] - before[0], after[1] - before[1]);
                assert!(sweeps || (made, lost) == (0, 0), "{}: {made} and {lost}, {landed}", valid.name);
            });
        });
}

impl Valid {
    /// Sends the call to the ledger as it stands, and puts the ledger back. What is not backed after it.
    fn run(&mut self) -> (bool, [i128; 2]) {
        let mut after = [0; 2];
        let landed = self.attempt_in_place(|world| after = unbacked(world)).is_ok();
        (landed, after)
    }
}
