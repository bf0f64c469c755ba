//! Whether a claimed clearing is the one of its book; if not, which rule it breaks, at which order.
//!
//! Must never accept a number that differs from that of [`Outcome`](super::Outcome). What must hold of
//! fills and prices is `auction::check`'s to say, what leases cost is `auction::settlement`'s.

use obscura_auction::book::{Book, BookOrder};
use obscura_auction::check::{Violation, check};
use obscura_auction::clear::{Clearing, Fill};
use obscura_auction::order::Side;
use obscura_auction::units::{Gpus, MicroUsdc, OutOfRange, PriceMicro};
use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::claim::Claim;
use super::outcome::amounts;

/// The first rule found broken. Where several are, which one that is means nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    #[error("order {index} is not in the book")]
    UnknownOrder { index: u64 },
    #[error("{side} {index}: {range}")]
    ImpossibleFill { index: u32, side: Side, range: OutOfRange },
    #[error("{rule}: {range}")]
    ImpossiblePrice { rule: &'static str, range: OutOfRange },
    #[error("{}", in_words(.0))]
    Clearing(Violation),
    #[error("{side} {index}: its amount must be {expected} micro-USDC, got {got}")]
    Amount { index: u32, side: Side, expected: MicroUsdc, got: u64 },
}

impl Broken {
    /// The rule's stable name.
    pub fn rule(&self) -> &'static str {
        match self {
            Self::UnknownOrder { .. } => "unknown_order",
            Self::ImpossibleFill { side: Side::Bid, .. } => "bid_fill",
            Self::ImpossibleFill { side: Side::Ask, .. } => "ask_fill",
            Self::ImpossiblePrice { rule, .. } => rule,
            Self::Clearing(violation) => rule_of(violation),
            Self::Amount { .. } => "amount",
        }
    }

    /// The order that breaks it; none where it is the clearing as a whole.
    pub fn order(&self) -> Option<u64> {
        match *self {
            Self::UnknownOrder { index } => Some(index),
            Self::ImpossibleFill { index, .. } | Self::Amount { index, .. } => Some(u64::from(index)),
            Self::ImpossiblePrice { .. } => None,
            Self::Clearing(violation) => order_of(&violation).map(u64::from),
        }
    }
}

fn rule_of(violation: &Violation) -> &'static str {
    match violation {
        Violation::UnknownOrder { .. } => "unknown_order",
        Violation::FillsNotAscending { .. } => "fills_not_ascending",
        Violation::RefusalsNotAscending { .. } => "refusals_not_ascending",
        Violation::BidFill { .. } => "bid_fill",
        Violation::AskFill { .. } => "ask_fill",
        Violation::RefusedForSize { .. } => "refused_for_size",
        Violation::Volume { .. } => "volume",
        Violation::Lo { .. } => "lo",
        Violation::Hi { .. } => "hi",
        Violation::Price { .. } => "price",
        // A claim has no rows, so `check` never looks at any.
        Violation::RowsNotAscending { .. } | Violation::RowSides { .. } | Violation::RowSum { .. } => "rows",
    }
}

fn order_of(violation: &Violation) -> Option<u32> {
    match *violation {
        Violation::UnknownOrder { index }
        | Violation::FillsNotAscending { index }
        | Violation::RefusalsNotAscending { index }
        | Violation::BidFill { index, .. }
        | Violation::AskFill { index, .. }
        | Violation::RefusedForSize { index, .. }
        | Violation::RowSum { index, .. } => Some(index),
        Violation::Volume { .. }
        | Violation::Lo { .. }
        | Violation::Hi { .. }
        | Violation::Price { .. }
        | Violation::RowsNotAscending { .. }
        | Violation::RowSides { .. } => None,
    }
}

fn in_words(violation: &Violation) -> String {
    let differs = |name: &str, expected: Option<PriceMicro>, got: Option<PriceMicro>| {
        let text = |price: Option<PriceMicro>| price.map_or("null".to_owned(), |price| price.to_string());
        format!("{name} must be {}, got {}", text(expected), text(got))
    };
    match *violation {
        Violation::Lo { expected, got } => differs("lo", expected, got),
        Violation::Hi { expected, got } => differs("hi", expected, got),
        Violation::Price { expected, got } => differs("priceMicro", expected, got),
        other => other.to_string(),
    }
}

