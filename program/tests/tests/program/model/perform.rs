//! Carries an action out twice: in the model, which says whether it should land, and in the world.

use obscura_program_tests::actor::keypair;
use obscura_program_tests::types::SetDelegateArgs;
use obscura_program_tests::{Actor, Outcome, World, address, tokens};
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer;

use super::action::{Action, Verb};
use super::state::*;

/// The world, and who acts in it.
pub struct Stage {
    pub world: World,
    pub actors: Vec<Actor>,
}

/// The one delegate that a trader ever names.
fn delegate_key(trader: usize) -> Keypair {
    keypair(40 + trader as u8)
}

impl Model {
    /// Whether the action lands. The model is changed if it does.
    pub fn expect(&mut self, action: &Action) -> bool {
        match action {
            Action::Wait(seconds) => {
                self.now.seconds += seconds;
                self.now.slot += *seconds as u64 * 2 + 1;
                true
            }
            Action::Halt(seconds) => {
                self.now.seconds += seconds;
                true
            }
            Action::Deposit { trader, amount } => self.deposit(*trader, *amount),
            Action::Withdraw { who, trader, amount } => self.withdraw(*who, *trader, *amount),
            Action::BeginUnstake { trader, amount } => self.begin_unstake(*trader, *amount),
            Action::WithdrawStake { trader } => self.withdraw_stake(*trader),
            Action::SetDelegate { trader, delegate } => self.set_delegate(*trader, delegate.clone()),
            Action::Revoke { trader } => self.revoke(*trader),
            Action::Bond(amount) => self.bond(*amount),
            Action::Unbond(amount) => self.unbond(*amount),
            Action::Commit { who, trader, batch, sealed } => self.commit(*who, *trader, *batch, sealed),
            Action::Reveal { who, order } => self.reveal(*who, *order),
            Action::Clear { who, batch, clearing } => self.clear(*who, *batch, clearing),
            Action::Open(id) => self.open(*id),
            Action::Complete { batch, row } => self.complete(*batch, *row),
            Action::Discharge { batch } => self.discharge(*batch),
            Action::SlashMatcher { order } => self.slash_matcher(*order),
            Action::Lease { verb, who, id } => self.lease_verb(*verb, *who, *id),
            Action::FreeSurplus { order } => self.free_surplus(*order),
            Action::Refund { order, cranker } => self.refund(*order, *cranker),
            Action::Sweep { donated } => self.sweep(*donated),
            Action::WithdrawTreasury { amount } => self.withdraw_treasury(*amount),
        }
    }

    fn lease_verb(&mut self, verb: Verb, who: Who, id: LeaseId) -> bool {
        match verb {
            Verb::Accept => self.accept(who, id),
            Verb::Release => self.release(who, id),
            Verb::Claim => self.claim(who, id),
            Verb::Cancel => self.cancel(who, id),
            Verb::Show => self.show(who, id),
            Verb::Challenge => self.challenge(who, id),
            Verb::Answer => self.answer(who, id),
            Verb::Fail => self.fail(id),
            Verb::Expire => self.expire(id),
        }
    }
}

impl Stage {
    fn key(&self, who: Who) -> Keypair {
        match who {
            Who::Owner(trader) => self.actors[trader].key.insecure_clone(),
            Who::DelegateOf(trader) => delegate_key(trader),
            Who::Matcher => self.world.matcher.key.insecure_clone(),
            Who::Stranger => keypair(121),
        }
    }

    /// Whether the action landed. `model` only says what the actors know: their orders and clearings.
    pub fn perform(&mut self, action: &Action, model: &Model) -> bool {
        let world = &mut self.world;
        match action {
            Action::Wait(_) => drop(world.at(model.now.seconds)),
            Action::Halt(_) => drop(world.halted_until(model.now.seconds)),
            _ => return self.send(action, model).is_ok(),
        }
        true
    }

