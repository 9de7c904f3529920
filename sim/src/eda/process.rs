//! Running a tool, with its log in a file and its failure in one sentence.

use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};

use super::error::ToolError;

/// How many of a log's last lines an error shows.
const LOG_LINES: usize = 6;

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

/// Makes what `command` starts end when this process does, however that ends.
fn end_with_parent(command: &mut Command) {
    #[cfg(target_os = "linux")]
    {
        use std::io;
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
