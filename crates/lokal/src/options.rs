//! The command line. Every flag is also an environment variable.

use clap::builder::BoolishValueParser;
use clap::{Args, Parser, Subcommand};
use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::path::PathBuf;

/// A hosted PBX in one binary: HTTP API, SIP registrar and B2BUA, media relay.
///
/// Without a command it starts the server. On an empty data folder it makes a demo to try.
#[derive(Debug, Parser)]
#[command(name = "lokal", version, max_term_width = 100)]
pub struct Options {
    /// Folder of the database and of demo.json; made if it isn't there
    #[arg(long, env = "LOKAL_DATA", default_value = "./var", global = true, value_name = "FOLDER")]
    pub data: PathBuf,
    /// Where the HTTP API listens (port 0: any free one)
    #[arg(
        long,
        env = "LOKAL_HTTP",
        default_value = "127.0.0.1:8080",
        global = true,
        value_name = "ADDRESS"
    )]
    pub http: SocketAddr,
    /// Where phones register and call, UDP (port 0: any free one)
    #[arg(long, env = "LOKAL_SIP", default_value = "127.0.0.1:5060", value_name = "ADDRESS")]
    pub sip: SocketAddr,
    /// Where calls' audio goes: an address and a range of UDP ports, two for each leg
    #[arg(
        long,
        env = "LOKAL_RTP",
        default_value = "127.0.0.1:20000-29999",
        value_name = "ADDRESS:FIRST-LAST",
        value_parser = RtpRange::parse
    )]
    pub rtp: RtpRange,
    /// Don't make the demo on an empty data folder
    #[arg(long, env = "LOKAL_NO_DEMO", value_parser = BoolishValueParser::new())]
    pub no_demo: bool,
    /// What to do instead of serving
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// Commands beside serving.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Say what would happen to a call, and why
    ///
    /// Asks the running server, so that registered phones and live calls count; without one it reads
    /// the data folder, where every phone counts as unreachable.
    Explain(Question),
    /// Make and change who runs this installation
    #[command(subcommand)]
    Admin(AdminCommand),
}

/// Commands about who runs the installation.
#[derive(Debug, Subcommand)]
pub enum AdminCommand {
    /// Make an employee who may do everything
    ///
    /// Works on the data folder, while no server uses it. Prints the password once.
    Create(NewAdmin),
}

/// An employee to be made by `lokal admin create`.
#[derive(Debug, Args)]
pub struct NewAdmin {
    /// What it logs in with: an e-mail address, or a name of at least 8 characters
    pub username: String,
    /// Its name
    #[arg(long, default_value = "Administrator")]
    pub name: String,
    /// Read the password from standard input instead of drawing one
    #[arg(long)]
    pub password_stdin: bool,
}

/// A question to `lokal explain`.
#[derive(Debug, Args)]
pub struct Question {
    /// The number that is called: an extension or a direct number
    pub to: String,
    /// Who calls: a colleague's extension number, or a public number with +
    #[arg(long)]
    pub from: String,
    /// Assume this presence: WORK, BUSY, OFF_WORK, HOLIDAY
    #[arg(long)]
    pub presence: Option<String>,
    /// Print the answer as JSON
    #[arg(long)]
    pub json: bool,
    /// The access token; left out, the demo's owner asks
    #[arg(long, env = "LOKAL_TOKEN", hide_env_values = true)]
    pub token: Option<String>,
}

/// The address and ports of `--rtp`.
#[derive(Clone, Debug)]
pub struct RtpRange {
    /// Where sockets are bound.
    pub address: std::net::IpAddr,
    /// Their ports.
    pub ports: RangeInclusive<u16>,
}

impl RtpRange {
    fn parse(text: &str) -> Result<Self, String> {
        let parts = || {
            let (address, ports) = text.rsplit_once(':')?;
            let (first, last) = ports.split_once('-')?;
            let address = address.trim_start_matches('[').trim_end_matches(']').parse().ok()?;
            Some(Self { address, ports: first.parse().ok()?..=last.parse().ok()? })
        };
        parts().ok_or_else(|| "expected ADDRESS:FIRST-LAST, like 127.0.0.1:20000-29999".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Options::command().debug_assert();
    }

    #[test]
    fn an_rtp_range_is_an_address_and_two_ports() {
        let range = RtpRange::parse("[::1]:20000-20999").unwrap();
        assert_eq!((range.address.to_string().as_str(), range.ports), ("::1", 20000..=20999));
        for bad in
            ["20000-20999", "127.0.0.1:20000", "127.0.0.1:a-b", "127.0.0.1:1-70000", "host:1-2"]
        {
            assert!(RtpRange::parse(bad).is_err(), "{bad}");
        }
    }
}
