//! What is kept in memory beside the directories and follows the writes: whose an id is, whom a
//! token stands for, the SIP accounts. Knows how to ask the database once, and not again.

use crate::backend::Readers;
use crate::cache::Cache;
use crate::directories::Directories;
use crate::error::StoreError;
use crate::news::News;
use crate::read;
use crate::subject::{self, Subject};
use crate::tenant::Tenants;
use crate::token::Grant;
use crate::uses::Uses;
use arc_swap::ArcSwap;
use imbl::OrdSet;
use model::change::Change;
use model::directory::Directory;
use model::id::{CustomerId, ItemId};
use model::item::{Item, Revision};
use model::limits;
use model::phone::SipAccount;
use model::token::TokenHash;
use std::borrow::Borrow;
use std::cmp::Ordering;
use std::sync::{Arc, Mutex, PoisonError};

/// By user name; an account has it already, so that a key of its own would be a second one.
type Accounts = OrdSet<ByName>;

#[derive(Clone, Debug)]
struct ByName(Arc<SipAccount>);

impl Borrow<str> for ByName {
    fn borrow(&self) -> &str {
        &self.0.username
    }
}

impl Ord for ByName {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.username.cmp(&other.0.username)
    }
}

impl PartialOrd for ByName {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for ByName {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for ByName {}

/// Whose an id is.
#[derive(Clone, Debug)]
struct Whose {
    customer: CustomerId,
    /// The item of that id, and the revision of the customer that it was read at.
    item: Option<(Revision, Arc<Item>)>,
}

impl Whose {
    const fn of(customer: CustomerId) -> Self {
        Self { customer, item: None }
    }

    fn item(directory: &Directory, item: &Arc<Item>) -> Self {
        let item = Some((directory.revision, Arc::clone(item)));
        Self { customer: directory.customer.id, item }
    }
}

/// A committed transaction, as the memory needs to know it.
#[derive(Debug)]
pub(crate) struct Committed {
    /// What became of the settings.
    pub(crate) change: Change,
    /// Accounts that were made.
    pub(crate) accounts: Vec<SipAccount>,
    /// User names whose accounts are gone.
    pub(crate) accounts_gone: Vec<String>,
    /// Tokens that were made, or are gone.
    pub(crate) tokens: Vec<(TokenHash, Option<Grant>)>,
}

/// Everything in memory that follows the writes.
#[derive(Debug)]
pub(crate) struct Memory {
    pub(crate) directories: Directories,
    /// Held while something is published; never across an await.
    publishing: Mutex<()>,
    readers: Readers,
    whose: Cache<Subject, Option<Whose>>,
    grants: Cache<TokenHash, Option<Grant>>,
    pub(crate) uses: Arc<Uses>,
    account_by_username: ArcSwap<Accounts>,
}

impl Memory {
    pub(crate) fn new(
        directories: Directories,
        accounts: Vec<SipAccount>,
        readers: Readers,
    ) -> Self {
        let accounts: Accounts = accounts.into_iter().map(|a| ByName(Arc::new(a))).collect();
        Self {
            directories,
            publishing: Mutex::default(),
            readers,
            whose: Cache::new(limits::KNOWN_IDS),
            grants: Cache::new(limits::KNOWN_TOKENS),
            uses: Arc::default(),
            account_by_username: ArcSwap::from_pointee(accounts),
        }
    }

    pub(crate) fn account(&self, username: &str) -> Option<Arc<SipAccount>> {
        self.account_by_username.load().get(username).map(|ByName(account)| Arc::clone(account))
    }

    pub(crate) async fn customer_of(
        &self,
        subject: Subject,
    ) -> Result<Option<CustomerId>, StoreError> {
        let miss = match self.whose.lookup(subject) {
            Ok(known) => return Ok(known.map(|whose| whose.customer)),
            Err(miss) => miss,
        };
        let reading = async |reader: &mut _| read::customer_of(reader, subject).await;
        let customer = self.readers.read(reading).await?;
        self.whose.remember(&miss, subject, customer.map(Whose::of));
        if let (Subject::Item(_), Some(id)) = (subject, customer)
            && let Some(directory) = self.directories.snapshot(id).await?
        {
            // Whoever asks for one of its items asks for others; each would be a question of its own.
            let items = directory.items().map(|item| (item.id(), Whose::item(&directory, item)));
            let items = items.map(|(id, whose)| (Subject::Item(id), Some(whose)));
            self.whose.remember_all(&miss, items);
        }
        Ok(customer)
    }

    /// The item with this id, whoever's it is. One that was read since its customer's last change is found
    /// without the directory: among a million, it is waiting for memory that takes the time.
    pub(crate) async fn item(&self, id: ItemId) -> Result<Option<Arc<Item>>, StoreError> {
        let subject = Subject::Item(id);
        if let Ok(Some(Whose { customer, item: Some((revision, item)) })) =
            self.whose.lookup(subject)
            && self.directories.revision(customer) == revision
        {
            return Ok(Some(item));
        }
        let Some(customer) = self.customer_of(subject).await? else { return Ok(None) };
        let Some(directory) = self.directories.snapshot(customer).await? else { return Ok(None) };
        let Some(item) = directory.item(id) else { return Ok(None) };
        self.whose.amend(subject, |kept| {
            // Not if it has gone, or moved to another customer, since the directory was taken.
            if let Some(whose) = kept.as_mut().filter(|whose| whose.customer == customer) {
                *whose = Whose::item(&directory, item);
            }
        });
        Ok(Some(Arc::clone(item)))
    }

