//! Time as an argument: nobody who decides reads a clock.

use jiff::Timestamp;
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

/// Whether this is the name of an IANA time zone.
pub fn is_zone(name: &str) -> bool {
    jiff::tz::TimeZone::get(name).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printed_with_milliseconds_and_read_back() {
        let wall = Wall(1_546_300_800_000);
        let json = serde_json::to_string(&wall).unwrap();
        assert_eq!(json, "\"2019-01-01T00:00:00.000Z\"");
        assert_eq!(serde_json::from_str::<Wall>(&json).unwrap(), wall);
    }
}
