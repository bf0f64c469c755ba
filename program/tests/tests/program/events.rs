//! Every instruction tells what it changed, in an event that the IDL names and that decodes to its last byte.

use anchor_lang::{AnchorDeserialize, Discriminator};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use obscura_program_tests::obscura_program::events;
use obscura_program_tests::types::{CloseReason, Fault};
use obscura_program_tests::{Landed, Outcome};

use crate::exploits::substitution::calls;
use crate::scenes::{CLEARS, leased};

const PREFIX: &str = "Program data: ";

/// Name of the event in `bytes`, if it is one of `T` and nothing is left over.
fn name_of<T: AnchorDeserialize + Discriminator>(bytes: &[u8], name: &'static str) -> Option<&'static str> {
    let mut rest = bytes.strip_prefix(T::DISCRIMINATOR)?;
    T::deserialize(&mut rest).unwrap_or_else(|error| panic!("{name} does not decode: {error}"));
    assert!(rest.is_empty(), "{name} has {} bytes too many", rest.len());
    Some(name)
}

macro_rules! names {
    ($bytes:expr, [$($event:ident),+ $(,)?]) => {
        None$(.or_else(|| name_of::<events::$event>($bytes, stringify!($event))))+
    };
}

fn event_name(bytes: &[u8]) -> &'static str {
    let name = names!(
        bytes,
        [
            Initialized,
            AuthorityProposed,
            AuthorityChanged,
            VerifyingKeyRegistered,
            VerifyingKeyFrozen,
            VerifyingKeyDisabled,
            MarketCreated,
            MarketScheduled,
            PauseSet,
            TreasuryWithdrawn,
            DonationsSwept,
            TraderOpened,
            Deposited,
            Withdrawn,
            DelegateSet,
            DelegateRevoked,
            UnstakeBegun,
            StakeWithdrawn,
            ProviderRegistered,
            ProviderUpdated,
            OrderCommitted,
            OrderRevealed,
            OrderEnded,
            SurplusFreed,
            BatchCleared,
            SettlementCompleted,
            BatchDischarged,
            MatcherBonded,
            MatcherUnbonded,
            MatcherRetiring,
            MatcherPenalised,
            LeaseOpened,
            LeaseAccepted,
            TermsShown,
            LeaseChallenged,
            ChallengeAnswered,
            LeaseClosed,
        ]
    );
    name.expect("an event of the IDL")
}

fn bytes_of(landed: &Landed) -> Vec<Vec<u8>> {
    let lines = landed.logs.iter().filter_map(|line| line.strip_prefix(PREFIX));
    lines.map(|data| STANDARD.decode(data).expect("event data is base64")).collect()
}

fn told(outcome: Outcome) -> Vec<&'static str> {
    bytes_of(&outcome.unwrap()).iter().map(|bytes| event_name(bytes)).collect()
}

#[test]
fn every_instruction_tells_what_it_changed() {
    for call in calls::all() {
        let mut busy = (call.scene)();
        let events = told((call.send)(&mut busy));
        assert!(!events.is_empty(), "{} says nothing", call.name);
    }
}

#[test]
fn a_close_tells_its_reason_and_whose_fault_it_is() {
    let mut scene = leased();
    scene.world.challenge_lease(&scene.buyer.key, &scene.clearing, 0).unwrap();
    scene.world.at(CLEARS + 60);
    let landed = scene.world.fail_lease(&scene.clearing, 0).unwrap();
    let [bytes] = bytes_of(&landed).try_into().expect("one event");
    let mut fields = bytes.strip_prefix(events::LeaseClosed::DISCRIMINATOR).unwrap();
    let closed = events::LeaseClosed::deserialize(&mut fields).unwrap();
    assert!(matches!((closed.reason, closed.fault), (CloseReason::Failed, Fault::Provider)));
    assert_eq!((closed.amount, closed.slashed), (0, 80_000_000));
}

#[test]
fn a_penalty_tells_who_got_what() {
    let mut scene = crate::scenes::committed();
    scene.world.at(crate::scenes::VOID);
    let events = told(scene.world.refund(&scene.bid));
    assert_eq!(events, ["MatcherPenalised", "OrderEnded"]);
}
