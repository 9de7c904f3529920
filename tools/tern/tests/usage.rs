//! The command line itself.

mod support;

use support::Place;

#[test]
fn help_lists_every_command() {
    let text = Place::new().succeed(&["--help"]);
    for command in ["train", "eval", "run", "synth", "tools"] {
        let named = |line: &str| line.trim_start().starts_with(command);
        assert!(text.lines().any(named), "{command}: {text}");
    }
}

#[test]
fn usage_errors_are_one_line() {
    let place = Place::new();
    place.refused(&[], &["command is missing"]);
    place.refused(&["tools"], &["command is missing"]);
    place.refused(&["evaluate"], &["evaluate"]);
    place.refused(&["run"], &["--input"]);
    place.refused(
        &["eval", "--executor", "netlist"],
        &["--executor", "netlist"],
    );
    place.refused(&["synth", "--seed", "one"], &["--seed", "one"]);
    place.refused(
        &["train", "digits", "--numbers", "f9"],
        &["--numbers", "f9"],
    );
    assert!(place.names().is_empty());
}
