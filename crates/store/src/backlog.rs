//! What may wait a little and shares commits: call records, bindings and uses of tokens. Decides when it is due and
//! how it is written; knows nothing of who writes when.

use crate::backend::Connection;
use crate::bindings::{BindingWrite, Bindings};
use crate::clock::Clock;
use crate::document::{self, VERSION};
use crate::error::StoreError;
use crate::sql;
use crate::uses::{UseWrite, Uses};
use model::limits;
use model::record::CallRecord;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

/// How long a record may wait for company.
const RECORDS_WAIT: Duration = Duration::from_millis(100);
/// How long a binding or a use may wait, and everything after a failed commit.
const LONGER_WAIT: Duration = Duration::from_secs(1);

/// A record as its row: the columns that reads ask for, and the document.
#[derive(Debug)]
pub(crate) struct RecordRow {
    id: String,
    customer: String,
    started: i64,
    extensions: [Option<String>; 2],
    employees: [Option<String>; 2],
    document: String,
}

impl RecordRow {
    pub(crate) fn of(record: &CallRecord) -> Result<Self, StoreError> {
        let sides = [&record.caller, &record.callee];
        Ok(Self {
            id: record.id.to_string(),
            customer: record.customer.to_string(),
            started: record.started.0,
            extensions: sides.map(|side| side.extension.map(|id| id.to_string())),
            employees: sides.map(|side| side.employee.map(|id| id.to_string())),
            document: document::write("record", record)?,
        })
    }
}

/// What waits.
#[derive(Debug)]
pub(crate) struct Backlog {
    arriving: mpsc::Receiver<RecordRow>,
    records: Vec<RecordRow>,
    records_due: Option<Instant>,
    bindings: Arc<Bindings>,
    bindings_due: Option<Instant>,
    uses: Arc<Uses>,
    uses_due: Option<Instant>,
    clock: Clock,
}

/// How much to take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Take {
    /// Bindings and uses only once they are due. Records always: the commit is made anyway.
    Due,
    /// Those too.
    Everything,
}

/// What shares one commit.
#[derive(Debug)]
pub(crate) struct Batch {
    records: Vec<RecordRow>,
    bindings: Vec<BindingWrite>,
    uses: Vec<UseWrite>,
}

impl Backlog {
    pub(crate) fn new(
        arriving: mpsc::Receiver<RecordRow>,
        bindings: Arc<Bindings>,
        uses: Arc<Uses>,
        clock: Clock,
    ) -> Self {
        let (records, records_due, bindings_due, uses_due) = (Vec::new(), None, None, None);
        Self { arriving, records, records_due, bindings, bindings_due, uses, uses_due, clock }
    }

    /// Resolves once something is due. Safe to drop at any time: what arrived is kept.
    pub(crate) async fn due(&mut self) {
        loop {
            let due =
                [self.records_due, self.bindings_due, self.uses_due].into_iter().flatten().min();
            let has_room = self.records.len() < limits::RECORDS_PER_COMMIT;
            tokio::select! {
                biased;
                () = sleep_until(due.unwrap_or_else(Instant::now)), if due.is_some() => return,
                Some(record) = self.arriving.recv(), if has_room => self.arrived(record),
                () = self.bindings.waiting(), if self.bindings_due.is_none() => {
                    self.bindings_due = Some(Instant::now() + LONGER_WAIT);
                }
                () = self.uses.waiting(), if self.uses_due.is_none() => {
                    self.uses_due = Some(Instant::now() + LONGER_WAIT);
                }
            }
        }
    }

    /// No more records are taken in; those that arrived still are.
    pub(crate) fn close(&mut self) {
        self.arriving.close();
    }

    fn arrived(&mut self, record: RecordRow) {
        self.records.push(record);
        let now = Instant::now();
        if self.records.len() == limits::RECORDS_PER_COMMIT {
            self.records_due = Some(now);
        }
        self.records_due.get_or_insert(now + RECORDS_WAIT);
    }

    /// One commit's worth.
    pub(crate) fn take(&mut self, take: Take) -> Batch {
        while self.records.len() < limits::RECORDS_PER_COMMIT {
            let Ok(record) = self.arriving.try_recv() else { break };
            self.records.push(record);
        }
        self.records_due = None;
        let everything = take == Take::Everything;
        let is_due = |due: Option<Instant>| due.is_some_and(|due| due <= Instant::now());
        let (mut bindings, mut uses) = (Vec::new(), Vec::new());
        if everything || is_due(self.bindings_due) {
            self.bindings_due = None;
            bindings = self.bindings.take(self.clock.now());
        }
        if everything || is_due(self.uses_due) {
            self.uses_due = None;
            uses = self.uses.take(everything);
        }
        Batch { records: std::mem::take(&mut self.records), bindings, uses }
    }

    /// Takes back what couldn't be written; it is due again in a while. Meanwhile the queue fills,
    /// and then whoever brings records waits.
    pub(crate) fn put_back(&mut self, batch: Batch) {
        let again = Instant::now() + LONGER_WAIT;
        if !batch.records.is_empty() {
            self.records = batch.records;
            self.records_due = Some(again);
        }
        if !batch.bindings.is_empty() {
            self.bindings.put_back(batch.bindings);
            self.bindings_due = Some(again);
        }
        if !batch.uses.is_empty() {
            self.uses.put_back(batch.uses);
            self.uses_due = Some(again);
        }
    }
}

