//! The command lines of the documents run, and print what they are said to print.
//!
//! Each page has a copy of the tree, without what builds left there. A block runs up to the first line that no test runs: what needs a board, PyTorch
//! or hours, and what compiles the workspace. Blocks that take minutes, and those after them in the page, which may need what they made, run where
//! ignored tests are asked for.

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use super::pages::{Line, Mark, Page, blocks, pages, root};

/// What the command lines read, from the root.
const TREE: [&str; 8] = [
    "bindings",
    "constraints",
    "docs",
    "examples",
    "host",
    "import",
    "models",
    "recipes",
];

/// Whether a line compiles the workspace, whose target folder is this program's own.
fn compiles(line: &Line) -> bool {
    let programs = ["cargo ", "tests/", "docs/", "bindings/python/check"];
    programs.iter().any(|start| line.command.starts_with(start))
}

/// Whether a line reads data that are not on this machine.
fn lacks_data(line: &Line) -> bool {
    line.command.contains("../shared") && !root().join("../shared/data").exists()
}

fn runs(line: &&Line) -> bool {
    line.mark != Some(Mark::NotRun) && !compiles(line) && !lacks_data(line)
}

fn in_seconds(block: &[Line]) -> bool {
    let mut lines = block.iter().take_while(runs);
    lines.all(|line| line.mark == Some(Mark::Seconds))
}

/// What a script begins with: how a line runs, and how what it printed is looked through.
const SCRIPT: &str = r#"set -u
run() { echo "$ $1"; (eval "$1") >printed 2>&1 || { cat printed; exit 1; }; }
prints() { grep -qF -e "$1" printed || { echo "does not print \"$1\" but:"; cat printed; exit 1; }; }
"#;

/// The lines of a page as a script, and their number.
fn script(page: &Page, long: bool) -> (String, usize) {
    let (mut script, mut count) = (SCRIPT.to_owned(), 0);
    let quote = |text: &str| format!("'{}'", text.trim().replace('\'', r"'\''"));
    let blocks = blocks(&page.text);
    let blocks = blocks.iter();
    for block in blocks.take_while(|block| long || in_seconds(block)) {
        for line in block.iter().take_while(runs) {
            script += &format!("run {}\n", quote(&line.command));
            for text in line.prints.iter().flat_map(|text| text.split('…')) {
                script += &format!("prints {}\n", quote(text));
            }
            count += 1;
        }
    }
    (script, count)
}

/// A copy of the tree with the programs in `bin`.
fn copy() -> TempDir {
    let place = tempfile::tempdir().expect("a folder for the test");
    let tree = place.path().join("tern");
    let to = |name: &str| place.path().join(name);
    std::fs::create_dir_all(tree.join("build")).expect("a folder");
    std::fs::create_dir(to("bin")).expect("a folder");
    let folders = TREE.iter().map(|name| root().join(name));
    let copied = Command::new("cp")
        .arg("-R")
        .args(folders)
        .arg(&tree)
        .status();
    assert!(copied.expect("cp runs").success());
    let program = std::env::current_exe().expect("this program");
    let built = program.ancestors().nth(2).expect("the folder of programs");
    for name in ["tern", "gen-verilog"] {
        let program = built.join(name);
        let hint = "cargo build --release --workspace --all-targets";
        assert!(program.exists(), "{}: {hint}", program.display());
        link(&program, &to("bin").join(name));
    }
    link(&root().join("../shared"), &to("shared"));
    place
}

fn link(from: &Path, to: &Path) {
    std::os::unix::fs::symlink(from, to).expect("a link");
}

/// Runs the lines of a page and returns their number, or what the first that failed has printed.
fn run(page: &Page, long: bool) -> Result<usize, String> {
    let (script, count) = script(page, long);
    if count > 0 {
        let place = copy();
        let programs = place.path().join("bin");
        let path = std::env::var("PATH").unwrap_or_default();
        let shell = Command::new("sh")
            .args(["-c", &script])
            .current_dir(place.path().join("tern"))
            .env("PATH", format!("{}:{path}", programs.display()))
            .output()
            .expect("a shell");
        let printed = String::from_utf8_lossy(&shell.stdout);
        if !shell.status.success() {
            let (name, error) = (page.path.display(), String::from_utf8_lossy(&shell.stderr));
            return Err(format!("{name}:\n{printed}{error}"));
        }
    }
    Ok(count)
}

#[test]
fn lines_that_take_seconds_run() {
    let pages = pages();
    let counts: Result<Vec<usize>, String> = pages.iter().map(|page| run(page, false)).collect();
    let count: usize = counts
        .unwrap_or_else(|error| panic!("{error}"))
        .iter()
        .sum();
    assert!(count >= 20, "{count} lines");
}

#[test]
#[ignore = "20 minutes: cargo test --release --workspace --test end_to_end -- --ignored lines_that_take_minutes --nocapture"]
fn lines_that_take_minutes_run_too() {
    let mut failed = vec![];
    for page in pages() {
        match run(&page, true) {
            Ok(count) => println!("{}: {count} lines", page.path.display()),
            Err(error) => failed.push(error),
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}
