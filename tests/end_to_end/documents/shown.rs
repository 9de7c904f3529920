//! Every command line that the documents show is one that the programs read, and says what it takes.

use clap::error::ErrorKind;

use super::pages::{blocks, pages};

/// The command lines of `program` in a page, without comments: whole ones in code blocks, and those between backticks, which may
/// leave out what they are not about.
fn commands(text: &str, program: &str) -> Vec<(String, bool)> {
    let blocks = blocks(text);
    let lines = blocks.iter().flatten();
    let whole = lines.flat_map(|line| line.command.split("&&"));
    let whole = whole.map(|line| (line.trim().to_owned(), true));
    let mut code = false;
    let prose = text.lines().filter(|line| {
        code ^= line.starts_with("```");
        !code
    });
    let parts = prose.flat_map(|line| line.split('`').skip(1).step_by(2));
    let parts = parts.map(|line| (line.to_owned(), false));
    let start = format!("{program} ");
    let is_command = |(line, _): &(String, bool)| line.starts_with(&start) && !line.contains('…');
    whole.chain(parts).filter(is_command).collect()
}

/// The words of a command line; quotes hold words together.
fn words(line: &str) -> Vec<String> {
    let parts = line.split('"').enumerate();
    let words = parts.flat_map(|(k, part)| match k % 2 {
        0 => part.split_whitespace().map(str::to_owned).collect(),
        _ => vec![part.to_owned()],
    });
    words.collect()
}

/// Whether a line lacks something, rather than naming what is not there.
fn incomplete(kind: ErrorKind) -> bool {
    use ErrorKind::{
        DisplayHelpOnMissingArgumentOrSubcommand, InvalidValue, MissingRequiredArgument,
        MissingSubcommand,
    };
    matches!(
        kind,
        DisplayHelpOnMissingArgumentOrSubcommand
            | InvalidValue
            | MissingRequiredArgument
            | MissingSubcommand
    )
}

#[test]
fn every_command_line_shown_can_be_read() {
    let programs = [
        ("tern", tern_program::command()),
        ("gen-verilog", tern_gen_verilog::arguments::command()),
    ];
    for (program, parser) in programs {
        let mut count = 0;
        for page in pages() {
            for (line, whole) in commands(&page.text, program) {
                let read = parser.clone().try_get_matches_from(words(&line));
                if let Err(error) = read {
                    let known = !whole && incomplete(error.kind());
                    assert!(known, "{}: `{line}`: {error}", page.path.display());
                }
                count += 1;
            }
        }
        assert!(count >= 5, "{count} lines of {program}");
    }
}

#[test]
fn every_command_line_says_what_it_takes() {
    let pages = pages();
    let mut unmarked = vec![];
    for page in &pages {
        let blocks = blocks(&page.text);
        let lines = blocks.iter().flatten();
        let missing = lines.filter(|line| line.mark.is_none());
        unmarked.extend(missing.map(|line| format!("{}: {}", page.path.display(), line.command)));
    }
    assert!(
        unmarked.is_empty(),
        "no `# N s`, `# N min`, `# hours` or `# needs …` after:\n{}",
        unmarked.join("\n")
    );
}
