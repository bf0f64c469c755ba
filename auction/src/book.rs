//! The included orders of one batch, as the auction sees them: terms and time priority, no traders.
//!
//! Must never hold an order that the walk has no rule for: two of one index, a minimum above the
//! quantity, an ask that is not divisible. From SPEC section 7.

use alloc::vec::Vec;

use crate::order::Side;
use crate::units::{DurationSeconds, Gpus, PriceMicro};

/// One included order. `index` is its place in the batch, and so its time priority.
///
/// The rule ignores `duration`; it is here for whoever settles the fills.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BookOrder {
    pub index: u32,
    pub side: Side,
    pub price: PriceMicro,
    pub qty: Gpus,
    pub min_qty: Gpus,
    pub duration: DurationSeconds,
}

/// Orders by ascending index, each valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Book {
    orders: Vec<BookOrder>,
}

/// Why a set of orders is no book.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BookError {
    #[error("two orders have index {index}")]
    DuplicateIndex { index: u32 },
    #[error("order {index}: minQty {got} is above qty {qty}")]
    MinQtyAboveQty { index: u32, qty: Gpus, got: Gpus },
    #[error("ask {index} is always divisible: its minQty must be 1, got {got}")]
    AskNotDivisible { index: u32, got: Gpus },
    #[error("a book holds at most {max} orders, got {got}")]
    TooManyOrders { max: usize, got: usize },
}

impl Book {
    /// Most orders that a book takes; positions in it fit 32 bits and quantities add up in 64.
    pub const MAX_ORDERS: usize = 1 << 24;

    /// Takes the orders in any sequence; only their indices count.
    pub fn new(mut orders: Vec<BookOrder>) -> Result<Self, BookError> {
        if orders.len() > Self::MAX_ORDERS {
            return Err(BookError::TooManyOrders { max: Self::MAX_ORDERS, got: orders.len() });
        }
        orders.iter().try_for_each(valid)?;
        if !orders.is_sorted_by_key(|order| order.index) {
            orders.sort_unstable_by_key(|order| order.index);
        }
        let duplicate = orders.windows(2).find_map(|pair| match pair {
            [first, second] if first.index == second.index => Some(first.index),
            _ => None,
        });
        match duplicate {
            Some(index) => Err(BookError::DuplicateIndex { index }),
            None => Ok(Self { orders }),
        }
    }

    /// All orders by ascending index.
    pub fn orders(&self) -> &[BookOrder] {
        &self.orders
    }

    pub fn get(&self, index: u32) -> Option<&BookOrder> {
        self.orders.get(self.position(index)?)
    }

    /// Where the order of this index stands in [`orders`](Self::orders).
    pub fn position(&self, index: u32) -> Option<usize> {
        self.orders.binary_search_by_key(&index, |order| order.index).ok()
    }

    /// What all asks offer together.
    pub fn supply(&self) -> u64 {
        self.orders.iter().filter(|order| order.side == Side::Ask).map(|ask| u64::from(ask.qty.get())).sum()
    }
}

fn valid(order: &BookOrder) -> Result<(), BookError> {
    let BookOrder { index, side, qty, min_qty, .. } = *order;
    if side == Side::Ask && min_qty != Gpus::ONE {
        return Err(BookError::AskNotDivisible { index, got: min_qty });
    }
    if min_qty > qty {
        return Err(BookError::MinQtyAboveQty { index, qty, got: min_qty });
    }
    Ok(())
}
