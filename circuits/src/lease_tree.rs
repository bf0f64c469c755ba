//! The lease tree: 4-ary over the lease rows in row order, first level two fields per row.
//!
//! In-circuit twin: `clearing::lease_root`; the program walks the paths with
//! `auction::hashing::lease_root_from_path`. Must never be ordered by rank: a path would tell it.
//! From SPEC section 8.

use crate::poseidon::{HashError, NativePoseidon};
use crate::size::BatchSize;
use obscura_auction::encoding::{EMPTY_ROW, RowFields, packed_row};
use obscura_auction::field::FieldBytes;
use obscura_auction::hashing::{node_hash, row_group_hash};

/// Children of a node.
const ARITY: usize = 4;

/// One used row: two order indices and the hidden terms of the lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeaseRow {
    pub bid: u16,
    pub ask: u16,
    pub terms: FieldBytes,
}

impl LeaseRow {
    /// What the row contributes to the tree.
    pub fn fields(&self) -> RowFields {
        let Self { bid, ask, terms } = *self;
        (packed_row(bid, ask), terms)
    }
}

/// Why there is no tree, or no path in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LeaseTreeError {
    #[error("{got} lease rows do not fit a batch of {size}")]
    TooManyRows { size: u16, got: usize },
    #[error("row {got} is outside a tree of {size} rows")]
    RowOutsideTree { size: u16, got: u16 },
    #[error("a row's terms are not a field element")]
    Terms(#[from] HashError),
}

/// The whole tree, small enough to keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeaseTree {
    size: BatchSize,
    rows: Vec<RowFields>,
    /// From the hashes of four rows up to the root alone.
    levels: Vec<Vec<FieldBytes>>,
}

impl LeaseTree {
    /// Builds the tree over `rows`, unused rows filled with zeros.
    pub fn build(size: BatchSize, rows: &[LeaseRow]) -> Result<Self, LeaseTreeError> {
        if rows.len() > size.slots() {
            return Err(LeaseTreeError::TooManyRows { size: size.get(), got: rows.len() });
        }
        let mut fields: Vec<RowFields> = rows.iter().map(LeaseRow::fields).collect();
        fields.resize(size.slots(), EMPTY_ROW);
        let mut level = Vec::with_capacity(size.slots() / ARITY);
        for group in fields.as_chunks::<ARITY>().0 {
            level.push(row_group_hash::<NativePoseidon>(group)?);
        }
        let mut levels = vec![level];
        while let Some(below) = levels.last().filter(|level| level.len() > 1) {
            let mut above = Vec::with_capacity(below.len() / ARITY);
            for children in below.as_chunks::<ARITY>().0 {
                above.push(node_hash::<NativePoseidon>(children)?);
            }
            levels.push(above);
        }
        Ok(Self { size, rows: fields, levels })
    }

    pub fn root(&self) -> FieldBytes {
        self.levels[self.levels.len() - 1][0]
    }

    /// The fields of a row, zeros for an unused one.
    pub fn row(&self, row: u16) -> Option<RowFields> {
        self.rows.get(usize::from(row)).copied()
    }

    /// The siblings that lead from `row` to the root: six fields, then three nodes per level.
    pub fn path(&self, row: u16) -> Result<Vec<FieldBytes>, LeaseTreeError> {
        let at = usize::from(row);
        if at >= self.size.slots() {
            return Err(LeaseTreeError::RowOutsideTree { size: self.size.get(), got: row });
        }
        let mut path: Vec<FieldBytes> =
            siblings(&self.rows, at).flat_map(|(packed, terms)| [packed, terms]).collect();
        let mut position = at / ARITY;
        for level in self.levels.iter().filter(|level| level.len() > 1) {
            path.extend(siblings(level, position));
            position /= ARITY;
        }
        Ok(path)
    }
}

/// The other three of the group of four that `at` is in.
fn siblings<T: Copy>(level: &[T], at: usize) -> impl Iterator<Item = T> + '_ {
    let start = at - at % ARITY;
    (start..start + ARITY).filter(move |position| *position != at).map(|position| level[position])
}

#[cfg(test)]
mod tests {
    use super::*;
    use obscura_auction::field::from_u128;
    use obscura_auction::hashing::{lease_path_len, lease_root_from_path};

    fn rows(count: u16) -> Vec<LeaseRow> {
        (0..count)
            .map(|row| LeaseRow { bid: row, ask: row + 1, terms: from_u128(u128::from(row) + 7) })
            .collect()
    }

    #[test]
    fn every_path_of_every_size_leads_to_the_root() {
        for size in BatchSize::ALL {
            let tree = LeaseTree::build(size, &rows(11)).unwrap();
            for row in [0, 1, 5, 10, 11, size.get() - 1] {
                let path = tree.path(row).unwrap();
                assert_eq!(Some(path.len()), lease_path_len(size.get()));
                let leaf = tree.row(row).unwrap();
                let root = lease_root_from_path::<NativePoseidon>(row, size.get(), leaf, &path);
                assert_eq!(root.ok(), Some(tree.root()), "row {row} of {size:?}");
            }
        }
    }

    #[test]
    fn a_path_leads_nowhere_from_another_row() {
        let tree = LeaseTree::build(BatchSize::S16, &rows(3)).unwrap();
        let path = tree.path(1).unwrap();
        let leaf = tree.row(1).unwrap();
        let root = lease_root_from_path::<NativePoseidon>(2, 16, leaf, &path).unwrap();
        assert_ne!(root, tree.root());
    }

    #[test]
    fn too_many_rows_and_rows_outside_are_refused() {
        let error = LeaseTree::build(BatchSize::S16, &rows(17)).unwrap_err();
        assert_eq!(error, LeaseTreeError::TooManyRows { size: 16, got: 17 });
        let tree = LeaseTree::build(BatchSize::S16, &[]).unwrap();
        let error = tree.path(16).unwrap_err();
        assert_eq!(error, LeaseTreeError::RowOutsideTree { size: 16, got: 16 });
    }
}
