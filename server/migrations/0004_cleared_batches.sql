-- What every cleared batch has shown to everybody: what quotes are made of.
CREATE TABLE cleared_batches (
    batch_address BLOB PRIMARY KEY,
    market_address BLOB NOT NULL,
    batch_index INTEGER NOT NULL,
    price_micro INTEGER NOT NULL,
    order_count INTEGER NOT NULL,
    cleared_at INTEGER NOT NULL
);
CREATE INDEX cleared_batches_by_market ON cleared_batches (market_address, batch_index);

-- What an owner calls an order for itself. Never on the chain.
CREATE TABLE client_tags (
    order_address BLOB PRIMARY KEY,
    owner BLOB NOT NULL,
    tag TEXT NOT NULL
);
CREATE INDEX client_tags_by_owner ON client_tags (owner);
