//! The writer: one task that owns the one write connection. Decides what shares a commit, and makes
//! commit and publication one unit that no caller can interrupt. Knows no statement.

use crate::backend::{self, Connection};
use crate::backlog::{Backlog, Batch, Take};
use crate::error::{StoreError, WriteError, Written};
use crate::lock::Lock;
use crate::logins::Logins;
use crate::memory::{Committed, Memory};
use crate::perform;
use crate::write::{NewCustomer, Write};
use model::id::CustomerId;
use model::limits;
use sqlx::Connection as _;
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};

/// A durable write.
#[derive(Debug)]
pub(crate) enum Work {
    /// To the settings of the permit's customer, and to how its employees prove themselves.
    Change(CustomerId, Write, Logins),
    /// A new customer, and how its employees prove themselves.
    Create(Box<NewCustomer>, Logins),
}

/// What the writer is asked.
#[derive(Debug)]
pub(crate) enum Job {
    /// A durable write; answered after it is committed and published.
    Work(Work, oneshot::Sender<Written>),
    /// Write now what waits.
    Flush(oneshot::Sender<()>),
    /// Write what waits, end, release the folder.
    End(oneshot::Sender<()>),
}

/// Who waits for the end; nobody as long as the loop goes on.
type Ended = Vec<oneshot::Sender<()>>;

/// What became of one transaction: of each write, and of the batch.
struct Outcome {
    works: Vec<Result<Committed, WriteError>>,
    batch: Result<(), StoreError>,
}

/// The writer's own.
pub(crate) struct Writer {
    pub(crate) connection: Connection,
    pub(crate) jobs: mpsc::Receiver<Job>,
    pub(crate) backlog: Backlog,
    pub(crate) memory: Arc<Memory>,
    pub(crate) lock: Lock,
}

impl Writer {
    /// Runs until it is told to end, or until nobody is left who could ask.
    pub(crate) async fn run(mut self) {
        let mut ended = Ended::new();
        while ended.is_empty() {
            let mut jobs = Vec::new();
            tokio::select! {
                biased;
                count = self.jobs.recv_many(&mut jobs, limits::WRITES_PER_COMMIT) => {
                    if count == 0 { break }
                    ended = self.handle(jobs).await;
                }
                () = self.backlog.due() => {
                    self.commit(Vec::new(), Take::Due).await;
                }
            }
        }
        ended.extend(self.finish().await);
        if let Err(error) = self.connection.close().await {
            tracing::error!(%error, "the store's connection didn't close");
        }
        drop(self.lock);
        ended.into_iter().for_each(answer);
    }

    /// Takes what was asked before the end, and writes what waits.
    async fn finish(&mut self) -> Ended {
        self.jobs.close();
        self.backlog.close();
        let mut ended = Ended::new();
        let mut jobs = Vec::new();
        while self.jobs.recv_many(&mut jobs, limits::WRITES_PER_COMMIT).await > 0 {
            ended.extend(self.handle(std::mem::take(&mut jobs)).await);
        }
        self.flush().await;
        ended
    }

    async fn handle(&mut self, jobs: Vec<Job>) -> Ended {
        let (mut works, mut flushes, mut ended) = (Vec::new(), Vec::new(), Ended::new());
        for job in jobs {
            match job {
                Job::Work(work, reply) => works.push((work, reply)),
                Job::Flush(reply) => flushes.push(reply),
                Job::End(reply) => ended.push(reply),
            }
        }
        self.commit(works, Take::Due).await;
        if !flushes.is_empty() {
            self.flush().await;
            flushes.into_iter().for_each(answer);
        }
        ended
    }

    /// Writes everything that waits, as far as that works.
    async fn flush(&mut self) {
        while let Committing::More = self.commit(Vec::new(), Take::Everything).await {}
    }

    /// One commit: publishes what it made, answers who waits for it.
    async fn commit(
        &mut self,
        works: Vec<(Work, oneshot::Sender<Written>)>,
        take: Take,
    ) -> Committing {
        let batch = self.backlog.take(take);
        if works.is_empty() && batch.is_empty() {
            return Committing::Nothing;
        }
        let (works, replies): (Vec<_>, Vec<_>) = works.into_iter().unzip();
        let count = works.len();
        let outcome = transaction(&mut self.connection, works, &batch).await;
        let outcome = outcome.unwrap_or_else(|error| Outcome::failed(count, &error));
        for (result, reply) in outcome.works.into_iter().zip(replies) {
            let revision = result.map(|committed| self.publish(committed));
            // Whoever asked may be gone; the write is made all the same.
            let _ = reply.send(revision);
        }
        match outcome.batch {
            Ok(()) => Committing::More,
            Err(error) => {
                if !batch.is_empty() {
                    tracing::error!(?error, "records and bindings can't be written, and wait");
                }
                self.backlog.put_back(batch);
                Committing::Failed
            }
        }
    }

    fn publish(&self, committed: Committed) -> model::item::Revision {
        let revision = committed.change.revision;
        self.memory.publish(committed);
        revision
    }
}

/// What a commit came to.
enum Committing {
    /// There was nothing to write.
    Nothing,
    /// It is written; there may be more.
    More,
    /// It couldn't be written.
    Failed,
}

impl Outcome {
    fn failed(works: usize, error: &StoreError) -> Self {
        let works = (0..works).map(|_| Err(WriteError::Store(error.clone()))).collect();
        Self { works, batch: Err(error.clone()) }
    }
}

fn answer(reply: oneshot::Sender<()>) {
    // Whoever asked may be gone.
    let _ = reply.send(());
}

/// Makes the writes, each in a savepoint so that one that fails takes back itself alone, and the
/// batch in another; then commits them all.
async fn transaction(
    connection: &mut Connection,
    works: Vec<Work>,
    batch: &Batch,
) -> Result<Outcome, StoreError> {
    let mut transaction = backend::begin_write(connection).await?;
    let mut results = Vec::with_capacity(works.len());
    for work in works {
        let mut savepoint = transaction.begin().await?;
        let result = perform(&mut savepoint, work).await;
        match &result {
            Ok(_) => savepoint.commit().await?,
            Err(_) => savepoint.rollback().await?,
        }
        results.push(result);
    }
    let mut savepoint = transaction.begin().await?;
    let written = batch.write(&mut savepoint).await.map_err(StoreError::from);
    match &written {
        Ok(()) => savepoint.commit().await?,
        Err(_) => savepoint.rollback().await?,
    }
    transaction.commit().await?;
    Ok(Outcome { works: results, batch: written })
}

async fn perform(connection: &mut Connection, work: Work) -> Result<Committed, WriteError> {
    match work {
        Work::Change(customer, write, logins) => {
            perform::change(connection, customer, write, logins).await
        }
        Work::Create(new, logins) => perform::create(connection, *new, logins).await,
    }
}
