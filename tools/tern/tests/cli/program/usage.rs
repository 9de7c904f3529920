//! The command line itself.

use crate::support::{Place, small_model};
use serde_json::Value;
use tern_model::network::Output;

#[test]
fn help_lists_every_command() {
    let place = Place::new();
    let text = place.succeed(&["--help"]);
    for command in [
        "train",
        "eval",
        "run",
        "synth",
        "tools",
        "completions",
        "help",
    ] {
        let named = |line: &str| line.trim_start().starts_with(command);
        assert!(text.lines().any(named), "{command}: {text}");
    }
    assert_eq!(place.succeed(&["help"]), text);
    // Without a command it is a question after the commands.
    assert_eq!(place.succeed(&[]), place.succeed(&["-h"]));
    assert_eq!(place.succeed(&["tools"]), place.succeed(&["tools", "-h"]));
}

#[test]
fn help_is_a_command_like_the_others() {
    let place = Place::new();
    let text = place.succeed(&["help", "--help"]);
    assert!(text.contains("Usage: tern help"), "{text}");
    let text = place.succeed(&["help", "train", "folder"]);
    assert_eq!(text, place.succeed(&["train", "folder", "--help"]));
    place.refused(&["help", "trian"], &["tern trian", "train"]);
    place.refused(&["help", "run", "fast"], &["tern run fast"]);
}

#[test]
fn usage_errors_are_one_line() {
    let place = Place::new();
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

#[test]
fn a_typo_gets_a_suggestion() {
    let place = Place::new();
    place.refused(&["exprot"], &["exprot", "similar: ", "`export`"]);
    place.refused(&["run", "--imput", "x"], &["--imput", "similar: `--input`"]);
    place.refused(
        &["run", "--executor", "verilater"],
        &["verilater", "similar: `verilator`"],
    );
}

#[test]
fn completions_of_every_shell_know_the_commands() {
    let place = Place::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = place.succeed(&["completions", shell]);
        for word in ["roofline", "vowels", "gate-frac", "quiet"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
}

#[test]
fn json_and_quiet_are_for_every_command() {
    let place = Place::new();
    place.model("m.safetensors", &small_model(3, Output::Every));
    place.write("x.csv", b"1,2,3,-1,0\n0,0,1,1,2\n");
    let random = [
        "random",
        "--input-size",
        "2",
        "--hidden-size",
        "2",
        "--out",
        "r.safetensors",
    ];
    let run = ["run", "--model", "m.safetensors", "--input", "x.csv"];
    let explore = ["explore", "--model", "m.safetensors", "--out", "e"];
    let cases = [
        "verify",
        "--model",
        "m.safetensors",
        "--executor",
        "golden,rust-hdl",
        "--cases",
        "1",
    ];
    let commands: [(&[&str], &str, bool); 7] = [
        (&random, "wrote", false),
        (&run, "outputs", true),
        (&explore, "arrays", true),
        (&cases, "executors", true),
        (&["tools", "list"], "", true),
        (&["completions", "bash"], "script", true),
        (&["help", "run"], "help", true),
    ];
    for (command, field, is_answer) in commands {
        let text = place.succeed(&[command, &["--json"]].concat());
        let value: Value = serde_json::from_str(&text).expect("one JSON value");
        assert_eq!(text.lines().count(), 1, "{text}");
        assert!(field.is_empty() || value.get(field).is_some(), "{text}");
        let output = place.run(&[command, &["--quiet"]].concat());
        assert!(
            output.status.success() && output.stderr.is_empty(),
            "{command:?}"
        );
        assert_eq!(!output.stdout.is_empty(), is_answer, "{command:?}");
    }
}

#[test]
fn every_number_of_a_run_has_its_label() {
    let place = Place::new();
    let mut model = small_model(3, Output::Every);
    place.write("x.csv", b"1,2,3,-1,0\n0,0,1,1,2\n");
    let run = ["run", "--model", "m.safetensors", "--input", "x.csv"];
    model.labels = Some(["no", "yes", "may be"].map(str::to_owned).to_vec());
    place.model("m.safetensors", &model);
    let text = place.succeed(&run);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 2, "{text}");
    for (step, line) in lines.iter().enumerate() {
        assert!(
            line.starts_with(&format!("step {step}  outputs no ")),
            "{line}"
        );
        assert!(
            line.contains(", yes ") && line.contains(", may be "),
            "{line}"
        );
    }
}

/// A pipe whose reader is gone ends the program.
#[cfg(unix)]
mod reader_gone {
    use std::io::Read;
    use std::path::Path;
    use std::process::{Child, Command, Stdio};

    /// Starts the program, reads `count` bytes of what it prints and hangs up; returns its exit code.
    fn hung_up(arguments: &[&str], count: usize) -> Option<i32> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let mut child: Child = Command::new(env!("CARGO_BIN_EXE_tern"))
            .args(arguments)
            .current_dir(root)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        let mut reader = child.stdout.take().expect("a pipe");
        reader
            .read_exact(&mut vec![0; count])
            .expect("so much is printed");
        drop(reader);
        child.wait().expect("the program ends").code()
    }

    #[test]
    fn a_model_that_speaks_stops_when_nobody_listens() {
        let say = [
            "run",
            "--model",
            "models/shakespeare.safetensors",
            "--say",
            "4294967295",
        ];
        assert_eq!(hung_up(&say, 100), Some(141));
        assert_eq!(hung_up(&[&say[..], &["--json"]].concat(), 100), Some(141));
    }
}
