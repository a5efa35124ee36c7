//! Scenario text: mistakes in it are told, with the line.

use testkit::script::play;

#[test]
fn a_line_that_makes_no_sense_is_named() {
    let table = [
        (
            "extension 592 Donald\n00.000 592-desk sings",
            "line 2: 00.000 592-desk sings: no such event",
        ),
        ("telephone 592-desk", "line 1: telephone 592-desk: no such setting"),
        (
            "extension 592 Donald\nset 592 colour \"red\"",
            "line 2: set 592 colour \"red\": no member colour",
        ),
        (
            "phone 592-desk\n01.000 592-desk answers",
            "line 2: 01.000 592-desk answers: 592-desk has no call that it could do this with",
        ),
    ];
    for (scenario, error) in table {
        assert_eq!(play(scenario), Err(error.to_owned()));
    }
}

#[test]
fn comments_and_empty_lines_are_nothing() {
    assert_eq!(play("# only a remark\n\nextension 592 Donald # and one more\n"), Ok(String::new()));
}
