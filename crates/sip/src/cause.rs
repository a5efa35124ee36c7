//! The one table between causes and SIP: status codes both ways, Reason headers, and which of
//! several answers counts.
//!
//! Knows no message. Sources: RFC 3261 §21, RFC 3326, RFC 5079, docs/CALLS.md section 2 steps 8-10.

use model::cause::Cause;

/// One row: a cause, the status that says it to a caller, and the words for it.
struct Row {
    cause: Cause,
    status: u16,
    reason: &'static str,
    /// Among the answers of several bindings the highest counts (RFC 3261 §16.7 step 6).
    weight: u8,
}

const fn row(cause: Cause, status: u16, reason: &'static str, weight: u8) -> Row {
    Row { cause, status, reason, weight }
}

/// `HungUp` and `CompletedElsewhere` aren't refusals; should one be sent as such, 480 does no harm.
const ROWS: &[Row] = &[
    row(Cause::HungUp, 480, "Q.850;cause=16;text=\"Normal call clearing\"", 0),
    row(Cause::Cancelled, 487, "SIP;cause=487;text=\"Request Terminated\"", 1),
    row(Cause::CompletedElsewhere, 480, "SIP;cause=200;text=\"Call completed elsewhere\"", 0),
    row(Cause::Busy, 486, "SIP;cause=486;text=\"Busy Here\"", 8),
    row(Cause::Declined, 603, "SIP;cause=603;text=\"Decline\"", 9),
    row(Cause::Blocked, 603, "SIP;cause=603;text=\"Decline\"", 9),
    row(Cause::Anonymous, 433, "SIP;cause=433;text=\"Anonymity Disallowed\"", 5),
    row(Cause::NoAnswer, 480, "SIP;cause=480;text=\"Temporarily Unavailable\"", 7),
    row(Cause::Unreachable, 480, "SIP;cause=480;text=\"Temporarily Unavailable\"", 2),
    row(Cause::NotFound, 404, "SIP;cause=404;text=\"Not Found\"", 5),
    row(Cause::Forbidden, 403, "SIP;cause=403;text=\"Forbidden\"", 5),
    row(Cause::NotAcceptable, 488, "SIP;cause=488;text=\"Not Acceptable Here\"", 6),
    row(Cause::LoopLimit, 486, "SIP;cause=486;text=\"Busy Here\"", 4),
    row(Cause::TooManyHops, 483, "SIP;cause=483;text=\"Too Many Hops\"", 4),
    row(Cause::Unavailable, 503, "SIP;cause=503;text=\"Service Unavailable\"", 3),
    row(Cause::Failed, 502, "SIP;cause=502;text=\"Bad Gateway\"", 3),
    row(Cause::Internal, 500, "SIP;cause=500;text=\"Server Internal Error\"", 3),
];

fn lookup(cause: Cause) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.cause == cause)
}

/// The status that refuses a caller for this cause.
pub fn status_of(cause: Cause) -> u16 {
    lookup(cause).map_or(500, |row| row.status)
}

/// The Reason header of a CANCEL or BYE for this cause (RFC 3326 §2).
pub fn reason_of(cause: Cause) -> &'static str {
    lookup(cause).map_or("SIP;cause=500", |row| row.reason)
}

/// The cause that a final refusal of a phone means; `rang` says whether it rang before.
pub fn cause_of(status: u16, rang: bool) -> Cause {
    match status {
        486 => Cause::Busy,
        600 | 603 | 607 => Cause::Declined,
        408 if !rang => Cause::Unreachable,
        408 | 480 => Cause::NoAnswer,
        487 => Cause::Cancelled,
        404 | 410 | 484 | 485 | 604 => Cause::NotFound,
        403 => Cause::Forbidden,
        433 => Cause::Anonymous,
        406 | 415 | 488 | 606 => Cause::NotAcceptable,
        482 | 483 => Cause::TooManyHops,
        430 | 504 => Cause::Unreachable,
        503 => Cause::Unavailable,
        // 401 and 407 too: we have no account on somebody's phone.
        _ => Cause::Failed,
    }
}

/// Which of two bindings' causes counts for the phone.
pub fn weightier(one: Cause, other: Cause) -> Cause {
    let weight = |cause| lookup(cause).map_or(0, |row| row.weight);
    if weight(other) > weight(one) { other } else { one }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cause_has_one_row() {
        for &cause in Cause::ALL {
            let rows = ROWS.iter().filter(|row| row.cause == cause).count();
            assert_eq!(rows, 1, "{cause:?}");
            assert!((400..700).contains(&status_of(cause)), "{cause:?}");
            assert!(reason_of(cause).contains(";cause="), "{cause:?}");
        }
    }

    #[test]
    fn refusals_survive_the_way_through_sip() {
        let lossy = [
            (Cause::HungUp, Cause::NoAnswer),
            (Cause::CompletedElsewhere, Cause::NoAnswer),
            (Cause::Unreachable, Cause::NoAnswer),
            (Cause::Blocked, Cause::Declined),
            (Cause::LoopLimit, Cause::Busy),
            (Cause::Internal, Cause::Failed),
        ];
        for &cause in Cause::ALL {
            let expected =
                lossy.iter().find(|(from, _)| *from == cause).map_or(cause, |(_, to)| *to);
            assert_eq!(cause_of(status_of(cause), true), expected, "{cause:?}");
        }
    }

    #[test]
    fn every_status_has_a_cause() {
        let known = [
            (302, Cause::Failed),
            (401, Cause::Failed),
            (403, Cause::Forbidden),
            (404, Cause::NotFound),
            (407, Cause::Failed),
            (408, Cause::Unreachable),
            (410, Cause::NotFound),
            (433, Cause::Anonymous),
            (415, Cause::NotAcceptable),
            (480, Cause::NoAnswer),
            (482, Cause::TooManyHops),
            (483, Cause::TooManyHops),
            (486, Cause::Busy),
            (487, Cause::Cancelled),
            (488, Cause::NotAcceptable),
            (500, Cause::Failed),
            (503, Cause::Unavailable),
            (504, Cause::Unreachable),
            (600, Cause::Declined),
            (603, Cause::Declined),
            (604, Cause::NotFound),
            (606, Cause::NotAcceptable),
        ];
        for (status, cause) in known {
            assert_eq!(cause_of(status, false), cause, "{status}");
        }
        for status in 300..700 {
            let rang = cause_of(status, true);
            assert!(status == 408 || rang == cause_of(status, false), "{status}");
        }
        assert_eq!(cause_of(408, true), Cause::NoAnswer);
    }

    #[test]
    fn a_person_outweighs_a_machine() {
        assert_eq!(weightier(Cause::Busy, Cause::Declined), Cause::Declined);
        assert_eq!(weightier(Cause::Busy, Cause::Unreachable), Cause::Busy);
        assert_eq!(weightier(Cause::Unreachable, Cause::Failed), Cause::Failed);
    }
}
