-- The public numbers that customers hold, and what uses each: one extension, TRUNK item or mobile.
-- Nothing was kept in PostgreSQL before it, so there is nothing to bring along.

CREATE TABLE number (
    id TEXT PRIMARY KEY,
    customer TEXT NOT NULL REFERENCES customer (id),
    number TEXT NOT NULL UNIQUE,
    version BIGINT NOT NULL,
    document TEXT NOT NULL,
    UNIQUE (customer, number)
);

CREATE TABLE number_use (
    number TEXT PRIMARY KEY,
    customer TEXT NOT NULL,
    item TEXT,
    phone TEXT,
    CHECK ((item IS NULL) <> (phone IS NULL)),
    FOREIGN KEY (customer, number) REFERENCES number (customer, number),
    FOREIGN KEY (customer, item) REFERENCES item (customer, id),
    FOREIGN KEY (customer, phone) REFERENCES phone (customer, id)
);
CREATE INDEX number_use_of_item ON number_use (customer, item);
CREATE INDEX number_use_of_phone ON number_use (customer, phone);

ALTER TABLE customer ADD COLUMN sip_domain TEXT;
CREATE UNIQUE INDEX customer_of_sip_domain ON customer (sip_domain);
