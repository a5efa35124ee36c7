-- What employees log in with and are logged in by, apart from the settings: nothing that reads those
-- meets it.

CREATE TABLE password (
    employee TEXT PRIMARY KEY,
    customer TEXT NOT NULL,
    hash TEXT NOT NULL,
    FOREIGN KEY (customer, employee) REFERENCES employee (customer, id)
) STRICT;

-- The login name in lower case, and when the employee is to be deleted.
ALTER TABLE employee ADD COLUMN login TEXT;
ALTER TABLE employee ADD COLUMN delete_at INTEGER;
-- Names weren't unique: of those who have the same one keeps it for logging in.
UPDATE employee SET login = lower(json_extract(document, '$.emailAddress')) WHERE id IN (
    SELECT min(id) FROM employee WHERE json_extract(document, '$.emailAddress') IS NOT NULL
    GROUP BY lower(json_extract(document, '$.emailAddress')));
CREATE UNIQUE INDEX employee_of_login ON employee (login);
CREATE INDEX employee_to_delete ON employee (delete_at) WHERE delete_at IS NOT NULL;

-- LOGIN ends some time after its last use, PERSIST and MACHINE when they are told to.
ALTER TABLE token ADD COLUMN id TEXT;
ALTER TABLE token ADD COLUMN kind TEXT NOT NULL DEFAULT 'MACHINE';
ALTER TABLE token ADD COLUMN name TEXT;
ALTER TABLE token ADD COLUMN created INTEGER NOT NULL DEFAULT 0;
ALTER TABLE token ADD COLUMN used INTEGER;
UPDATE token SET id = lower(hex(randomblob(12)));
CREATE UNIQUE INDEX token_id ON token (id);
