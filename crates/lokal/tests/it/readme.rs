//! What README says to try, taken from its text and done.

use crate::server::Server;
use serde_json::Value;
use std::process::Command;

/// The commands below a heading, as they stand there.
fn commands(heading: &str) -> String {
    let readme = include_str!("../../../../README.md");
    let (_, section) = readme.split_once(&format!("## {heading}\n")).unwrap();
    let section = section.split("\n## ").next().unwrap();
    section.lines().filter_map(|line| line.strip_prefix("    ")).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_first_five_calls_of_the_readme_work() {
    let server = Server::start(&[]);
    let script = commands("Your first five calls")
        .replace("var/demo.json", server.folder().join("demo.json").to_str().unwrap())
        .replace("127.0.0.1:8080", server.http());
    // Each curl that isn't inside of something else says what it got on a line of its own.
    let script = script.replace("\ncurl ", "\necho; curl ");
    let output = Command::new("sh").args(["-ec", &script]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let answers: Vec<Value> =
        text.lines().skip(1).map(|line| serde_json::from_str(line).expect(line)).collect();
    let [listed, read, changed, explained, made] = answers.as_slice() else { panic!("{text}") };
    assert_eq!(listed["extensions"][0]["name"], "Donald Duck");
    assert_eq!(listed["total"], 1);
    assert_eq!(read["phones"].as_array().unwrap().len(), 3);
    assert!(read["outbound"]["goto"]["name"].is_string());
    assert_eq!(changed["redirect"], "100");
    let steps = explained["steps"].as_array().unwrap();
    let redirected = |step: &Value| step["setting"] == "redirect" && step["value"] == "100";
    assert!(steps.iter().any(redirected), "{explained:#}");
    assert_eq!((&made["name"], &made["number"]), (&"Kitchen".into(), &"110".into()));
}
