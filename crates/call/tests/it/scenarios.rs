//! Plays every `tests/scenarios/*.scn`; its ladder is compared with the one kept beside it. A new
//! scenario needs no Rust.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios")
}

#[expect(clippy::disallowed_methods, reason = "the scenarios are files")]
fn names(folder: &Path, extension: &str) -> BTreeSet<String> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let wanted = entries.filter(|path| path.extension().is_some_and(|of| of == extension));
    wanted.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect()
}

#[expect(clippy::disallowed_methods, reason = "the scenarios are files")]
fn play(name: &str) -> String {
    let text = std::fs::read_to_string(folder().join(format!("{name}.scn"))).unwrap();
    testkit::script::play(&text).unwrap_or_else(|error| panic!("{name}.scn: {error}"))
}

#[test]
fn every_scenario_has_its_ladder() {
    let scenarios = names(&folder(), "scn");
    assert!(!scenarios.is_empty());
    for name in &scenarios {
        let ladder = play(name);
        insta::with_settings!({
            snapshot_path => "../scenarios/ladders",
            prepend_module_to_snapshot => false,
            omit_expression => true,
        }, {
            insta::assert_snapshot!(name.as_str(), ladder);
        });
    }
    assert_eq!(names(&folder().join("ladders"), "snap"), scenarios, "a ladder without scenario");
}
