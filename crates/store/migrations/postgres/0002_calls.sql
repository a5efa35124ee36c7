-- What calls leave behind. Neither table has foreign keys: a record outlives what it tells of, and a
-- binding is written after the fact.

CREATE TABLE record (
    id TEXT PRIMARY KEY,
    customer TEXT NOT NULL,
    started BIGINT NOT NULL,
    caller_extension TEXT,
    callee_extension TEXT,
    caller_employee TEXT,
    callee_employee TEXT,
    version BIGINT NOT NULL,
    document TEXT NOT NULL
);
CREATE INDEX record_of_caller ON record (customer, caller_extension, started, id);
CREATE INDEX record_of_callee ON record (customer, callee_extension, started, id);

CREATE TABLE binding (
    customer TEXT NOT NULL,
    phone TEXT NOT NULL,
    key TEXT NOT NULL,
    expires BIGINT NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (customer, phone, key)
);
CREATE INDEX binding_expires ON binding (expires);
