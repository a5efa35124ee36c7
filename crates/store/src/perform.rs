//! One write in SQL, inside a savepoint of the writer. Every constraint is checked here, in the
//! transaction, never against a snapshot. Knows nothing of commits or of who waits.

use crate::answer::{self, Making};
use crate::audit::{Deed, Signature};
use crate::backend::{self, Connection};
use crate::document::{self, VERSION};
use crate::error::WriteError;
use crate::logins::{self, Logins};
use crate::memory::Committed;
use crate::perform_customer::check_sip_domain;
use crate::token::{Ended, Grant};
use crate::write::{self, Basis, NewCustomer, Write};
use crate::{hex, read, sql};
use model::audit::{Action, ThingKind};
use model::change::{Change, Changed};
use model::employee::Employee;
use model::id::{CustomerId, EmployeeId, ItemId, PhoneId};
use model::item::Revision;
use model::limits;
use model::music::MusicClass;
use model::phone::{Phone, SipAccount};
use model::time::Wall;
use model::token::TokenHash;
use serde::de::DeserializeOwned;
use sqlx::Row;

/// A write under way. Every statement repeats the customer.
pub(crate) struct Writing<'c> {
    pub(crate) connection: &'c mut Connection,
    pub(crate) customer: CustomerId,
    /// The customer's id as the statements want it.
    pub(crate) key: String,
    /// The customer's revision after the write.
    pub(crate) revision: Revision,
    /// Who writes.
    pub(crate) signature: Signature,
    /// What the audit log is to tell.
    pub(crate) deeds: Vec<Deed>,
    accounts_gone: Vec<String>,
    /// Entries of lists that went with their extension, as the change feed names them: who follows sees only
    /// that there is such an extension, if another write has made it again by then.
    pub(crate) unscreened: Vec<String>,
    pub(crate) tokens: Vec<(TokenHash, Option<Grant>)>,
}

/// Makes a write. The customer is the permit's.
pub(crate) async fn change(
    connection: &mut Connection,
    (customer, signature): (CustomerId, Signature),
    write: Write,
    mut logins: Logins,
) -> Result<Committed, WriteError> {
    write::check_owner(customer, &write.changed)?;
    if logins.account.as_ref().is_some_and(|account| account.customer != customer) {
        return Err(WriteError::WrongCustomer);
    }
    let bump = sqlx::query(sql::BUMP_REVISION).bind(customer.to_string());
    let row = bump.fetch_optional(&mut *connection).await?;
    let row = row.ok_or(WriteError::Missing { member: "customer" })?;
    let mut writing = Writing::new(connection, (customer, signature), read::revision(&row)?);
    match write.based_on {
        Some(Basis::Item(item, revision)) => writing.check_revision(item, revision).await?,
        Some(Basis::Customer(seen)) if writing.revision.0 != seen.0.saturating_add(1) => {
            return Err(WriteError::Stale);
        }
        Some(Basis::Customer(_)) => {}
        Some(Basis::Unchanged(seen)) => writing.check_unchanged(&seen).await?,
        None => {}
    }
    let changed = writing.change(write.changed).await?;
    let accounts: Vec<SipAccount> = logins.account.take().into_iter().collect();
    for account in &accounts {
        writing.end_accounts(&account.phone.to_string()).await?;
        writing.make_account(account).await?;
        let phone = (ThingKind::Phone, account.phone.to_string());
        writing.note_login(phone, Action::CredentialsSet, Vec::new());
    }
    writing.change_logins(logins).await?;
    writing.finish(changed, accounts).await
}

/// Lets a customer's revisions go on after this one: what comes from another customer is told apart
/// from its older versions by its revision alone.
pub(crate) async fn raise(
    connection: &mut Connection,
    customer: CustomerId,
    least: Revision,
) -> Result<(), WriteError> {
    let least = i64::try_from(least.0).unwrap_or(i64::MAX);
    let query = sqlx::query(sql::RAISE_REVISION).bind(customer.to_string()).bind(least);
    query.execute(connection).await?;
    Ok(())
}

/// Makes a write, unless it was made before with the same key, and keeps what it came to.
pub(crate) async fn make(
    connection: &mut Connection,
    (customer, signature): (CustomerId, Signature),
    write: Write,
    making: Making,
) -> Result<Committed, WriteError> {
    if let Some(once) = &making.once {
        answer::check(connection, once).await?;
    }
    let committed = change(connection, (customer, signature), write, making.logins).await?;
    let answer = (making.answer)(&committed.change);
    if let Some(once) = &making.once {
        answer::keep(connection, customer, once, &answer).await?;
    }
    Ok(committed)
}

