//! `tern tools` and which programs on PATH are taken.

mod support;

use std::process::{Command, Output};

use support::Place;

/// What nextpnr-ice40 0.4 of Debian 12 answers, in the lines that matter.
const OLD: &str = "echo 'nextpnr-ice40 -- Next Generation Place and Route (Version 0.4-1+b1)'
echo '  --report arg  --timing-allow-fail  --write arg  --asc arg  --pcf-allow-unconstrained  --hx8k  --up5k'";

/// A program on PATH in place of a tool.
fn stand_in(place: &Place, name: &str, script: &str) {
    place.write(name, format!("#!/bin/sh\n{script}\n").as_bytes());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let executable = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(place.path(name), executable).expect("the test's own file");
    }
}

/// `tern tools list` with this folder alone on PATH, but for the shell.
fn list(place: &Place, more: &[&str]) -> (String, String) {
    let folders = [place.path("."), "/bin".into(), "/usr/bin".into()];
    let output: Output = Command::new(env!("CARGO_BIN_EXE_tern"))
        .args(["tools", "list"])
        .args(more)
        .env("PATH", std::env::join_paths(folders).expect("plain names"))
        .output()
        .expect("the program starts");
    assert!(output.status.success());
    let text = |bytes| String::from_utf8(bytes).expect("text");
    (text(output.stdout), text(output.stderr))
}

fn row(list: &str, tool: &str) -> String {
    let mut lines = list.lines();
    let line = lines.find(|line| line.split(' ').next() == Some(tool));
    line.expect("a row for each tool").to_owned()
}

#[test]
fn programs_that_are_unfit_are_passed_over_in_words() {
    let place = Place::new();
    stand_in(&place, "nextpnr-ice40", OLD);
    stand_in(
        &place,
        "icepack",
        "echo 'icepack: libgone.so: cannot open' >&2; exit 127",
    );
    let here = place.path(".").display().to_string();
    let (table, notes) = list(&place, &[]);
    for tool in ["nextpnr-ice40", "icepack"] {
        assert!(!row(&table, tool).contains(&here), "{table}");
    }
    let note = |words: &[&str]| {
        let all = |line: &&str| words.iter().all(|word| line.contains(word));
        notes.lines().filter(all).count()
    };
    assert_eq!(
        note(&["nextpnr-ice40", "--no-promote-ce", "pinned"]),
        1,
        "{notes}"
    );
    assert_eq!(
        note(&["icepack", "does not answer", "pinned"]),
        1,
        "{notes}"
    );
    let (_, notes) = list(&place, &["--tools", "pinned"]);
    assert_eq!(notes, "");
}

#[test]
fn a_program_that_knows_the_options_is_taken() {
    let place = Place::new();
    let newer = format!(
        "{}\necho '  --no-promote-ce'",
        OLD.replace("0.4-1+b1", "0.6-3")
    );
    stand_in(&place, "nextpnr-ice40", &newer);
    let here = place.path("nextpnr-ice40");
    let (table, _) = list(&place, &[]);
    let found = row(&table, "nextpnr-ice40");
    let name = here
        .file_name()
        .expect("a name")
        .to_string_lossy()
        .into_owned();
    assert!(found.contains("0.6-3") && found.ends_with(&name), "{table}");
    let (table, _) = list(&place, &["--tools", "pinned"]);
    assert!(!row(&table, "nextpnr-ice40").contains("0.6-3"), "{table}");
    let columns: Vec<usize> = table
        .lines()
        .map(|line| line.rfind("  ").expect("columns"))
        .collect();
    assert!(columns.windows(2).all(|pair| pair[0] == pair[1]), "{table}");
}
