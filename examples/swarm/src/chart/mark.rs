//! How the end of an order is shown: one colour and shape for each side and outcome.

use obscura_auction::order::Side;
use plotters::prelude::*;

use crate::record::Record;
use crate::report::BatchLine;

/// What is marked of an order.
pub struct Mark {
    pub name: &'static str,
    pub side: Side,
    pub filled: bool,
    pub colour: RGBColor,
}

const FILLED_BID: RGBColor = RGBColor(31, 105, 180);
const REFUNDED_BID: RGBColor = RGBColor(214, 69, 65);
const FILLED_ASK: RGBColor = RGBColor(38, 140, 72);
const UNSOLD_ASK: RGBColor = RGBColor(170, 140, 60);

pub const MARKS: [Mark; 4] = [
    Mark { name: "filled bids", side: Side::Bid, filled: true, colour: FILLED_BID },
    Mark { name: "refunded bids", side: Side::Bid, filled: false, colour: REFUNDED_BID },
    Mark { name: "filled asks", side: Side::Ask, filled: true, colour: FILLED_ASK },
    Mark { name: "unsold asks", side: Side::Ask, filled: false, colour: UNSOLD_ASK },
];

impl Mark {
    pub fn is_of(&self, order: &Record) -> bool {
        order.strategy.side() == self.side && order.filled() == self.filled
    }

    pub fn style(&self) -> ShapeStyle {
        if self.filled { self.colour.filled() } else { self.colour.stroke_width(2) }
    }

    /// Orders of a batch that ended so.
    pub fn count(&self, batch: &BatchLine) -> usize {
        match (self.side, self.filled) {
            (Side::Bid, true) => batch.bids_filled,
            (Side::Bid, false) => batch.bids_refunded,
            (Side::Ask, true) => batch.asks_filled,
            (Side::Ask, false) => batch.asks_unsold,
        }
    }
}
