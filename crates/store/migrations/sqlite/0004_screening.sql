-- Numbers on the whitelists and blocklists of extensions; they go with the extension. And what making
-- something came to, for whoever asks again with the same key.

CREATE TABLE screen (
    customer TEXT NOT NULL,
    item TEXT NOT NULL,
    list TEXT NOT NULL,
    number TEXT NOT NULL,
    name TEXT,
    PRIMARY KEY (item, list, number),
    FOREIGN KEY (customer, item) REFERENCES item (customer, id)
) STRICT;
CREATE INDEX screen_of_item ON screen (customer, item);

CREATE TABLE answer (
    employee TEXT NOT NULL,
    key TEXT NOT NULL,
    customer TEXT NOT NULL,
    request TEXT NOT NULL,
    expires INTEGER NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (employee, key)
) STRICT;
CREATE INDEX answer_expires ON answer (expires);
