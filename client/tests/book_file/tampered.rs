//! Every number of a clearing, changed: which rule it breaks, at which order.

use obscura_client::book_file::{Claim, Verdict, read_book, read_claim};

use crate::books::{SPLIT, clearing_text};

/// The rule and the order that are named once `change` is made to an honest clearing.
fn named(change: impl FnOnce(&mut Claim)) -> (&'static str, Option<u64>) {
    let mut claim = read_claim(clearing_text(SPLIT).as_bytes()).unwrap();
    change(&mut claim);
    match Verdict::on(&read_book(SPLIT.as_bytes()).unwrap(), &claim) {
        Verdict::Valid => panic!("accepted {claim:?}"),
        Verdict::Invalid(broken) => (broken.rule(), broken.order()),
    }
}

/// Other numbers than this one, possible and impossible.
fn others(number: u64) -> Vec<u64> {
    let others = [number - 1, number + 1, 0, 4097, 1 << 40, (1 << 32) + number, u64::MAX];
    others.into_iter().filter(|&other| other != number).collect()
}

#[test]
fn the_honest_clearing_is_valid() {
    let claim = read_claim(clearing_text(SPLIT).as_bytes()).unwrap();
    assert_eq!(Verdict::on(&read_book(SPLIT.as_bytes()).unwrap(), &claim), Verdict::Valid);
}

#[test]
fn another_price_is_named() {
    for price in others(6500).into_iter().map(Some).chain([None]) {
        assert_eq!(named(|claim| claim.price_micro = price), ("price", None));
    }
}

#[test]
fn another_interval_is_named() {
    for lo in others(6000).into_iter().map(Some).chain([None]) {
        assert_eq!(named(|claim| claim.lo = lo), ("lo", None));
    }
    for hi in others(7000).into_iter().map(Some).chain([None]) {
        assert_eq!(named(|claim| claim.hi = hi), ("hi", None));
    }
}

#[test]
fn another_volume_is_named() {
    for volume in others(3) {
        assert_eq!(named(|claim| claim.volume = volume), ("volume", None));
    }
}

#[test]
fn another_quantity_is_named_with_its_order() {
    for qty in others(3) {
        assert_eq!(named(|claim| claim.fills[0].qty = qty), ("bid_fill", Some(0)));
    }
    for qty in others(2) {
        assert_eq!(named(|claim| claim.fills[1].qty = qty), ("ask_fill", Some(3)));
    }
    for qty in others(1) {
        assert_eq!(named(|claim| claim.fills[2].qty = qty), ("ask_fill", Some(4)));
    }
}

#[test]
fn another_amount_is_named_with_its_order() {
    for (at, amount, order) in [(0, 332, 0), (1, 221, 3), (2, 111, 4)] {
        for amount in others(amount) {
            assert_eq!(named(|claim| claim.fills[at].amount_micro = amount), ("amount", Some(order)));
        }
    }
}

#[test]
fn a_fill_of_another_order_is_named() {
    assert_eq!(named(|claim| claim.fills[0].index = 2), ("bid_fill", Some(0)));
    assert_eq!(named(|claim| claim.fills[2].index = 3), ("fills_not_ascending", Some(3)));
    assert_eq!(named(|claim| claim.fills[2].index = 5), ("unknown_order", Some(5)));
    assert_eq!(named(|claim| claim.fills[2].index = u64::MAX), ("unknown_order", Some(u64::MAX)));
    assert_eq!(named(|claim| claim.fills[2].index += 1 << 32), ("unknown_order", Some(4 + (1 << 32))));
}

#[test]
fn a_fill_more_or_less_is_named() {
    assert_eq!(named(|claim| _ = claim.fills.remove(0)), ("bid_fill", Some(0)));
    assert_eq!(named(|claim| _ = claim.fills.remove(2)), ("ask_fill", Some(4)));
    assert_eq!(named(|claim| claim.fills.push(claim.fills[2])), ("fills_not_ascending", Some(4)));
    assert_eq!(named(|claim| claim.fills.swap(0, 1)), ("fills_not_ascending", Some(0)));
}

#[test]
fn another_refusal_is_named() {
    assert_eq!(named(|claim| claim.refused_for_size.clear()), ("refused_for_size", Some(1)));
    assert_eq!(named(|claim| claim.refused_for_size[0] = 2), ("refused_for_size", Some(1)));
    assert_eq!(named(|claim| claim.refused_for_size.push(3)), ("refused_for_size", Some(3)));
    assert_eq!(named(|claim| claim.refused_for_size.push(1)), ("refusals_not_ascending", Some(1)));
    assert_eq!(named(|claim| claim.refused_for_size.push(9)), ("unknown_order", Some(9)));
    assert_eq!(named(|claim| claim.refused_for_size[0] += 1 << 32), ("unknown_order", Some(1 + (1 << 32))));
}

#[test]
fn a_verdict_in_json_has_rule_order_and_message() {
    let book = read_book(SPLIT.as_bytes()).unwrap();
    let json = |text: &str| {
        serde_json::to_string(&Verdict::on(&book, &read_claim(text.as_bytes()).unwrap())).unwrap()
    };
    let honest = clearing_text(SPLIT);
    assert_eq!(json(&honest), r#"{"valid":true}"#);
    assert_eq!(
        json(&honest.replace(r#""amountMicro":221"#, r#""amountMicro":220"#)),
        r#"{"valid":false,"rule":"amount","order":3,"message":"ask 3: its amount must be 221 micro-USDC, got 220"}"#
    );
    assert_eq!(
        json(&honest.replace(r#""hi":7000"#, r#""hi":null"#)),
        r#"{"valid":false,"rule":"hi","order":null,"message":"hi must be 7000, got null"}"#
    );
    assert_eq!(
        json(&honest.replace(r#""lo":6000"#, r#""lo":0"#)),
        r#"{"valid":false,"rule":"lo","order":null,"message":"lo: priceMicro must be between 1 and 1099511627775, got 0"}"#
    );
}
