-- What calls leave behind. Neither table has foreign keys: a record outlives what it tells of, and a
-- binding is written after the fact.

CREATE TABLE record (
    id TEXT PRIMARY KEY,
    customer TEXT NOT NULL,
    started INTEGER NOT NULL,
    caller_extension TEXT,
    callee_extension TEXT,
    caller_employee TEXT,
    callee_employee TEXT,
    version INTEGER NOT NULL,
    document TEXT NOT NULL
) STRICT;
CREATE INDEX record_of_caller ON record (customer, caller_extension, started, id);
CREATE INDEX record_of_callee ON record (customer, callee_extension, started, id);

CREATE TABLE binding (
    customer TEXT NOT NULL,
    phone TEXT NOT NULL,
    key TEXT NOT NULL,
    expires INTEGER NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (customer, phone, key)
) STRICT;
CREATE INDEX binding_expires ON binding (expires);
