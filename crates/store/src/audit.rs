//! The audit log: what of a write may be told, and the rows that are written in its transaction. What is
//! told is what the tables of members know and call no secret; of anything else only that it changed.

use crate::backend::Connection;
use crate::document::{self, VERSION};
use crate::error::{StoreError, WriteError};
use crate::perform::Writing;
use crate::{read, sql, write};
use model::audit::{Action, AuditQuery, Author, Entry, MemberChange, Thing, ThingKind, Via};
use model::change::Changed;
use model::customer::Customer;
use model::id::CustomerId;
use model::limits::{AUDIT_ENTRIES_KEPT, AUDIT_ENTRIES_READ, AUDIT_KEPT};
use model::member::{Kind, Member};
use model::screen::ScreenList;
use model::time::Wall;
use model::{customer, employee, extension, held, phone, settings, trunk};
use serde_json::{Map, Value, json};
use sqlx::Row as _;
use std::collections::BTreeMap;

type Members = Map<String, Value>;

/// Who makes a write, and when. There is no writing without one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Signature {
    pub(crate) author: Author,
    pub(crate) at: Wall,
}

/// What a write did to one thing.
#[derive(Debug)]
pub(crate) struct Deed {
    /// Whose audit log has it.
    pub(crate) told_to: CustomerId,
    pub(crate) thing: Thing,
    pub(crate) action: Action,
    pub(crate) members: Vec<MemberChange>,
}

/// The tables of members of a kind of thing, each with the path that its members stand below.
fn tables(kind: ThingKind) -> &'static [(&'static str, &'static [Member])] {
    match kind {
        ThingKind::Customer => {
            &[("", customer::members::MEMBERS), ("settings.", settings::members::MEMBERS)]
        }
        ThingKind::Employee => &[("", employee::members::MEMBERS)],
        ThingKind::Item => &[("", extension::members::MEMBERS), ("", trunk::MEMBERS)],
        ThingKind::Phone => {
            &[("", phone::members::SIP), ("", phone::members::MVNO), ("", phone::members::EXTERNAL)]
        }
        ThingKind::Number => &[("", held::MEMBERS)],
        ThingKind::Music => &[],
    }
}

/// What is told beside the tables: how an employee goes, an extension's lists, what a music class is.
fn is_told_besides(kind: ThingKind, path: &str) -> bool {
    match kind {
        ThingKind::Employee => matches!(path, "deleteExtensions" | "deleteMvnoAccounts"),
        ThingKind::Music => matches!(path, "_id" | "customer" | "name"),
        ThingKind::Item => matches!(path, "whitelist" | "blocklist"),
        ThingKind::Customer | ThingKind::Phone | ThingKind::Number => false,
    }
}

fn is_told(kind: ThingKind, path: &str) -> bool {
    let known = tables(kind).iter().any(|(below, members)| {
        path.strip_prefix(below).is_some_and(|rest| {
            members.iter().any(|member| {
                member.path == rest && member.kind != Kind::Password && !is_secret(below, rest)
            })
        })
    });
    known || is_told_besides(kind, path)
}

fn is_secret(below: &str, path: &str) -> bool {
    below == "settings." && settings::members::SECRET.contains(&path)
}

/// Every member of a document by its path.
fn flat(document: &Members) -> BTreeMap<String, Value> {
    fn add(below: &str, document: &Members, all: &mut BTreeMap<String, Value>) {
        for (name, value) in document {
            let path = format!("{below}{name}");
            match value {
                Value::Object(members) => add(&format!("{path}."), members, all),
                value => drop(all.insert(path, value.clone())),
            }
        }
    }
    let mut all = BTreeMap::new();
    add("", document, &mut all);
    all
}

