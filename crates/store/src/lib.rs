//! Where settings live: SQL, the change feed and the snapshots that everybody reads.
//!
//! Reads on the hot path (`directory`, `principal`, the targets) touch no SQL once warm. Writes go
//! through one task that commits and publishes as a unit. Who may do what is decided elsewhere: here
//! a `Permit` is taken, and its customer repeated in every statement.

mod answer;
mod audit;
mod backend;
mod backlog;
mod bindings;
mod budget;
mod cache;
mod claim;
mod clock;
mod counts;
mod database;
mod departure;
mod directories;
mod document;
mod error;
mod existing;
mod feed;
mod follow;
mod freshness;
mod hex;
mod installation;
mod lock;
mod logins;
mod memory;
mod migrate;
mod news;
mod pen;
mod perform;
mod perform_customer;
mod perform_gone;
mod perform_item;
mod perform_number;
mod perform_screen;
mod read;
#[cfg(test)]
mod schema;
mod sql;
#[cfg(test)]
mod statements_apart;
mod subject;
mod tenant;
mod token;
mod tokens;
mod uses;
mod whole;
mod write;
mod writer;

pub use answer::{Answer, KEY, Once};
pub use claim::Claim;
pub use clock::Clock;
pub use counts::{COMMIT_SECONDS, Counts};
pub use database::{Database, NotPostgres, PostgresUrl};
pub use departure::Departure;
pub use directories::Directories;
pub use error::{Corruption, OpenError, StoreError, WriteError};
pub use installation::Installation;
pub use logins::{Candidate, Logins};
pub use subject::Subject;
pub use token::{Bearer, Ended, Holder, IssuedToken, ListedToken, MachineToken, NewToken};
pub use whole::Proofs;
pub use write::{Basis, NewCustomer, Write};

use answer::Making;
use backend::{Backend, Connection, Readers};
use backlog::{Backlog, RecordRow};
use bindings::Bindings;
use feed::Feed;
use follow::Follower;
use freshness::Freshness;
use lock::Lock;
use memory::Memory;
use model::access::{Permit, Target};
use model::audit::{AuditQuery, Entry};
use model::binding::Binding;
use model::call::PhoneRef;
use model::change::Change;
use model::customer::Customer;
use model::directory::Directory;
use model::id::{CallId, CustomerId, EmployeeId, ItemId, PhoneId};
use model::item::{Item, Revision};
use model::limits;
use model::number::E164;
use model::phone::SipAccount;
use model::record::CallRecord;
use model::time::Wall;
use model::token::TokenHash;
use pen::Pen;
use std::path::Path;
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;
use tokio::time::Instant;
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
    /// What follows others' writes; nothing where there are none.
    following: tokio::sync::Mutex<JoinSet<()>>,
    counts: Arc<Counts>,
}

/// What waits and what is in use at this moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Load {
    /// Writes waiting for the writer.
    pub writes_waiting: usize,
    /// Records waiting for the writer, beside those that it holds.
    pub records_waiting: usize,
    /// Connections that read.
    pub readers_in_use: usize,
    /// Customers whose directory is in memory.
    pub directories: usize,
}

impl Store {
    /// Opens the store of a data folder, made (0700) if it isn't there, and brings its schema up to
    /// date. A folder belongs to one process at a time: `OpenError::InUse`.
    pub async fn open(folder: &Path, database: &Database) -> Result<Self, OpenError> {
        Self::open_at(folder, database, Clock::system()).await
    }

    /// As `open`, with another clock.
    pub async fn open_at(
        folder: &Path,
        database: &Database,
        clock: Clock,
    ) -> Result<Self, OpenError> {
        let lock = Lock::take(folder)?;
        let backend = Backend::new(database, &lock::database_file(folder, database)?)?;
        let mut connection = backend.connect().await?;
        migrate::run(&mut connection).await?;
        let installation = installation::draw(&mut connection).await?;
        sqlx::query(sql::DROP_EXPIRED_BINDINGS)
            .bind(clock.now().0)
            .execute(&mut connection)
            .await?;
        tokens::drop_ended(&mut connection, clock.now()).await?;
        Ok(Self::start(backend, connection, (installation, clock), lock).await?)
    }

