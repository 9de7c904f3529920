//! The program in a place of its own, with the sources that it was built from gone.

#![cfg(target_os = "linux")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::support::{Place, small_model};
use tern_model::network::Output as When;

/// Runs a program with an empty folder in the place of the sources; nothing where the system lets a user hide none.
fn without_sources(place: &Place, program: &Path, arguments: &[&str]) -> Option<Output> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2)?;
    let hide = |program: &Path, arguments: &[&str]| {
        Command::new("unshare")
            .args(["--map-root-user", "--mount", "sh", "-c"])
            .arg(r#"mount -t tmpfs none "$0" && exec "$@""#)
            .args([root, program])
            .args(arguments)
            .current_dir(place.path(""))
            .output()
    };
    let can = hide(Path::new("true"), &[]).is_ok_and(|output| output.status.success());
    can.then(|| hide(program, arguments).expect("it has just started another"))
}

/// A copy of the program among the test's files.
fn installed(place: &Place) -> PathBuf {
    let program = place.path("bin-tern");
    std::fs::copy(env!("CARGO_BIN_EXE_tern"), &program).expect("a copy of the program");
    program
}

#[test]
fn boards_and_recipes_are_in_the_program() {
    let place = Place::new();
    let program = installed(&place);
    place.model("m.safetensors", &small_model(3, When::Last));
    let design = br#"{"columns": 4, "rows": 1, "lanes": 2, "device": "ice40-up5k"}"#;
    place.write("design.json", design);
    let of = [
        "synth",
        "--model",
        "m.safetensors",
        "--design",
        "design.json",
        "--board",
    ];
    for (board, expected) in [
        ("hx8k-breakout", "expected \"ice40-hx8k\" for the"),
        ("ulx3s-85f", "expected \"ecp5-85k\" for the"),
        ("nowhere", "expected one of alchitry-cu"),
    ] {
        let arguments = [&of[..], &[board]].concat();
        let Some(output) = without_sources(&place, &program, &arguments) else {
            println!("not checked: the system hides no folder from one program");
            return;
        };
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{error}");
        assert!(error.contains(expected), "{board}: {error}");
    }
    // Data are read after the recipe.
    let train = ["train", "folder", "nothing"];
    let output = without_sources(&place, &program, &train).expect("it was hidden before");
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(error.contains("nothing/labels.csv"), "{error}");
}
