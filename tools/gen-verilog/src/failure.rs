//! Why a command ends without having done what it was asked.

use std::fmt;
use std::io::{self, Write};
use std::process::ExitCode;

use tern_hdl::verilog::GenerateError;
use tern_model::error::Error as ModelError;

/// Exit codes of signals begin above this.
const SIGNAL: u8 = 128;
/// Exit code of a program whose reader is gone: that of a process which the signal of a broken pipe ends.
const READER_GONE: u8 = SIGNAL + 13;

/// One sentence for the user and an exit code: 2 for input that cannot be used, 1 for differences found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    code: u8,
    message: String,
}

impl Failure {
    /// Input, a file or a tool that cannot be used. Exit code 2.
    pub fn input(message: impl fmt::Display) -> Failure {
        Failure {
            code: 2,
            message: one_line(&message.to_string()),
        }
    }

    /// A comparison that found a difference. Exit code 1.
    pub fn difference(message: impl fmt::Display) -> Failure {
        Failure {
            code: 1,
            ..Failure::input(message)
        }
    }

    /// A signal that ended the command, which has said itself what it leaves. Exit code 128 and the signal's number, as a
    /// shell gives it.
    pub fn signal(number: u8) -> Failure {
        Failure {
            code: SIGNAL + number,
            message: format!("ended by signal {number}"),
        }
    }

    /// Writes the sentence to standard error and gives the exit code; there is none of a signal, or where a reader is gone.
    pub fn report(&self) -> ExitCode {
        if self.code < SIGNAL {
            // Where standard error is closed nobody can be told; the exit code still says it.
            let _ = writeln!(io::stderr(), "error: {}", self.message);
        }
        ExitCode::from(self.code)
    }

    /// Writes `text` to standard output.
    ///
    /// # Errors
    /// When standard output cannot be written. Where its reader is gone the command is to end: nobody wants the rest.
    pub fn print(text: &str) -> Result<(), Failure> {
        let mut out = io::stdout().lock();
        let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
        written.map_err(|error| Failure {
            code: match error.kind() {
                io::ErrorKind::BrokenPipe => READER_GONE,
                _ => 2,
            },
            ..Failure::input(format!("standard output: cannot be written: {error}"))
        })
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl From<ModelError> for Failure {
    fn from(error: ModelError) -> Failure {
        Failure::input(error)
    }
}

impl From<GenerateError> for Failure {
    fn from(error: GenerateError) -> Failure {
        Failure::input(error)
    }
}

/// `text` on one line, with other control characters spelt out: names in a file may hold any character.
fn one_line(text: &str) -> String {
    let on_one = |c: char| if "\n\r\t".contains(c) { ' ' } else { c };
    let text: String = text.trim().chars().map(on_one).collect();
    tern_model::error::one_line(&text)
}

#[cfg(test)]
mod tests {
    use super::Failure;

    #[test]
    fn a_failure_is_one_line() {
        assert_eq!(
            Failure::input("a\nb\u{1b}c\u{202e}\n").to_string(),
            r"a b\u{1b}c\u{202e}"
        );
    }
}
