-- What the pool server keeps beside the chain. Everything but the openings and
-- the lease terms can be rebuilt from the chain; those two are encrypted.

CREATE TABLE storage_key_check (
    id INTEGER PRIMARY KEY CHECK (id = 0),
    sealed BLOB NOT NULL
);

CREATE TABLE api_keys (
    lookup BLOB PRIMARY KEY,
    key_hash BLOB NOT NULL,
    owner BLOB NOT NULL,
    label TEXT NOT NULL
);

CREATE TABLE openings (
    order_address BLOB PRIMARY KEY,
    batch_address BLOB NOT NULL,
    sealed BLOB NOT NULL
);
CREATE INDEX openings_by_batch ON openings (batch_address);

CREATE TABLE lease_terms (
    lease_address BLOB PRIMARY KEY,
    sealed BLOB NOT NULL
);

CREATE TABLE clearings (
    batch_address BLOB PRIMARY KEY,
    proof_millis INTEGER NOT NULL,
    compute_units INTEGER NOT NULL,
    signature TEXT NOT NULL
);

CREATE TABLE refused_for_size (
    order_address BLOB PRIMARY KEY
);

CREATE TABLE payments (
    lease_address BLOB PRIMARY KEY,
    market_address BLOB NOT NULL,
    batch_index INTEGER NOT NULL,
    price_micro INTEGER NOT NULL,
    amount_micro INTEGER NOT NULL,
    buyer BLOB NOT NULL,
    provider BLOB NOT NULL,
    paid_at INTEGER NOT NULL
);
CREATE INDEX payments_by_market ON payments (market_address, batch_index);
