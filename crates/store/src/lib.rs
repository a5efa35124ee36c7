//! Where settings live: SQL, the change feed and the snapshots that everybody reads.
//!
//! Reads on the hot path (`directory`, `principal`, the targets) touch no SQL once warm. Writes go
//! through one task that commits and publishes as a unit. Who may do what is decided elsewhere: here
//! a `Permit` is taken, and its customer repeated in every statement.

mod backend;
mod backlog;
mod bindings;
mod cache;
mod clock;
mod departure;
mod directories;
mod document;
mod error;
mod installation;
mod lock;
mod logins;
mod memory;
mod migrate;
mod perform;
mod perform_item;
mod perform_number;
mod read;
mod sql;
mod subject;
mod tenant;
mod token;
mod tokens;
mod uses;
mod write;
mod writer;

pub use clock::Clock;
pub use departure::Departure;
pub use directories::Directories;
pub use error::{Corruption, OpenError, StoreError, WriteError};
pub use installation::Installation;
pub use logins::{Candidate, Logins};
pub use subject::Subject;
pub use token::{Bearer, Ended, IssuedToken, ListedToken, MachineToken, NewToken};
pub use write::{Basis, NewCustomer, Write};

use backend::{Connection, Readers};
use backlog::{Backlog, RecordRow};
use bindings::Bindings;
use lock::Lock;
use memory::Memory;
use model::access::{Permit, Principal, Target};
use model::binding::Binding;
use model::call::PhoneRef;
use model::directory::Directory;
use model::id::{CallId, CustomerId, EmployeeId, ItemId};
use model::item::Revision;
use model::limits;
use model::phone::SipAccount;
use model::record::CallRecord;
use model::time::Wall;
use model::token::TokenHash;
use std::path::Path;
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};
use writer::{Job, Work, Writer};

/// The store: a cheap handle on one data folder.
#[derive(Clone, Debug)]
pub struct Store(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    installation: Installation,
    clock: Clock,
    memory: Arc<Memory>,
    bindings: Arc<Bindings>,
    readers: Readers,
    jobs: mpsc::Sender<Job>,
    records: mpsc::Sender<RecordRow>,
}

impl Store {
    /// Opens the store in a folder, made (0700) if it isn't there, and brings its schema up to date.
    /// One process at a time: `OpenError::InUse`.
    pub async fn open(folder: &Path) -> Result<Self, OpenError> {
        Self::open_at(folder, Clock::system()).await
    }

    /// As `open`, with another clock.
    pub async fn open_at(folder: &Path, clock: Clock) -> Result<Self, OpenError> {
        let lock = Lock::take(folder)?;
        let file = folder.join("lokal.sqlite");
        lock::private_file(&file)?;
        let mut connection = backend::open_writer(&file).await?;
        migrate::run(&mut connection).await?;
        let installation = installation::draw(&mut connection).await?;
        sqlx::query(sql::DROP_EXPIRED_BINDINGS)
            .bind(clock.now().0)
            .execute(&mut connection)
            .await?;
        tokens::drop_ended(&mut connection, clock.now()).await?;
        let readers = backend::open_readers(&file).await?;
        Ok(Self::start(connection, readers, (installation, clock), lock).await?)
    }

    async fn start(
        mut connection: Connection,
        readers: Readers,
        (installation, clock): (Installation, Clock),
        lock: Lock,
    ) -> Result<Self, StoreError> {
        let tenants = read::tenants(&mut connection).await?;
        let accounts = read::accounts(&mut connection).await?;
        let directories = Directories::new(tenants, readers.clone());
        let memory = Arc::new(Memory::new(directories, accounts, readers.clone()));
        let bindings = Arc::<Bindings>::default();
        let (jobs, asked) = mpsc::channel(limits::WRITE_QUEUE);
        let (records, arriving) = mpsc::channel(limits::RECORD_QUEUE);
        let backlog = Backlog::new(arriving, bindings.clone(), memory.uses.clone(), clock.clone());
        let writer = Writer { connection, jobs: asked, backlog, memory: memory.clone(), lock };
        tokio::spawn(writer.run());
        let inner = Inner { installation, clock, memory, bindings, readers, jobs, records };
        Ok(Self(Arc::new(inner)))
    }

    /// What was drawn when the store was first opened.
    pub fn installation(&self) -> &Installation {
        &self.0.installation
    }