/// Makes a customer.
pub(crate) async fn create(
    connection: &mut Connection,
    (new, at): (NewCustomer, Wall),
    logins: Logins,
) -> Result<Committed, WriteError> {
    let NewCustomer { by: author, customer, mut changed, accounts, tokens } = new;
    write::check_owner(customer.id, &changed)?;
    if accounts.iter().any(|account| account.customer != customer.id) {
        return Err(WriteError::WrongCustomer);
    }
    check_sip_domain(connection, &customer).await?;
    let made = sqlx::query(sql::MAKE_CUSTOMER)
        .bind(customer.id.to_string())
        .bind(customer.reseller.map(|id| id.to_string()))
        .bind(&customer.sip_domain)
        .bind(VERSION)
        .bind(document::write("customer", &customer)?)
        .fetch_optional(&mut *connection)
        .await
        .map_err(pointing("reseller"))?;
    let row = made.ok_or(WriteError::Taken { member: "_id", by: None })?;
    let owner = (customer.id, Signature { author, at });
    let mut writing = Writing::new(connection, owner, read::revision(&row)?);
    changed.insert(0, Changed::Customer(customer.clone()));
    writing.prepare(&mut changed).await?;
    writing.put_all(&changed).await?;
    for account in &accounts {
        writing.make_account(account).await?;
    }
    for token in tokens {
        writing.make_token(token).await?;
    }
    writing.change_logins(logins).await?;
    writing.note_new(&customer, &changed)?;
    writing.finish(changed, accounts).await
}

/// What a broken reference means while `member` is being written.
pub(crate) fn pointing(member: &'static str) -> impl Fn(sqlx::Error) -> WriteError {
    move |error| {
        if backend::is_reference(&error) { WriteError::Missing { member } } else { error.into() }
    }
}

/// What a broken reference means while something is being removed.
pub(crate) fn pointed_at(kind: &'static str) -> impl Fn(sqlx::Error) -> WriteError {
    move |error| {
        if backend::is_reference(&error) { WriteError::Referenced { kind } } else { error.into() }
    }
}

/// Nothing came back: the row is another customer's.
pub(crate) fn ours<T>(row: Option<T>) -> Result<(), WriteError> {
    row.map(drop).ok_or(WriteError::WrongCustomer)
}

pub(crate) fn there<T>(row: Option<T>) -> Result<(), WriteError> {
    row.map(drop).ok_or(WriteError::Missing { member: "_id" })
}

impl<'c> Writing<'c> {
    fn new(
        connection: &'c mut Connection,
        (customer, signature): (CustomerId, Signature),
        revision: Revision,
    ) -> Self {
        let key = customer.to_string();
        Self {
            connection,
            customer,
            key,
            revision,
            signature,
            deeds: Vec::new(),
            accounts_gone: Vec::new(),
            unscreened: Vec::new(),
            tokens: Vec::new(),
        }
    }

    /// What was made, once the change feed and the audit log have it.
    async fn finish(
        mut self,
        changed: Vec<Changed>,
        accounts: Vec<SipAccount>,
    ) -> Result<Committed, WriteError> {
        self.feed(&changed, &accounts).await?;
        self.audit().await?;
        let change = Change { customer: self.customer, revision: self.revision, changed };
        let Self { accounts_gone, tokens, .. } = self;
        Ok(Committed { change, accounts, accounts_gone, tokens })
    }

    /// Makes all of it; returns it as it was made, with what had to change besides.
    async fn change(&mut self, mut changed: Vec<Changed>) -> Result<Vec<Changed>, WriteError> {
        self.prepare(&mut changed).await?;
        self.note(&changed).await?;
        self.put_all(&changed).await?;
        Ok(changed)
    }

    /// Adds what has to change besides, and puts all in order.
    async fn prepare(&mut self, changed: &mut Vec<Changed>) -> Result<(), WriteError> {
        self.let_go(changed).await?;
        self.move_primaries(changed).await?;
        write::order(changed);
        Ok(())
    }

    async fn put_all(&mut self, changed: &[Changed]) -> Result<(), WriteError> {
        self.clear_keys(changed).await?;
        for one in changed {
            self.put(one).await?;
        }
        self.put_references(changed).await?;
        for one in changed {
            self.remove(one).await?;
        }
        Ok(())
    }

    async fn put(&mut self, changed: &Changed) -> Result<(), WriteError> {
        match changed {
            Changed::Customer(customer) => self.put_customer(customer).await,
            Changed::Music(music) => self.put_music(music).await,
            Changed::Employee(employee) => self.put_employee(employee).await,
            Changed::Item(kind) => self.put_item(kind).await,
            Changed::Phone(phone) => self.put_phone(phone).await,
            Changed::Number(held) => self.put_number(held).await,
            Changed::Screened(screened) => self.put_screened(screened).await,
            Changed::PhoneGone(_)
            | Changed::ScreenedGone(..)
            | Changed::ItemGone(_)
            | Changed::EmployeeGone(_)
            | Changed::NumberGone(_)
            | Changed::CustomerGone(_) => Ok(()),
        }
    }

