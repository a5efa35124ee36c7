//! Music on hold classes: bare records until music is played, enough for a setting to point at.

use crate::id::{CustomerId, MusicId};
use crate::pii::Name;

/// A music on hold class of a customer (`ringtone`, `musicOnHold`).
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct MusicClass {
    /// Its id.
    #[serde(rename = "_id")]
    pub id: MusicId,
    /// The customer it belongs to.
    pub customer: CustomerId,
    /// Its name.
    pub name: Name,
}
