//! Time as an argument: nobody who decides reads a clock.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::time::Duration;

/// Milliseconds since 1970 UTC. Stored, shown, compared with schedules; never used for timers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Wall(pub i64);

/// Time since an arbitrary start that never goes back. Timers use it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mono(pub Duration);

/// The instant at which an input is handled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Now {
    /// For timers.
    pub mono: Mono,
    /// For schedules and records.
    pub wall: Wall,
}

impl Mono {
    /// This instant and `wait` more.
    #[must_use]
    pub fn after(self, wait: Duration) -> Self {
        Self(self.0.saturating_add(wait))
    }
    /// How long after `earlier`; zero if it isn't.
    pub fn since(self, earlier: Self) -> Duration {
        self.0.saturating_sub(earlier.0)
    }
}

impl Wall {
    /// This instant and `wait` more.
    #[must_use]
    pub fn after(self, wait: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(wait.as_millis()).unwrap_or(i64::MAX)))
    }
}

impl std::fmt::Display for Wall {
    /// RFC 3339, UTC, always with milliseconds: `2019-01-01T00:00:00.000Z`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let timestamp = Timestamp::from_millisecond(self.0).map_err(|_| std::fmt::Error)?;
        write!(f, "{timestamp:.3}")
    }
}

impl serde::Serialize for Wall {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The parser's own words are about its insides.
const NO_DATE: &str = "a date is written as in RFC 3339: 2019-01-01T00:00:00Z";

impl<'de> serde::Deserialize<'de> for Wall {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        let wrong = |_| serde::de::Error::custom(NO_DATE);
        let timestamp: Timestamp = text.parse().map_err(wrong)?;
        Ok(Self(timestamp.as_millisecond()))
    }
}

/// The instant at which a date (`2026-11-25`) begins in an IANA time zone: midnight; where clocks skip
/// that, the first instant after it, and where they show it twice, the first.
pub fn day_begins(date: &str, zone: &str) -> Option<Wall> {
    let day: Date = date.parse().ok()?;
    let begins = day.to_zoned_datetime(TimeZone::get(zone).ok()?).ok()?;
    (day.to_string() == date).then(|| Wall(begins.timestamp().as_millisecond()))
}

/// How many days after the day of `now` that of `at` is, in an IANA time zone.
pub fn days_ahead(at: Wall, now: Wall, zone: &str) -> Option<i32> {
    let zone = TimeZone::get(zone).ok()?;
    let day = |wall: Wall| {
        let instant = Timestamp::from_millisecond(wall.0).ok()?;
        Some(instant.to_zoned_datetime(zone.clone()).date())
    };
    Some(day(now)?.until(day(at)?).ok()?.get_days())
}

/// Whether this is the name of an IANA time zone.
pub fn is_zone(name: &str) -> bool {
    TimeZone::get(name).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_or_when_clocks_come_closest_to_it() {
        for (date, zone, begins) in [
            ("2026-01-01", "Europe/Copenhagen", "2025-12-31T23:00:00.000Z"),
            ("2026-03-29", "Europe/Copenhagen", "2026-03-28T23:00:00.000Z"),
            ("2026-03-30", "Europe/Copenhagen", "2026-03-29T22:00:00.000Z"),
            ("2026-10-25", "Europe/Copenhagen", "2026-10-24T22:00:00.000Z"),
            ("2026-10-26", "Europe/Copenhagen", "2026-10-25T23:00:00.000Z"),
            // Clocks went from 0:00 to 1:00, and from 1:00 to 0:00.
            ("2025-03-09", "America/Havana", "2025-03-09T05:00:00.000Z"),
            ("2025-11-02", "America/Havana", "2025-11-02T04:00:00.000Z"),
            ("2026-01-01", "Pacific/Kiritimati", "2025-12-31T10:00:00.000Z"),
        ] {
            assert_eq!(day_begins(date, zone).unwrap().to_string(), begins, "{date} {zone}");
        }
        for date in ["2026-02-29", "2026-1-1", "20260101", "2026-01-01T00:00:00", "tomorrow", ""] {
            assert_eq!(day_begins(date, "Europe/Copenhagen"), None, "{date}");
        }
    }

    #[test]
    fn days_are_counted_as_the_calendar_there_shows_them() {
        let zone = "Europe/Copenhagen";
        let now = Wall(day_begins("2026-03-28", zone).unwrap().0 - 1);
        for (date, days) in [("2026-03-28", 1), ("2026-03-30", 3), ("2027-03-28", 366)] {
            assert_eq!(days_ahead(day_begins(date, zone).unwrap(), now, zone), Some(days));
        }
    }

    #[test]
    fn printed_with_milliseconds_and_read_back() {
        let wall = Wall(1_546_300_800_000);
        let json = serde_json::to_string(&wall).unwrap();
        assert_eq!(json, "\"2019-01-01T00:00:00.000Z\"");
        assert_eq!(serde_json::from_str::<Wall>(&json).unwrap(), wall);
    }
}