    /// Now, by the clock that everything here goes by.
    pub fn now(&self) -> Wall {
        self.0.clock.now()
    }

    /// Whether there is no customer yet.
    pub async fn is_empty(&self) -> Result<bool, StoreError> {
        Ok(self.0.memory.directories.is_empty())
    }

    /// Writes now what waits to be: records and bindings. Returns when that is done, or can't be.
    pub async fn flush(&self) {
        let (reply, done) = oneshot::channel();
        if self.0.jobs.send(Job::Flush(reply)).await.is_ok() {
            let _ = done.await;
        }
    }

    /// Writes what waits, ends the writer and releases the folder. Whatever is asked of the store
    /// after that hears that it is unavailable.
    pub async fn close(&self) {
        self.0.readers.close().await;
        let (reply, done) = oneshot::channel();
        if self.0.jobs.send(Job::End(reply)).await.is_ok() {
            let _ = done.await;
        }
    }

    /// Whose a thing is: its customer's, and the employee's own who uses it. None if it isn't there.
    pub async fn target(&self, subject: Subject) -> Result<Option<Target>, StoreError> {
        let Some(customer) = self.0.memory.customer_of(subject).await? else { return Ok(None) };
        let Some(directory) = self.directories().snapshot(customer).await? else {
            return Ok(None);
        };
        let owner = match subject {
            Subject::Item(id) => directory.extension(id).and_then(|extension| extension.employee),
            Subject::Employee(id) => Some(id),
            Subject::Phone(id) => directory
                .phone(id)
                .and_then(|phone| directory.extension(phone.extension?)?.employee),
            Subject::Number(_) | Subject::Customer(_) => None,
        };
        Ok(self.target_of(customer, owner.into_iter().collect()))
    }

    /// Whose a call's record is: the employees' on either side. None if there is no such record.
    pub async fn record_target(&self, id: CallId) -> Result<Option<Target>, StoreError> {
        let mut reader = self.0.readers.acquire().await?;
        let target = read::record_target(&mut reader, id).await?;
        Ok(target.and_then(|target| self.target_of(target.customer, target.owners)))
    }

    /// Whose a customer is: nobody's own. None if there is no such customer.
    pub async fn customer_target(&self, id: CustomerId) -> Result<Option<Target>, StoreError> {
        Ok(self.target_of(id, Vec::new()))
    }

    fn target_of(&self, customer: CustomerId, owners: Vec<EmployeeId>) -> Option<Target> {
        let resellers = self.directories().resellers(customer)?;
        Some(Target { customer, resellers, owners })
    }

    /// The directory of the permit's customer, as of now.
    pub async fn directory(&self, permit: &Permit) -> Result<Arc<Directory>, StoreError> {
        let directory = self.directories().snapshot(permit.customer()).await?;
        directory.ok_or_else(|| StoreError::corrupt("customer", "the permit's isn't there"))
    }

    /// Whom a token stands for, at the level that the employee has now; that counts as a use of it.
    pub async fn bearer(&self, token: TokenHash) -> Result<Bearer, StoreError> {
        let Some(grant) = self.0.memory.grant(token).await? else { return Ok(Bearer::Unknown) };
        let directory = self.directories().snapshot(grant.customer).await?;
        let employee = directory.as_ref().and_then(|all| all.employee(grant.employee));
        let Some(employee) = employee.filter(|employee| employee.may_log_in()) else {
            return Ok(Bearer::Unknown);
        };
        let now = self.now();
        if !grant.holds(now) {
            return Ok(Bearer::Expired);
        }
        self.0.memory.uses.touch(token, &grant.last_use, now);
        Ok(Bearer::Known(Principal {
            employee: employee.id,
            customer: employee.customer,
            level: employee.access_level,
        }))
    }

    /// The employees of every customer that are to be deleted, those with the earliest date first.
    pub async fn departures(&self, most: u32) -> Result<Vec<Departure>, StoreError> {
        let mut reader = self.0.readers.acquire().await?;
        read::departures(&mut reader, most).await
    }

    /// The machine tokens of an employee of the permit's customer.
    pub async fn tokens(
        &self,
        permit: &Permit,
        employee: EmployeeId,
    ) -> Result<Vec<ListedToken>, StoreError> {
        let mut reader = self.0.readers.acquire().await?;
        let tokens = read::tokens(&mut reader, permit.customer(), employee).await?;
        let latest = |(hash, mut token): (TokenHash, ListedToken)| {
            let ahead = self.0.memory.uses.ahead(hash).and_then(|last_use| last_use.latest());
            token.used = token.used.max(ahead);
            token
        };
        Ok(tokens.into_iter().map(latest).collect())
    }

