//! The servers under load, each on the core that the load leaves alone.

use crate::bench::server::{Server, example, lokal, start};
use crate::shell::{output, program};
use anyhow::{Context, ensure};
use serde_json::Value;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The core of whatever is measured: a server that has it alone starts one worker.
pub const SERVER_CORE: &str = "0";
/// The token that `fill_customers` makes, of an ADMIN.
pub const ADMIN: &str = "fill-admin";
/// Longest body that is read: the largest extension has a few KiB.
const LONGEST_BODY: usize = 1 << 20;
/// Requests that are sent before the first answer is waited for.
const AHEAD: usize = 32;

/// A server and where its API is.
pub struct Served {
    /// The process.
    pub server: Server,
    /// `http://ADDRESS`
    pub base: String,
}

/// A row of the demo: what to read and as whom.
pub struct Demo {
    /// Donald Duck's extension.
    pub extension: String,
    /// The owner's token.
    pub token: String,
}

/// Makes the command run on a core of its own.
pub fn pinned(command: &Command) -> Command {
    let mut pinned = program("taskset");
    pinned.args(["-c", SERVER_CORE]).arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            pinned.env(name, value);
        }
    }
    pinned
}

fn served(mut command: Command, folder: &Path) -> anyhow::Result<Served> {
    command.arg("--data").arg(folder).args(["--http", "127.0.0.1:0", "--sip", "127.0.0.1:0"]);
    command.args(["--rtp", "127.0.0.1:20000-20999"]).env("LOKAL_LOG", "warn");
    let (child, line) = start(&mut pinned(&command), "lokal is ready")?;
    let server = Server::of("lokal", "", PathBuf::new(), child);
    let address = line.split_once("HTTP ").and_then(|(_, rest)| rest.split(',').next());
    Ok(Served { server, base: format!("http://{}", address.context("an address")?) })
}

/// lokal with its demo.
pub fn with_demo(place: &Path) -> anyhow::Result<(Served, Demo)> {
    let folder = place.join("demo");
    let served = served(lokal()?, &folder)?;
    let demo: Value = serde_json::from_slice(&fs::read(folder.join("demo.json"))?)?;
    let extensions = demo["extensions"].as_array().context("extensions")?;
    let donald = extensions.iter().find(|extension| extension["name"] == "Donald Duck");
    let extension = donald.context("Donald Duck")?["id"].as_str().context("an id")?.to_owned();
    let token = demo["tokens"]["owner"].as_str().context("a token")?.to_owned();
    Ok((served, Demo { extension, token }))
}

/// The ceiling: the same server, with a route that answers `body` from memory to whoever asks.
pub fn ceiling(place: &Path, body: &[u8]) -> anyhow::Result<Served> {
    let file = place.join("body.json");
    fs::write(&file, body)?;
    let mut command = example("ceiling")?;
    command.env("CEILING_BODY", &file);
    served(command, &place.join("ceiling"))
}

/// lokal over customers that were filled in: pairs of how many and how large. Filled once and kept.
pub fn filled(folder: &Path, groups: &[&str]) -> anyhow::Result<Served> {
    if !folder.exists() {
        let part = folder.with_extension("part");
        if part.exists() {
            fs::remove_dir_all(&part)?;
        }
        println!("filling {}", folder.display());
        output(example("fill_customers")?.arg(&part).args(groups))?;
        fs::rename(&part, folder)?;
    }
    let mut command = lokal()?;
    command.arg("--no-demo");
    served(command, folder)
}

impl Served {
    /// Where an extension is.
    pub fn extension(&self, id: &str) -> String {
        format!("{}/pbx/extension/{id}", self.base)
    }

    /// Reads a path: the body of a 200.
    pub fn read(&self, path: &str, token: &str) -> anyhow::Result<Vec<u8>> {
        let mut connection = self.connect()?;
        ask(&mut connection, path, token)?;
        answer(&mut connection)
    }

    /// Reads every extension from the first to before `end` once, one after the other.
    pub fn read_all(&self, end: u32, token: &str) -> anyhow::Result<()> {
        let mut connection = self.connect()?;
        for first in (0..end).step_by(AHEAD) {
            let some = first..end.min(first + AHEAD as u32);
            for n in some.clone() {
                ask(&mut connection, &format!("/pbx/extension/{}", filled_id(n)), token)?;
            }
            for _ in some {
                answer(&mut connection)?;
            }
        }
        Ok(())
    }

    fn connect(&self) -> anyhow::Result<BufReader<TcpStream>> {
        let stream = TcpStream::connect(self.base.trim_start_matches("http://"))?;
        // Several requests are on their way at once.
        stream.set_nodelay(true)?;
        Ok(BufReader::new(stream))
    }
}

/// The id of an extension that was filled in.
fn filled_id(n: u32) -> String {
    format!("03{n:022}")
}

fn ask(connection: &mut BufReader<TcpStream>, path: &str, token: &str) -> anyhow::Result<()> {
    let head =
        format!("GET {path} HTTP/1.1\r\nHost: lokal\r\nAuthorization: Bearer {token}\r\n\r\n");
    Ok(connection.get_mut().write_all(head.as_bytes())?)
}

/// The body of a 200.
fn answer(connection: &mut BufReader<TcpStream>) -> anyhow::Result<Vec<u8>> {
    let (mut line, mut length) = (String::new(), 0);
    connection.read_line(&mut line)?;
    ensure!(line.starts_with("HTTP/1.1 200"), "{line}");
    while line.trim() != "" {
        line.clear();
        connection.read_line(&mut line)?;
        let header = line.to_ascii_lowercase();
        if let Some(value) = header.strip_prefix("content-length:") {
            length = value.trim().parse()?;
        }
    }
    ensure!(length <= LONGEST_BODY, "a body of {length} bytes");
    let mut body = vec![0; length];
    connection.read_exact(&mut body)?;
    Ok(body)
}
