//! Running a tool, with its log in a file and its failure in one sentence; and asking one a short question.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use super::error::ToolError;

/// How many of a log's last lines an error shows.
const LOG_LINES: usize = 6;

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
    let file = File::create(log).map_err(|e| ToolError::file("write", log, e))?;
    let copy = file
        .try_clone()
        .map_err(|e| ToolError::file("write", log, e))?;
    end_with_parent(command);
    let status = command
        .stdin(Stdio::null())
        .stdout(file)
        .stderr(copy)
        .status()
        .map_err(|e| ToolError::program(format!("{name} could not be started to {doing}: {e}")))?;
    let text = std::fs::read(log).map_err(|e| ToolError::file("read", log, e))?;
    let text = String::from_utf8_lossy(&text).into_owned();
    if status.success() {
        return Ok(text);
    }
    Err(ToolError::program(format!(
        "{name} failed to {doing} ({status}); its log ends with: {}",
        last_lines(&text)
    )))
}

/// What `command` prints, on both streams: of a program that prints without end the beginning, and it is ended.
///
/// # Errors
/// When it does not start, or has not ended its output after ten seconds; a predicate, to be read after the program's name.
pub(super) fn answer(command: &mut Command) -> Result<String, String> {
    let unstarted = |error: io::Error| format!("does not start: {error}");
    let (mut printed, writer) = io::pipe().map_err(unstarted)?;
    let copy = writer.try_clone().map_err(unstarted)?;
    end_with_parent(command);
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    command.stdin(Stdio::null()).stdout(writer).stderr(copy);
    let started = command.spawn().map_err(unstarted);
    // The command holds its ends of the pipe, without which the output has no end.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = started?;
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut text = Vec::new();
        let read = printed.by_ref().take(ANSWER_BYTES).read_to_end(&mut text);
        // Nobody listens any more where the time was over.
        let _ = sender.send(read.map(|_| text));
    });
    let text = receiver.recv_timeout(ANSWER_TIME);
    end(&mut child);
    match text {
        Ok(Ok(text)) => Ok(String::from_utf8_lossy(&text).into_owned()),
        Ok(Err(error)) => Err(format!("cannot be read from: {error}")),
        Err(_) => Err(format!(
            "has not answered after {} seconds",
            ANSWER_TIME.as_secs()
        )),
    }
}

/// Ends a child that is the first of its process group, and what it started.
fn end(child: &mut Child) {
    #[cfg(unix)]
    // SAFETY: a system call with plain numbers; the child has not been waited for, so that its number is still its own.
    unsafe {
        libc::kill(-(child.id() as libc::pid_t), libc::SIGKILL);
    }
    // It has ended already, or ends now.
    let _ = child.kill();
    let _ = child.wait();
}

/// Makes what `command` starts end when this process does, however that ends.
fn end_with_parent(command: &mut Command) {
    #[cfg(target_os = "linux")]
    {
        use std::os::unix::process::CommandExt;

        let parent = std::process::id();
        let prepare = move || {
            // SAFETY: a system call with plain numbers.
            if unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) } != 0 {
                return Err(io::Error::last_os_error());
            }
            // This process may have ended before the call.
            match std::os::unix::process::parent_id() == parent {
                true => Ok(()),
                false => Err(io::Error::from_raw_os_error(libc::ESRCH)),
            }
        };
        // SAFETY: between fork and exec it makes two system calls and allocates nothing.
        unsafe {
            command.pre_exec(prepare);
        }
    }
}

/// The last lines of a log that say something, joined by " | ".
pub(crate) fn last_lines(log: &str) -> String {
    let lines: Vec<&str> = log
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    let start = lines.len().saturating_sub(LOG_LINES);
    match lines.is_empty() {
        true => "(nothing)".to_owned(),
        false => lines[start..].join(" | "),
    }
}
