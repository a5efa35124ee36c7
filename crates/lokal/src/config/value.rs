//! What each setting's text may be. Errors say what was expected; where it was written, the caller knows.

use std::net::{IpAddr, SocketAddr};
use std::ops::RangeInclusive;
use std::path::PathBuf;
use store::{Database, NotPostgres};
use tracing_subscriber::EnvFilter;

/// The address and ports of `rtp`.
#[derive(Clone, Debug, PartialEq)]
pub struct RtpRange {
    /// Where sockets are bound.
    pub address: IpAddr,
    /// Their ports.
    pub ports: RangeInclusive<u16>,
}

impl RtpRange {
    /// Reads ADDRESS:FIRST-LAST.
    pub fn parse(text: &str) -> Result<Self, String> {
        let parts = || {
            let (address, ports) = text.rsplit_once(':')?;
            let (first, last) = ports.split_once('-')?;
            let address: IpAddr =
                address.trim_start_matches('[').trim_end_matches(']').parse().ok()?;
            Some(Self { address, ports: first.parse().ok()?..=last.parse().ok()? })
        };
        let range = parts().ok_or("expected ADDRESS:FIRST-LAST, like 127.0.0.1:20000-29999")?;
        if range.address.is_unspecified() {
            return Err(TOLD_TO_PHONES.to_owned());
        }
        if range.ports.end().saturating_sub(*range.ports.start()) < 1 || *range.ports.start() == 0 {
            return Err("the ports have to rise, at least two of them, from 1 or above".to_owned());
        }
        Ok(range)
    }
}

const TOLD_TO_PHONES: &str = "phones are told this address, so it has to be one of this machine's";

/// What a line of the log is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// An object a line.
    Json,
}

impl LogFormat {
    /// Reads text or json.
    pub fn parse(text: &str) -> Result<Self, String> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err("expected text or json".to_owned()),
        }
    }
}

/// Reads the path of a folder.
pub fn folder(text: &str) -> Result<PathBuf, String> {
    if text.is_empty() { Err("expected a folder".to_owned()) } else { Ok(text.into()) }
}

/// Reads where everything is kept. What is wrong with a URL is told without it: it holds a password.
pub fn database(text: &str) -> Result<Database, String> {
    if text == "sqlite" {
        return Ok(Database::Folder);
    }
    text.parse().map(Database::Postgres).map_err(|error: NotPostgres| error.to_string())
}

/// Reads an address to listen on.
pub fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| "expected ADDRESS:PORT, like 127.0.0.1:8080".to_owned())
}

/// Reads an address to listen on that others are told.
pub fn own_address(text: &str) -> Result<SocketAddr, String> {
    let address = address(text)?;
    if address.ip().is_unspecified() { Err(TOLD_TO_PHONES.to_owned()) } else { Ok(address) }
}

/// Reads an address to listen on, or off.
pub fn optional_address(text: &str) -> Result<Option<SocketAddr>, String> {
    if text == "off" {
        return Ok(None);
    }
    address(text).map(Some).map_err(|expected| format!("{expected}, or off"))
}

/// Reads on and off, as people write it in variables.
pub fn switch(text: &str) -> Result<bool, String> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" | "y" | "t" | "1" => Ok(true),
        "false" | "no" | "off" | "n" | "f" | "0" => Ok(false),
        _ => Err("expected true or false".to_owned()),
    }
}

/// Reads a filter of the log.
pub fn filter(text: &str) -> Result<String, String> {
    match EnvFilter::try_new(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(error) => Err(format!("expected a filter, like info or info,api=debug ({error})")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_rtp_range_is_an_address_and_rising_ports() {
        let range = RtpRange::parse("[::1]:20000-20999").unwrap();
        assert_eq!((range.address.to_string().as_str(), range.ports), ("::1", 20000..=20999));
        for bad in [
            "20000-20999",
            "127.0.0.1:20000",
            "127.0.0.1:a-b",
            "127.0.0.1:1-70000",
            "host:1-2",
            "127.0.0.1:5-4",
            "127.0.0.1:5-5",
            "127.0.0.1:0-5",
            "0.0.0.0:20000-20999",
        ] {
            assert!(RtpRange::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_phones_are_told_is_an_address_of_this_machine() {
        assert!(own_address("127.0.0.1:5060").is_ok() && address("0.0.0.0:8080").is_ok());
        assert!(own_address("0.0.0.0:5060").is_err() && own_address("[::]:5060").is_err());
    }

    #[test]
    fn a_filter_names_levels_that_exist() {
        assert!(filter("info,api=debug").is_ok());
        assert!(filter("api=loud").is_err());
    }
}
