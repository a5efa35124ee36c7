//! GET of an extension with a token, against the same router answering the same bytes from memory without
//! asking who reads. Server CPU per request, median of interleaved rounds.

use super::report::Report;
use super::server::{Server, same_bytes, with_demo};
use anyhow::{Context, ensure};
use serde_json::Value;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;

const HTTP: &str = "127.0.0.1:18080";
const PLAIN: &str = "127.0.0.1:18081";
const ROUNDS: usize = 5;
/// Requests of a round: some seconds of CPU, which /proc counts in hundredths.
const REQUESTS: u32 = 200_000;
/// Connections that are kept busy together.
const CONNECTIONS: u32 = 16;
/// Longest body that is read: the largest extension has a few KiB.
const LONGEST_BODY: usize = 1 << 20;

/// Measures lokal.
pub fn measure(place: &Path, report: &mut Report) -> anyhow::Result<()> {
    let server = with_demo(place, HTTP)?;
    let request = request(place)?;
    let body = fetch(HTTP, &request)?;
    let ceiling = same_bytes(place, PLAIN, &body)?;
    ensure!(body == fetch(PLAIN, &request)?, "the two answers differ");
    let (mut with_token, mut without) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        with_token.push(round(&server, HTTP, &request)?);
        without.push(round(&ceiling, PLAIN, &request)?);
    }
    let (with_token, without) = (median(with_token), median(without));
    report.add(
        "GET extension with token: CPU µs per request",
        format!("{with_token:.1} ({:.2} ×)", with_token / without),
        format!("same router and bytes, no token: {without:.1}"),
    );
    Ok(())
}

fn request(place: &Path) -> anyhow::Result<String> {
    let demo: Value = serde_json::from_slice(&fs::read(place.join("demo/demo.json"))?)?;
    let extensions = demo["extensions"].as_array().context("extensions")?;
    let donald = extensions.iter().find(|extension| extension["name"] == "Donald Duck");
    let id = donald.context("Donald Duck")?["id"].as_str().context("an id")?;
    let token = demo["tokens"]["owner"].as_str().context("a token")?;
    Ok(format!(
        "GET /pbx/extension/{id} HTTP/1.1\r\nHost: lokal\r\nAuthorization: Bearer {token}\r\n\r\n"
    ))
}

/// Server CPU microseconds per request.
fn round(server: &Server, address: &str, request: &str) -> anyhow::Result<f64> {
    let mut connections = Vec::new();
    for _ in 0..CONNECTIONS {
        connections.push(BufReader::new(TcpStream::connect(address)?));
    }
    let before = server.cpu_seconds()?;
    for _ in 0..REQUESTS / CONNECTIONS {
        for connection in &mut connections {
            connection.get_mut().write_all(request.as_bytes())?;
        }
        for connection in &mut connections {
            read_body(connection)?;
        }
    }
    Ok((server.cpu_seconds()? - before) * 1e6 / f64::from(REQUESTS))
}

fn fetch(address: &str, request: &str) -> anyhow::Result<Vec<u8>> {
    let mut connection = BufReader::new(TcpStream::connect(address)?);
    connection.get_mut().write_all(request.as_bytes())?;
    read_body(&mut connection)
}

/// The body of a 200.
fn read_body(connection: &mut BufReader<TcpStream>) -> anyhow::Result<Vec<u8>> {
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

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
