//! The configuration as its user meets it: who wins, what is shown, what is wrong.

use std::path::Path;
use std::process::{Command, Output};

fn check(folder: &Path, variables: &[(&str, &str)], arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_lokal"))
        .args(["config", "check", "--data"])
        .arg(folder)
        .args(arguments)
        .envs(variables.iter().copied())
        .output()
        .unwrap()
}

#[track_caller]
fn has(text: &[u8], lines: &[&str]) {
    let text = String::from_utf8_lossy(text);
    for line in lines {
        assert!(text.lines().any(|l| l.contains(line)), "{line:?} in\n{text}");
    }
}

#[test]
fn a_flag_wins_over_a_variable_over_the_file_over_the_default() {
    let folder = tempfile::tempdir().unwrap();
    let file =
        "http = \"127.0.0.1:1\"\nsip = \"127.0.0.1:1\"\nrtp = \"127.0.0.1:1-2\"\nno-demo = true\n";
    std::fs::write(folder.path().join("lokal.toml"), file).unwrap();
    let variables = [("LOKAL_HTTP", "127.0.0.1:2"), ("LOKAL_SIP", "127.0.0.1:2")];
    let output = check(folder.path(), &variables, &["--http", "127.0.0.1:3", "--no-demo=off"]);
    assert!(output.status.success(), "{output:?}");
    let expected = [
        "http = \"127.0.0.1:3\" # --http",
        "sip = \"127.0.0.1:2\" # LOKAL_SIP",
        "lokal.toml:3",
        "no-demo = false # --no-demo",
        "log = \"info\" # default",
    ];
    has(&output.stdout, &expected);
}

#[test]
fn all_problems_are_told_with_where_they_are_and_nothing_starts() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("other.toml");
    std::fs::write(&file, "\nlog-fromat = \"json\"\n").unwrap();
    let variables = [("LOKAL_SIP", "0.0.0.0:5060"), ("LOKAL_LOG", "api=loud")];
    let named = ["--config", file.to_str().unwrap(), "--rtp", "20000"];
    let told = [
        "other.toml:2: log-fromat",
        "did you mean log-format?",
        "LOKAL_SIP: ",
        "LOKAL_LOG: ",
        "--rtp: ",
    ];
    let output = check(folder.path(), &variables, &named);
    assert_eq!(output.status.code(), Some(1));
    has(&output.stderr, &told);
    let mut serve = Command::new(env!("CARGO_BIN_EXE_lokal"));
    let output = serve.args(named).envs(variables).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    has(&output.stderr, &told);
}

#[test]
fn a_file_that_is_named_has_to_be_there() {
    let folder = tempfile::tempdir().unwrap();
    let output = check(folder.path(), &[("LOKAL_CONFIG", "/nowhere/lokal.toml")], &[]);
    assert_eq!(output.status.code(), Some(1));
    has(&output.stderr, &["/nowhere/lokal.toml: can't be read"]);
}

#[test]
fn a_mistyped_variable_is_hinted_at() {
    let folder = tempfile::tempdir().unwrap();
    let output = check(folder.path(), &[("LOKAL_HTPP", "x")], &[]);
    assert!(output.status.success());
    has(&output.stderr, &["LOKAL_HTPP is no setting; did you mean LOKAL_HTTP?"]);
}
