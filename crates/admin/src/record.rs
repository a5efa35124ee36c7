//! Records of calls, in the family's shapes: one call with its history, and an extension's latest.

use crate::shown::{self, ShownStep};
use crate::{Admin, AdminError, permit};
use model::access::{Noun, Operation, Principal};
use model::directory::Directory;
use model::id::{CallId, CustomerId, ItemId};
use model::pii::Name;
use model::record::{CallRecord, Party, TerminatedBy, TerminatedReason};
use model::time::Wall;
use serde::Serialize;
use std::time::Duration;
use store::Subject;

/// Calls in each list of `latest`.
const LATEST: usize = 10;
/// Records looked through for them.
const LATEST_OF: u32 = 200;
/// What `pbx` says: there is one.
const PBX: &str = "lokal";

/// One thing that happened to a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HistoryEntry {
    /// When.
    pub date: Wall,
    /// What, in plain English.
    pub action: String,
    /// Who called.
    pub caller_number: Option<String>,
    /// Who called.
    pub caller_name: Option<Name>,
    /// Who called.
    pub caller_extension: Option<ItemId>,
    /// Who was called.
    pub callee_number: Option<String>,
    /// Who was called.
    pub callee_name: Option<Name>,
    /// Who was called.
    pub callee_extension: Option<ItemId>,
}

/// Everything that happened to a call, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct History {
    /// The call.
    #[serde(rename = "_id")]
    pub id: CallId,
    /// The same.
    pub call_id: CallId,
    /// When the record was made.
    pub logged: Wall,
    /// Where the call was.
    pub pbx: &'static str,
    /// The customer it was in.
    pub customer: CustomerId,
    /// One entry per step.
    pub history: Vec<HistoryEntry>,
    /// The trace.
    pub steps: Vec<ShownStep>,
}

/// One side of a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PartyView {
    /// Its number.
    pub number: Option<String>,
    /// Its name.
    pub name: Option<Name>,
    /// Its extension.
    pub extension: Option<ItemId>,
}

/// One call in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LatestCall {
    /// The call.
    #[serde(rename = "_id")]
    pub id: CallId,
    /// Where it was.
    pub pbx: &'static str,
    /// When it arrived.
    pub started: Wall,
    /// When it was answered.
    pub answered: Option<Wall>,
    /// When it ended.
    pub ended: Wall,
    /// Who called.
    pub caller: PartyView,
    /// Who was called.
    pub callee: PartyView,
    /// The customer it was in.
    pub customer: CustomerId,
    /// Who ended it.
    pub terminated_by: TerminatedBy,
    /// Why it ended.
    pub terminated_reason: TerminatedReason,
}

/// An extension's latest calls, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Latest {
    /// It called.
    pub outbound: Vec<LatestCall>,
    /// It answered.
    pub inbound: Vec<LatestCall>,
    /// It was called and didn't answer.
    pub missed: Vec<LatestCall>,
}

impl Admin {
    /// Everything that happened to a call.
    pub async fn call_history(&self, who: &Principal, id: CallId) -> Result<History, AdminError> {
        let target = self.0.store.record_target(id).await?;
        let permit = permit(who, Operation::Read(Noun::Record), target.as_ref())?;
        let target = target.ok_or(AdminError::NotFound)?;
        let mut record = self.0.store.record(&permit, id).await?.ok_or(AdminError::NotFound)?;
        let directory = self.0.store.directory(&permit).await?;
        let steps = std::mem::take(&mut record.steps);
        let dates: Vec<Wall> = steps
            .iter()
            .map(|step| record.started.after(Duration::from_millis(step.after_ms)))
            .collect();
        let steps = shown::show(steps, who, &target, &directory);
        let history =
            dates.iter().zip(&steps).map(|(date, step)| entry(&record, *date, step, &directory));
        Ok(History {
            id,
            call_id: id,
            logged: record.ended,
            pbx: PBX,
            customer: record.customer,
            history: history.collect(),
            steps,
        })
    }

    /// The latest calls of an extension.
    pub async fn latest_calls(
        &self,
        who: &Principal,
        extension: ItemId,
    ) -> Result<Latest, AdminError> {
        let target = self.0.store.target(Subject::Item(extension)).await?;
        let permit = permit(who, Operation::Read(Noun::Record), target.as_ref())?;
        let records = self.0.store.latest_records(&permit, extension, LATEST_OF).await?;
        Ok(sorted(&records, extension))
    }
}

fn sorted(records: &[CallRecord], extension: ItemId) -> Latest {
    let mut latest = Latest::default();
    for record in records {
        let answered_here = record.answered.is_some() && record.callee.extension == Some(extension);
        let list = match record.caller.extension {
            Some(caller) if caller == extension => &mut latest.outbound,
            _ if answered_here => &mut latest.inbound,
            _ => &mut latest.missed,
        };
        if list.len() < LATEST {
            list.push(listed(record));
        }
    }
    latest
}

fn listed(record: &CallRecord) -> LatestCall {
    LatestCall {
        id: record.id,
        pbx: PBX,
        started: record.started,
        answered: record.answered,
        ended: record.ended,
        caller: party(&record.caller),
        callee: party(&record.callee),
        customer: record.customer,
        terminated_by: record.terminated_by,
        terminated_reason: record.terminated_reason,
    }
}

fn party(party: &Party) -> PartyView {
    let Party { number, name, extension, .. } = party.clone();
    PartyView { number, name, extension }
}

fn entry(record: &CallRecord, date: Wall, step: &ShownStep, directory: &Directory) -> HistoryEntry {
    let (caller, callee) = (party(&record.caller), party(&record.callee));
    HistoryEntry {
        date,
        action: step.sentence(directory),
        caller_number: caller.number,
        caller_name: caller.name,
        caller_extension: caller.extension,
        callee_number: callee.number,
        callee_name: callee.name,
        callee_extension: callee.extension,
    }
}
