//! `tern tools` and which programs on PATH are taken.

use std::process::{Command, Output};

use crate::support::Place;

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
    stand_in(&place, "ecppack", "sleep 1000"); // in a process of its own, which holds the output open
    stand_in(&place, "boolector", "exec yes no");
    let here = place.path(".").display().to_string();
    let (table, notes) = list(&place, &[]);
    for tool in ["nextpnr-ice40", "icepack", "ecppack", "boolector"] {
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
    assert_eq!(
        note(&["ecppack", "has not answered after 10 seconds", "pinned"]),
        1,
        "{notes}"
    );
    assert_eq!(note(&["boolector", "does not answer"]), 1, "{notes}");
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

/// A file that may not be run hides none of its name further on.
#[cfg(unix)]
#[test]
fn a_file_that_is_no_program_is_passed_over() {
    let place = Place::new();
    std::fs::create_dir(place.path("first")).expect("room");
    place.write("first/icepack", b"notes about icepack\n");
    stand_in(&place, "icepack", "echo 'icepack [options]'");
    let folders = [
        place.path("first"),
        place.path("."),
        "/bin".into(),
        "/usr/bin".into(),
    ];
    let output = Command::new(env!("CARGO_BIN_EXE_tern"))
        .args(["tools", "list"])
        .env("PATH", std::env::join_paths(folders).expect("plain names"))
        .output()
        .expect("the program starts");
    let table = String::from_utf8(output.stdout).expect("text");
    let here = place.path(".").display().to_string();
    assert!(row(&table, "icepack").contains(&here), "{table}");
}

/// A Verilator that does nothing, and says so to nobody, is named, and no file that nobody has heard of.
#[cfg(unix)]
#[test]
fn a_verilator_that_does_nothing_is_named() {
    let place = Place::new();
    place.model(
        "m.safetensors",
        &crate::support::small_model(3, tern_model::network::Output::Last),
    );
    let design = r#"{"columns": 4, "rows": 1, "lanes": 2, "device": "ice40-hx8k"}"#;
    place.write("d.json", design.as_bytes());
    stand_in(
        &place,
        "verilator",
        "test $1 = --version && echo Verilator 5.020 2024-01-01; exit 0",
    );
    let folders = [place.path("."), "/bin".into(), "/usr/bin".into()];
    let files = ["--model", "m.safetensors", "--design", "d.json"];
    let output = Command::new(env!("CARGO_BIN_EXE_tern"))
        .args(["verify", "--cases", "1"])
        .args(files)
        .current_dir(place.path("."))
        .env("PATH", std::env::join_paths(folders).expect("plain names"))
        .env("TERN_TOOLS", place.path("tools"))
        .output()
        .expect("the program starts");
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{error}");
    assert!(
        error.contains("verilator has translated no Verilog"),
        "{error}"
    );
    assert!(!error.contains("Vtern_core.h"), "{error}");
}

/// What a program has started ends with it, also where the one that asks is killed.
#[cfg(target_os = "linux")]
#[test]
fn nothing_goes_on_without_the_one_that_asked() {
    let place = Place::new();
    let pid = place.path("pid");
    let script = format!("sleep 1000 &\necho $! > {}\nwait", pid.display());
    stand_in(&place, "boolector", &script);
    let folders = [place.path("."), "/bin".into(), "/usr/bin".into()];
    let mut asking = Command::new(env!("CARGO_BIN_EXE_tern"))
        .args(["tools", "list"])
        .env("PATH", std::env::join_paths(folders).expect("plain names"))
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .expect("the program starts");
    let wait = || std::thread::sleep(std::time::Duration::from_millis(20));
    let started = loop {
        match std::fs::read_to_string(&pid) {
            Ok(text) if text.ends_with('\n') => break text,
            _ => wait(),
        }
    };
    asking.kill().expect("it runs");
    asking.wait().expect("it ends");
    let about = format!("/proc/{}/stat", started.trim());
    let runs = || std::fs::read_to_string(&about).is_ok_and(|about| !about.contains(") Z"));
    for _ in 0..250 {
        if !runs() {
            return;
        }
        wait();
    }
    panic!("the program's child still runs");
}

/// The environment of the pinned tools: moved, broken, and under a user's own settings.
#[cfg(target_os = "linux")]
mod environment {
    use std::os::unix::fs::symlink;
    use std::path::{Path, PathBuf};
    use std::process::{Command, Output};

    use tern_model::network::CellKind;
    use tern_model::random::{RandomSpec, random_model};
    use tern_sim::eda::install::install;

    use crate::support::Place;

    /// The pinned tools at another path, by links to what is installed; where the environment is there.
    fn moved(place: &Place) -> PathBuf {
        let installed = install(&mut |_| ()).expect("the pinned tools");
        let name = installed.file_name().expect("a name");
        let environment = place.path("moved").join(name);
        std::fs::create_dir_all(environment.join("bin")).expect("the test's folder");
        for part in ["lib", "cache", "installed", "pyvenv.cfg", "bin/python"] {
            let python = std::fs::read_link(installed.join(part)).ok();
            let target = match part {
                // The interpreter finds its packages from where its link is.
                "bin/python" => python.filter(|path| path.is_absolute()).unwrap_or_else(|| {
                    std::fs::canonicalize(installed.join(part)).expect("an interpreter")
                }),
                part => installed.join(part),
            };
            symlink(target, environment.join(part)).expect("the test's folder");
        }
        environment
    }

    /// Runs the program with the moved tools alone, under settings that break a Python which heeds them.
    fn run(place: &Place, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_tern"))
            .args(arguments)
            .args(["--tools", "pinned"])
            .current_dir(place.path(""))
            .env("TERN_TOOLS", place.path("moved"))
            .env("PYTHONHOME", "/nonexistent")
            .env("PYTHONPATH", "/nonexistent")
            .env("PIP_USER", "1")
            .env("PIP_TARGET", place.path("elsewhere"))
            .output()
            .expect("the program starts")
    }

    fn list(place: &Place) -> String {
        let output = run(place, &["tools", "list"]);
        assert!(output.status.success());
        String::from_utf8(output.stdout).expect("text")
    }

    #[track_caller]
    fn nothing_is_there(place: &Place) {
        let list = list(place);
        let missing = |line: &str| line.contains("not installed");
        assert!(list.lines().all(missing), "{list}");
    }

    #[test]
    fn it_works_where_it_is_moved_to() {
        let place = Place::new();
        moved(&place);
        assert!(!list(&place).contains("not installed"), "{}", list(&place));
        let linear = RandomSpec {
            cells: vec![],
            head: Some(4),
            ..RandomSpec::hitnet(CellKind::Lstm, 3, 1)
        };
        place.model("m.safetensors", &random_model(&linear, 1));
        let design = r#"{"columns": 4, "rows": 1, "lanes": 2, "device": "ice40-hx8k"}"#;
        place.write("design.json", design.as_bytes());
        let core = ["--model", "m.safetensors", "--design", "design.json"];
        let output = run(
            &place,
            &[&["synth"], &core[..], &["--seed", "1", "--out", "out"]].concat(),
        );
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{error}");
        assert!(place.path("out/core.bin").exists());
    }

    #[test]
    fn one_that_does_not_run_is_not_there() {
        let place = Place::new();
        let environment = moved(&place);
        let python = environment.join("bin/python");
        // Another Python in the place of the one that it was made with has its packages elsewhere.
        std::fs::remove_file(environment.join("lib")).expect("the link");
        std::fs::create_dir(environment.join("lib")).expect("a folder");
        nothing_is_there(&place);
        std::fs::remove_file(&python).expect("the link");
        symlink(Path::new("/nonexistent/python3"), &python).expect("the link");
        nothing_is_there(&place);
    }

    /// An installation that was cut short, or that another Python has taken the place of, starts afresh, whatever pip and Python
    /// are told to do.
    #[test]
    fn one_that_is_broken_is_installed_afresh() {
        let place = Place::new();
        let environment = moved(&place);
        std::fs::remove_file(environment.join("installed")).expect("the link");
        nothing_is_there(&place);
        std::fs::write(environment.join("installed"), "").expect("the mark");
        std::fs::remove_file(environment.join("lib")).expect("the link");
        std::fs::create_dir(environment.join("lib")).expect("a folder");
        std::fs::write(environment.join("left-over"), "").expect("a file");
        let output = run(&place, &["tools", "install"]);
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{error}");
        assert!(!environment.join("left-over").exists());
        assert!(!place.path("elsewhere").exists());
        assert!(!list(&place).contains("not installed"), "{}", list(&place));
    }
}