    async fn remove(&mut self, changed: &Changed) -> Result<(), WriteError> {
        match changed {
            Changed::PhoneGone(id) => self.drop_phone(*id).await,
            Changed::ItemGone(id) => self.drop_item(*id).await,
            Changed::EmployeeGone(id) => self.drop_employee(*id).await,
            Changed::NumberGone(id) => self.drop_number(*id).await,
            Changed::CustomerGone(id) => self.drop_customer(*id).await,
            Changed::ScreenedGone(id, list, number) => self.drop_screened(*id, *list, number).await,
            Changed::Customer(_)
            | Changed::Music(_)
            | Changed::Employee(_)
            | Changed::Item(_)
            | Changed::Phone(_)
            | Changed::Screened(_)
            | Changed::Number(_) => Ok(()),
        }
    }

    async fn put_music(&mut self, music: &MusicClass) -> Result<(), WriteError> {
        let query = sqlx::query(sql::PUT_MUSIC)
            .bind(music.id.to_string())
            .bind(&self.key)
            .bind(VERSION)
            .bind(document::write("music", music)?);
        ours(query.fetch_optional(&mut *self.connection).await?)
    }

    /// Checks what If-Match says. Items have a revision for that.
    async fn check_unchanged(&mut self, seen: &Changed) -> Result<(), WriteError> {
        let same = match seen {
            Changed::Customer(seen) => {
                let query = sqlx::query(sql::CUSTOMER).bind(&self.key);
                let row = query.fetch_optional(&mut *self.connection).await?;
                let found = row.map(|row| read::document("customer", &row)).transpose()?;
                found.as_ref() == Some(seen)
            }
            Changed::Employee(seen) => {
                self.stored(sql::EMPLOYEE, "employee", &seen.id.to_string()).await?.as_ref()
                    == Some(seen)
            }
            Changed::Phone(seen) => {
                self.stored(sql::PHONE, "phone", &seen.id.to_string()).await?.as_ref() == Some(seen)
            }
            Changed::Number(seen) => {
                self.stored(sql::NUMBER, "number", &seen.id.to_string()).await?.as_ref()
                    == Some(seen)
            }
            Changed::Item(_)
            | Changed::ItemGone(_)
            | Changed::EmployeeGone(_)
            | Changed::PhoneGone(_)
            | Changed::NumberGone(_)
            | Changed::CustomerGone(_)
            | Changed::Screened(_)
            | Changed::ScreenedGone(..)
            | Changed::Music(_) => false,
        };
        if same { Ok(()) } else { Err(WriteError::Stale) }
    }

    /// The document of one of the customer's things.
    pub(crate) async fn stored<T: DeserializeOwned>(
        &mut self,
        statement: &'static str,
        what: &'static str,
        id: &str,
    ) -> Result<Option<T>, WriteError> {
        let query = sqlx::query(statement).bind(&self.key).bind(id);
        let row = query.fetch_optional(&mut *self.connection).await?;
        Ok(row.map(|row| read::document(what, &row)).transpose()?)
    }

    async fn employee(&mut self, id: &str) -> Result<Option<Employee>, WriteError> {
        self.stored(sql::EMPLOYEE, "employee", id).await
    }

    async fn put_employee(&mut self, employee: &Employee) -> Result<(), WriteError> {
        let id = employee.id.to_string();
        if let Some(before) = self.employee(&id).await?
            && (&before.name, before.extensions_delete_date())
                != (&employee.name, employee.extensions_delete_date())
        {
            self.touch_items(&id).await?;
        }
        let login = employee.email_address.as_deref().map(logins::comparable);
        self.check_login(&id, login.as_deref()).await?;
        let query = sqlx::query(sql::PUT_EMPLOYEE)
            .bind(id)
            .bind(&self.key)
            .bind(login)
            .bind(employee.delete_date.map(|date| date.0))
            .bind(VERSION)
            .bind(document::write("employee", employee)?);
        ours(query.fetch_optional(&mut *self.connection).await?)
    }

    async fn put_phone(&mut self, phone: &Phone) -> Result<(), WriteError> {
        let query = sqlx::query(sql::PUT_PHONE)
            .bind(phone.id.to_string())
            .bind(&self.key)
            .bind(phone.extension.map(|id| id.to_string()))
            .bind(VERSION)
            .bind(document::write("phone", phone)?);
        let row = query.fetch_optional(&mut *self.connection).await;
        ours(row.map_err(pointing("extension"))?)?;
        self.use_own_number(phone).await
    }

