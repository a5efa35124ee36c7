//! Following what other processes write to the same database: reads the change feed past what is in
//! memory, and the things that it names as they are now. Knows no time and no connection of its own;
//! safe to run beside itself and beside the writer, since publishing goes by revision.

use crate::backend::Connection;
use crate::error::StoreError;
use crate::memory::Memory;
use crate::news::{self, Entry, Named, News};
use crate::{hex, read, sql, write};
use model::change::Changed;
use model::id::ItemId;
use model::limits;
use model::screen::{ScreenList, ScreenNumber};
use model::token::TokenHash;
use sqlx::Row as _;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tokio::sync::Notify;

type Read<T> = Result<T, StoreError>;

/// Brings others' changes into memory.
#[derive(Debug)]
pub(crate) struct Follower {
    memory: Arc<Memory>,
    /// The last entry of the feed up to which everything is in memory.
    reached: AtomicI64,
    committed: Notify,
}

impl Follower {
    /// Over a memory that was read when the feed's last entry was this one.
    pub(crate) fn new(memory: Arc<Memory>, last: i64) -> Self {
        Self { memory, reached: AtomicI64::new(last), committed: Notify::new() }
    }

    /// Brings everything that was committed into memory. The connection must be in a transaction that
    /// sees one instant, or that nobody can commit beside.
    pub(crate) async fn catch_up(&self, connection: &mut Connection) -> Read<()> {
        let reached = self.reached.load(Ordering::Acquire);
        let entries = entries(connection, reached).await?;
        let Some(last) = entries.last().map(|entry| entry.seq) else { return Ok(()) };
        if entries.len() > limits::CHANGES_FOLLOWED {
            return self.reload(connection).await;
        }
        let known = |customer| self.memory.directories.revision(customer);
        let Ok(named) = news::sort(entries, known) else { return self.reload(connection).await };
        let mut all = Vec::with_capacity(named.len());
        for named in named {
            let Some(news) = news_of(connection, named).await? else {
                return self.reload(connection).await;
            };
            all.push(news);
        }
        all.into_iter().for_each(|news| self.memory.publish_news(news));
        self.reach(last);
        Ok(())
    }

    /// Everything up to this entry is in memory.
    pub(crate) fn reach(&self, last: i64) {
        self.reached.fetch_max(last, Ordering::AcqRel);
    }

    /// This process committed something: others should hear of it.
    pub(crate) fn tell(&self) {
        self.committed.notify_one();
    }

    /// Resolves once others should hear of a commit; of several at once if nobody waited meanwhile.
    pub(crate) async fn told(&self) {
        self.committed.notified().await;
    }

    /// The feed doesn't tell enough: reads everything that is in memory again.
    async fn reload(&self, connection: &mut Connection) -> Read<()> {
        let last = last(connection).await?;
        let mut tenants = read::tenants(connection).await?;
        let accounts = read::accounts(connection).await?;
        for customer in self.memory.directories.loaded() {
            let Some(tenant) = tenants.get_mut(&customer) else { continue };
            if tenant.revision > self.memory.directories.revision(customer) {
                tenant.directory = read::directory(connection, customer).await?.map(Arc::new);
            }
        }
        self.memory.reload(&tenants, accounts);
        self.reach(last);
        tracing::info!("settings read anew: too much had changed to follow");
        Ok(())
    }
}

/// The feed's last entry; 0 if there is none.
pub(crate) async fn last(connection: &mut Connection) -> Read<i64> {
    Ok(sqlx::query(sql::LAST_CHANGE).fetch_one(connection).await?.try_get(0)?)
}

async fn entries(connection: &mut Connection, after: i64) -> Read<Vec<Entry>> {
    let most = i64::try_from(limits::CHANGES_FOLLOWED).unwrap_or(i64::MAX).saturating_add(1);
    let query = sqlx::query(sql::CHANGES_SINCE).bind(after).bind(most);
    let entry = |row: &crate::backend::Row| {
        Ok(Entry {
            seq: row.try_get("seq")?,
            customer: read::id(row, "customer")?,
            revision: read::revision(row)?,
            name: (row.try_get("kind")?, row.try_get("id")?),
        })
    };
    query.fetch_all(connection).await?.iter().map(entry).collect()
}

/// Reads what changed in one customer; none if there is a kind of thing that this version doesn't know.
async fn news_of(connection: &mut Connection, named: Named) -> Read<Option<News>> {
    let mut reading = Reading {
        connection,
        key: named.customer.to_string(),
        news: News::of(named.customer, named.revision),
    };
    for (kind, id) in &named.names {
        match kind.as_str() {
            "customer" => reading.customer().await?,
            "music" => reading.music(id).await?,
            "employee" => reading.employee(id).await?,
            "item" => reading.item(id).await?,
            "phone" => reading.phone(id).await?,
            "number" => reading.number(id).await?,
            "screen" => match write::parse_screen_entry(id) {
                Some(entry) => reading.screened(entry).await?,
                None => return Ok(None),
            },
            "account" => reading.account(id).await?,
            "token" => reading.token(id).await?,
            _ => return Ok(None),
        }
    }
    Ok(Some(reading.news))
}