/// What became of the members of a thing.
fn differences(
    kind: ThingKind,
    before: Option<&Members>,
    after: Option<&Members>,
) -> Vec<MemberChange> {
    let [before, after] = [before, after].map(|one| one.map(flat).unwrap_or_default());
    let paths = before.keys().chain(after.keys().filter(|path| !before.contains_key(*path)));
    let changes = paths.filter_map(|path| {
        let [was, is] = [&before, &after].map(|all| all.get(path).cloned().unwrap_or_default());
        (was != is).then(|| {
            let member = path.clone();
            if is_told(kind, path) {
                MemberChange::Told { member, before: was, after: is }
            } else {
                MemberChange::Hidden { member, hidden: true }
            }
        })
    });
    changes.collect()
}

/// What a thing is and its members, as they are stored; none if it is gone.
fn described(changed: &Changed) -> Result<Option<(Thing, Members)>, StoreError> {
    use document::write;
    let (kind, id, text) = match changed {
        Changed::Customer(one) => {
            (ThingKind::Customer, one.id.to_string(), write("customer", one)?)
        }
        Changed::Item(one) => (ThingKind::Item, one.id().to_string(), document::write_item(one)?),
        Changed::Employee(one) => {
            (ThingKind::Employee, one.id.to_string(), write("employee", one)?)
        }
        Changed::Phone(one) => (ThingKind::Phone, one.id.to_string(), write("phone", one)?),
        Changed::Number(one) => (ThingKind::Number, one.id.to_string(), write("number", one)?),
        Changed::Music(one) => (ThingKind::Music, one.id.to_string(), write("music", one)?),
        // One of a list of the extension.
        Changed::Screened(one) => {
            let list = json!({ list_name(one.list): [one.entry] });
            (ThingKind::Item, one.extension.to_string(), write("list", &list)?)
        }
        Changed::CustomerGone(_)
        | Changed::ItemGone(_)
        | Changed::EmployeeGone(_)
        | Changed::PhoneGone(_)
        | Changed::NumberGone(_)
        | Changed::ScreenedGone(..) => return Ok(None),
    };
    Ok(Some((Thing { kind, id }, document::read("change", VERSION, &text)?)))
}

fn list_name(list: ScreenList) -> &'static str {
    match list {
        ScreenList::Whitelist => "whitelist",
        ScreenList::Blocklist => "blocklist",
    }
}

/// What a change does to a thing that was like this before; none if nothing.
fn deed(
    told_to: CustomerId,
    before: Option<&Changed>,
    changed: &Changed,
) -> Result<Option<Deed>, StoreError> {
    let before = before.map(described).transpose()?.flatten();
    let after = described(changed)?;
    let action = match (&before, &after) {
        _ if matches!(changed, Changed::Screened(_) | Changed::ScreenedGone(..)) => Action::Changed,
        (None, _) => Action::Made,
        (Some(_), Some(_)) => Action::Changed,
        (Some(_), None) => Action::Removed,
    };
    let Some(thing) = after.as_ref().or(before.as_ref()).map(|(thing, _)| thing.clone()) else {
        return Ok(None);
    };
    let [was, is] = [&before, &after].map(|one| one.as_ref().map(|(_, members)| members));
    let members = differences(thing.kind, was, is);
    Ok((!members.is_empty()).then_some(Deed { told_to, thing, action, members }))
}

