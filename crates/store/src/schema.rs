//! The test that both databases have the same schema: what each says of itself, in the same words.

use crate::backend::Connection;
use crate::migrate::tests::migrated;
use sqlx::{AssertSqlSafe, Row};

/// Questions to SQLite and to PostgreSQL that have the same answers, one text a row.
const SAME: &[(&str, &str, &str)] = &[
    (
        "columns",
        "SELECT t.name || '.' || c.name || ' ' || lower(c.type)
            || CASE WHEN c.\"notnull\" = 1 OR c.pk > 0 THEN ' not null' ELSE '' END
        FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table'",
        "SELECT table_name || '.' || column_name || ' '
            || replace(replace(data_type, 'bigint', 'integer'), 'bytea', 'blob')
            || CASE is_nullable WHEN 'NO' THEN ' not null' ELSE '' END
        FROM information_schema.columns WHERE table_schema = 'public'",
    ),
    (
        "primary keys",
        "SELECT name || ': ' || group_concat(part) FROM (SELECT t.name AS name, c.name AS part
            FROM sqlite_master t, pragma_table_info(t.name) c
            WHERE t.type = 'table' AND c.pk > 0 ORDER BY t.name, c.pk) GROUP BY name",
        "SELECT conrelid::regclass::text || ': ' || string_agg(a.attname::text, ',' ORDER BY k.n)
        FROM pg_constraint, unnest(conkey) WITH ORDINALITY k (part, n), pg_attribute a
        WHERE contype = 'p' AND connamespace = 'public'::regnamespace
            AND a.attrelid = conrelid AND a.attnum = k.part GROUP BY oid, conrelid",
    ),
    (
        "indexes",
        "SELECT t.name || CASE i.\"unique\" WHEN 1 THEN ' unique ' ELSE ' ' END
            || (SELECT group_concat(name)
                FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno))
            || CASE i.partial WHEN 1 THEN (SELECT substr(sql, instr(sql, ' WHERE '))
                FROM sqlite_master WHERE name = i.name) ELSE '' END
        FROM sqlite_master t, pragma_index_list(t.name) i
        WHERE t.type = 'table' AND i.origin <> 'pk'",
        "SELECT i.indrelid::regclass::text || CASE WHEN i.indisunique THEN ' unique ' ELSE ' ' END
            || (SELECT string_agg(a.attname::text, ',' ORDER BY k.n)
                FROM unnest(i.indkey::int2[]) WITH ORDINALITY k (part, n), pg_attribute a
                WHERE a.attrelid = i.indrelid AND a.attnum = k.part)
            || COALESCE(' WHERE ' || trim(both '()' FROM pg_get_expr(i.indpred, i.indrelid)), '')
        FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
        WHERE c.relnamespace = 'public'::regnamespace AND NOT i.indisprimary",
    ),
    (
        "foreign keys",
        "SELECT name || ' ' || group_concat(part) || ' -> ' || target || ' ' || group_concat(aim)
        FROM (SELECT t.name AS name, f.id AS id, f.\"table\" AS target, f.\"from\" AS part,
                f.\"to\" AS aim FROM sqlite_master t, pragma_foreign_key_list(t.name) f
            WHERE t.type = 'table' ORDER BY t.name, f.id, f.seq) GROUP BY name, id, target",
        "SELECT conrelid::regclass::text || ' ' || string_agg(a.attname::text, ',' ORDER BY k.n)
            || ' -> ' || confrelid::regclass::text || ' '
            || string_agg(b.attname::text, ',' ORDER BY k.n)
        FROM pg_constraint, unnest(conkey, confkey) WITH ORDINALITY k (part, aim, n),
            pg_attribute a, pg_attribute b
        WHERE contype = 'f' AND connamespace = 'public'::regnamespace
            AND a.attrelid = conrelid AND a.attnum = k.part
            AND b.attrelid = confrelid AND b.attnum = k.aim
        GROUP BY pg_constraint.oid, conrelid, confrelid",
    ),
];

async fn said(connection: &mut Connection, question: &str) -> Vec<String> {
    let rows = sqlx::query(AssertSqlSafe(question)).fetch_all(connection).await.unwrap();
    let mut said: Vec<String> = rows.iter().map(|row| row.try_get(0).unwrap()).collect();
    said.sort();
    said
}

#[tokio::test]
async fn both_databases_have_the_same_schema() {
    let (_folder, [mut sqlite, mut postgres]) = migrated().await;
    for (what, of_sqlite, of_postgres) in SAME {
        let expected = said(&mut sqlite, of_sqlite).await;
        assert!(!expected.is_empty(), "{what}");
        assert_eq!(said(&mut postgres, of_postgres).await, expected, "{what}");
    }
}