    async fn drop_phone(&mut self, id: PhoneId) -> Result<(), WriteError> {
        let id = id.to_string();
        self.end_accounts(&id).await?;
        self.drop_uses_of_phone(&id).await?;
        let query = sqlx::query(sql::DROP_PHONE).bind(&self.key).bind(id);
        there(query.fetch_optional(&mut *self.connection).await?)
    }

    /// What a phone proved itself with is nothing any more, and what it reached by that ends.
    async fn end_accounts(&mut self, phone: &str) -> Result<(), WriteError> {
        let accounts = sqlx::query(sql::DROP_ACCOUNTS_OF_PHONE).bind(&self.key).bind(phone);
        for row in accounts.fetch_all(&mut *self.connection).await? {
            self.accounts_gone.push(row.try_get("username")?);
        }
        let bindings = sqlx::query(sql::DROP_BINDINGS_OF_PHONE).bind(&self.key).bind(phone);
        bindings.execute(&mut *self.connection).await?;
        Ok(())
    }

    async fn drop_item(&mut self, id: ItemId) -> Result<(), WriteError> {
        let id = id.to_string();
        let references = sqlx::query(sql::DROP_REFERENCES).bind(&self.key).bind(&id);
        references.execute(&mut *self.connection).await?;
        self.drop_uses_of_item(&id).await?;
        self.drop_screening(&id).await?;
        let query = sqlx::query(sql::DROP_ITEM).bind(&self.key).bind(id);
        let row = query.fetch_optional(&mut *self.connection).await;
        there(row.map_err(pointed_at("item"))?)
    }

    async fn drop_employee(&mut self, id: EmployeeId) -> Result<(), WriteError> {
        self.drop_tokens(Ended::All(id)).await?;
        let id = id.to_string();
        let password = sqlx::query(sql::DROP_PASSWORD).bind(&self.key).bind(&id);
        password.execute(&mut *self.connection).await?;
        let query = sqlx::query(sql::DROP_EMPLOYEE).bind(&self.key).bind(id);
        let row = query.fetch_optional(&mut *self.connection).await;
        there(row.map_err(pointed_at("employee"))?)
    }

    async fn make_account(&mut self, account: &SipAccount) -> Result<(), WriteError> {
        let query = sqlx::query(sql::MAKE_ACCOUNT)
            .bind(&account.username)
            .bind(&self.key)
            .bind(account.phone.to_string())
            .bind(account.ha1_md5.reveal())
            .bind(account.ha1_sha256.reveal());
        let row = query.fetch_optional(&mut *self.connection).await;
        match row.map_err(pointing("phone"))? {
            Some(_) => Ok(()),
            None => Err(WriteError::Taken { member: "username", by: None }),
        }
    }

    /// Everything that was touched, as the change feed names it. Each revision has an entry, so that
    /// whoever follows the feed can tell a hole.
    fn names(&self, changed: &[Changed], made: &[SipAccount]) -> Vec<(&'static str, String)> {
        let made = made.iter().map(|account| &account.username);
        let accounts = made.chain(&self.accounts_gone).map(|name| ("account", name.clone()));
        let tokens = self.tokens.iter().map(|(hash, _)| ("token", hex::print(hash.bytes())));
        let mut names: Vec<_> = changed.iter().map(write::feed_entry).collect();
        let unscreened = self.unscreened.iter().map(|name| ("screen", name.clone()));
        names.extend(accounts.chain(tokens).chain(unscreened));
        if names.is_empty() {
            names.push(("customer", self.key.clone()));
        }
        names
    }

    /// Appends to the change feed, and drops its oldest end.
    async fn feed(&mut self, changed: &[Changed], made: &[SipAccount]) -> Result<(), WriteError> {
        for (kind, id) in self.names(changed, made) {
            sqlx::query(sql::ADD_CHANGE)
                .bind(&self.key)
                .bind(self.stored_revision())
                .bind(kind)
                .bind(id)
                .execute(&mut *self.connection)
                .await?;
        }
        let old = self.revision.0.saturating_sub(limits::REVISIONS_KEPT);
        sqlx::query(sql::DROP_OLD_CHANGES)
            .bind(&self.key)
            .bind(i64::try_from(old).unwrap_or(i64::MAX))
            .execute(&mut *self.connection)
            .await?;
        Ok(())
    }

    /// The revision as the statements want it.
    pub(crate) fn stored_revision(&self) -> i64 {
        i64::try_from(self.revision.0).unwrap_or(i64::MAX)
    }
}
