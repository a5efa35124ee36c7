//! What Prometheus reads, after real requests, and that all of it is documented.

use crate::server::Server;
use std::collections::BTreeSet;

fn start() -> (Server, String) {
    let server = Server::start(&["--metrics", "127.0.0.1:0"]);
    let (_, address) = server.printed().rsplit_once("metrics ").unwrap();
    let address = address.trim().to_owned();
    (server, address)
}

/// The value of a line.
#[track_caller]
fn value(text: &str, line: &str) -> f64 {
    let found = text.lines().find_map(|l| l.strip_prefix(line)?.strip_prefix(' '));
    found.unwrap_or_else(|| panic!("{line} in\n{text}")).parse().unwrap()
}

#[test]
fn requests_and_what_they_cause_are_counted() {
    let (server, metrics) = start();
    let unauthorised = format!("/pbx/extension/{}", "f".repeat(24));
    for (path, times) in [("/healthz", 3), (unauthorised.as_str(), 2), ("/nowhere", 1)] {
        for _ in 0..times {
            Server::get(server.http(), path);
        }
    }
    let phone = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    let demo = server.demo();
    let registrar = demo["sip"]["address"].as_str().unwrap();
    phone.send_to(b"\r\n\r\n", registrar).unwrap();
    phone.recv(&mut [0; 16]).unwrap();
    // Making the demo writes each of them once, one after the other.
    let customers = demo["customers"].as_array().unwrap().len() as f64;
    let text = Server::get(&metrics, "/metrics");
    assert!(text.starts_with("HTTP/1.1 200") && text.contains("text/plain; version=0.0.4"));
    for (line, expected) in [
        (r#"lokal_http_requests_total{route="/healthz",method="GET",status="2xx"}"#, 3.0),
        (
            r#"lokal_http_requests_total{route="/pbx/extension/{id}",method="GET",status="4xx"}"#,
            2.0,
        ),
        (r#"lokal_http_requests_total{route="unmatched",method="GET",status="4xx"}"#, 1.0),
        (r#"lokal_http_request_seconds_count{route="/healthz",method="GET"}"#, 3.0),
        (r#"lokal_sip_datagrams_total{outcome="keep_alive"}"#, 1.0),
        (r#"lokal_store_writes_total{outcome="made"}"#, customers),
        ("lokal_store_commit_seconds_count", customers),
        (r#"lokal_store_commit_seconds_bucket{le="+Inf"}"#, customers),
        ("lokal_store_commit_failures_total", 0.0),
        ("lokal_calls", 0.0),
        (r#"lokal_build_info{version="0.1.0"}"#, 1.0),
    ] {
        assert_eq!(value(&text, line).to_bits(), f64::to_bits(expected), "{line}");
    }
    assert!(value(&text, "lokal_process_open_fds") > 3.0);
    assert!(Server::get(server.http(), "/metrics").starts_with("HTTP/1.1 404"));
}

#[test]
fn every_metric_is_documented_and_every_documented_one_is_there() {
    let (server, metrics) = start();
    Server::get(server.http(), "/healthz");
    let text = Server::get(&metrics, "/metrics");
    let types = text.lines().filter_map(|line| line.strip_prefix("# TYPE "));
    let there: BTreeSet<&str> = types.collect();
    let operating = include_str!("../../../../docs/OPERATING.md");
    let rows = operating.lines().filter_map(|line| {
        let (name, rest) = line.strip_prefix("| `lokal_")?.split_once("` | ")?;
        let (kind, _) = rest.split_once(" |")?;
        Some(format!("lokal_{name} {kind}"))
    });
    let documented: BTreeSet<String> = rows.collect();
    assert_eq!(there, documented.iter().map(String::as_str).collect());
}
