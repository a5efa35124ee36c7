//! `lokal export` and `lokal import`, as their user meets them.

use crate::server::{Server, lokal};
use cluster::Cluster;
use serde_json::Value;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Output;

fn run(place: &[&str], arguments: &[&str]) -> Output {
    lokal(&[place, arguments].concat())
}

fn said(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

fn done(output: &Output) -> String {
    assert!(output.status.success(), "{}", said(output));
    said(output)
}

fn failed(output: &Output) -> String {
    assert!(!output.status.success(), "{}", said(output));
    said(output)
}

/// The demo's folder after its server has ended, and the ids of its customers by name.
fn demo() -> (Server, Value) {
    let mut server = Server::start(&[]);
    let demo = server.demo();
    server.terminate();
    (server, demo)
}

fn id<'a>(demo: &'a Value, name: &str) -> &'a str {
    let customers = demo["customers"].as_array().unwrap();
    customers.iter().find(|one| one["name"] == name).unwrap()["id"].as_str().unwrap()
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn a_customer_moves_to_another_installation_on_either_database() {
    let (server, demo) = demo();
    let here = ["--data", text(server.folder())];
    let files = tempfile::tempdir().unwrap();
    let names: Vec<_> = demo["customers"].as_array().unwrap().iter().collect();
    let mut exported = Vec::new();
    for name in names.iter().map(|one| one["name"].as_str().unwrap()) {
        let file = files.path().join(name);
        let printed = done(&run(&here, &["export", id(&demo, name), text(&file)]));
        assert!(printed.contains("0600") && printed.contains("hashes"), "{printed}");
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        exported.push((name, file));
    }
    let cluster = Cluster::shared();
    let url = cluster.url(&cluster.database());
    for more in [&[][..], &["--database", &url]] {
        let folder = tempfile::tempdir().unwrap();
        let there = [&["--data", text(folder.path())][..], more].concat();
        // Whoever resells comes first; which that is, the refusals say.
        let mut left = exported.clone();
        while !left.is_empty() {
            let before = left.len();
            left.retain(|(_, file)| {
                let output = run(&there, &["import", text(file)]);
                assert!(output.status.success() || said(&output).contains("import it first"));
                !output.status.success()
            });
            assert!(left.len() < before, "{left:?}");
        }
        for (name, file) in &exported {
            let again = files.path().join("again");
            done(&run(&there, &["export", id(&demo, name), text(&again)]));
            assert_eq!(fs::read(&again).unwrap(), fs::read(file).unwrap(), "{name}");
            fs::remove_file(again).unwrap();
        }
        let server = Server::start_in(folder, more);
        for role in ["donald", "owner"] {
            let login = &demo["logins"][role];
            let body = serde_json::json!({
                "username": login["username"], "password": login["password"],
            });
            assert_eq!(crate::log_in(&server, &body), 200, "{role}");
        }
        let busy = failed(&run(
            &["--data", text(server.folder())],
            &["export", id(&demo, "Duckburg"), "x"],
        ));
        assert!(busy.contains("in use"), "{busy}");
    }
}

#[test]
fn what_is_wrong_with_a_file_is_said_and_nothing_changes() {
    let (server, demo) = demo();
    let here = ["--data", text(server.folder())];
    let files = tempfile::tempdir().unwrap();
    let file = files.path().join("duckburg.json");
    let duckburg = id(&demo, "Duckburg");
    done(&run(&here, &["export", duckburg, text(&file)]));
    let good = fs::read_to_string(&file).unwrap();
    let kept = failed(&run(&here, &["export", duckburg, text(&file)]));
    assert!(kept.contains("exists"), "{kept}");
    assert_eq!(fs::read_to_string(&file).unwrap(), good);
    let told = failed(&run(&here, &["import", text(&file)]));
    assert!(told.contains("nothing of") && told.contains("customer._id"), "{told}");
    assert!(told.contains("employees._id") && told.contains("phones._id"), "{told}");

    let bad = files.path().join("bad.json");
    for (content, expected) in [
        (good[..good.len() - 100].to_owned().into_bytes(), "isn't whole"),
        (good.replace("\"version\": 1", "\"version\": 9").into_bytes(), "newer lokal"),
        (good.replace("\"DK\"", "\"XX\"").into_bytes(), "customer.country"),
        (good.replace("\"dnd\": false", "\"dnd\": 0").into_bytes(), "phones[0]"),
    ] {
        fs::write(&bad, content).unwrap();
        let told = failed(&run(&here, &["import", text(&bad)]));
        assert!(told.contains(expected) && told.contains("nothing of"), "{expected}: {told}");
    }
    fs::write(&bad, [0xff; 100]).unwrap();
    let told = failed(&run(&here, &["import", text(&bad)]));
    assert!(told.contains("UTF-8"), "{told}");
    fs::File::create(&bad).unwrap().set_len(257 << 20).unwrap();
    let told = failed(&run(&here, &["import", text(&bad)]));
    assert!(told.contains("larger than 256 MiB"), "{told}");
    let told = failed(&run(&here, &["import", "/nowhere"]));
    assert!(told.contains("can't read /nowhere"), "{told}");
    let unknown = failed(&run(&here, &["export", &"e".repeat(24), text(&bad)]));
    assert!(unknown.contains("there is no customer"), "{unknown}");
    assert!(failed(&run(&here, &["export", "Duckburg", "x"])).contains("24 hex digits"));

    let again = files.path().join("again.json");
    let printed = done(&run(&here, &["export", duckburg, text(&again), "--without-secrets"]));
    assert!(!printed.contains("hashes"), "{printed}");
    let without: Value = serde_json::from_slice(&fs::read(&again).unwrap()).unwrap();
    let mut with: Value = serde_json::from_str(&good).unwrap();
    assert!(with.as_object_mut().unwrap().remove("secrets").is_some());
    assert_eq!(without, with);
}
