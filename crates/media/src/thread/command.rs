//! What a media thread is told. A leg that it doesn't know is ignored: it has just been closed.

use crate::negotiate::Remote;
use crate::ports::Sockets;
use crate::stream::Outgoing;
use model::id::{CallId, LegId};

/// A leg of a session.
pub(crate) type LegKey = (CallId, LegId);

/// A command to the thread that has the session.
#[derive(Debug)]
pub(crate) enum Command {
    /// Take a new leg.
    Open {
        leg: LegKey,
        sockets: Sockets,
        /// What the leg's party will hear.
        outgoing: Outgoing,
    },
    /// This was negotiated with a leg's party.
    SetRemote { leg: LegKey, remote: Remote },
    /// Let two legs hear each other, and nobody else.
    Bridge { a: LegKey, b: LegKey },
    /// Close a leg's sockets.
    Close { leg: LegKey },
    /// Close everything and end.
    Stop,
}