/// Accepts exactly the clearing that `Outcome::of` gives for this book.
pub fn verify(book: &Book, claim: &Claim) -> Result<(), Broken> {
    let clearing = possible(book, claim)?;
    volume_is_the_fills_sum(book, &clearing)?;
    check(book, &clearing).map_err(Broken::Clearing)?;
    let expected = amounts(book, &clearing);
    let wrong = claim.fills.iter().zip(expected).find(|(fill, amount)| fill.amount_micro != amount.get());
    let Some((fill, expected)) = wrong else { return Ok(()) };
    let BookOrder { index, side, .. } = *order(book, fill.index)?;
    Err(Broken::Amount { index, side, expected, got: fill.amount_micro })
}

/// The claim in the market's own units, which many a wrong number does not fit.
fn possible(book: &Book, claim: &Claim) -> Result<Clearing, Broken> {
    let Claim { price_micro, lo, hi, volume, fills, refused_for_size } = claim;
    let fills = fills.iter().map(|fill| {
        let BookOrder { index, side, .. } = *order(book, fill.index)?;
        let impossible = |range| Broken::ImpossibleFill { index, side, range };
        Ok(Fill { index, qty: Gpus::try_from(fill.qty).map_err(impossible)? })
    });
    let price = |rule: &'static str, price: &Option<u64>| {
        let price = price.map(PriceMicro::try_from).transpose();
        price.map_err(|range| Broken::ImpossiblePrice { rule, range })
    };
    Ok(Clearing {
        fills: fills.collect::<Result<_, _>>()?,
        refused_for_size: refused_for_size
            .iter()
            .map(|&index| Ok(order(book, index)?.index))
            .collect::<Result<_, _>>()?,
        price: price("price", price_micro)?,
        lo: price("lo", lo)?,
        hi: price("hi", hi)?,
        volume: *volume,
    })
}

fn order(book: &Book, index: u64) -> Result<&BookOrder, Broken> {
    let order = u32::try_from(index).ok().and_then(|index| book.get(index));
    order.ok_or(Broken::UnknownOrder { index })
}

/// `check` takes the volume as given and would blame the asks that do not reach it. Where both sides
/// agree on another, it is the volume that is wrong.
fn volume_is_the_fills_sum(book: &Book, clearing: &Clearing) -> Result<(), Broken> {
    let got_by = |side: Side| -> u64 {
        let fills = clearing.fills.iter();
        let of_side = fills.filter(|fill| book.get(fill.index).is_some_and(|order| order.side == side));
        of_side.map(|fill| u64::from(fill.qty.get())).sum()
    };
    let (bids, asks, got) = (got_by(Side::Bid), got_by(Side::Ask), clearing.volume);
    if bids == asks && bids != got {
        return Err(Broken::Clearing(Violation::Volume { bids, asks, got }));
    }
    Ok(())
}

/// In JSON `{"valid":true}` or `{"valid":false,"rule":…,"order":…,"message":…}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Valid,
    Invalid(Broken),
}

impl Verdict {
    pub fn on(book: &Book, claim: &Claim) -> Self {
        match verify(book, claim) {
            Ok(()) => Self::Valid,
            Err(broken) => Self::Invalid(broken),
        }
    }
}

impl Serialize for Verdict {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Valid => {
                let mut object = serializer.serialize_struct("Verdict", 1)?;
                object.serialize_field("valid", &true)?;
                object.end()
            }
            Self::Invalid(broken) => {
                let mut object = serializer.serialize_struct("Verdict", 4)?;
                object.serialize_field("valid", &false)?;
                object.serialize_field("rule", broken.rule())?;
                object.serialize_field("order", &broken.order())?;
                object.serialize_field("message", &broken.to_string())?;
                object.end()
            }
        }
    }
}
