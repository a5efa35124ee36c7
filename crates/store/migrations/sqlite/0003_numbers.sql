-- The public numbers that customers hold, and what uses each: one extension, TRUNK item or mobile.

CREATE TABLE number (
    id TEXT PRIMARY KEY,
    customer TEXT NOT NULL REFERENCES customer (id),
    number TEXT NOT NULL UNIQUE,
    version INTEGER NOT NULL,
    document TEXT NOT NULL,
    UNIQUE (customer, number)
) STRICT;

CREATE TABLE number_use (
    number TEXT PRIMARY KEY,
    customer TEXT NOT NULL,
    item TEXT,
    phone TEXT,
    CHECK ((item IS NULL) <> (phone IS NULL)),
    FOREIGN KEY (customer, number) REFERENCES number (customer, number),
    FOREIGN KEY (customer, item) REFERENCES item (customer, id),
    FOREIGN KEY (customer, phone) REFERENCES phone (customer, id)
) STRICT;
CREATE INDEX number_use_of_item ON number_use (customer, item);
CREATE INDEX number_use_of_phone ON number_use (customer, phone);

-- Numbers were a list in the customer's document; a mobile's number wasn't held by anybody.
CREATE TEMPORARY TABLE known (number TEXT PRIMARY KEY, customer TEXT NOT NULL);
INSERT OR IGNORE INTO known
    SELECT each.value, customer.id FROM customer, json_each(customer.document, '$.numbers') AS each;
INSERT OR IGNORE INTO known SELECT direct, customer FROM item WHERE direct IS NOT NULL;
INSERT OR IGNORE INTO known
    SELECT json_extract(document, '$.number'), customer FROM phone
    WHERE json_extract(document, '$.type') = 'MVNO';
INSERT INTO number (id, customer, number, version, document)
    SELECT id, customer, number, 2, json_object('_id', id, 'number', number, 'customer', customer,
        'pbx', json('true'))
    FROM (SELECT lower(hex(randomblob(12))) AS id, customer, number FROM known);
DROP TABLE known;
INSERT INTO number_use (number, customer, item)
    SELECT item.direct, item.customer, item.id FROM item
    JOIN number ON number.number = item.direct AND number.customer = item.customer;
INSERT OR IGNORE INTO number_use (number, customer, phone)
    SELECT number.number, phone.customer, phone.id FROM phone
    JOIN number ON number.number = json_extract(phone.document, '$.number')
        AND number.customer = phone.customer
    WHERE json_extract(phone.document, '$.type') = 'MVNO';

ALTER TABLE customer ADD COLUMN sip_domain TEXT;
CREATE UNIQUE INDEX customer_of_sip_domain ON customer (sip_domain);