impl Writing<'_> {
    /// Notes what the changes are about to do.
    pub(crate) async fn note(&mut self, changed: &[Changed]) -> Result<(), WriteError> {
        for one in changed {
            let before = self.existing(one).await?;
            let told_to = match &before {
                // Nobody reads the log of a customer that is gone.
                Some(Changed::Customer(gone)) if matches!(one, Changed::CustomerGone(_)) => {
                    let author = self.signature.author.customer();
                    gone.reseller.or(author).unwrap_or(self.customer)
                }
                _ => self.customer,
            };
            self.deeds.extend(deed(told_to, before.as_ref(), one)?);
        }
        Ok(())
    }

    /// Notes that a customer is made, and how many things of each kind with it: one entry for all.
    pub(crate) fn note_new(
        &mut self,
        customer: &Customer,
        with: &[Changed],
    ) -> Result<(), WriteError> {
        let customer = Changed::Customer(customer.clone());
        let Some(mut deed) = deed(self.customer, None, &customer)? else { return Ok(()) };
        let mut counts = BTreeMap::<&str, u64>::new();
        for one in with.iter().filter(|one| !matches!(one, Changed::Customer(_))) {
            *counts.entry(write::feed_entry(one).0).or_default() += 1;
        }
        deed.members.extend(counts.into_iter().map(|(kind, count)| MemberChange::Told {
            member: format!("{kind}s"),
            before: 0.into(),
            after: count.into(),
        }));
        self.deeds = vec![deed];
        Ok(())
    }

    /// Notes what was done to how somebody or something proves itself.
    pub(crate) fn note_login(
        &mut self,
        (kind, id): (ThingKind, String),
        action: Action,
        members: Vec<MemberChange>,
    ) {
        let (told_to, thing) = (self.customer, Thing { kind, id });
        self.deeds.push(Deed { told_to, thing, action, members });
    }

    /// Writes down what was noted, and drops what is old or too much.
    pub(crate) async fn audit(&mut self) -> Result<(), WriteError> {
        for deed in std::mem::take(&mut self.deeds) {
            let number = last(self.connection, deed.told_to).await?.saturating_add(1);
            let entry = self.entry(deed, number);
            put(self.connection, &entry).await?;
        }
        Ok(())
    }

    fn entry(&self, deed: Deed, number: i64) -> (CustomerId, i64, Entry) {
        let Deed { told_to, thing, action, members } = deed;
        let (via, who) = match self.signature.author {
            Author::Employee(by, source) => (Via::Api, Some((by, source))),
            Author::System => (Via::System, None),
            Author::CommandLine => (Via::CommandLine, None),
        };
        let entry = Entry {
            number: number.unsigned_abs(),
            date: self.signature.at,
            via,
            by: who.map(|(by, _)| by),
            on_behalf_of: who
                .map(|_| self.customer)
                .filter(|of| who.is_some_and(|(by, _)| by.customer != *of)),
            address: who.map(|(_, source)| source.address),
            request_id: who.map(|(_, source)| source.request.to_string()),
            customer: self.customer,
            thing,
            action,
            members,
        };
        (told_to, number, entry)
    }
}

async fn last(connection: &mut Connection, customer: CustomerId) -> Result<i64, WriteError> {
    let query = sqlx::query(sql::LAST_AUDIT).bind(customer.to_string());
    Ok(query.fetch_one(connection).await?.try_get(0)?)
}

async fn put(
    connection: &mut Connection,
    (told_to, number, entry): &(CustomerId, i64, Entry),
) -> Result<(), WriteError> {
    let customer = told_to.to_string();
    sqlx::query(sql::ADD_AUDIT)
        .bind(&customer)
        .bind(number)
        .bind(entry.date.0)
        .bind(&entry.thing.id)
        .bind(VERSION)
        .bind(document::write("entry", entry)?)
        .execute(&mut *connection)
        .await?;
    let many = number.saturating_sub(i64::try_from(AUDIT_ENTRIES_KEPT).unwrap_or(i64::MAX));
    let old = sqlx::query(sql::DROP_AUDIT).bind(oldest(entry.date)).bind(customer).bind(many);
    old.execute(connection).await?;
    Ok(())
}

/// What is older isn't kept.
fn oldest(now: Wall) -> i64 {
    now.0.saturating_sub(i64::try_from(AUDIT_KEPT.as_millis()).unwrap_or(i64::MAX))
}