    fn send(&mut self, action: &Action, model: &Model) -> Outcome {
        match action {
            Action::Wait(_) | Action::Halt(_) => unreachable!("no transaction"),
            Action::Commit { who, trader: _, batch, sealed } => {
                let key = self.key(*who);
                self.world.commit_in(&key, sealed, *batch)
            }
            Action::Reveal { who, order } => {
                let key = self.key(*who);
                self.world.reveal(&key, &model.orders[*order].sealed)
            }
            Action::Clear { who, batch, clearing } => {
                let key = self.key(*who);
                let posting = clearing.post_args(&clearing.statement(&self.world));
                let mut clear = self.world.clear_instruction(*batch, posting);
                clear.accounts[0].pubkey = key.pubkey();
                self.world.send(clear, &[&key])
            }
            Action::Open((batch, row)) => {
                let cleared = model.batches[batch].cleared.as_ref().expect("only rows of a clearing");
                self.world.open_lease(&cleared.clearing, *row)
            }
            Action::Complete { batch, row } => {
                let cleared = model.batches[batch].cleared.as_ref().expect("only rows of a clearing");
                self.world.complete_settlement(&cleared.clearing, *row)
            }
            Action::Discharge { batch } => self.world.discharge_batch(*batch),
            Action::SlashMatcher { order } => {
                let (sealed, matcher) = (&model.orders[*order].sealed, self.key(Who::Matcher));
                let word = self.world.acknowledgement(sealed);
                self.world.slash_matcher(&matcher, &word, sealed)
            }
            Action::Lease { verb, who, id } => self.send_lease(*verb, *who, *id, model),
            Action::FreeSurplus { order } => self.world.free_surplus(&model.orders[*order].sealed.address()),
            Action::Refund { order, cranker } => {
                let sealed = &model.orders[*order].sealed;
                match cranker {
                    Some(cranker) => self.world.refund_by(&self.actors[*cranker], sealed),
                    None => self.world.refund(sealed),
                }
            }
            _ => self.send_of_an_owner(action),
        }
    }

    fn send_lease(&mut self, verb: Verb, who: Who, id: LeaseId, model: &Model) -> Outcome {
        let (batch, row) = id;
        let clearing = &model.batches[&batch].cleared.as_ref().expect("a lease has a clearing").clearing;
        let key = self.key(who);
        match verb {
            Verb::Accept => self.world.accept_lease(&key, clearing, row),
            Verb::Release => self.world.release_lease(&key, clearing, row),
            Verb::Claim => self.world.claim_lease(&key, clearing, row),
            Verb::Cancel => self.world.cancel_lease(&key, clearing, row),
            Verb::Show => self.world.show_terms(&key, clearing, row),
            Verb::Challenge => self.world.challenge_lease(&key, clearing, row),
            Verb::Answer => self.world.answer_challenge(&key, clearing, row),
            Verb::Fail => self.world.fail_lease(clearing, row),
            Verb::Expire => self.world.expire_lease(clearing, row),
        }
    }

    fn send_of_an_owner(&mut self, action: &Action) -> Outcome {
        let usdc = self.world.usdc;
        let matcher = Actor::numbered(100);
        match action {
            Action::Deposit { trader, amount } => {
                self.world.give_tokens(&self.actors[*trader], usdc, *amount);
                self.world.deposit(&self.actors[*trader], usdc, *amount)
            }
            Action::Withdraw { who, trader, amount } => {
                let key = self.key(*who);
                let acting = Actor { key, trader: self.actors[*trader].trader };
                self.world.give_tokens(&acting, usdc, 0);
                self.world.withdraw(&acting, usdc, *amount)
            }
            Action::BeginUnstake { trader, amount } => {
                self.world.begin_unstake(&self.actors[*trader], *amount)
            }
            Action::WithdrawStake { trader } => self.world.withdraw_stake(&self.actors[*trader]),
            Action::SetDelegate { trader, delegate } => {
                let args = delegate_args(*trader, delegate);
                self.world.set_delegate(&self.actors[*trader], args)
            }
            Action::Revoke { trader } => self.world.revoke_delegate(&self.actors[*trader]),
            Action::Bond(amount) => self.world.bond(&matcher, *amount),
            Action::Unbond(amount) => self.world.unbond(&matcher, *amount),
            Action::Sweep { donated } => {
                let vault = address::vault(&usdc);
                let held = tokens::amount(&self.world.svm, &vault);
                tokens::put_tokens(&mut self.world.svm, vault, address::settings(), usdc, held + donated);
                self.world.sweep_donations(usdc)
            }
            Action::WithdrawTreasury { amount } => {
                let authority = self.world.authority.insecure_clone();
                let own = tokens::account_of(&authority.pubkey(), &usdc);
                tokens::put_tokens(&mut self.world.svm, own, authority.pubkey(), usdc, 0);
                self.world.withdraw_treasury_as(&authority, own, *amount)
            }
            _ => unreachable!("not an owner's"),
        }
    }
}

fn delegate_args(trader: usize, delegate: &Delegate) -> SetDelegateArgs {
    let Delegate { permissions, expires_at, spend_cap, spent: _, order_cap, gpu_cap, gpus: _ } = *delegate;
    SetDelegateArgs {
        delegate: delegate_key(trader).pubkey(),
        permissions,
        expires_at,
        spend_cap,
        max_order_micro: order_cap,
        max_order_gpus: order_cap,
        gpu_cap,
    }
}
