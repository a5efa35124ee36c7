//! Every SQL statement, as constants: one text that SQLite and PostgreSQL both take. `$1`
//! placeholders, upserts with RETURNING, CTEs; no JSON paths, now(), ILIKE, arrays or row ids. Knows
//! nothing of who runs them; a test prepares each against the migrated schema.

/// Declares the constants, and the list of them that the test prepares.
macro_rules! statements {
    ($($(#[$meta:meta])* $name:ident = $text:literal;)+) => {
        $($(#[$meta])* pub(crate) const $name: &str = $text;)+

        #[cfg(test)]
        pub(crate) const ALL: &[(&str, &str)] = &[$((stringify!($name), $name)),+];
    };
}

/// Outside the list: it is what makes the schema that the others are prepared against.
pub(crate) const MAKE_SCHEMA_VERSION: &str = "CREATE TABLE IF NOT EXISTS schema_version (
    version INTEGER PRIMARY KEY, name TEXT NOT NULL)";

statements! {
    SCHEMA_VERSION = "SELECT COALESCE(MAX(version), 0) FROM schema_version";
    ADD_SCHEMA_VERSION = "INSERT INTO schema_version (version, name) VALUES ($1, $2)";

    DRAW_INSTALLATION = "INSERT INTO installation (key, value) VALUES ($1, $2)
        ON CONFLICT (key) DO NOTHING";
    INSTALLATION = "SELECT value FROM installation WHERE key = $1";

    READY = "SELECT 1 FROM customer LIMIT 1";
    TENANTS = "SELECT id, revision, reseller FROM customer";
    ACCOUNTS = "SELECT username, customer, phone, ha1_md5, ha1_sha256 FROM sip_account
        WHERE username > $1 ORDER BY username LIMIT $2";
    CUSTOMER_OF_ITEM = "SELECT customer FROM item WHERE id = $1";
    CUSTOMER_OF_EMPLOYEE = "SELECT customer FROM employee WHERE id = $1";
    CUSTOMER_OF_PHONE = "SELECT customer FROM phone WHERE id = $1";
    CUSTOMER_OF_CUSTOMER = "SELECT id AS customer FROM customer WHERE id = $1";
    CUSTOMER_OF_NUMBER = "SELECT customer FROM number WHERE id = $1";
    TOKEN = "SELECT customer, employee, kind, expires, used FROM token WHERE hash = $1";

    CUSTOMER = "SELECT revision, version, document FROM customer WHERE id = $1";
    EMPLOYEES = "SELECT version, document FROM employee WHERE customer = $1";
    MUSIC = "SELECT version, document FROM music WHERE customer = $1";
    ITEMS = "SELECT revision, kind, version, document FROM item WHERE customer = $1
        ORDER BY revision";
    PHONES = "SELECT version, document FROM phone WHERE customer = $1";
    NUMBERS = "SELECT version, document FROM number WHERE customer = $1";
    SCREENS = "SELECT item, list, number, name FROM screen WHERE customer = $1";

    BUMP_REVISION = "UPDATE customer SET revision = revision + 1 WHERE id = $1 RETURNING revision";
    RAISE_REVISION = "UPDATE customer SET revision = $2 WHERE id = $1 AND revision < $2";
    MAKE_CUSTOMER = "INSERT INTO customer (id, reseller, sip_domain, revision, version, document)
        VALUES ($1, $2, $3, 1, $4, $5) ON CONFLICT (id) DO NOTHING RETURNING revision";
    CUSTOMERS = "SELECT id, version, document FROM customer";
    RESELLER_OF = "SELECT reseller FROM customer WHERE id = $1";
    DROP_MUSIC_OF_CUSTOMER = "DELETE FROM music WHERE customer = $1";
    DROP_BINDINGS_OF_CUSTOMER = "DELETE FROM binding WHERE customer = $1";
    DROP_CUSTOMER = "DELETE FROM customer WHERE id = $1 RETURNING id";
    PUT_CUSTOMER = "UPDATE customer SET reseller = $2, sip_domain = $3, version = $4, document = $5
        WHERE id = $1";
    SIP_DOMAIN_TAKEN = "SELECT id FROM customer WHERE sip_domain = $1 AND id <> $2";

    PHONES_OF_ITEM = "SELECT version, document FROM phone WHERE customer = $1 AND extension = $2
        ORDER BY id";
    PHONE = "SELECT version, document FROM phone WHERE customer = $1 AND id = $2";
    NUMBER = "SELECT version, document FROM number WHERE customer = $1 AND id = $2";
    NUMBER_HELD = "SELECT id, customer FROM number WHERE number = $1 AND id <> $2";
    PUT_NUMBER = "INSERT INTO number (id, customer, number, version, document)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (id) DO UPDATE SET number = excluded.number, version = excluded.version,
            document = excluded.document
        WHERE number.customer = excluded.customer RETURNING id";
    DROP_NUMBER = "DELETE FROM number WHERE customer = $1 AND id = $2 RETURNING id";
    NUMBER_USED = "SELECT customer, item, phone FROM number_use WHERE number = $1";
    USE_BY_ITEM = "INSERT INTO number_use (number, customer, item) VALUES ($1, $2, $3)";
    USE_BY_PHONE = "INSERT INTO number_use (number, customer, phone) VALUES ($1, $2, $3)";
    DROP_USES_OF_ITEM = "DELETE FROM number_use WHERE customer = $1 AND item = $2";
    DROP_USES_OF_PHONE = "DELETE FROM number_use WHERE customer = $1 AND phone = $2";

    EMPLOYEE = "SELECT version, document FROM employee WHERE customer = $1 AND id = $2";
    PUT_EMPLOYEE = "INSERT INTO employee (id, customer, login, delete_at, version, document)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (id) DO UPDATE SET login = excluded.login, delete_at = excluded.delete_at,
            version = excluded.version, document = excluded.document
        WHERE employee.customer = excluded.customer RETURNING id";
    TOKENS_OF_EMPLOYEE = "SELECT hash, id, name, created, used FROM token
        WHERE customer = $1 AND employee = $2 AND kind = 'MACHINE' ORDER BY created, id";
    MACHINE_TOKENS = "SELECT COUNT(*) FROM token
        WHERE customer = $1 AND employee = $2 AND kind = 'MACHINE'";
    PUT_TOKEN_USE = "UPDATE token SET used = $2 WHERE hash = $1";
    DROP_ENDED_LOGINS = "DELETE FROM token WHERE kind = 'LOGIN' AND used < $1";
    DROP_LOGINS = "DELETE FROM token
        WHERE customer = $1 AND employee = $2 AND kind <> 'MACHINE' AND hash <> $3
        RETURNING hash, id, kind";
    /// All but the latest.
    DROP_OLDER_LOGINS = "DELETE FROM token
        WHERE customer = $1 AND employee = $2 AND kind <> 'MACHINE' AND hash NOT IN (
            SELECT hash FROM token WHERE customer = $1 AND employee = $2 AND kind <> 'MACHINE'
            ORDER BY used DESC, hash LIMIT $3)
        RETURNING hash";
    DROP_MACHINE_TOKEN = "DELETE FROM token
        WHERE customer = $1 AND employee = $2 AND kind = 'MACHINE' AND (id = $3 OR hash = $4)
        RETURNING hash, id, kind";
    DROP_TOKENS_OF_EMPLOYEE = "DELETE FROM token WHERE customer = $1 AND employee = $2
        RETURNING hash, id, kind";
    DEPARTURES = "SELECT id, customer, delete_at FROM employee WHERE delete_at IS NOT NULL
        ORDER BY delete_at, id LIMIT $1";
    LOGIN_TAKEN = "SELECT id, customer FROM employee WHERE login = $1 AND id <> $2";
    CANDIDATE = "SELECT employee.id AS employee, employee.customer AS customer,
            password.hash AS hash
        FROM employee LEFT JOIN password ON password.employee = employee.id
        WHERE employee.login = $1";
    PASSWORD = "SELECT hash FROM password WHERE customer = $1 AND employee = $2";
    PUT_PASSWORD = "INSERT INTO password (employee, customer, hash) VALUES ($1, $2, $3)
        ON CONFLICT (employee) DO UPDATE SET hash = excluded.hash
        WHERE password.customer = excluded.customer RETURNING employee";
    DROP_PASSWORD = "DELETE FROM password WHERE customer = $1 AND employee = $2";
    DROP_EMPLOYEE = "DELETE FROM employee WHERE customer = $1 AND id = $2 RETURNING id";

    PUT_MUSIC = "INSERT INTO music (id, customer, version, document) VALUES ($1, $2, $3, $4)
        ON CONFLICT (id) DO UPDATE SET version = excluded.version, document = excluded.document
        WHERE music.customer = excluded.customer RETURNING id";

    ITEM_REVISION = "SELECT revision FROM item WHERE customer = $1 AND id = $2";
    /// The extensions of an employee show its name: they change with it.
    TOUCH_ITEMS_OF_EMPLOYEE = "UPDATE item SET revision = $3 WHERE customer = $1 AND employee = $2";
    PRIMARY_OF_EMPLOYEE = "SELECT id, kind, version, document FROM item
        WHERE customer = $1 AND employee = $2 AND is_primary = 1";
    /// Lets items of one transaction swap their numbers.
    CLEAR_ITEM_KEYS = "UPDATE item SET number = NULL, direct = NULL, is_primary = 0
        WHERE customer = $1 AND id = $2";
    NUMBER_TAKEN = "SELECT id FROM item WHERE customer = $1 AND number = $2 AND id <> $3";
    PUT_ITEM = "INSERT INTO item
            (id, customer, kind, number, direct, employee, is_primary, revision, version, document)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, number = excluded.number,
            direct = excluded.direct, employee = excluded.employee,
            is_primary = excluded.is_primary, revision = excluded.revision,
            version = excluded.version, document = excluded.document
        WHERE item.customer = excluded.customer RETURNING id";
    PUT_BREAKOUT = "UPDATE customer SET voicemail_breakout = $2 WHERE id = $1";
    DROP_REFERENCES = "DELETE FROM reference WHERE customer = $1 AND from_item = $2";
    PUT_REFERENCE = "INSERT INTO reference (customer, from_item, member, to_item)
        VALUES ($1, $2, $3, $4)";
    DROP_ITEM = "DELETE FROM item WHERE customer = $1 AND id = $2 RETURNING id";

    PUT_SCREENED = "INSERT INTO screen (customer, item, list, number, name)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (item, list, number) DO UPDATE SET name = excluded.name
        WHERE screen.customer = excluded.customer RETURNING number";
    SCREENED_COUNT = "SELECT COUNT(*) AS count FROM screen
        WHERE customer = $1 AND item = $2 AND list = $3";
    ONE_SCREENED = "SELECT item, list, number, name FROM screen
        WHERE customer = $1 AND item = $2 AND list = $3 AND number = $4";
    DROP_SCREENED = "DELETE FROM screen
        WHERE customer = $1 AND item = $2 AND list = $3 AND number = $4 RETURNING number";
    DROP_SCREENING = "DELETE FROM screen WHERE customer = $1 AND item = $2
        RETURNING list, number";

    PUT_PHONE = "INSERT INTO phone (id, customer, extension, version, document)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (id) DO UPDATE SET extension = excluded.extension,
            version = excluded.version, document = excluded.document
        WHERE phone.customer = excluded.customer RETURNING id";
    DROP_ACCOUNTS_OF_PHONE = "DELETE FROM sip_account WHERE customer = $1 AND phone = $2
        RETURNING username";
    DROP_PHONE = "DELETE FROM phone WHERE customer = $1 AND id = $2 RETURNING id";

    MAKE_ACCOUNT = "INSERT INTO sip_account (username, customer, phone, ha1_md5, ha1_sha256)
        VALUES ($1, $2, $3, $4, $5) ON CONFLICT (username) DO NOTHING RETURNING username";
    MAKE_TOKEN = "INSERT INTO token
            (hash, customer, employee, expires, id, kind, name, created, used)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";

    ADD_CHANGE = "INSERT INTO change (customer, revision, kind, id) VALUES ($1, $2, $3, $4)";
    DROP_OLD_CHANGES = "DELETE FROM change WHERE customer = $1 AND revision <= $2";

    LAST_CHANGE = "SELECT COALESCE(MAX(seq), 0) FROM change";
    CHANGES_SINCE = "SELECT seq, customer, revision, kind, id FROM change WHERE seq > $1
        ORDER BY seq LIMIT $2";
    ONE_ITEM = "SELECT id, revision, kind, version, document FROM item
        WHERE customer = $1 AND id = $2";
    ITEMS_OF_EMPLOYEE = "SELECT id, revision, kind, version, document FROM item
        WHERE customer = $1 AND employee = $2 ORDER BY id";
    ONE_MUSIC = "SELECT version, document FROM music WHERE customer = $1 AND id = $2";
    ONE_ACCOUNT = "SELECT username, customer, phone, ha1_md5, ha1_sha256 FROM sip_account
        WHERE customer = $1 AND username = $2";
    ANSWER = "SELECT request, document FROM answer
        WHERE employee = $1 AND key = $2 AND expires > $3";
    KEEP_ANSWER = "INSERT INTO answer (employee, key, customer, request, expires, document)
        VALUES ($1, $2, $3, $4, $5, $6)";
    DROP_EXPIRED_ANSWERS = "DELETE FROM answer WHERE expires <= $1";

    ACCOUNTS_OF_CUSTOMER = "SELECT username, customer, phone, ha1_md5, ha1_sha256 FROM sip_account
        WHERE customer = $1 ORDER BY username";
    PASSWORDS_OF_CUSTOMER = "SELECT employee, hash FROM password WHERE customer = $1
        ORDER BY employee";
    TOKENS_OF_CUSTOMER = "SELECT hash, id, employee, name, created, expires FROM token
        WHERE customer = $1 AND kind = 'MACHINE' ORDER BY id";
    MUSIC_THERE = "SELECT id FROM music WHERE id = $1";
    TOKEN_THERE = "SELECT id FROM token WHERE id = $1";
    ACCOUNT_THERE = "SELECT username FROM sip_account WHERE username = $1";
    TAKE_REALM = "UPDATE installation SET value = $1 WHERE key = 'realm' AND (value = $1
        OR NOT EXISTS (SELECT 1 FROM sip_account WHERE customer <> $2)) RETURNING key";
    REALM_TAKEN = "SELECT value FROM installation WHERE key = 'realm' AND value <> $1
        AND EXISTS (SELECT 1 FROM sip_account)";

    LAST_AUDIT = "SELECT COALESCE(MAX(number), 0) FROM audit WHERE customer = $1";
    ADD_AUDIT = "INSERT INTO audit (customer, number, at, subject, version, document)
        VALUES ($1, $2, $3, $4, $5, $6)";
    DROP_AUDIT = "DELETE FROM audit WHERE at < $1 OR (customer = $2 AND number <= $3)";
    AUDIT_COUNT = "SELECT COUNT(*) FROM audit
        WHERE customer = $1 AND at >= $2 AND at < $3 AND subject = COALESCE($4, subject)";
    AUDIT = "SELECT version, document FROM audit
        WHERE customer = $1 AND at >= $2 AND at < $3 AND subject = COALESCE($4, subject)
        ORDER BY number DESC LIMIT $5 OFFSET $6";

    PUT_RECORD = "INSERT INTO record
            (id, customer, started, caller_extension, callee_extension, caller_employee,
             callee_employee, version, document)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO NOTHING";
    RECORD_TARGET = "SELECT customer, caller_employee, callee_employee FROM record WHERE id = $1";
    RECORD = "SELECT version, document FROM record WHERE customer = $1 AND id = $2";
    /// Each side reads its index backwards and stops; sorting all calls of a busy extension wouldn't.
    LATEST_RECORDS = "WITH
        called AS (SELECT id, started FROM record WHERE customer = $1 AND caller_extension = $2
            ORDER BY started DESC, id DESC LIMIT $3),
        answered AS (SELECT id, started FROM record WHERE customer = $1 AND callee_extension = $2
            ORDER BY started DESC, id DESC LIMIT $3),
        side AS (SELECT id, started FROM called UNION SELECT id, started FROM answered)
        SELECT record.version, record.document FROM side JOIN record ON record.id = side.id
        ORDER BY side.started DESC, side.id DESC LIMIT $3";

    BINDINGS = "SELECT customer, phone, key, expires, state FROM binding WHERE expires > $1";
    PUT_BINDING = "INSERT INTO binding (customer, phone, key, expires, state)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (customer, phone, key) DO UPDATE SET expires = excluded.expires,
            state = excluded.state";
    DROP_BINDING = "DELETE FROM binding WHERE customer = $1 AND phone = $2 AND key = $3";
    DROP_BINDINGS_OF_PHONE = "DELETE FROM binding WHERE customer = $1 AND phone = $2";
    DROP_EXPIRED_BINDINGS = "DELETE FROM binding WHERE expires <= $1";
}
