-- Settings, one JSON document per thing beside the columns that constraints need.
-- Ids are 24 hex digits, instants milliseconds since 1970 UTC, flags 0 or 1.
-- Foreign keys name the customer too: nothing can point across tenants.

CREATE TABLE installation (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE customer (
    id TEXT PRIMARY KEY,
    reseller TEXT REFERENCES customer (id),
    revision BIGINT NOT NULL,
    version BIGINT NOT NULL,
    document TEXT NOT NULL
);

CREATE TABLE employee (
    id TEXT PRIMARY KEY,
    customer TEXT NOT NULL REFERENCES customer (id),
    version BIGINT NOT NULL,
    document TEXT NOT NULL,
    UNIQUE (customer, id)
);

CREATE TABLE music (
    id TEXT PRIMARY KEY,
    customer TEXT NOT NULL REFERENCES customer (id),
    version BIGINT NOT NULL,
    document TEXT NOT NULL
);
CREATE INDEX music_of_customer ON music (customer);

CREATE TABLE item (
    id TEXT PRIMARY KEY,
    customer TEXT NOT NULL REFERENCES customer (id),
    kind TEXT NOT NULL,
    number TEXT,
    direct TEXT UNIQUE,
    employee TEXT,
    is_primary BIGINT NOT NULL CHECK (is_primary IN (0, 1)),
    revision BIGINT NOT NULL,
    version BIGINT NOT NULL,
    document TEXT NOT NULL,
    UNIQUE (customer, id),
    UNIQUE (customer, number),
    FOREIGN KEY (customer, employee) REFERENCES employee (customer, id)
);
CREATE UNIQUE INDEX primary_of_employee ON item (employee) WHERE is_primary = 1;
CREATE INDEX item_of_employee ON item (customer, employee);

CREATE TABLE reference (
    customer TEXT NOT NULL,
    from_item TEXT NOT NULL,
    member TEXT NOT NULL,
    to_item TEXT NOT NULL,
    PRIMARY KEY (from_item, member),
    FOREIGN KEY (customer, from_item) REFERENCES item (customer, id),
    FOREIGN KEY (customer, to_item) REFERENCES item (customer, id)
);
CREATE INDEX reference_to_item ON reference (customer, to_item);
CREATE INDEX reference_from_item ON reference (customer, from_item);

CREATE TABLE phone (
    id TEXT PRIMARY KEY,
    customer TEXT NOT NULL REFERENCES customer (id),
    extension TEXT,
    version BIGINT NOT NULL,
    document TEXT NOT NULL,
    UNIQUE (customer, id),
    FOREIGN KEY (customer, extension) REFERENCES item (customer, id)
);
CREATE INDEX phone_of_extension ON phone (customer, extension);

CREATE TABLE sip_account (
    username TEXT PRIMARY KEY,
    customer TEXT NOT NULL,
    phone TEXT NOT NULL,
    ha1_md5 TEXT NOT NULL,
    ha1_sha256 TEXT NOT NULL,
    FOREIGN KEY (customer, phone) REFERENCES phone (customer, id)
);
CREATE INDEX sip_account_of_phone ON sip_account (customer, phone);

CREATE TABLE token (
    hash BYTEA PRIMARY KEY,
    customer TEXT NOT NULL,
    employee TEXT NOT NULL,
    expires BIGINT,
    FOREIGN KEY (customer, employee) REFERENCES employee (customer, id)
);
CREATE INDEX token_of_employee ON token (customer, employee);

CREATE TABLE change (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer TEXT NOT NULL,
    revision BIGINT NOT NULL,
    kind TEXT NOT NULL,
    id TEXT NOT NULL
);
CREATE INDEX change_of_customer ON change (customer, revision);