    async fn start(
        backend: Backend,
        mut connection: Connection,
        (installation, clock): (Installation, Clock),
        lock: Lock,
    ) -> Result<Self, StoreError> {
        let readers = backend.open_readers().await?;
        let read = Instant::now();
        let mut reading = backend::begin_read(&mut connection).await?;
        let last = follow::last(&mut reading).await?;
        let tenants = read::tenants(&mut reading).await?;
        let accounts = read::accounts(&mut reading).await?;
        reading.commit().await?;
        let is_shared = backend.is_shared();
        let freshness = if is_shared { Freshness::shared(read) } else { Freshness::alone() };
        let freshness = Arc::new(freshness);
        let directories = Directories::new(tenants, readers.clone(), freshness.clone());
        let memory = Arc::new(Memory::new(directories, accounts, readers.clone()));
        let follower = is_shared.then(|| Arc::new(Follower::new(memory.clone(), last)));
        let following = follower.clone().map_or_else(JoinSet::new, |follower| {
            Feed { backend: backend.clone(), follower, freshness }.start()
        });
        let bindings = Arc::<Bindings>::default();
        let (jobs, asked) = mpsc::channel(limits::WRITE_QUEUE);
        let (records, arriving) = mpsc::channel(limits::RECORD_QUEUE);
        let backlog = Backlog::new(arriving, bindings.clone(), memory.uses.clone(), clock.clone());
        let counts = Arc::<Counts>::default();
        let pen = Pen::new(backend, connection);
        let memory_too = memory.clone();
        let writer = Writer {
            pen,
            jobs: asked,
            backlog,
            memory: memory_too,
            follower,
            counts: counts.clone(),
            clock: clock.clone(),
            lock,
            ended: Vec::new(),
        };
        tokio::spawn(writer.run());
        let following = following.into();
        let inner = Inner {
            installation,
            clock,
            memory,
            bindings,
            readers,
            jobs,
            records,
            following,
            counts,
        };
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
        self.directories().fresh().await?;
        Ok(self.0.memory.directories.is_empty())
    }

    /// Whether reads are answered and writes taken. Reads at most one row; waits 2 s for a connection.
    pub async fn ready(&self) -> Result<(), StoreError> {
        if self.0.jobs.is_closed() {
            return Err(StoreError::closed());
        }
        let reading = async |reader: &mut Connection| {
            sqlx::query(sql::READY).fetch_optional(reader).await?;
            Ok(())
        };
        self.0.readers.read(reading).await
    }

    /// What was counted so far.
    pub fn counts(&self) -> &Counts {
        &self.0.counts
    }

    /// What waits and what is in use.
    pub fn load(&self) -> Load {
        let Inner { jobs, records, readers, memory, .. } = &*self.0;
        Load {
            writes_waiting: jobs.max_capacity() - jobs.capacity(),
            records_waiting: records.max_capacity() - records.capacity(),
            readers_in_use: readers.in_use(),
            directories: memory.directories.count(),
        }
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
        self.0.following.lock().await.shutdown().await;
        self.0.readers.close().await;
        let (reply, done) = oneshot::channel();
        if self.0.jobs.send(Job::End(reply)).await.is_ok() {
            let _ = done.await;
        }
    }

    /// Whose a thing is: its customer's, and the employee's own who uses it. None if it isn't there.
    pub async fn target(&self, subject: Subject) -> Result<Option<Target>, StoreError> {
        self.directories().fresh().await?;
        if let Subject::Item(id) = subject {
            let item = self.0.memory.item(id).await?;
            return Ok(item.and_then(|item| {
                let owner = item.extension().and_then(|extension| extension.employee);
                self.target_of(item.customer(), owner.into_iter().collect())
            }));
        }
        let Some(customer) = self.0.memory.customer_of(subject).await? else { return Ok(None) };
        let Some(directory) = self.directories().snapshot(customer).await? else {
            return Ok(None);
        };
        let owner = match subject {
            Subject::Employee(id) => Some(id),
            Subject::Phone(id) => directory
                .phone(id)
                .and_then(|phone| directory.extension(phone.extension?)?.employee),
            Subject::Item(_) | Subject::Number(_) | Subject::Customer(_) => None,
        };
        Ok(self.target_of(customer, owner.into_iter().collect()))
    }

