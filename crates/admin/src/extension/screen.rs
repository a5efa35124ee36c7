//! An extension's whitelist and blocklist: reading them, putting numbers on them, taking them off.

use crate::error::Fault;
use crate::etag::{Seen, json};
use crate::question::{self, Form};
use crate::sent::Body;
use crate::{Admin, AdminError, permit, refused, value};
use model::access::{Operation, Permit, Principal};
use model::change::Changed;
use model::directory::Directory;
use model::id::ItemId;
use model::pii::Name;
use model::screen::{ScreenEntry, ScreenList, ScreenNumber, Screened};
use serde::Deserialize;
use std::sync::Arc;
use store::{Subject, Write, WriteError};

const FORM: Form = Form { members: &["number", "name"], least: &[] };

/// What is to stand on a list.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    number: Option<ScreenNumber>,
    name: Option<String>,
}

impl Admin {
    /// What stands on the list, by number.
    pub async fn read_screen(
        &self,
        who: &Principal,
        id: ItemId,
        list: ScreenList,
    ) -> Result<Seen, AdminError> {
        let (_, directory) = self.may_screen(who, id).await?;
        let entries: Vec<ScreenEntry> = directory.screen(id, list).collect();
        Ok(Seen::hashed(json(&entries)))
    }

    /// Puts a number on the list, or renames it there.
    pub async fn screen(
        &self,
        who: &Principal,
        id: ItemId,
        list: ScreenList,
        body: &Body,
    ) -> Result<ScreenEntry, AdminError> {
        let (permit, _) = self.may_screen(who, id).await?;
        let entry = entry(body)?;
        let (customer, stored) = (permit.customer(), entry.clone());
        let changed = Changed::Screened(Screened { customer, extension: id, list, entry: stored });
        self.write_screen(&permit, changed).await?;
        Ok(entry)
    }

    /// Takes a number off the list.
    pub async fn unscreen(
        &self,
        who: &Principal,
        id: ItemId,
        list: ScreenList,
        number: &str,
    ) -> Result<(), AdminError> {
        let (permit, _) = self.may_screen(who, id).await?;
        // What is no number stands on no list.
        let number = ScreenNumber::parse(number).map_err(|_| AdminError::NotFound)?;
        self.write_screen(&permit, Changed::ScreenedGone(id, list, number)).await
    }

    async fn may_screen(
        &self,
        who: &Principal,
        id: ItemId,
    ) -> Result<(Permit, Arc<Directory>), AdminError> {
        let target = self.0.store.target(Subject::Item(id)).await?;
        let permit = permit(who, Operation::Screen, target.as_ref())?;
        let directory = self.0.store.directory(&permit).await?;
        if directory.extension(id).is_none() {
            return Err(AdminError::NotFound);
        }
        Ok((permit, directory))
    }

    async fn write_screen(&self, permit: &Permit, changed: Changed) -> Result<(), AdminError> {
        let write = Write { based_on: None, changed: vec![changed] };
        match self.0.store.write(permit, write).await {
            Ok(_) => Ok(()),
            Err(WriteError::Missing { .. }) => Err(AdminError::NotFound),
            Err(error) => Err(refused(error)),
        }
    }
}

/// The entry that a body makes.
fn entry(body: &Body) -> Result<ScreenEntry, AdminError> {
    let question: Question = question::read(body, &FORM).map_err(AdminError::Invalid)?;
    let invalid = |fault| AdminError::Invalid(vec![fault]);
    let number = question.number.ok_or_else(|| invalid(Fault::of("number", "is needed")))?;
    let name = question.name.filter(|name| !name.trim().is_empty());
    let name = name.map(|name| value::name(&name)).transpose();
    let name = name.map_err(|detail| invalid(Fault::of("name", detail)))?;
    Ok(ScreenEntry { number, name: name.map(Name::new) })
}
