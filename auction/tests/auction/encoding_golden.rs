//! Byte layouts against values worked out by hand from the bit positions of the specification.

use obscura_auction::encoding::{
    Bitmap, StatementFields, blind_inputs, chained_order, orders_root_start_inputs, packed_row, side_lock,
    slot, terms_inputs,
};
use obscura_auction::field::{FieldBytes, MODULUS, ZERO, from_u128, reduce};
use obscura_auction::lock::Lock;
use obscura_auction::order::{DEFAULT_ASK_DURATION, DEFAULT_BID_DURATION, MarketTag, Order, Side};
use obscura_auction::units::{DurationSeconds, FeeBps, Gpus, MicroUsdc, PriceMicro};

fn hex(bytes: &FieldBytes) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn gpus(qty: u16) -> Gpus {
    Gpus::new(qty).unwrap()
}

fn bid() -> Order {
    Order {
        side: Side::Bid,
        market: MarketTag::of("H100 80GB"),
        price: PriceMicro::new(1_860_000).unwrap(),
        qty: gpus(4),
        min_qty: gpus(4),
        duration: DEFAULT_BID_DURATION,
    }
}

#[test]
fn a_market_tag_is_the_start_of_a_sha256() {
    let tags = [
        ("H100 80GB", 0xc7e3_7dc3_8508_e4f9),
        ("H200 141GB", 0xffad_2cac_e301_b147),
        ("A100 80GB", 0x5f9d_fdcd_9f15_35e7),
        ("RTX 4090", 0xf7a8_8663_17a8_8bb8),
    ];
    for (gpu_type, tag) in tags {
        assert_eq!(MarketTag::of(gpu_type).get(), tag, "{gpu_type}");
    }
}

#[test]
fn a_packed_bid_has_every_field_at_its_place() {
    let expected = "00000000000000000000000002c7e37dc38508e4f900001c61a0002001000e10";
    assert_eq!(hex(&bid().packed()), expected);
}

#[test]
fn a_packed_ask_has_every_field_at_its_place() {
    let ask = Order {
        side: Side::Ask,
        price: PriceMicro::new(1_200_000).unwrap(),
        qty: gpus(8),
        min_qty: Gpus::ONE,
        duration: DEFAULT_ASK_DURATION,
        ..bid()
    };
    let expected = "00000000000000000000000003c7e37dc38508e4f90000124f80004000678d00";
    assert_eq!(hex(&ask.packed()), expected);
}

#[test]
fn the_widest_values_do_not_touch_their_neighbours() {
    let widest = Order {
        side: Side::Ask,
        market: MarketTag::from_u64(u64::MAX),
        price: PriceMicro::MAX,
        qty: Gpus::MAX,
        min_qty: Gpus::ONE,
        duration: DurationSeconds::MAX,
    };
    let expected = "00000000000000000000000003ffffffffffffffffffffffffff800000678d00";
    // Ends in 4096 << 35, 1 << 22 and 0x278d00 seconds.
    assert_eq!(hex(&widest.packed()), expected);
}

#[test]
fn a_locks_sign_is_its_side() {
    assert_eq!(side_lock(Lock::of_bid(MicroUsdc::new(u64::MAX))), from_u128(u128::from(u64::MAX)));
    let minus_five = "30644e72e131a029b85045b68181585d2833e84879b9709143e1f593effffffc";
    assert_eq!(hex(&side_lock(Lock::of_ask(5))), minus_five);
}

#[test]
fn roles_stand_above_64_bits_of_payload() {
    let tag = MarketTag::from_u64(u64::MAX);
    let start = orders_root_start_inputs(tag, 9);
    assert_eq!(start, [from_u128((1 << 64) + u128::from(u64::MAX)), from_u128(9)]);
    assert_eq!(blind_inputs([0; 32], u16::MAX), [from_u128((2 << 64) + 0xffff), ZERO]);
    let [terms, blind] = terms_inputs(gpus(4), DEFAULT_BID_DURATION, 5, [1; 32]);
    assert_eq!(hex(&terms), "000000000000000000000000000000000000000000000003000001000e100005");
    assert_eq!(blind, [1; 32]);
}

#[test]
fn keys_and_secrets_enter_hashes_reduced() {
    let [_, secret] = blind_inputs(MODULUS, 0);
    assert_eq!(secret, ZERO);
    let [hash, owner, _] = chained_order([3; 32], [0xff; 32], Lock::of_ask(1));
    assert_eq!((hash, owner), ([3; 32], reduce([0xff; 32])));
    assert_eq!(hex(&owner), "0e0a77c19a07df2f666ea36f7879462e36fc76959f60cd29ac96341c4ffffffa");
}

#[test]
fn a_packed_row_is_bid_then_ask() {
    assert_eq!(packed_row(0x0102, 0x0304), from_u128(0x0102_0304));
}

#[test]
fn every_statement_element_stands_in_its_slot() {
    let (mut included, mut filled) = (Bitmap::EMPTY, Bitmap::EMPTY);
    assert!(included.set(0) && included.set(253) && filled.set(254));
    let fields = StatementFields {
        size: 16,
        order_count: 9,
        batch_index: 7,
        program: [0xff; 32],
        market: MODULUS,
        orders_root: [1; 32],
        included,
        filled,
        price: PriceMicro::new(1_860_000).ok(),
        fee_bps: FeeBps::new(100).unwrap(),
        min_duration: DEFAULT_BID_DURATION,
        max_duration: DurationSeconds::new(604_800).unwrap(),
        leases_root: [2; 32],
    };
    let elements = fields.elements();
    let header = "0000000000000000000000000000000000000001001000090000000000000007";
    let terms = "00000000000000000000000000000000000000000001c61a0006400384093a80";
    assert_eq!(hex(&elements[slot::HEADER]), header);
    assert_eq!(elements[slot::PROGRAM], reduce([0xff; 32]));
    assert_eq!(elements[slot::MARKET], ZERO);
    assert_eq!(elements[slot::ORDERS_ROOT], [1; 32]);
    assert_eq!(elements[slot::INCLUDED..slot::FILLED], [from_u128(1), from_u128(1), ZERO, ZERO, ZERO]);
    assert_eq!(elements[slot::FILLED..slot::TERMS], [ZERO, from_u128(2), ZERO, ZERO, ZERO]);
    assert_eq!(hex(&elements[slot::TERMS]), terms);
    assert_eq!(elements[slot::LEASES_ROOT], [2; 32]);

    let unpriced = StatementFields { price: None, ..fields }.elements();
    assert_eq!(hex(&unpriced[slot::TERMS]), terms.replace("1c61a0", "000000"));
}
