//! The binary as its user meets it: help, mistakes, the demo, the printed commands, stopping.

mod bad_input;
mod configuration;
mod hostile;
mod metrics;
mod portable;
mod postgres;
mod readme;
mod server;

use serde_json::Value;
use server::{Server, lokal};
use std::os::unix::fs::PermissionsExt;

#[test]
fn help_names_every_flag_with_its_variable() {
    let help = lokal(&["--help"]);
    assert!(help.status.success());
    let text = String::from_utf8(help.stdout).unwrap();
    for flag in [
        "config",
        "data",
        "database",
        "http",
        "sip",
        "rtp",
        "metrics",
        "no-demo",
        "log",
        "log-format",
    ] {
        let variable = format!("LOKAL_{}", flag.replace('-', "_").to_uppercase());
        assert!(
            text.contains(&format!("--{flag}")) && text.contains(&variable),
            "{flag} in:\n{text}"
        );
    }
    assert!(text.contains("explain"), "{text}");
}

#[test]
fn a_mistyped_option_is_named() {
    for (arguments, expected) in [
        (["--htp", "x"], "--http"),
        (["--rtp", "20000"], "127.0.0.1:20000-29999"),
        (["--sip", "nowhere"], "--sip"),
    ] {
        let output = lokal(&arguments);
        assert!(!output.status.success());
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(text.contains(expected), "{arguments:?}:\n{text}");
    }
}

#[test]
fn a_database_that_is_not_postgres_is_refused_without_showing_its_password() {
    for arguments in [["--database", "mysql://donald:quack@db/lokal"], ["--database", "quack"]] {
        let output = lokal(&arguments);
        assert!(!output.status.success());
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(text.contains("--database") && text.contains("postgres://"), "{text}");
        assert!(!text.contains("quack"), "{text}");
    }
}

#[test]
fn the_demo_is_complete_and_private() {
    let server = Server::start(&[]);
    let path = server.folder().join("demo.json");
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let demo = server.demo();
    let names: Vec<_> = demo["customers"].as_array().unwrap().iter().map(|c| &c["name"]).collect();
    assert!(names.contains(&&Value::from("Duckburg")) && names.contains(&&Value::from("Mouseton")));
    for role in [
        "admin",
        "reseller",
        "owner",
        "manager",
        "viewer",
        "personal",
        "donald",
        "otherCustomerOwner",
    ] {
        assert!(demo["tokens"][role].as_str().is_some_and(|token| token.len() >= 32), "{role}");
        let login = &demo["logins"][role];
        assert!(login["username"].as_str().is_some_and(|name| name.contains('@')), "{role}");
        let body = serde_json::json!({
            "username": login["username"], "password": login["password"],
        });
        assert_eq!(log_in(&server, &body), 200, "{role}");
    }
    let accounts = demo["sip"]["accounts"].as_array().unwrap();
    let of = |customer: &str, number: &str| {
        accounts.iter().filter(|a| a["customer"] == customer && a["extension"] == number).count()
    };
    for number in ["592", "100", "593", "594"] {
        assert_eq!(of("Duckburg", number), 1, "{number}");
    }
    assert_eq!(of("Mouseton", "592"), 1);
    let usernames: std::collections::BTreeSet<_> =
        accounts.iter().map(|a| a["username"].as_str().unwrap()).collect();
    assert_eq!(usernames.len(), accounts.len(), "user names are unique on the platform");
}

#[test]
fn the_printed_curl_command_prints_donalds_extension() {
    let server = Server::start(&[]);
    let welcome = server.printed();
    let command = welcome.lines().find(|line| line.trim_start().starts_with("curl ")).unwrap();
    let output = std::process::Command::new("sh").args(["-c", command]).output().unwrap();
    let extension: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(extension["name"], "Donald Duck");
    assert_eq!(extension["noAnswer"]["intNumber"], "100");
    let kinds: Vec<_> = extension["phones"]
        .as_array()
        .unwrap()
        .iter()
        .map(|phone| phone["type"].as_str().unwrap())
        .collect();
    for kind in ["SIP", "MVNO", "EXTERNAL"] {
        assert!(kinds.contains(&kind), "{kinds:?}");
    }
}

#[test]
fn secrets_differ_between_installations() {
    let (one, other) = (Server::start(&[]), Server::start(&[]));
    assert_ne!(one.demo()["tokens"], other.demo()["tokens"]);
    let password = |server: &Server| server.demo()["sip"]["accounts"][0]["password"].clone();
    assert_ne!(password(&one), password(&other));
}

#[test]
fn a_second_server_on_the_same_folder_is_refused() {
    let server = Server::start(&[]);
    let folder = server.folder().to_str().unwrap();
    let output = lokal(&["--data", folder, "--http", "127.0.0.1:0", "--sip", "127.0.0.1:0"]);
    assert!(!output.status.success());
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.contains("in use") || text.contains("another"), "{text}");
}

