//! Every hash of SPEC section 3 built from [`encoding`](crate::encoding), generic over Poseidon.
//!
//! The program plugs in the syscall, everything else a native implementation, so the construction
//! exists once. Must never let two roles share a preimage: an arity with several roles starts with a
//! role constant. Every `FieldBytes` argument must be below the modulus, or the provider refuses it.

use crate::encoding::{self, ChainedOrder, RowFields, slot};
use crate::field::{self, FieldBytes};
use crate::order::{MarketTag, Order};
use crate::units::{DurationSeconds, Gpus};

/// Poseidon over BN254 with circom's parameters, 2 to 12 big-endian inputs.
pub trait Poseidon {
    type Error;

    /// Fails on an input that is not below the modulus.
    fn hash(inputs: &[&[u8; 32]]) -> Result<FieldBytes, Self::Error>;
}

/// Orders that one step of the orders root absorbs.
pub const ORDERS_PER_STEP: usize = 3;
/// Statement elements that one step absorbs beside the running hash.
const ELEMENTS_PER_STEP: usize = 11;
/// A slot of the orders root that no order uses.
const NO_ORDER: ChainedOrder = [field::ZERO; 3];

/// The commitment of an order; owner and secret are reduced here.
pub fn commit_hash<P: Poseidon>(
    order: &Order,
    owner: [u8; 32],
    secret: [u8; 32],
) -> Result<FieldBytes, P::Error> {
    P::hash(&[&order.packed(), &field::reduce(owner), &field::reduce(secret)])
}

/// The orders root of an empty batch.
pub fn orders_root_start<P: Poseidon>(market: MarketTag, batch_index: u64) -> Result<FieldBytes, P::Error> {
    let [first, second] = encoding::orders_root_start_inputs(market, batch_index);
    P::hash(&[&first, &second])
}

/// Absorbs three orders into the root.
pub fn orders_root_step<P: Poseidon>(
    root: &FieldBytes,
    orders: &[ChainedOrder; ORDERS_PER_STEP],
) -> Result<FieldBytes, P::Error> {
    let [[a, b, c], [d, e, f], [g, h, i]] = orders;
    P::hash(&[root, a, b, c, d, e, f, g, h, i])
}

/// Absorbs any number of orders in index order, a last partial group padded with zeros.
///
/// With the orders still waiting for their group, this closes the root of a batch; with none it
/// changes nothing.
pub fn orders_root_close<P: Poseidon>(
    root: &FieldBytes,
    orders: &[ChainedOrder],
) -> Result<FieldBytes, P::Error> {
    let mut root = *root;
    for group in orders.chunks(ORDERS_PER_STEP) {
        let mut padded = [NO_ORDER; ORDERS_PER_STEP];
        for (slot, order) in padded.iter_mut().zip(group) {
            *slot = *order;
        }
        root = orders_root_step::<P>(&root, &padded)?;
    }
    Ok(root)
}

/// The circuit's one public input: `h = 0`, then `h = H(h, next 11 elements)`, zero-padded.
pub fn statement_hash<P: Poseidon>(elements: &[FieldBytes; slot::COUNT]) -> Result<FieldBytes, P::Error> {
    let mut hash = field::ZERO;
    for group in elements.chunks(ELEMENTS_PER_STEP) {
        let mut inputs = [&field::ZERO; ELEMENTS_PER_STEP + 1];
        let sources = core::iter::once(&hash).chain(group);
        for (input, source) in inputs.iter_mut().zip(sources) {
            *input = source;
        }
        hash = P::hash(&inputs)?;
    }
    Ok(hash)
}

/// What hides the terms of one lease row: from the bid's secret and the row's ask, so that no row's
/// blind says anything about another's.
pub fn blind<P: Poseidon>(secret: [u8; 32], ask_index: u16) -> Result<FieldBytes, P::Error> {
    let [ask, secret] = encoding::blind_inputs(secret, ask_index);
    P::hash(&[&ask, &secret])
}

/// The terms of one lease, hidden behind the row's blind.
pub fn terms<P: Poseidon>(
    qty: Gpus,
    duration: DurationSeconds,
    ask_index: u16,
    blind: FieldBytes,
) -> Result<FieldBytes, P::Error> {
    let [terms, blind] = encoding::terms_inputs(qty, duration, ask_index, blind);
    P::hash(&[&terms, &blind])
}

/// First level of the lease tree: four rows.
pub fn row_group_hash<P: Poseidon>(rows: &[RowFields; 4]) -> Result<FieldBytes, P::Error> {
    let [(a, b), (c, d), (e, f), (g, h)] = rows;
    P::hash(&[a, b, c, d, e, f, g, h])
}

/// Upper levels of the lease tree: four children.
pub fn node_hash<P: Poseidon>(children: &[FieldBytes; 4]) -> Result<FieldBytes, P::Error> {
    let [a, b, c, d] = children;
    P::hash(&[a, b, c, d])
}

/// Why a path leads to no root.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LeasePathError<E> {
    #[error("a batch has 16, 64, 256 or 1024 slots, got {got}")]
    UnknownSize { got: u16 },
    #[error("row {got} is outside a tree of {size} rows")]
    RowOutsideTree { size: u16, got: u16 },
    #[error("a path in a tree of {size} rows has {expected} elements, got {got}")]
    PathLength { size: u16, expected: usize, got: usize },
    #[error("hashing along the path failed")]
    Hash(E),
}

/// Levels of a lease tree: `log4(size)`, for the sizes that exist.
pub const fn lease_tree_levels(size: u16) -> Option<usize> {
    match size {
        16 => Some(2),
        64 => Some(3),
        256 => Some(4),
        1024 => Some(5),
        _ => None,
    }
}

/// Elements of a path: six fields of the sibling rows, then three siblings for each upper level.
pub const fn lease_path_len(size: u16) -> Option<usize> {
    match lease_tree_levels(size) {
        Some(levels) => Some(6 + 3 * (levels - 1)),
        None => None,
    }
}

/// The root that `leaf` has as row `row` of a tree of `size` rows, along a path of SPEC section 8.
///
/// The length of the path is fixed by the size, so that no inner node can pass for a row.
pub fn lease_root_from_path<P: Poseidon>(
    row: u16,
    size: u16,
    leaf: RowFields,
    path: &[FieldBytes],
) -> Result<FieldBytes, LeasePathError<P::Error>> {
    let expected = lease_path_len(size).ok_or(LeasePathError::UnknownSize { got: size })?;
    if row >= size {
        return Err(LeasePathError::RowOutsideTree { size, got: row });
    }
    let wrong_length = LeasePathError::PathLength { size, expected, got: path.len() };
    if path.len() != expected {
        return Err(wrong_length);
    }
    let Some(([a, b, c, d, e, f], upper)) = path.split_first_chunk() else {
        return Err(wrong_length);
    };
    let rows = with_own([(*a, *b), (*c, *d), (*e, *f)], row & 3, leaf);
    let mut node = row_group_hash::<P>(&rows).map_err(LeasePathError::Hash)?;
    let mut position = row >> 2;
    for siblings in upper.as_chunks().0 {
        node = node_hash::<P>(&with_own(*siblings, position & 3, node)).map_err(LeasePathError::Hash)?;
        position >>= 2;
    }
    Ok(node)
}

/// Puts a node among its three siblings.
fn with_own<T>([a, b, c]: [T; 3], position: u16, own: T) -> [T; 4] {
    match position {
        0 => [own, a, b, c],
        1 => [a, own, b, c],
        2 => [a, b, own, c],
        _ => [a, b, c, own],
    }
}
