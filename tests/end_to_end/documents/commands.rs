//! The command line is one language: `docs/commands.md` lists every option once, with its value and the commands that take it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use clap::{Arg, Command};

/// An option: its values, such as `FILE`, and the commands that take it.
type Vocabulary = BTreeMap<String, (BTreeSet<String>, BTreeSet<String>)>;

/// The value of an option as help shows it; nothing for a switch.
fn value(option: &Arg) -> String {
    let names = option.get_value_names().unwrap_or_default();
    match option.get_action().takes_values() {
        true => names.iter().map(ToString::to_string).collect(),
        false => String::new(),
    }
}

fn collect(command: &Command, place: &str, vocabulary: &mut Vocabulary) {
    for option in command.get_opts().chain(command.get_arguments()) {
        let Some(name) = option.get_long() else {
            continue;
        };
        let place = match option.is_global_set() {
            true => "all",
            false => place,
        };
        let (values, commands) = vocabulary.entry(name.to_owned()).or_default();
        values.insert(value(option));
        commands.insert(place.to_owned());
    }
    for inner in command.get_subcommands() {
        let name = inner.get_name();
        // The data sets of `train` take options as one command.
        match place.split_whitespace().next() {
            Some("train") => collect(inner, "train", vocabulary),
            Some("tern") | None => collect(inner, name, vocabulary),
            Some(outer) => collect(inner, &format!("{outer} {name}"), vocabulary),
        }
    }
}

fn vocabulary() -> Vocabulary {
    let mut vocabulary = Vocabulary::new();
    collect(&tern_program::command(), "tern", &mut vocabulary);
    let program = tern_gen_verilog::arguments::command();
    collect(&program, "gen-verilog", &mut vocabulary);
    vocabulary
}

/// The table of the page: `--option` with its values, and the commands.
fn table() -> Vocabulary {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/commands.md");
    let page = fs::read_to_string(page).expect("the page");
    let mut table = Vocabulary::new();
    for line in page.lines().filter(|line| line.starts_with("| `--")) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [_, option, meaning, commands, _] = cells[..] else {
            panic!("three columns: {line}");
        };
        assert!(!meaning.is_empty(), "{line}");
        let option = option.replace('`', "");
        let option = option.trim_start_matches("--");
        let (name, values) = option.split_once(' ').unwrap_or((option, ""));
        let set = |text: &str, mark: &str| text.split(mark).map(str::to_owned).collect();
        let row = (set(values, " or "), set(commands, ", "));
        assert!(
            table.insert(name.to_owned(), row).is_none(),
            "twice: {line}"
        );
    }
    table
}

#[test]
fn every_option_is_in_the_table_with_its_value_and_commands() {
    let (vocabulary, mut table) = (vocabulary(), table());
    assert!(vocabulary.len() > 40, "{} options", vocabulary.len());
    for (name, row) in vocabulary {
        let written = table.remove(&name).unwrap_or_default();
        assert!(
            written == row,
            "docs/commands.md has --{name} as {written:?}, expected {row:?}"
        );
    }
    assert!(
        table.is_empty(),
        "docs/commands.md has no longer: {table:?}"
    );
}

#[test]
fn an_option_means_one_thing() {
    for (name, (values, commands)) in vocabulary() {
        // Where results go: a file, or a folder that holds several; a seed, or several of them; what is run: a
        // training run's network, or a sequence through another tool's.
        let several = matches!(name.as_str(), "out" | "seed" | "executor" | "run");
        assert!(
            several || values.len() == 1,
            "--{name} of {commands:?} takes {values:?}, expected one"
        );
        for value in values.iter().filter(|value| !value.is_empty()) {
            let known = [
                "FILE",
                "DIR",
                "RUN",
                "NAME",
                "NAME[,NAME...]",
                "N",
                "N[,N...]",
                "KIND",
                "PART",
                "CASE",
                "TEXT",
                "T",
                "WHICH",
            ];
            assert!(known.contains(&value.as_str()), "--{name} {value}");
        }
    }
}

/// The arguments of a command that stand without an option, as `train folder DIR`.
fn positionals(command: &Command, place: &str, found: &mut BTreeSet<String>) {
    for argument in command.get_positionals() {
        let names = argument.get_value_names().unwrap_or_default();
        let names: String = names.iter().map(ToString::to_string).collect();
        found.insert(format!("{place} {names}"));
    }
    for inner in command.get_subcommands() {
        let place = format!("{place} {}", inner.get_name());
        positionals(inner, place.trim_start(), found);
    }
}

#[test]
fn what_stands_without_an_option_is_listed() {
    let mut found = BTreeSet::new();
    for program in programs() {
        positionals(&program, "", &mut found);
    }
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/commands.md");
    let page = fs::read_to_string(page).expect("the page");
    let line = page
        .lines()
        .find(|line| line.starts_with("Without an option stands"));
    let written: BTreeSet<String> = line
        .expect("the line of the page")
        .split('`')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect();
    assert_eq!(written, found, "in docs/commands.md");
}

fn programs() -> [Command; 2] {
    [
        tern_program::command(),
        tern_gen_verilog::arguments::command(),
    ]
}

#[test]
fn clap_finds_no_fault_with_the_options() {
    programs().into_iter().for_each(Command::debug_assert);
}

#[test]
fn every_command_takes_json_and_quiet() {
    for program in programs() {
        for option in ["json", "quiet"] {
            let mut options = program.get_arguments();
            let found = options.find(|argument| argument.get_long() == Some(option));
            assert!(found.is_some_and(Arg::is_global_set), "--{option}");
        }
    }
}