#[test]
fn a_start_that_fails_leaves_no_demo_without_its_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let taken = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let output = lokal(&["--data", path, "--http", "127.0.0.1:0", "--sip", &address]);
    assert!(!output.status.success());
    assert!(String::from_utf8(output.stderr).unwrap().contains(&address));
    let server = Server::start_in(folder, &[]);
    assert!(server.printed().contains("curl"));
}

#[test]
fn an_address_that_phones_cannot_answer_to_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for (flag, value) in [("--sip", "0.0.0.0:0"), ("--rtp", "0.0.0.0:20000-20999")] {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_lokal"))
            .args(["--http", "127.0.0.1:0", flag, value, "--data"])
            .arg(folder.path())
            .output()
            .unwrap();
        assert!(!output.status.success(), "{flag} {value}");
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(text.contains("0.0.0.0"), "{flag} {value}:\n{text}");
    }
}

#[test]
fn sigterm_exits_0_and_a_restart_keeps_the_demo() {
    let mut server = Server::start(&[]);
    let tokens = server.demo()["tokens"].clone();
    assert_eq!(server.terminate().code(), Some(0));
    let again = server.restart();
    assert_eq!(again.demo()["tokens"], tokens);
    assert!(!again.printed().contains("curl"), "the welcome is for the first start");
}

#[test]
fn without_the_demo_nothing_is_made() {
    let server = Server::start(&["--no-demo"]);
    assert!(!server.folder().join("demo.json").exists());
}

#[test]
fn a_variable_is_on_or_off_as_people_write_it() {
    let folder = tempfile::tempdir().unwrap();
    for (value, is_taken) in [("1", true), ("yes", true), ("off", true), ("maybe", false)] {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_lokal"))
            .env("LOKAL_NO_DEMO", value)
            .args(["explain", "592", "--from", "593", "--data"])
            .arg(folder.path())
            .output()
            .unwrap();
        // Taken or not, there is nothing to explain here: the question is which error it is.
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!(text.contains("expected true or false"), !is_taken, "{value}:\n{text}");
    }
}

#[test]
fn explain_works_with_and_without_a_server() {
    let mut server = Server::start(&[]);
    let folder = server.folder().to_str().unwrap().to_owned();
    let ask = |to: &str| lokal(&["explain", to, "--from", "593", "--json", "--data", &folder]);
    for _ in 0..2 {
        let output = ask("592");
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        let answer: Value = serde_json::from_slice(&output.stdout).expect(&text);
        // Nobody is registered: Donald's no-answer column sends local callers to 100.
        let diverted = answer["steps"]
            .as_array()
            .unwrap()
            .iter()
            .any(|step| step["setting"] == "noAnswer.intNumber" && step["value"] == "100");
        assert!(diverted, "{answer:#}");
        server.terminate();
    }
    let unknown: Value = serde_json::from_slice(&ask("999").stdout).unwrap();
    assert_eq!(unknown["result"], "not_found");
}

/// The status that a login gets.
fn log_in(server: &Server, body: &Value) -> u16 {
    let address = format!("http://{}/auth/login", server.http());
    let agent = ureq::Agent::config_builder().http_status_as_error(false).build();
    let reply = ureq::Agent::from(agent).post(&address).send_json(body).unwrap();
    reply.status().as_u16()
}

#[test]
fn the_first_admin_is_made_on_a_folder_that_no_server_uses() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap().to_owned();
    let create = |more: &[&str]| {
        let arguments: Vec<_> =
            ["--data", &path, "admin", "create"].into_iter().chain(more.iter().copied()).collect();
        lokal(&arguments)
    };
    let short = create(&["root"]);
    assert!(!short.status.success());
    assert!(String::from_utf8(short.stderr).unwrap().contains("emailAddress"));
    let made = create(&["root@platform.example"]);
    let printed = String::from_utf8(made.stdout).unwrap();
    assert!(made.status.success(), "{printed}");
    let password = printed.trim_end().rsplit(' ').next().unwrap().to_owned();
    let again = create(&["ROOT@platform.example"]);
    assert!(String::from_utf8(again.stderr).unwrap().contains("already"));

    let server = Server::start_in(folder, &[]);
    let body = serde_json::json!({"username": "root@platform.example", "password": password});
    assert_eq!(log_in(&server, &body), 200);
    let running = create(&["other@platform.example"]);
    assert!(!running.status.success());
    assert!(String::from_utf8(running.stderr).unwrap().contains("in use"));
}

#[test]
fn the_password_of_the_first_admin_can_be_brought() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_lokal"))
        .arg("--data")
        .arg(folder.path())
        .args(["admin", "create", "administrator", "--password-stdin"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut command.stdin.take().unwrap(), b"Quack1234\n").unwrap();
    let output = command.wait_with_output().unwrap();
    assert!(output.status.success());
    assert!(!String::from_utf8(output.stdout).unwrap().contains("Quack1234"));
    let server = Server::start_in(folder, &[]);
    let body = serde_json::json!({"username": "Administrator", "password": "Quack1234"});
    assert_eq!(log_in(&server, &body), 200);
}
