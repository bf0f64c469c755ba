//! Every order's terms, decoded from its word in rank order: each field in its range, the duration in
//! the market's bounds, and the ranks strictly descending (SPEC sections 4, 7 and 9).
//!
//! Native twin: `auction::admissible`, but for the lock (`locks`). A word has exactly one reading,
//! because every field that is taken out of it is range-checked here. A price gets its range from its
//! neighbours: the gaps between them are not negative, and the two ends are in range.

use super::market::Market;
use super::orders::Order;
use super::ranking::Arrived;
use super::witness::RankWitness;
use crate::gadgets::wire::power_of_two;
use crate::gadgets::{Builder, Synth, Wire};
use ark_bn254::Fr;
use ark_ff::Field;
use obscura_auction::encoding::ORDER_VERSION;
use obscura_auction::units::{DurationSeconds, PriceMicro};

const PRICE_BITS: u32 = 40;
/// `1 ..= 4096` is one more than 12 bits.
const QTY_BITS: u32 = 12;
const DURATION_BITS: u32 = 22;

/// One order in rank order. All zero where no included order ranks.
pub(super) struct Ranked {
    pub included: Wire,
    pub is_bid: Wire,
    pub is_ask: Wire,
    pub price: Wire,
    pub qty: Wire,
    pub min_qty: Wire,
    pub duration: Wire,
    /// The order's index.
    pub place: Wire,
    pub tag: Wire,
}

/// Decodes and constrains what arrived at each rank.
pub(super) fn decode(
    builder: &mut Builder,
    market: &Market,
    orders: &[Order],
    arrived: Vec<Arrived>,
    witness: &[RankWitness],
) -> Synth<Vec<Ranked>> {
    let place_bits = orders.len().ilog2();
    let mut ranks = Vec::with_capacity(arrived.len());
    for (arrived, witness) in arrived.into_iter().zip(witness) {
        let ranked = read(builder, market, arrived, witness)?;
        constrain_sizes(builder, &ranked)?;
        constrain_duration(builder, &ranked, market)?;
        builder.group("an index is below the size");
        builder.enforce_range(&ranked.place, place_bits)?;
        ranks.push(ranked);
    }
    builder.group("as many words as included orders");
    // An order that is not included has no word, so none of the others can be missing here.
    let included = Wire::total(orders.iter().map(|order| &order.included));
    let read = Wire::total(ranks.iter().map(|ranked| &ranked.included));
    builder.enforce_equal(&included, &read)?;
    descend(builder, &ranks, witness)?;
    Ok(ranks)
}

/// The fields of a word; the duration is what is left of it.
fn read(builder: &mut Builder, market: &Market, arrived: Arrived, witness: &RankWitness) -> Synth<Ranked> {
    let RankWitness { included, is_ask, price, qty, min_qty, place, .. } = *witness;
    builder.group("words have one reading");
    let included = builder.boolean(included)?;
    let is_ask = builder.boolean(is_ask)?;
    let price = builder.witness(price)?;
    let qty = builder.witness(qty)?;
    let min_qty = builder.witness(min_qty)?;
    builder.enforce_equal_if(&included.not(), &arrived.word, &Wire::zero())?;
    builder.group("orders are of this market");
    let head = Wire::sum([
        (power_of_two(153), &Wire::number(u64::from(ORDER_VERSION))),
        (power_of_two(88), &market.tag),
    ]);
    let head = builder.product(&head, &included)?;
    let duration = Wire::sum([
        (Fr::ONE, &arrived.word),
        (-Fr::ONE, &head),
        (-power_of_two(152), &is_ask),
        (-power_of_two(48), &price),
        (-power_of_two(35), &qty),
        (-power_of_two(22), &min_qty),
    ]);
    let place = builder.witness(place)?;
    let is_bid = &included - &is_ask;
    Ok(Ranked { included, is_bid, is_ask, price, qty, min_qty, duration, place, tag: arrived.tag })
}

fn constrain_sizes(builder: &mut Builder, order: &Ranked) -> Synth<()> {
    builder.group("quantity range");
    builder.enforce_range(&(&order.qty - &order.included), QTY_BITS)?;
    builder.enforce_range(&(&order.min_qty - &order.included), QTY_BITS)?;
    builder.group("minQty is at most qty");
    builder.enforce_range(&(&order.qty - &order.min_qty), QTY_BITS)?;
    builder.group("an ask's minQty is one");
    builder.enforce_equal_if(&order.is_ask, &order.min_qty, &Wire::one())
}

/// A bid's duration is inside the market's bounds, an ask's at least the longest; zero for no order.
fn constrain_duration(builder: &mut Builder, order: &Ranked, market: &Market) -> Synth<()> {
    builder.group("duration range");
    let bid_least = builder.product(&market.min_duration, &order.is_bid)?;
    let bid_most = builder.product(&market.max_duration, &order.is_bid)?;
    let ask_least = builder.product(&market.max_duration, &order.is_ask)?;
    let least = &bid_least + &ask_least;
    let most = &bid_most + &(&order.is_ask * Fr::from(DurationSeconds::MAX.get()));
    builder.enforce_range(&(&order.duration - &least), DURATION_BITS)?;
    builder.enforce_range(&(&most - &order.duration), DURATION_BITS)
}

/// Strictly descending keys: by price, and at one price by side and index.
///
/// An included order's price counts one less here, so that price zero is none. At one price the ties
/// are `3 * size - 1 - index` for bids, `size + index` for asks and the index where none is included.
fn descend(builder: &mut Builder, ranks: &[Ranked], witness: &[RankWitness]) -> Synth<()> {
    let prices: Vec<Wire> = ranks.iter().map(|order| &order.price - &order.included).collect();
    builder.group("price range");
    if let (Some(first), Some(last)) = (prices.first(), prices.last()) {
        let top = Wire::number(PriceMicro::MAX.get() - 1);
        builder.enforce_range(first, PRICE_BITS)?;
        builder.enforce_range(&(&top - first), PRICE_BITS)?;
        builder.enforce_range(last, PRICE_BITS)?;
    }
    let size = ranks.len() as u64;
    let tie_bits = size.ilog2() + 2;
    let mut ties = Vec::with_capacity(ranks.len());
    builder.group("keys strictly descend");
    for order in ranks {
        let bid_place = builder.product(&order.place, &order.is_bid)?;
        ties.push(Wire::sum([
            (Fr::ONE, &order.place),
            (Fr::from(size), &order.included),
            (Fr::from(2 * size - 1), &order.is_bid),
            (-Fr::from(2u64), &bid_place),
        ]));
    }
    let pairs = prices.iter().zip(&ties);
    for (((price, tie), (next_price, next_tie)), witness) in pairs.clone().zip(pairs.skip(1)).zip(witness) {
        // Either the price falls, or the tie does.
        let same_price = builder.boolean(witness.same_price)?;
        builder.enforce_range(&(&(price - next_price) - &same_price.not()), PRICE_BITS)?;
        let gap = &(tie - next_tie) - &Wire::one();
        let gap = builder.product(&gap, &same_price)?;
        builder.enforce_range(&gap, tie_bits)?;
    }
    Ok(())
}