/// The entries of a customer that a query asks for, newest first, and how many there are without paging.
pub(crate) async fn entries(
    connection: &mut Connection,
    customer: CustomerId,
    query: &AuditQuery,
    now: Wall,
) -> Result<(u64, Vec<Entry>), StoreError> {
    let since = query.since.map_or(i64::MIN, |since| since.0).max(oldest(now));
    let until = query.until.map_or(i64::MAX, |until| until.0);
    let key = customer.to_string();
    let subject = query.subject.as_deref();
    let count = sqlx::query(sql::AUDIT_COUNT).bind(&key).bind(since).bind(until).bind(subject);
    let count: i64 = count.fetch_one(&mut *connection).await?.try_get(0)?;
    let rows = sqlx::query(sql::AUDIT)
        .bind(&key)
        .bind(since)
        .bind(until)
        .bind(subject)
        .bind(i64::from(query.limit.min(AUDIT_ENTRIES_READ)))
        .bind(i64::from(query.offset))
        .fetch_all(connection)
        .await?;
    let entries = rows.iter().map(|row| read::document("entry", row));
    Ok((count.unsigned_abs(), entries.collect::<Result<_, _>>()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migrate::tests::migrated;

    fn entry(number: u64, at: i64) -> Entry {
        let customer = CustomerId::from_bytes([1; 12]);
        Entry {
            number,
            date: Wall(at),
            via: Via::System,
            by: None,
            on_behalf_of: None,
            address: None,
            request_id: None,
            customer,
            thing: Thing { kind: ThingKind::Customer, id: customer.to_string() },
            action: Action::Changed,
            members: Vec::new(),
        }
    }

    async fn numbers(connection: &mut Connection, customer: CustomerId, now: i64) -> Vec<u64> {
        let query = AuditQuery { limit: 10, ..AuditQuery::default() };
        let found = entries(connection, customer, &query, Wall(now)).await.unwrap();
        found.1.iter().map(|entry| entry.number).collect()
    }

    #[tokio::test]
    async fn the_newest_are_kept_and_nothing_that_is_too_old() {
        let (_folder, connections) = migrated().await;
        let [one, other] = [1, 2].map(|id| CustomerId::from_bytes([id; 12]));
        let many = AUDIT_ENTRIES_KEPT;
        let age = i64::try_from(AUDIT_KEPT.as_millis()).unwrap();
        for mut connection in connections {
            let connection = &mut connection;
            for (customer, number) in [(one, 1), (one, 2), (one, 3), (other, 1)] {
                let number_too = i64::try_from(number).unwrap();
                put(connection, &(customer, number_too, entry(number, 1000))).await.unwrap();
            }
            let next = i64::try_from(many + 2).unwrap();
            put(connection, &(one, next, entry(many + 2, 2000))).await.unwrap();
            assert_eq!(numbers(connection, one, 2000).await, [many + 2, 3]);
            assert_eq!(numbers(connection, other, 2000).await, [1]);
            assert_eq!(last(connection, one).await.unwrap(), next);
            put(connection, &(one, next + 1, entry(many + 3, 1001 + age))).await.unwrap();
            // Asked as if it were then: what is shown is what is there.
            assert_eq!(numbers(connection, one, 2000).await, [many + 3, many + 2]);
            assert!(numbers(connection, other, 2000).await.is_empty());
        }
    }

    #[test]
    fn only_what_the_tables_know_and_call_no_secret_is_told() {
        for (kind, path, told) in [
            (ThingKind::Customer, "settings.maxRing", true),
            (ThingKind::Customer, "settings.masterPinCode", false),
            (ThingKind::Customer, "maxRing", false),
            (ThingKind::Customer, "settings.extra.pin", false),
            (ThingKind::Employee, "password", false),
            (ThingKind::Employee, "deleteExtensions", true),
            (ThingKind::Item, "noAnswer.intAction", true),
            (ThingKind::Item, "numbers", true),
            (ThingKind::Phone, "username", true),
            (ThingKind::Phone, "extra", false),
            (ThingKind::Number, "usedBy", true),
            (ThingKind::Music, "name", true),
        ] {
            assert_eq!(is_told(kind, path), told, "{kind:?} {path}");
        }
    }
}
