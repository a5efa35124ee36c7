//! The writer: one task that owns the one write connection. Decides what shares a commit, and makes
//! commit and publication one unit that no caller can interrupt. Knows no statement.

use crate::answer::Making;
use crate::audit::Signature;
use crate::backend::{self, Connection};
use crate::backlog::{Backlog, Batch, Take};
use crate::budget::unless_stalled;
use crate::clock::Clock;
use crate::counts::Counts;
use crate::error::{StoreError, WriteError, Written};
use crate::follow::{self, Follower};
use crate::lock::Lock;
use crate::logins::Logins;
use crate::memory::{Committed, Memory};
use crate::pen::Pen;
use crate::perform;
use crate::write::{NewCustomer, Write};
use model::access::Permit;
use model::item::Revision;
use model::limits;
use model::time::Wall;
use sqlx::Connection as _;
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::{mpsc, oneshot};

/// A durable write. Each says who makes it.
#[derive(Debug)]
pub(crate) enum Work {
    /// To the settings of the permit's customer, and to how its people and phones prove themselves.
    Change(Permit, Write, Box<Logins>),
    /// The same, and it is told and kept what it came to.
    Make(Permit, Write, Box<Making>),
    /// What goes from one customer to another: out of the first, then into the second.
    Move(Box<[(Permit, Write); 2]>),
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
pub(crate) type Ended = Vec<oneshot::Sender<()>>;

/// What became of one transaction: of each write, and of the batch.
struct Outcome {
    works: Vec<Result<Vec<Committed>, WriteError>>,
    batch: Result<(), StoreError>,
    /// The last entry of the change feed, if anybody follows it.
    last: Option<i64>,
}

/// The writer's own.
pub(crate) struct Writer {
    pub(crate) pen: Pen,
    pub(crate) jobs: mpsc::Receiver<Job>,
    pub(crate) backlog: Backlog,
    pub(crate) memory: Arc<Memory>,
    /// Of others' commits, where there can be any.
    pub(crate) follower: Option<Arc<Follower>>,
    pub(crate) lock: Lock,
    pub(crate) ended: Ended,
    pub(crate) counts: Arc<Counts>,
    pub(crate) clock: Clock,
}

impl Writer {
    /// Runs until it is told to end, or until nobody is left who could ask.
    pub(crate) async fn run(mut self) {
        while self.ended.is_empty() {
            let mut jobs = Vec::new();
            tokio::select! {
                biased;
                count = self.jobs.recv_many(&mut jobs, limits::WRITES_PER_COMMIT) => {
                    if count == 0 { break }
                    self.handle(jobs).await;
                }
                () = self.backlog.due() => {
                    self.commit(Vec::new(), Take::Due).await;
                }
            }
        }
        self.finish().await;
        if let Err(error) = self.pen.close().await {
            tracing::error!(%error, "the store's connection didn't close");
        }
        drop(self.lock);
        self.ended.into_iter().for_each(answer);
    }

    /// Takes what was asked before the end, and writes what waits.
    async fn finish(&mut self) {
        self.jobs.close();
        self.backlog.close();
        let mut jobs = Vec::new();
        while self.jobs.recv_many(&mut jobs, limits::WRITES_PER_COMMIT).await > 0 {
            self.handle(std::mem::take(&mut jobs)).await;
        }
        self.flush().await;
    }