impl Batch {
    pub(crate) fn is_empty(&self) -> bool {
        self.records.is_empty() && self.bindings.is_empty() && self.uses.is_empty()
    }

    /// Writes all of it.
    pub(crate) async fn write(&self, connection: &mut Connection) -> Result<(), sqlx::Error> {
        for record in &self.records {
            put_record(connection, record).await?;
        }
        for write in &self.bindings {
            put_binding(connection, write).await?;
        }
        for write in &self.uses {
            let query = sqlx::query(sql::PUT_TOKEN_USE);
            let query = query.bind(write.hash.bytes().as_slice()).bind(write.used.0);
            query.execute(&mut *connection).await?;
        }
        Ok(())
    }
}

async fn put_record(connection: &mut Connection, record: &RecordRow) -> Result<(), sqlx::Error> {
    let [caller_extension, callee_extension] = &record.extensions;
    let [caller_employee, callee_employee] = &record.employees;
    sqlx::query(sql::PUT_RECORD)
        .bind(&record.id)
        .bind(&record.customer)
        .bind(record.started)
        .bind(caller_extension)
        .bind(callee_extension)
        .bind(caller_employee)
        .bind(callee_employee)
        .bind(VERSION)
        .bind(&record.document)
        .execute(connection)
        .await?;
    Ok(())
}

async fn put_binding(connection: &mut Connection, write: &BindingWrite) -> Result<(), sqlx::Error> {
    let query = match write {
        BindingWrite::Put(binding) => sqlx::query(sql::PUT_BINDING)
            .bind(binding.phone.customer.to_string())
            .bind(binding.phone.phone.to_string())
            .bind(&binding.key)
            .bind(binding.expires.0)
            .bind(&binding.state),
        BindingWrite::Drop((phone, key)) => sqlx::query(sql::DROP_BINDING)
            .bind(phone.customer.to_string())
            .bind(phone.phone.to_string())
            .bind(key),
    };
    query.execute(connection).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::binding::Binding;
    use model::call::PhoneRef;
    use model::id::{CustomerId, PhoneId};
    use model::time::Wall;

    fn backlog() -> (mpsc::Sender<RecordRow>, Arc<Bindings>, Backlog) {
        let (sender, arriving) = mpsc::channel(limits::RECORD_QUEUE);
        let bindings = Arc::<Bindings>::default();
        let backlog = Backlog::new(arriving, bindings.clone(), Arc::default(), Clock::system());
        (sender, bindings, backlog)
    }

    fn row() -> RecordRow {
        RecordRow {
            id: String::new(),
            customer: String::new(),
            started: 0,
            extensions: [None, None],
            employees: [None, None],
            document: String::new(),
        }
    }

    fn keep(bindings: &Bindings) {
        let customer = CustomerId::from_bytes([1; 12]);
        let phone = PhoneRef { customer, phone: PhoneId::from_bytes([2; 12]) };
        let (key, state) = (String::new(), String::new());
        bindings.keep(Binding { phone, key, expires: Wall(9), state }, Wall(0));
    }

    #[tokio::test(start_paused = true)]
    async fn a_record_waits_a_tenth_of_a_second_and_a_binding_a_whole_one() {
        let (records, bindings, mut backlog) = backlog();
        let start = Instant::now();
        records.send(row()).await.unwrap();
        keep(&bindings);
        backlog.due().await;
        assert_eq!(start.elapsed().as_millis() / 10, 10);
        let first = backlog.take(Take::Due);
        assert_eq!((first.records.len(), first.bindings.len()), (1, 0));
        backlog.due().await;
        assert_eq!(start.elapsed().as_millis() / 10, 100);
        let second = backlog.take(Take::Due);
        assert_eq!((second.records.len(), second.bindings.len()), (0, 1));
    }

    #[tokio::test(start_paused = true)]
    async fn a_commit_full_of_records_waits_for_nothing() {
        let (records, _bindings, mut backlog) = backlog();
        for _ in 0..=limits::RECORDS_PER_COMMIT {
            records.send(row()).await.unwrap();
        }
        let start = Instant::now();
        backlog.due().await;
        assert!(start.elapsed() < RECORDS_WAIT);
        assert_eq!(backlog.take(Take::Due).records.len(), limits::RECORDS_PER_COMMIT);
    }

    #[tokio::test(start_paused = true)]
    async fn what_failed_is_due_again_in_a_second_and_takes_no_more_in() {
        let (records, _bindings, mut backlog) = backlog();
        for _ in 0..=limits::RECORDS_PER_COMMIT {
            records.send(row()).await.unwrap();
        }
        backlog.due().await;
        let batch = backlog.take(Take::Due);
        backlog.put_back(batch);
        let start = Instant::now();
        backlog.due().await;
        assert_eq!(start.elapsed().as_millis() / 10, 100);
        assert_eq!(backlog.arriving.len(), 1, "it waits in the queue, which is bounded");
    }
}