    /// Whose a call's record is: the employees' on either side. None if there is no such record.
    pub async fn record_target(&self, id: CallId) -> Result<Option<Target>, StoreError> {
        self.directories().fresh().await?;
        let reading = async |reader: &mut _| read::record_target(reader, id).await;
        let target = self.0.readers.read(reading).await?;
        Ok(target.and_then(|target| self.target_of(target.customer, target.owners)))
    }

    /// Whose a customer is: nobody's own. None if there is no such customer.
    pub async fn customer_target(&self, id: CustomerId) -> Result<Option<Target>, StoreError> {
        self.directories().fresh().await?;
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

    /// An item of the permit's customer, as of now; None if it has none with this id.
    pub async fn item(&self, permit: &Permit, id: ItemId) -> Result<Option<Arc<Item>>, StoreError> {
        self.directories().fresh().await?;
        let item = self.0.memory.item(id).await?;
        Ok(item.filter(|item| item.customer() == permit.customer()))
    }

    /// The customers of these permits, without their directories.
    pub async fn customers(&self, permits: &[Permit]) -> Result<Vec<Customer>, StoreError> {
        let wanted = permits.iter().map(Permit::customer).collect();
        let reading = async |reader: &mut _| read::customers(reader, &wanted).await;
        self.0.readers.read(reading).await
    }

    /// Whom a token stands for, at the level that the employee has now; that counts as a use of it.
    pub async fn bearer(&self, token: TokenHash) -> Result<Bearer, StoreError> {
        self.directories().fresh().await?;
        let Some(grant) = self.0.memory.grant(token).await? else { return Ok(Bearer::Unknown) };
        let directory = self.directories().snapshot(grant.customer).await?;
        let employee = directory.as_ref().and_then(|all| all.employee(grant.employee));
        let Some(employee) = employee.filter(|employee| employee.may_log_in()) else {
            return Ok(Bearer::Unknown);
        };
        let now = self.now();
        // Another server may have seen it used since; it tells the database, and nobody else.
        if !grant.holds(now) && !self.0.memory.grant_as_stored(token, &grant).await?.holds(now) {
            return Ok(Bearer::Expired);
        }
        self.0.memory.uses.touch(token, &grant.last_use, now);
        Ok(Bearer::Known(Holder {
            employee: employee.id,
            customer: employee.customer,
            level: employee.access_level,
            kind: grant.kind,
        }))
    }

    /// The employees of every customer that are to be deleted, those with the earliest date first.
    pub async fn departures(&self, most: u32) -> Result<Vec<Departure>, StoreError> {
        let reading = async |reader: &mut _| read::departures(reader, most).await;
        self.0.readers.read(reading).await
    }

    /// The machine tokens of an employee of the permit's customer.
    pub async fn tokens(
        &self,
        permit: &Permit,
        employee: EmployeeId,
    ) -> Result<Vec<ListedToken>, StoreError> {
        let customer = permit.customer();
        let reading = async |reader: &mut _| read::tokens(reader, customer, employee).await;
        let tokens = self.0.readers.read(reading).await?;
        let latest = |(hash, mut token): (TokenHash, ListedToken)| {
            let ahead = self.0.memory.uses.ahead(hash).and_then(|last_use| last_use.latest());
            token.used = token.used.max(ahead);
            token
        };
        Ok(tokens.into_iter().map(latest).collect())
    }

    /// Who has this login name, in whatever letters; for a login, which isn't anybody's yet.
    pub async fn candidate(&self, name: &str) -> Result<Option<Candidate>, StoreError> {
        let reading = async |reader: &mut _| logins::candidate(reader, name).await;
        self.0.readers.read(reading).await
    }

    /// The record of a call of the permit's customer.
    pub async fn record(
        &self,
        permit: &Permit,
        id: CallId,
    ) -> Result<Option<CallRecord>, StoreError> {
        let customer = permit.customer();
        let reading = async |reader: &mut _| read::record(reader, customer, id).await;
        self.0.readers.read(reading).await
    }

    /// The latest records in which the extension is caller or callee, newest first; at most `most`,
    /// and at most `limits::RECORDS_READ`.
    pub async fn latest_records(
        &self,
        permit: &Permit,
        extension: ItemId,
        most: u32,
    ) -> Result<Vec<CallRecord>, StoreError> {
        let (customer, most) = (permit.customer(), most.min(limits::RECORDS_READ));
        let reading =
            async |reader: &mut _| read::latest_records(reader, customer, extension, most).await;
        self.0.readers.read(reading).await
    }

    /// The entries of the audit log of the permit's customer, newest first, at most
    /// `limits::AUDIT_ENTRIES_READ`; and how many there are without paging.
    pub async fn audit(
        &self,
        permit: &Permit,
        query: &AuditQuery,
    ) -> Result<(u64, Vec<Entry>), StoreError> {
        let (customer, now) = (permit.customer(), self.now());
        let reading = async |reader: &mut _| audit::entries(reader, customer, query, now).await;
        self.0.readers.read(reading).await
    }

    /// All that the permit's customer has, as of one instant; not from memory.
    pub async fn whole(&self, permit: &Permit) -> Result<Option<(Directory, Proofs)>, StoreError> {
        let customer = permit.customer();
        let reading = async |reader: &mut _| whole::customer(reader, customer).await;
        self.0.readers.read_much(reading).await
    }

    /// Which of these somebody on the platform has already.
    pub async fn taken(&self, claims: Vec<Claim>) -> Result<Vec<Claim>, StoreError> {
        let reading = async |reader: &mut _| {
            let mut taken = Vec::new();
            for claim in claims {
                if claim::is_taken(reader, &claim).await? {
                    taken.push(claim);
                }
            }
            Ok(taken)
        };
        self.0.readers.read_much(reading).await
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

    /// As `write`, and in the same transaction changes how the customer's people and phones prove
    /// themselves.
    pub async fn write_with(
        &self,
        permit: &Permit,
        write: Write,
        logins: Logins,
    ) -> Result<Revision, WriteError> {
        self.work(Work::Change(permit.clone(), write, Box::new(logins))).await
    }

    /// Makes two writes in one transaction, for something that leaves one customer and comes to
    /// another. The revision is the second one's.
    pub async fn write_moving(
        &self,
        (from, leaves): (&Permit, Write),
        (to, arrives): (&Permit, Write),
    ) -> Result<Revision, WriteError> {
        let writes = [(from.clone(), leaves), (to.clone(), arrives)];
        self.work(Work::Move(Box::new(writes))).await
    }

    /// The mobile that has this number, whosever it is.
    pub async fn mobile(&self, number: &E164) -> Result<Option<PhoneId>, StoreError> {
        let reading = async |reader: &mut _| read::mobile(reader, number).await;
        self.0.readers.read(reading).await
    }

    /// As `write_with`, of something that is made, and returns what `answer` says of it, once. With a
    /// key, what it says is kept in the same transaction; if something is kept for the key, nothing
    /// is written: `Taken` with the member `KEY`.
    pub async fn make(
        &self,
        permit: &Permit,
        (write, logins): (Write, Logins),
        once: Option<Once>,
        answer: impl FnOnce(&Change) -> String + Send + 'static,
    ) -> Result<String, WriteError> {
        let (tell, told) = oneshot::channel();
        let answer = Box::new(move |change: &Change| {
            let answer = answer(change);
            // Whoever asked may be gone; the write is made all the same.
            let _ = tell.send(answer.clone());
            answer
        });
        self.work(Work::Make(permit.clone(), write, Box::new(Making { logins, once, answer })))
            .await?;
        Ok(told.await.map_err(|_| StoreError::closed())?)
    }

    /// What is kept for a key of this employee.
    pub async fn answer(
        &self,
        employee: EmployeeId,
        key: &str,
    ) -> Result<Option<Answer>, StoreError> {
        let now = self.now();
        let reading = async |reader: &mut _| answer::lookup(reader, employee, key, now).await;
        self.0.readers.read(reading).await
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
        let reading = async |reader: &mut _| read::bindings(reader, now).await;
        let bindings = self.0.readers.read_much(reading).await?;
        self.0.bindings.prime(&bindings, now);
        Ok(bindings)
    }
}
