//! Draws a clearing of a batch that the circuit could have allowed as far as money goes: no bid pays above
//! its limit or for more GPUs than it asked for, no ask gives more than it offered.

use obscura_program_tests::Clearing;
use rand::Rng;
use rand::rngs::StdRng;

use super::state::{Batch, Model, ROWS};

pub fn draw_clearing(rng: &mut StdRng, model: &Model, index: u64, batch: &Batch) -> Clearing {
    let sealed: Vec<_> = batch.orders.iter().map(|order| &model.orders[*order].sealed).collect();
    let mut clearing = Clearing::of(&sealed).in_batch(index);
    for (number, forced) in batch.forced.iter().enumerate() {
        if rng.gen_bool(if *forced { 0.04 } else { 0.15 }) {
            clearing = clearing.without(number);
        }
    }
    let mut rest: Vec<u16> = sealed.iter().map(|order| order.terms.qty.get()).collect();
    let mut highest = u64::MAX;
    for (bid, ask) in pairs(model, batch, &clearing) {
        let qty = rest[bid].min(rest[ask]);
        if qty == 0 || clearing.rows.len() >= usize::from(ROWS) || rng.gen_bool(0.2) {
            continue;
        }
        rest[bid] -= qty;
        rest[ask] -= qty;
        highest = highest.min(sealed[bid].terms.price.get());
        clearing = clearing.row(bid as u16, ask as u16, qty);
    }
    let traded = !clearing.rows.is_empty();
    if traded { clearing.at_price(rng.gen_range(highest.div_ceil(2)..=highest)) } else { clearing }
}

/// Every included bid with every included ask, in the sequence of a tree's rows.
fn pairs(model: &Model, batch: &Batch, clearing: &Clearing) -> Vec<(usize, usize)> {
    let of_side = |is_bid: bool| {
        (0..batch.orders.len()).filter(move |number| {
            let order = &model.orders[batch.orders[*number]];
            order.is_bid == is_bid && order.admissible && clearing.included.get(*number)
        })
    };
    of_side(true).flat_map(|bid| of_side(false).map(move |ask| (bid, ask))).collect()
}
