//! Running a tool, with its log in a file and its failure in one sentence; and asking one a short question.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use super::error::ToolError;
use super::group::Group;

/// How many of a log's last lines an error shows.
const LOG_LINES: usize = 6;
/// Most characters of such a line.
const LONGEST_LINE: usize = 500;
/// Most bytes of a log. Yosys prints a line or two per word of memory: some 200 MB for 2304 lanes of a 300-unit LSTM.
const LOG_BYTES: u64 = 1 << 30;
/// Bytes that stay of either end of a log without end; a bound of a log is at least two of these.
const KEPT_BYTES: u64 = 1 << 20;
/// Bytes at the end of a log that hold its last lines.
const END_BYTES: u64 = 1 << 16;
/// Between two looks at a program that works.
const SHORTEST_PAUSE: Duration = Duration::from_millis(1);
const LONGEST_PAUSE: Duration = Duration::from_millis(20);

/// How long a program has for the answer to a question.
const ANSWER_TIME: Duration = Duration::from_secs(10);
/// The most bytes of an answer that are read; `help synth_ice40` of Yosys prints about 8 kB.
const ANSWER_BYTES: u64 = 1 << 20;

/// Runs `command` to its end with everything it prints going to the file `log`, and returns that text.
///
/// `name` and `doing` are the subject and the verb of the error: "`name` failed to `doing` (exit status 1); ...".
pub fn run(
    command: &mut Command,
    name: &str,
    doing: &str,
    log: &Path,
) -> Result<String, ToolError> {
    run_within(LOG_BYTES, command, name, doing, log)
}

fn run_within(
    most: u64,
    command: &mut Command,
    name: &str,
    doing: &str,
    log: &Path,
) -> Result<String, ToolError> {
    let file = File::create(log).map_err(|e| ToolError::file("write", log, e))?;
    let copy = file
        .try_clone()
        .map_err(|e| ToolError::file("write", log, e))?;
    command.stdin(Stdio::null()).stdout(file).stderr(copy);
    let unstarted =
        |e: io::Error| ToolError::program(format!("{name} could not be started to {doing}: {e}"));
    let group = Group::start(command).map_err(unstarted)?;
    let status = wait(group, log, most).map_err(unstarted)?;
    let text = |last| text(log, last).map_err(|e| ToolError::file("read", log, e));
    let how = match status {
        Some(status) if status.success() => return text(u64::MAX),
        Some(status) => status.to_string(),
        None => {
            shorten(log).map_err(|e| ToolError::file("shorten", log, e))?;
            format!(
                "ended here after it had printed {} MB, of which {} keeps the first and the last",
                most >> 20,
                log.display()
            )
        }
    };
    let text = text(END_BYTES)?;
    Err(ToolError::program(format!(
        "{name} failed to {doing} ({how}); its log ends with: {}",
        last_lines(&text)
    )))
}

/// The last bytes of a log as text, `last` of them at most.
fn text(log: &Path, last: u64) -> io::Result<String> {
    let mut file = File::open(log)?;
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(last)))?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Leaves the beginning and the end of a log.
fn shorten(log: &Path) -> io::Result<()> {
    let mut file = File::options().read(true).write(true).open(log)?;
    let mut end = Vec::new();
    file.seek(SeekFrom::End(-(KEPT_BYTES as i64)))?;
    file.read_to_end(&mut end)?;
    file.set_len(KEPT_BYTES)?;
    file.seek(SeekFrom::End(0))?;
    file.write_all(b"\n... left out ...\n")?;
    file.write_all(&end)
}

/// Waits for the end of a program that prints to the file `log`; nothing where it prints more than `most` bytes, and is ended.
fn wait(mut group: Group, log: &Path, most: u64) -> io::Result<Option<ExitStatus>> {
    let mut pause = SHORTEST_PAUSE;
    loop {
        if let Some(status) = group.ended()? {
            return Ok(Some(status));
        }
        if std::fs::metadata(log).is_ok_and(|log| log.len() > most) {
            group.end();
            return Ok(None);
        }
        std::thread::sleep(pause);
        pause = (2 * pause).min(LONGEST_PAUSE);
    }
}

/// What `command` prints, on both streams: of a program that prints without end the beginning, and it is ended.
///
/// # Errors
/// When it does not start, or has not ended its output after ten seconds; a predicate, to be read after the program's name.
pub(super) fn answer(command: &mut Command) -> Result<String, String> {
    let unstarted = |error: io::Error| format!("does not start: {error}");
    let (mut printed, writer) = io::pipe().map_err(unstarted)?;
    let copy = writer.try_clone().map_err(unstarted)?;
    command.stdin(Stdio::null()).stdout(writer).stderr(copy);
    let started = Group::start(command).map_err(unstarted);
    // The command holds its ends of the pipe, without which the output has no end.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let group = started?;
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut text = Vec::new();
        let read = printed.by_ref().take(ANSWER_BYTES).read_to_end(&mut text);
        // Nobody listens any more where the time was over.
        let _ = sender.send(read.map(|_| text));
    });
    let text = receiver.recv_timeout(ANSWER_TIME);
    group.end();
    match text {
        Ok(Ok(text)) => Ok(String::from_utf8_lossy(&text).into_owned()),
        Ok(Err(error)) => Err(format!("cannot be read from: {error}")),
        Err(_) => Err(format!(
            "has not answered after {} seconds",
            ANSWER_TIME.as_secs()
        )),
    }
}

/// The last lines of a log that say something, joined by " | ".
pub(crate) fn last_lines(log: &str) -> String {
    let lines = log.lines().rev().map(str::trim);
    let lines = lines.filter(|line| !line.is_empty()).take(LOG_LINES);
    let mut lines: Vec<String> = lines
        .map(|line| line.chars().take(LONGEST_LINE).collect())
        .collect();
    lines.reverse();
    match lines.is_empty() {
        true => "(nothing)".to_owned(),
        false => lines.join(" | "),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::run_within;
    use std::process::Command;

    #[test]
    fn a_program_that_prints_without_end_is_ended() {
        let folder = tempfile::tempdir().expect("a folder");
        let log = folder.path().join("tool.log");
        let run = |script: &str| {
            let mut shell = Command::new("sh");
            run_within(4 << 20, shell.args(["-c", script]), "sh", "say yes", &log)
        };
        let error = run("echo first; yes; sleep 1000").expect_err("it never ends");
        assert_eq!(
            error.to_string(),
            format!(
                "sh failed to say yes (ended here after it had printed 4 MB, of which {} keeps the first and the last); its log ends with: y | y | y | y | y | y",
                log.display()
            )
        );
        let kept = std::fs::read_to_string(&log).expect("the log");
        let (beginning, end) = kept.split_once("\n... left out ...\n").expect("both ends");
        assert_eq!([beginning.len(), end.len()], [1 << 20; 2]);
        assert!(beginning.starts_with("first\ny\n"));
        let text = run("yes | head -c 1000000").expect("it ends below the limit");
        assert_eq!(text.len(), 1_000_000);
    }
}
