//! The EDA tools: installed once by whoever comes first, and found.

use tern_sim::eda::error::ToolError;
use tern_sim::eda::install::{install, install_in};
use tern_sim::eda::locate::{Origin, list, locate};
use tern_sim::eda::process::run;
use tern_sim::eda::tool::Tool;

#[test]
fn many_may_install_at_once_and_one_does() {
    let folder = tempfile::tempdir().unwrap();
    let install = || {
        let mut stages = Vec::new();
        let environment = install_in(folder.path(), &mut |stage| stages.push(stage.to_owned()));
        (
            environment.unwrap(),
            stages.iter().any(|stage| stage.contains("downloading")),
        )
    };
    let results: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..3).map(|_| scope.spawn(install)).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    assert_eq!(
        results.iter().filter(|(_, downloaded)| *downloaded).count(),
        1
    );
    assert!(
        results
            .iter()
            .all(|(environment, _)| *environment == results[0].0)
    );
    assert!(!install().1);
}

#[test]
fn a_folder_that_cannot_be_written_is_named_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    // What no user may do, not even root: write to a folder as to a file.
    std::fs::create_dir(folder.path().join("lock")).unwrap();
    let error = install_in(folder.path(), &mut |_| ()).unwrap_err();
    let here = folder.path().display().to_string();
    let words = [here.as_str(), "not installed", "TERN_TOOLS"];
    assert!(
        words.iter().all(|word| error.to_string().contains(word)),
        "{error}"
    );

    // Another user's, made with a Python that this user may not run.
    let installed = install(&mut |_| ()).unwrap();
    std::fs::create_dir(folder.path().join(installed.file_name().unwrap())).unwrap();
    let error = install_in(folder.path(), &mut |_| ()).unwrap_err();
    let words = [here.as_str(), "there do not run", "by its owner"];
    assert!(
        words.iter().all(|word| error.to_string().contains(word)),
        "{error}"
    );
}

#[test]
fn every_tool_is_found_with_its_version() {
    for tool in Tool::ALL {
        let located = locate(tool).unwrap();
        assert!(located.program.is_file(), "{located:?}");
        if located.origin == Origin::Wheel {
            assert_eq!(located.version, tool.pinned_version());
        }
        assert!(
            tool.minimum().is_none() || located.version.starts_with(|c: char| c.is_ascii_digit()),
            "{located:?}"
        );
        assert_eq!(Tool::from_name(tool.name()), Ok(tool));
    }
    let listed = list();
    assert_eq!(
        listed.iter().map(|(tool, _)| *tool).collect::<Vec<_>>(),
        Tool::ALL
    );
    assert!(listed.iter().all(|(tool, located)| {
        located
            .as_ref()
            .is_some_and(|located| located.tool == *tool)
    }));
    let message = Tool::from_name("vivado").unwrap_err().to_string();
    assert_eq!(
        message,
        "no EDA tool is called vivado; there are verilator, yosys, nextpnr-ice40, icepack, nextpnr-ecp5, ecppack, sby, boolector"
    );
}

#[test]
fn a_failure_is_one_sentence_with_the_end_of_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("tool.log");
    let sh = |script: &str| {
        run(
            std::process::Command::new("sh").args(["-c", script]),
            "sh",
            "count",
            &log,
        )
    };
    assert_eq!(sh("echo 1; echo 2 >&2").unwrap(), "1\n2\n");
    let message = |result: Result<String, ToolError>| result.unwrap_err().to_string();
    assert_eq!(
        message(sh(
            "for i in 1 2 3 4 5 6 7 8; do echo $i; echo; done; exit 3"
        )),
        "sh failed to count (exit status: 3); its log ends with: 3 | 4 | 5 | 6 | 7 | 8"
    );
    assert_eq!(
        message(sh("exit 1")),
        "sh failed to count (exit status: 1); its log ends with: (nothing)"
    );
    let absent = run(
        &mut std::process::Command::new("no-such-tool"),
        "no-such-tool",
        "start",
        &log,
    );
    assert!(message(absent).starts_with("no-such-tool could not be started to start: "));
}

#[test]
fn a_program_that_is_ended_by_a_signal_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("tool.log");
    let mut killed = std::process::Command::new("sh");
    let error = run(killed.args(["-c", "kill -11 $$"]), "sh", "go on", &log).unwrap_err();
    assert!(error.to_string().contains("(signal: 11"), "{error}");
}
