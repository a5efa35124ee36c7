//! The command line: the commands. Its settings are `config`'s.

use crate::config::Given;
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// A hosted PBX in one binary: HTTP API, SIP registrar and B2BUA, media relay.
///
/// Without a command it starts the server. On an empty data folder it makes a demo to try.
#[derive(Debug, Parser)]
#[command(name = "lokal", version, max_term_width = 100)]
pub struct Options {
    /// Read settings from this TOML file [default: lokal.toml in the data folder, if it is there]
    #[arg(long, env = "LOKAL_CONFIG", global = true, value_name = "FILE", hide_env_values = true)]
    pub config: Option<PathBuf>,
    /// Settings that were given as flags and variables
    #[command(flatten)]
    pub given: Given,
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
    /// Check the configuration, or print an example of it
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Make and change who runs this installation
    #[command(subcommand)]
    Admin(AdminCommand),
    /// Write a customer to a file
    ///
    /// Works on the data folder or database, while no server uses the folder. The file has everything
    /// of the customer but call records, the audit log and logins; also the hashes of passwords, machine
    /// tokens and SIP credentials.
    Export(Export),
    /// Make a customer of a file that `lokal export` wrote
    ///
    /// Works on the data folder or database, while no server uses the folder. Makes all of it or nothing.
    Import(Import),
}

/// What `lokal export` writes, and where.
#[derive(Debug, Args)]
pub struct Export {
    /// The customer's id
    pub customer: String,
    /// The file to make
    pub file: PathBuf,
    /// Leave out what people, phones and machines get in with
    #[arg(long)]
    pub without_secrets: bool,
}

/// What `lokal import` reads.
#[derive(Debug, Args)]
pub struct Import {
    /// The file
    pub file: PathBuf,
    /// Leave out the SIP credentials, which hold for the installation that they were made in
    #[arg(long)]
    pub new_credentials: bool,
}

/// `lokal config …`
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Print the settings in effect and where each was set, or all that is wrong with them
    Check,
    /// Print a file with every setting and its default
    Example,
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

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Options::command().debug_assert();
    }
}
