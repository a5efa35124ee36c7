//! What may wait a little and shares commits: call records and bindings. Decides when it is due and
//! how it is written; knows nothing of who writes when.

use crate::backend::Connection;
use crate::bindings::{BindingWrite, Bindings};
use crate::document::{self, VERSION};
use crate::error::StoreError;
use crate::{clock, sql};
use model::limits;
use model::record::CallRecord;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

/// How long a record may wait for company.
const RECORDS_WAIT: Duration = Duration::from_millis(100);
/// How long a binding may wait, and everything after a failed commit.
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
}

/// How much to take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Take {
    /// Bindings only once they are due. Records always: the commit is made anyway.
    Due,
    /// Bindings too.
    Everything,
}

/// What shares one commit.
#[derive(Debug)]
pub(crate) struct Batch {
    records: Vec<RecordRow>,
    bindings: Vec<BindingWrite>,
}

impl Backlog {
    pub(crate) fn new(arriving: mpsc::Receiver<RecordRow>, bindings: Arc<Bindings>) -> Self {
        Self { arriving, records: Vec::new(), records_due: None, bindings, bindings_due: None }
    }

    /// Resolves once something is due. Safe to drop at any time: what arrived is kept.
    pub(crate) async fn due(&mut self) {
        loop {
            let due = [self.records_due, self.bindings_due].into_iter().flatten().min();
            let has_room = self.records.len() < limits::RECORDS_PER_COMMIT;
            tokio::select! {
                biased;
                () = sleep_until(due.unwrap_or_else(Instant::now)), if due.is_some() => return,
                Some(record) = self.arriving.recv(), if has_room => self.arrived(record),
                () = self.bindings.waiting(), if self.bindings_due.is_none() => {
                    self.bindings_due = Some(Instant::now() + LONGER_WAIT);
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
        let due = self.bindings_due.is_some_and(|due| due <= Instant::now());
        let mut bindings = Vec::new();
        if due || take == Take::Everything {
            self.bindings_due = None;
            bindings = self.bindings.take(clock::wall());
        }
        Batch { records: std::mem::take(&mut self.records), bindings }
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
    }
}

impl Batch {
    pub(crate) fn is_empty(&self) -> bool {
        self.records.is_empty() && self.bindings.is_empty()
    }

    /// Writes all of it.
    pub(crate) async fn write(&self, connection: &mut Connection) -> Result<(), sqlx::Error> {
        for record in &self.records {
            put_record(connection, record).await?;
        }
        for write in &self.bindings {
            put_binding(connection, write).await?;
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
