//! Which version somebody saw (docs/API.md section 1): `revision`, `revision.hash` for a view that shows
//! more than the item, or a hash alone. Tags here are without their quotes; those are HTTP's.

use bytes::Bytes;
use model::item::Revision;
use serde::Serialize;
use sha2::{Digest, Sha256};

/// A thing as somebody sees it, and which version of it that is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// JSON.
    pub body: Bytes,
    /// The tag, without quotes.
    pub etag: String,
}

impl Seen {
    /// A plain whole view.
    pub(crate) fn whole(body: Bytes, revision: Revision) -> Self {
        Self { body, etag: revision.0.to_string() }
    }
    /// A whole view that shows other things too.
    pub(crate) fn expanded(body: Bytes, revision: Revision) -> Self {
        Self::whole(Bytes::new(), revision).with_more(body)
    }
    /// The same thing in a view that shows other things too.
    pub(crate) fn with_more(self, body: Bytes) -> Self {
        let etag = format!("{}.{}", self.etag, hash(&body));
        Self { body, etag }
    }
    /// A view whose version is what it shows.
    pub(crate) fn hashed(body: Bytes) -> Self {
        let etag = hash(&body);
        Self { body, etag }
    }
}

/// What is shown, as bytes.
pub(crate) fn json(shown: &impl Serialize) -> Bytes {
    // Plain structs with string keys: serde_json has no way to fail on them.
    Bytes::from(serde_json::to_vec(shown).unwrap_or_default())
}

/// 128 bits as 32 hex digits: never equal to a revision, which has at most 20 digits.
pub(crate) fn hash(body: &[u8]) -> String {
    let digest = Sha256::digest(body);
    let first = digest.first_chunk().map_or(0, |first| u128::from_be_bytes(*first));
    format!("{first:032x}")
}

/// What a writer says that it saw.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum IfMatch {
    /// Nothing.
    #[default]
    Unsaid,
    /// That it exists.
    Any,
    /// One of these versions.
    OneOf(Vec<String>),
}

impl IfMatch {
    /// Whether a writer who says this may write over `current` (a tag without quotes).
    pub(crate) fn allows(&self, current: &str) -> bool {
        match self {
            Self::Unsaid | Self::Any => true,
            Self::OneOf(tags) => tags.iter().any(|tag| before_dot(tag) == current),
        }
    }
    /// Whether it says which version it saw.
    pub(crate) const fn names_version(&self) -> bool {
        matches!(self, Self::OneOf(_))
    }
}

fn before_dot(tag: &str) -> &str {
    tag.split_once('.').map_or(tag, |(revision, _)| revision)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn if_match_compares_the_part_before_the_dot() {
        let one_of = |tag: &str| IfMatch::OneOf(vec![tag.to_owned()]);
        let masked = Seen::hashed(Bytes::from_static(b"{}")).etag;
        let expanded = Seen::expanded(Bytes::from_static(b"{}"), Revision(7)).etag;
        for (said, allowed) in [
            (IfMatch::Unsaid, true),
            (IfMatch::Any, true),
            (one_of("7"), true),
            (one_of(&expanded), true),
            (one_of("6"), false),
            (one_of(&masked), false),
            (IfMatch::OneOf(vec!["6".into(), "7".into()]), true),
            (IfMatch::OneOf(vec![]), false),
        ] {
            assert_eq!(said.allows("7"), allowed, "{said:?}");
        }
    }
}
