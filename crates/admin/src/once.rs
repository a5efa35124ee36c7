//! Making things, once for a key: whoever asks again with the same key and the same request hears what
//! the first one did. Knows nothing of what is made.

use crate::error::{Fault, Unavailable};
use crate::etag::{Seen, hash};
use crate::sent::Body;
use crate::{Admin, AdminError, refused};
use bytes::Bytes;
use model::access::{Permit, Principal};
use model::change::Change;
use model::directory::Directory;
use model::limits::ANSWER_KEPT;
use model::phone::SipAccount;
use model::pii::Secret;
use model::time::Wall;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use store::{Logins, Once, StoreError, Subject, Write, WriteError};

/// Writes tried when what they point at keeps going away.
const ATTEMPTS: u32 = 5;

/// A key that a client chose, and what it asks for with it.
#[derive(Clone, Debug)]
pub struct OnceKey {
    key: String,
    request: String,
}

impl OnceKey {
    /// A request to make `body` at `path`.
    pub fn new(key: String, path: &str, body: &Body) -> Self {
        // A password is only ever kept as a hash that is slow to guess.
        let told: BTreeMap<_, _> = body.iter().filter(|(name, _)| *name != "password").collect();
        // Plain JSON with string keys: serde_json has no way to fail on it.
        let mut request = serde_json::to_vec(&told).unwrap_or_default();
        request.extend_from_slice(path.as_bytes());
        Self { key, request: hash(&request) }
    }
}

/// What was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Created {
    /// Its id.
    pub id: String,
    /// As its maker saw it.
    pub seen: Seen,
    /// What was stored and probably isn't meant: member and code of each.
    pub warnings: Vec<String>,
}

/// The same, as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    id: String,
    etag: String,
    body: String,
    warnings: Vec<String>,
}

/// How what was made looks, once it is.
pub(crate) type Show = Box<dyn FnOnce(&Directory) -> Option<Created> + Send>;

/// A thing to be made: what to write, and how it looks once that is done.
pub(crate) struct Making {
    pub(crate) write: Write,
    /// What a phone that is made proves itself with.
    pub(crate) account: Option<SipAccount>,
    /// The password of whom is made.
    pub(crate) password: Option<(Subject, Secret<String>)>,
    pub(crate) show: Show,
}

impl Admin {
    /// Makes what `plan` says, unless that was done already with this key.
    pub(crate) async fn make(
        &self,
        who: &Principal,
        leave: &Permit,
        once: Option<&OnceKey>,
        plan: impl FnMut(&Directory) -> Result<Making, AdminError> + Send,
    ) -> Result<Created, AdminError> {
        let Some(once) = once else { return self.make_anew(who, leave, None, plan).await };
        if let Some(created) = self.made_before(who, once).await? {
            return Ok(created);
        }
        match self.make_anew(who, leave, Some(once), plan).await {
            Ok(created) => Ok(created),
            // Somebody else with the key may have come first, and what it made be in the way.
            Err(error) => self.made_before(who, once).await?.ok_or(error),
        }
    }

    async fn make_anew(
        &self,
        who: &Principal,
        leave: &Permit,
        once: Option<&OnceKey>,
        mut plan: impl FnMut(&Directory) -> Result<Making, AdminError> + Send,
    ) -> Result<Created, AdminError> {
        for _ in 0..ATTEMPTS {
            let before = self.0.store.directory(leave).await?;
            let Making { write, account, password, show } = plan(&before)?;
            let password = password.as_ref().map(|(of, password)| (*of, password));
            let logins = Logins { account, ..self.logins(password, None).await? };
            let once = once.map(|once| once.of(who, self.0.store.now()));
            let answer = move |change: &Change| answer(&before, change, show);
            match self.0.store.make(leave, (write, logins), once, answer).await {
                Ok(answer) => return Created::read(&answer),
                // What it points at went meanwhile.
                Err(WriteError::Missing { .. }) => {}
                Err(error) => return Err(refused(error)),
            }
        }
        Err(AdminError::Unavailable(Unavailable::Contended))
    }

    /// What was made with this key. Another request with it is a fault.
    async fn made_before(
        &self,
        who: &Principal,
        once: &OnceKey,
    ) -> Result<Option<Created>, AdminError> {
        let Some(answer) = self.0.store.answer(who.employee, &once.key).await? else {
            return Ok(None);
        };
        if answer.request != once.request {
            let detail = "something else was asked for with this key";
            return Err(AdminError::Invalid(vec![Fault::of(store::KEY, detail)]));
        }
        Created::read(&answer.document).map(Some)
    }
}

/// The answer to be kept: what was made, as it is after the change that made it.
fn answer(before: &Arc<Directory>, change: &Change, show: Show) -> String {
    let created = show(&before.apply(change));
    let kept = created.map(|Created { id, seen: Seen { body, etag }, warnings }| Kept {
        id,
        etag,
        body: String::from_utf8_lossy(&body).into_owned(),
        warnings,
    });
    serde_json::to_string(&kept).unwrap_or_default()
}

impl OnceKey {
    fn of(&self, who: &Principal, asked: Wall) -> Once {
        let Self { key, request } = self.clone();
        Once { employee: who.employee, key, request, asked, kept: ANSWER_KEPT }
    }
}

impl Created {
    fn read(answer: &str) -> Result<Self, AdminError> {
        let kept: Option<Kept> = serde_json::from_str(answer)
            .map_err(|error| AdminError::from(StoreError::corrupt("answer", error)))?;
        let Kept { id, etag, body, warnings } = kept.ok_or(AdminError::NotFound)?;
        Ok(Self { id, seen: Seen { body: Bytes::from(body), etag }, warnings })
    }
}