    /// Who has this login name, in whatever letters; for a login, which isn't anybody's yet.
    pub async fn candidate(&self, name: &str) -> Result<Option<Candidate>, StoreError> {
        let mut reader = self.0.readers.acquire().await?;
        logins::candidate(&mut reader, name).await
    }

    /// The record of a call of the permit's customer.
    pub async fn record(
        &self,
        permit: &Permit,
        id: CallId,
    ) -> Result<Option<CallRecord>, StoreError> {
        let mut reader = self.0.readers.acquire().await?;
        read::record(&mut reader, permit.customer(), id).await
    }

    /// The latest records in which the extension is caller or callee, newest first; at most `most`,
    /// and at most `limits::RECORDS_READ`.
    pub async fn latest_records(
        &self,
        permit: &Permit,
        extension: ItemId,
        most: u32,
    ) -> Result<Vec<CallRecord>, StoreError> {
        let most = most.min(limits::RECORDS_READ);
        let mut reader = self.0.readers.acquire().await?;
        read::latest_records(&mut reader, permit.customer(), extension, most).await
    }

    /// Every customer's directory, for live calls: they aren't made on behalf of a principal.
    pub fn directories(&self) -> &Directories {
        &self.0.memory.directories
    }

    /// What a SIP user name proves itself with. In memory.
    pub fn account(&self, username: &str) -> Option<Arc<SipAccount>> {
        self.0.memory.account(username)
    }

    /// Makes a write to the permit's customer, and returns the customer's revision after it. It is
    /// durable and published then. Once it is queued, dropping the future cancels nothing.
    pub async fn write(&self, permit: &Permit, write: Write) -> Result<Revision, WriteError> {
        self.write_with(permit, write, Logins::default()).await
    }

    /// As `write`, and in the same transaction changes how the customer's employees prove themselves.
    pub async fn write_with(
        &self,
        permit: &Permit,
        write: Write,
        logins: Logins,
    ) -> Result<Revision, WriteError> {
        self.work(Work::Change(permit.customer(), write, logins)).await
    }

    /// Makes a customer with everything it starts with, in one transaction.
    pub async fn create_customer(&self, new: NewCustomer) -> Result<Revision, WriteError> {
        self.create_customer_with(new, Logins::default()).await
    }

    /// As `create_customer`, and in the same transaction what its employees prove themselves with.
    pub async fn create_customer_with(
        &self,
        new: NewCustomer,
        logins: Logins,
    ) -> Result<Revision, WriteError> {
        self.work(Work::Create(Box::new(new), logins)).await
    }

    async fn work(&self, work: Work) -> Result<Revision, WriteError> {
        let (reply, done) = oneshot::channel();
        let sent = self.0.jobs.send(Job::Work(work, reply)).await;
        sent.map_err(|_| StoreError::closed())?;
        done.await.map_err(|_| StoreError::closed())?
    }

    /// Keeps the record of a call, written within 100 ms. Waits while the queue is full; a store that
    /// is closed loses it and says so in the log.
    pub async fn keep_record(&self, record: CallRecord) {
        let lost = match RecordRow::of(&record) {
            Ok(row) => self.0.records.send(row).await.map_err(|_| StoreError::closed()).err(),
            Err(error) => Some(error),
        };
        if let Some(error) = lost {
            tracing::error!(?error, call = %record.id, "a call's record is lost");
        }
    }

    /// Keeps a binding: written within a second, if it changed more than its expiry or half of that
    /// has passed.
    pub fn keep_binding(&self, binding: Binding) {
        self.0.bindings.keep(binding, self.now());
    }

    /// Forgets a binding.
    pub fn drop_binding(&self, phone: PhoneRef, key: &str) {
        self.0.bindings.forget(phone, key);
    }

    /// The bindings that were stored and haven't expired; to be asked at start.
    pub async fn bindings(&self) -> Result<Vec<Binding>, StoreError> {
        let now = self.now();
        let mut reader = self.0.readers.acquire().await?;
        let bindings = read::bindings(&mut reader, now).await?;
        self.0.bindings.prime(&bindings, now);
        Ok(bindings)
    }
}