    async fn handle(&mut self, jobs: Vec<Job>) {
        let (mut works, mut flushes) = (Vec::new(), Vec::new());
        for job in jobs {
            match job {
                Job::Work(work, reply) => works.push((work, reply)),
                Job::Flush(reply) => flushes.push(reply),
                Job::End(reply) => self.ended.push(reply),
            }
        }
        self.commit(works, Take::Due).await;
        if !flushes.is_empty() {
            self.flush().await;
            flushes.into_iter().for_each(answer);
        }
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
        let begun = Instant::now();
        // A disk takes as long as it does; only a server can be silent.
        let outcome = match self.follower {
            Some(_) => unless_stalled(self.transaction(works, &batch)).await,
            None => self.transaction(works, &batch).await,
        };
        self.counts.add_commit(begun.elapsed());
        let outcome = outcome.unwrap_or_else(|error| {
            self.failed(&error);
            Outcome::failed(count, &error)
        });
        for (result, reply) in outcome.works.into_iter().zip(replies) {
            self.counts.add_write(result.is_ok());
            let revision = result.map(|committed| self.publish(committed));
            // Whoever asked may be gone; the write is made all the same.
            let _ = reply.send(revision);
        }
        if let (Some(follower), Some(last)) = (&self.follower, outcome.last) {
            follower.reach(last);
            follower.tell();
        }
        match outcome.batch {
            Ok(()) => Committing::More,
            Err(error) => {
                self.counts.add_failed_commit();
                if !batch.is_empty() {
                    tracing::error!(?error, "records and bindings can't be written, and wait");
                }
                self.backlog.put_back(batch);
                Committing::Failed
            }
        }
    }

    /// Makes the writes, each in a savepoint so that one that fails takes back itself alone, and the
    /// batch in another; then commits them all. What others have committed before comes first.
    async fn transaction(
        &mut self,
        works: Vec<Work>,
        batch: &Batch,
    ) -> Result<Outcome, StoreError> {
        let mut transaction = backend::begin_write(self.pen.ready().await?).await?;
        let follower = self.follower.as_ref().filter(|_| !works.is_empty());
        if let Some(follower) = follower {
            follower.catch_up(&mut transaction).await?;
        }
        let mut results = Vec::with_capacity(works.len());
        for work in works {
            let mut savepoint = transaction.begin().await?;
            let result = perform(&mut savepoint, work, self.clock.now()).await;
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
        let last = match follower {
            Some(_) => Some(follow::last(&mut transaction).await?),
            None => None,
        };
        transaction.commit().await?;
        Ok(Outcome { works: results, batch: written, last })
    }

    /// Whoever asked while the database was silent has waited as long as those that it was silent to.
    fn failed(&mut self, error: &StoreError) {
        self.pen.failed();
        while let Some(Ok(job)) = self.follower.as_ref().map(|_| self.jobs.try_recv()) {
            match job {
                Job::Work(_, reply) => {
                    let _ = reply.send(Err(error.clone().into()));
                }
                Job::Flush(reply) => answer(reply),
                Job::End(reply) => self.ended.push(reply),
            }
        }
    }

    /// The revision is that of the last customer.
    fn publish(&self, all: Vec<Committed>) -> Revision {
        let mut last = Revision::default();
        for committed in all {
            last = committed.change.revision;
            self.memory.publish(committed);
        }
        last
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
        Self { works, batch: Err(error.clone()), last: None }
    }
}

fn answer(reply: oneshot::Sender<()>) {
    // Whoever asked may be gone.
    let _ = reply.send(());
}

async fn perform(
    connection: &mut Connection,
    work: Work,
    at: Wall,
) -> Result<Vec<Committed>, WriteError> {
    let signed = |leave: &Permit| (leave.customer(), Signature { author: *leave.author(), at });
    let committed = match work {
        Work::Change(leave, write, logins) => {
            perform::change(connection, signed(&leave), write, *logins).await
        }
        Work::Make(leave, write, making) => {
            perform::make(connection, signed(&leave), write, *making).await
        }
        Work::Create(new, logins) => perform::create(connection, (*new, at), logins).await,
        Work::Move(writes) => {
            let [(from, leaves), (to, arrives)] = *writes;
            let nothing = Logins::default;
            let left = perform::change(connection, signed(&from), leaves, nothing()).await?;
            perform::raise(connection, to.customer(), left.change.revision).await?;
            let arrived = perform::change(connection, signed(&to), arrives, nothing()).await?;
            return Ok(vec![left, arrived]);
        }
    };
    committed.map(|committed| vec![committed])
}
