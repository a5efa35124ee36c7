-- Who wrote what. No foreign key: an entry outlives what it tells of, and who wrote it. `number` counts
-- the entries of one customer.

CREATE TABLE audit (
    customer TEXT NOT NULL,
    number BIGINT NOT NULL,
    at BIGINT NOT NULL,
    subject TEXT NOT NULL,
    version BIGINT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (customer, number)
);
CREATE INDEX audit_at ON audit (at);
