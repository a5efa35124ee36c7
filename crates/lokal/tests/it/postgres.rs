//! Two servers on one PostgreSQL: what is changed at one is changed at the other.

use crate::server::{Server, lokal};
use cluster::Cluster;
use serde_json::Value;
use std::time::{Duration, Instant};

const SOON: Duration = Duration::from_secs(2);

fn extension(server: &str, id: &str, token: &str) -> Value {
    let mut reply = ureq::get(format!("{server}/pbx/extension/{id}"))
        .header("Authorization", format!("Bearer {token}"))
        .call()
        .unwrap();
    reply.body_mut().read_json().unwrap()
}

#[test]
fn what_is_changed_at_one_server_is_changed_at_the_other() {
    let cluster = Cluster::shared();
    let url = cluster.url(&cluster.database());
    let one = Server::start(&["--database", &url]);
    let other = Server::start(&["--database", &url]);
    assert!(!other.folder().join("demo.json").exists(), "the demo is made once");
    let demo = one.demo();
    let token = demo["tokens"]["owner"].as_str().unwrap();
    let extensions = demo["extensions"].as_array().unwrap();
    let mine = extensions.iter().find(|e| e["number"] == "592" && e["customer"] == "Duckburg");
    let id = mine.unwrap()["id"].as_str().unwrap();
    let http = |server: &Server| {
        let line = server.printed().lines().find(|line| line.contains("is ready")).unwrap();
        let address = line.split("HTTP ").nth(1).unwrap().split(',').next().unwrap();
        format!("http://{address}")
    };
    let (here, there) = (http(&one), http(&other));
    assert_eq!(extension(&there, id, token), extension(&here, id, token));
    ureq::patch(format!("{here}/pbx/extension/{id}"))
        .header("Authorization", format!("Bearer {token}"))
        .send_json(serde_json::json!({ "redirect": "100" }))
        .unwrap();
    let changed = Instant::now();
    while extension(&there, id, token)["redirect"] != "100" {
        assert!(changed.elapsed() < SOON, "it isn't seen there");
    }
}

#[test]
fn a_database_that_cannot_be_reached_is_told_without_its_password() {
    let folder = tempfile::tempdir().unwrap();
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = format!("postgres://donald:quack@{free}/lokal");
    let output = lokal(&["--database", &url, "--data", folder.path().to_str().unwrap()]);
    assert!(!output.status.success());
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.contains("can't be reached") && !text.contains("quack"), "{text}");
}
