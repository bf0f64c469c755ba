//! One step of a random history.

use obscura_program_tests::{Clearing, Sealed};

use super::state::{Delegate, LeaseId, Who};

#[derive(Clone, Debug)]
pub enum Action {
    /// Seconds pass, and the slots that go with them.
    Wait(i64),
    /// Seconds pass, and no slots.
    Halt(i64),
    Deposit {
        trader: usize,
        amount: u64,
    },
    Withdraw {
        who: Who,
        trader: usize,
        amount: u64,
    },
    BeginUnstake {
        trader: usize,
        amount: u64,
    },
    WithdrawStake {
        trader: usize,
    },
    SetDelegate {
        trader: usize,
        delegate: Delegate,
    },
    Revoke {
        trader: usize,
    },
    Bond(u64),
    Unbond(u64),
    Commit {
        who: Who,
        trader: usize,
        batch: u64,
        sealed: Box<Sealed>,
    },
    Reveal {
        who: Who,
        order: usize,
    },
    Clear {
        who: Who,
        batch: u64,
        clearing: Box<Clearing>,
    },
    Open(LeaseId),
    Complete {
        batch: u64,
        row: u16,
    },
    Discharge {
        batch: u64,
    },
    /// The matcher's word for the order is shown.
    SlashMatcher {
        order: usize,
    },
    Lease {
        verb: Verb,
        who: Who,
        id: LeaseId,
    },
    FreeSurplus {
        order: usize,
    },
    Refund {
        order: usize,
        cranker: Option<usize>,
    },
    /// Donated to the vault of USDC, then swept.
    Sweep {
        donated: u64,
    },
    WithdrawTreasury {
        amount: u64,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    Accept,
    Release,
    Claim,
    Cancel,
    Show,
    Challenge,
    Answer,
    Fail,
    Expire,
}

pub const VERBS: [Verb; 9] = [
    Verb::Accept,
    Verb::Release,
    Verb::Claim,
    Verb::Cancel,
    Verb::Show,
    Verb::Challenge,
    Verb::Answer,
    Verb::Fail,
    Verb::Expire,
];
