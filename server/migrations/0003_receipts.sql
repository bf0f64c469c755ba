-- What receipts are made of beside the chain: the proof of a batch with the rows of its lease tree, and the
-- terms of leases whose close has shown them to everybody.
CREATE TABLE proofs (
    batch_address BLOB PRIMARY KEY,
    proof BLOB NOT NULL,
    lease_rows BLOB NOT NULL
);

CREATE TABLE opened_terms (
    lease_address BLOB PRIMARY KEY,
    terms BLOB NOT NULL
);
