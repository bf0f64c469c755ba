-- Batches whose openings were read for the clearing: no opening may join them any more.
CREATE TABLE frozen_batches (
    batch_address BLOB PRIMARY KEY
);

-- Terms are kept before their lease exists, so they must be found by its batch.
ALTER TABLE lease_terms ADD COLUMN batch_address BLOB NOT NULL DEFAULT x'';
CREATE INDEX lease_terms_by_batch ON lease_terms (batch_address);
