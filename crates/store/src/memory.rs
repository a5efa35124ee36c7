//! What is kept in memory beside the directories and follows the writes: whose an id is, whom a
//! token stands for, the SIP accounts. Knows how to ask the database once, and not again.

use crate::backend::Readers;
use crate::cache::Cache;
use crate::directories::Directories;
use crate::error::StoreError;
use crate::read;
use crate::subject::{self, Subject};
use crate::token::Grant;
use crate::uses::Uses;
use arc_swap::ArcSwap;
use imbl::HashMap;
use model::change::Change;
use model::id::CustomerId;
use model::limits;
use model::phone::SipAccount;
use model::token::TokenHash;
use std::sync::Arc;

type Accounts = HashMap<String, Arc<SipAccount>>;

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
    readers: Readers,
    customer_by_subject: Cache<Subject, Option<CustomerId>>,
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
        let accounts: Accounts =
            accounts.into_iter().map(|a| (a.username.clone(), Arc::new(a))).collect();
        Self {
            directories,
            readers,
            customer_by_subject: Cache::new(limits::KNOWN_IDS),
            grants: Cache::new(limits::KNOWN_TOKENS),
            uses: Arc::default(),
            account_by_username: ArcSwap::from_pointee(accounts),
        }
    }

    pub(crate) fn account(&self, username: &str) -> Option<Arc<SipAccount>> {
        self.account_by_username.load().get(username).cloned()
    }

    pub(crate) async fn customer_of(
        &self,
        subject: Subject,
    ) -> Result<Option<CustomerId>, StoreError> {
        let miss = match self.customer_by_subject.lookup(subject) {
            Ok(known) => return Ok(known),
            Err(miss) => miss,
        };
        let mut reader = self.readers.acquire().await?;
        let customer = read::customer_of(&mut reader, subject).await?;
        self.customer_by_subject.remember(&miss, subject, customer);
        Ok(customer)
    }

    pub(crate) async fn grant(&self, hash: TokenHash) -> Result<Option<Grant>, StoreError> {
        let miss = match self.grants.lookup(hash) {
            Ok(known) => return Ok(known),
            Err(miss) => miss,
        };
        let mut reader = self.readers.acquire().await?;
        let grant = read::grant(&mut reader, hash).await?;
        let grant = grant
            .map(|stored| Grant { last_use: self.uses.newest(hash, stored.last_use), ..stored });
        self.grants.remember(&miss, hash, grant.clone());
        Ok(grant)
    }

    /// Makes a committed transaction everybody's. Only the writer calls it, in the order of commits,
    /// and before whoever asked for the write hears of it.
    pub(crate) fn publish(&self, committed: Committed) {
        let Committed { change, accounts, accounts_gone, tokens } = committed;
        self.directories.publish(&change);
        for changed in &change.changed {
            if let Some((subject, there)) = subject::of(changed) {
                self.customer_by_subject.put(subject, there.then_some(change.customer));
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

    fn follow_accounts(&self, made: Vec<SipAccount>, gone: &[String]) {
        let mut accounts = Accounts::clone(&self.account_by_username.load());
        for username in gone {
            accounts.remove(username);
        }
        for account in made {
            accounts.insert(account.username.clone(), Arc::new(account));
        }
        self.account_by_username.store(Arc::new(accounts));
    }
}
