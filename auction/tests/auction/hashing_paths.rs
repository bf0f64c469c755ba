//! How hashes are put together, over a stand-in for Poseidon that keeps arity and inputs apart.

use std::convert::Infallible;

use obscura_auction::encoding::{ChainedOrder, EMPTY_ROW, RowFields, packed_row, slot};
use obscura_auction::field::{FieldBytes, ZERO, from_u128, reduce};
use obscura_auction::hashing::{
    LeasePathError, Poseidon, lease_path_len, lease_root_from_path, node_hash, orders_root_close,
    orders_root_step, row_group_hash, statement_hash,
};
use sha2::{Digest, Sha256};

/// SHA-256 over the number of inputs and the inputs, reduced.
struct StandIn;

impl Poseidon for StandIn {
    type Error = Infallible;

    fn hash(inputs: &[&[u8; 32]]) -> Result<FieldBytes, Infallible> {
        let mut hasher = Sha256::new();
        hasher.update([inputs.len() as u8]);
        inputs.iter().for_each(|input| hasher.update(input));
        Ok(reduce(hasher.finalize().into()))
    }
}

fn order(seed: u128) -> ChainedOrder {
    [from_u128(seed), from_u128(seed + 1), from_u128(seed + 2)]
}

#[test]
fn a_partial_group_is_closed_with_zeros_and_a_full_one_with_nothing_more() {
    let step =
        |root: &FieldBytes, orders: &[ChainedOrder; 3]| orders_root_step::<StandIn>(root, orders).unwrap();
    let close = |orders: &[ChainedOrder]| orders_root_close::<StandIn>(&ZERO, orders).unwrap();
    let full = step(&ZERO, &[order(1), order(4), order(7)]);
    assert_eq!(close(&[]), ZERO);
    assert_eq!(close(&[order(1), order(4), order(7)]), full);
    assert_eq!(
        close(&[order(1), order(4), order(7), order(10)]),
        step(&full, &[order(10), [ZERO; 3], [ZERO; 3]])
    );
}

#[test]
fn a_statement_takes_eleven_elements_and_then_five_and_six_zeros() {
    let elements: [FieldBytes; slot::COUNT] = std::array::from_fn(|at| from_u128(at as u128 + 1));
    let mut first = vec![&ZERO];
    first.extend(&elements[..11]);
    let running = StandIn::hash(&first).unwrap();
    let mut second = vec![&running];
    second.extend(&elements[11..]);
    second.extend([&ZERO; 6]);
    assert_eq!(statement_hash::<StandIn>(&elements), StandIn::hash(&second));
}

/// All levels of a tree, rows hashed by fours at the bottom.
fn levels(rows: &[RowFields]) -> Vec<Vec<FieldBytes>> {
    let (groups, _) = rows.as_chunks();
    let mut levels = vec![groups.iter().map(|group| row_group_hash::<StandIn>(group).unwrap()).collect()];
    loop {
        let last: &Vec<FieldBytes> = levels.last().unwrap();
        if last.len() == 1 {
            return levels;
        }
        let (groups, _) = last.as_chunks();
        levels.push(groups.iter().map(|group| node_hash::<StandIn>(group).unwrap()).collect());
    }
}

fn path(rows: &[RowFields], row: usize) -> Vec<FieldBytes> {
    let mut path = Vec::new();
    for sibling in (row / 4 * 4..row / 4 * 4 + 4).filter(|&sibling| sibling != row) {
        path.extend([rows[sibling].0, rows[sibling].1]);
    }
    let mut position = row / 4;
    for level in levels(rows).iter().filter(|level| level.len() > 1) {
        let group = position / 4 * 4..position / 4 * 4 + 4;
        path.extend(group.filter(|&sibling| sibling != position).map(|sibling| level[sibling]));
        position /= 4;
    }
    path
}

fn used_rows(size: u16) -> Vec<RowFields> {
    let row = |at: u16| match at {
        0..5 => (packed_row(at, at + 1), from_u128(u128::from(at) + 100)),
        _ => EMPTY_ROW,
    };
    (0..size).map(row).collect()
}

#[test]
fn every_row_of_every_size_leads_to_the_root() {
    for size in [16, 64, 256, 1024] {
        let rows = used_rows(size);
        let root = levels(&rows).last().unwrap()[0];
        for row in (0..size).step_by(usize::from(size / 16)).chain([1, 4, 5, size - 1]) {
            let path = path(&rows, usize::from(row));
            assert_eq!(Some(path.len()), lease_path_len(size));
            let leaf = rows[usize::from(row)];
            assert_eq!(lease_root_from_path::<StandIn>(row, size, leaf, &path), Ok(root), "{row} of {size}");
        }
    }
}

#[test]
fn another_leaf_row_or_sibling_leads_elsewhere() {
    let rows = used_rows(64);
    let root = levels(&rows).last().unwrap()[0];
    let honest = path(&rows, 3);
    let root_of =
        |row, leaf, path: &[FieldBytes]| lease_root_from_path::<StandIn>(row, 64, leaf, path).unwrap();
    assert_ne!(root_of(3, EMPTY_ROW, &honest), root);
    assert_ne!(root_of(2, rows[3], &honest), root);
    assert_ne!(root_of(19, rows[3], &honest), root);
    for at in 0..honest.len() {
        let mut bent = honest.clone();
        bent[at] = from_u128(77);
        assert_ne!(root_of(3, rows[3], &bent), root, "element {at}");
    }
}

#[test]
fn a_path_of_the_wrong_shape_is_refused() {
    let try_path = |row, size, len: usize| {
        lease_root_from_path::<StandIn>(row, size, EMPTY_ROW, &vec![ZERO; len]).unwrap_err()
    };
    assert_eq!(try_path(0, 32, 9), LeasePathError::UnknownSize { got: 32 });
    assert_eq!(try_path(16, 16, 9), LeasePathError::RowOutsideTree { size: 16, got: 16 });
    for got in [0, 5, 8, 10, 12] {
        assert_eq!(try_path(0, 16, got), LeasePathError::PathLength { size: 16, expected: 9, got });
    }
}
