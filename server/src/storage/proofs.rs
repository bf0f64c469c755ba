//! Proofs of cleared batches, each with the rows of its lease tree: what receipts are made of.
//!
//! A row names the indices of its orders, which the chain shows when the lease opens, and hides its terms
//! behind a hash; so nothing here is encrypted.

use obscura_circuits::lease_tree::LeaseRow;
use obscura_circuits::proof::ProofBytes;

use super::{Address, Storage, StorageError};

const PROOF_BYTES: usize = 64 + 128 + 64;
const ROW_BYTES: usize = 2 + 2 + 32;

/// A proof, and the used rows of the tree whose root it is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredProof {
    pub proof: ProofBytes,
    pub rows: Vec<LeaseRow>,
}

impl Storage {
    /// Keeps the proof of a batch that is about to be posted; a later one replaces it, for it is of the
    /// same statement.
    pub async fn put_proof(&self, batch: &Address, proof: &StoredProof) -> Result<(), StorageError> {
        let StoredProof { proof: ProofBytes { a, b, c }, rows } = proof;
        sqlx::query("INSERT OR REPLACE INTO proofs (batch_address, proof, lease_rows) VALUES (?, ?, ?)")
            .bind(batch.as_slice())
            .bind([&a[..], b, c].concat())
            .bind(rows.iter().flat_map(encode_row).collect::<Vec<u8>>())
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// The proof of a batch that this pool cleared.
    pub async fn proof(&self, batch: &Address) -> Result<Option<StoredProof>, StorageError> {
        let row: Option<(Vec<u8>, Vec<u8>)> =
            sqlx::query_as("SELECT proof, lease_rows FROM proofs WHERE batch_address = ?")
                .bind(batch.as_slice())
                .fetch_optional(&self.pool)
                .await?;
        row.map(|(proof, rows)| Ok(StoredProof { proof: decode_proof(&proof)?, rows: decode_rows(&rows)? }))
            .transpose()
    }
}

fn encode_row(row: &LeaseRow) -> [u8; ROW_BYTES] {
    let LeaseRow { bid, ask, terms } = row;
    let mut bytes = [0; ROW_BYTES];
    bytes[..2].copy_from_slice(&bid.to_le_bytes());
    bytes[2..4].copy_from_slice(&ask.to_le_bytes());
    bytes[4..].copy_from_slice(terms);
    bytes
}

fn decode_rows(bytes: &[u8]) -> Result<Vec<LeaseRow>, StorageError> {
    let (rows, rest) = bytes.as_chunks::<ROW_BYTES>();
    if !rest.is_empty() {
        return Err(StorageError::Malformed { what: "proof" });
    }
    rows.iter()
        .map(|[b0, b1, a0, a1, terms @ ..]| {
            Ok(LeaseRow {
                bid: u16::from_le_bytes([*b0, *b1]),
                ask: u16::from_le_bytes([*a0, *a1]),
                terms: *terms,
            })
        })
        .collect()
}

fn decode_proof(bytes: &[u8]) -> Result<ProofBytes, StorageError> {
    let bytes: &[u8; PROOF_BYTES] =
        bytes.try_into().map_err(|_| StorageError::Malformed { what: "proof" })?;
    let (mut proof, (a, rest)) = (ProofBytes { a: [0; 64], b: [0; 128], c: [0; 64] }, bytes.split_at(64));
    let (b, c) = rest.split_at(128);
    proof.a.copy_from_slice(a);
    proof.b.copy_from_slice(b);
    proof.c.copy_from_slice(c);
    Ok(proof)
}

#[cfg(test)]
mod tests {
    use super::super::tests::scratch;
    use super::*;

    #[tokio::test]
    async fn a_proof_comes_back_with_its_rows() {
        let (_dir, storage) = scratch().await;
        let rows = vec![
            LeaseRow { bid: 1, ask: 259, terms: [7; 32] },
            LeaseRow { bid: 1023, ask: 2, terms: [8; 32] },
        ];
        let stored = StoredProof { proof: ProofBytes { a: [1; 64], b: [2; 128], c: [3; 64] }, rows };
        storage.put_proof(&[9; 32], &stored).await.unwrap();
        assert_eq!(storage.proof(&[9; 32]).await.unwrap(), Some(stored));
        assert_eq!(storage.proof(&[8; 32]).await.unwrap(), None);
    }
}