/// News while they are read.
struct Reading<'c> {
    connection: &'c mut Connection,
    key: String,
    news: News,
}

impl Reading<'_> {
    async fn one(
        &mut self,
        statement: &'static str,
        id: &str,
    ) -> Read<Option<crate::backend::Row>> {
        let query = sqlx::query(statement).bind(&self.key).bind(id);
        Ok(query.fetch_optional(&mut *self.connection).await?)
    }

    async fn customer(&mut self) -> Read<()> {
        let query = sqlx::query(sql::CUSTOMER).bind(&self.key);
        let changed = match query.fetch_optional(&mut *self.connection).await? {
            Some(row) => Changed::Customer(read::document("customer", &row)?),
            None => Changed::CustomerGone(self.news.customer),
        };
        self.news.changed.push(changed);
        Ok(())
    }

    /// Music is never removed.
    async fn music(&mut self, id: &str) -> Read<()> {
        if let Some(row) = self.one(sql::ONE_MUSIC, id).await? {
            self.news.changed.push(Changed::Music(read::document("music", &row)?));
        }
        Ok(())
    }

    /// Its extensions show its name, and have got a revision with it.
    async fn employee(&mut self, id: &str) -> Read<()> {
        let Some(row) = self.one(sql::EMPLOYEE, id).await? else {
            self.news.changed.push(Changed::EmployeeGone(parse(id)?));
            return Ok(());
        };
        self.news.changed.push(Changed::Employee(read::document("employee", &row)?));
        let query = sqlx::query(sql::ITEMS_OF_EMPLOYEE).bind(&self.key).bind(id);
        for row in query.fetch_all(&mut *self.connection).await? {
            let item = (read::revision(&row)?, read::item(&row)?);
            self.news.items.insert(read::id(&row, "id")?, item);
        }
        Ok(())
    }

    async fn item(&mut self, id: &str) -> Read<()> {
        let key = parse(id)?;
        match self.one(sql::ONE_ITEM, id).await? {
            Some(row) => {
                self.news.items.insert(key, (read::revision(&row)?, read::item(&row)?));
            }
            None => self.news.changed.push(Changed::ItemGone(key)),
        }
        Ok(())
    }

    async fn phone(&mut self, id: &str) -> Read<()> {
        let changed = match self.one(sql::PHONE, id).await? {
            Some(row) => Changed::Phone(read::document("phone", &row)?),
            None => Changed::PhoneGone(parse(id)?),
        };
        self.news.changed.push(changed);
        Ok(())
    }

    async fn number(&mut self, id: &str) -> Read<()> {
        let changed = match self.one(sql::NUMBER, id).await? {
            Some(row) => Changed::Number(read::document("number", &row)?),
            None => Changed::NumberGone(parse(id)?),
        };
        self.news.changed.push(changed);
        Ok(())
    }

    async fn screened(
        &mut self,
        (extension, list, number): (ItemId, ScreenList, ScreenNumber),
    ) -> Read<()> {
        let query = sqlx::query(sql::ONE_SCREENED)
            .bind(&self.key)
            .bind(extension.to_string())
            .bind(list.as_str())
            .bind(number.as_str());
        let changed = match query.fetch_optional(&mut *self.connection).await? {
            Some(row) => Changed::Screened(read::screened(&row, self.news.customer)?),
            None => Changed::ScreenedGone(extension, list, number),
        };
        self.news.changed.push(changed);
        Ok(())
    }

    async fn account(&mut self, username: &str) -> Read<()> {
        let row = self.one(sql::ONE_ACCOUNT, username).await?;
        let account = row.map(|row| read::account(&row)).transpose()?;
        self.news.accounts.push((username.to_owned(), account));
        Ok(())
    }

    async fn token(&mut self, hash: &str) -> Read<()> {
        let hash = hex::parse(hash).map(TokenHash::from_bytes);
        let hash = hash.ok_or_else(|| StoreError::corrupt("change", "a token isn't 64 digits"))?;
        let grant = read::grant(self.connection, hash).await?;
        let grant = grant.filter(|grant| grant.customer == self.news.customer);
        self.news.tokens.push((hash, grant));
        Ok(())
    }
}

fn parse<T: FromStr>(id: &str) -> Read<T> {
    id.parse().map_err(|_| StoreError::corrupt("change", "it isn't an id"))
}