    pub(crate) async fn grant(&self, hash: TokenHash) -> Result<Option<Grant>, StoreError> {
        let miss = match self.grants.lookup(hash) {
            Ok(known) => return Ok(known),
            Err(miss) => miss,
        };
        let reading = async |reader: &mut _| read::grant(reader, hash).await;
        let grant = self.readers.read(reading).await?;
        let grant = grant
            .map(|stored| Grant { last_use: self.uses.newest(hash, stored.last_use), ..stored });
        self.grants.remember(&miss, hash, grant.clone());
        Ok(grant)
    }

    /// The same grant, and its last use at least as late as its row says.
    pub(crate) async fn grant_as_stored(
        &self,
        hash: TokenHash,
        known: &Grant,
    ) -> Result<Grant, StoreError> {
        let reading = async |reader: &mut _| read::grant(reader, hash).await;
        let stored = self.readers.read(reading).await?;
        if let Some(used) = stored.and_then(|stored| stored.last_use.latest()) {
            known.last_use.is_at_least(used);
        }
        Ok(known.clone())
    }

    /// Makes a committed transaction everybody's, before whoever asked for the write hears of it. Only
    /// the writer calls it, in the order of commits, with everything before it in memory.
    pub(crate) fn publish(&self, committed: Committed) {
        let Committed { change, accounts, accounts_gone, tokens } = committed;
        let _publishing = self.publishing.lock().unwrap_or_else(PoisonError::into_inner);
        if change.revision <= self.directories.revision(change.customer) {
            return;
        }
        self.directories.publish(&change);
        for changed in &change.changed {
            if let Some((subject, there)) = subject::of(changed) {
                self.whose.put(subject, there.then_some(Whose::of(change.customer)));
            }
        }
        for (hash, grant) in tokens {
            if grant.is_none() {
                self.uses.forget(hash);
            }
            self.grants.put(hash, grant);
        }
        if !accounts.is_empty() || !accounts_gone.is_empty() {
            self.follow_accounts(accounts, &accounts_gone);
        }
    }

    /// Makes everybody's what others have committed. Whatever is in memory of a revision stays.
    pub(crate) fn publish_news(&self, news: News) {
        let _publishing = self.publishing.lock().unwrap_or_else(PoisonError::into_inner);
        if news.revision <= self.directories.revision(news.customer) {
            return;
        }
        self.directories.publish_news(&news);
        for changed in &news.changed {
            match subject::of(changed) {
                Some((subject, true)) => {
                    self.whose.put(subject, Some(Whose::of(news.customer)));
                }
                // It may have gone to another customer, whose news came before.
                Some((subject, false)) => self.whose.forget(subject),
                None => {}
            }
        }
        for item in news.items.keys() {
            self.whose.put(Subject::Item(*item), Some(Whose::of(news.customer)));
        }
        for (hash, grant) in news.tokens {
            self.grants.put(hash, grant);
        }
        let (made, gone): (Vec<_>, Vec<_>) =
            news.accounts.into_iter().partition(|(_, account)| account.is_some());
        // A user name that is gone here may be another customer's by now.
        let ours = |name: &String| {
            self.account(name).is_some_and(|account| account.customer == news.customer)
        };
        let gone: Vec<_> = gone.into_iter().map(|(name, _)| name).filter(ours).collect();
        if !made.is_empty() || !gone.is_empty() {
            self.follow_accounts(made.into_iter().filter_map(|(_, made)| made).collect(), &gone);
        }
    }

    /// Takes what a whole reading has brought, as far as it is newer: settings and accounts by
    /// customer. The rest is asked for again.
    pub(crate) fn reload(&self, tenants: &Tenants, accounts: Vec<SipAccount>) {
        let _publishing = self.publishing.lock().unwrap_or_else(PoisonError::into_inner);
        let newer = |customer| {
            let read = tenants.get(&customer).map_or(Revision::default(), |t| t.revision);
            read > self.directories.revision(customer)
        };
        let before = self.account_by_username.load();
        let gone = before.iter().filter(|ByName(account)| newer(account.customer));
        let gone: Vec<_> = gone.map(|ByName(account)| account.username.clone()).collect();
        let made = accounts.into_iter().filter(|account| newer(account.customer)).collect();
        self.follow_accounts(made, &gone);
        self.directories.reload(tenants);
        self.whose.clear();
        self.grants.clear();
    }

    fn follow_accounts(&self, made: Vec<SipAccount>, gone: &[String]) {
        let mut accounts = Accounts::clone(&self.account_by_username.load());
        for username in gone {
            accounts.remove(username.as_str());
        }
        for account in made {
            accounts.insert(ByName(Arc::new(account)));
        }
        self.account_by_username.store(Arc::new(accounts));
    }
}
