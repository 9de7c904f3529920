//! Save files of GTKWave: which signals of a waveform it shows, under which names and in which form.
//!
//! The format is that of GTKWave 3.3 (user's guide, appendix "Save file syntax"): a line `@` with flags in hexadecimal,
//! which hold until the next one, then one line per trace; `^1` names the file that translates its values.

use std::fmt::Write;
use std::path::Path;

use vcd::{ReferenceIndex, Var};

use super::header::CoreHeader;
use super::view::{Form, Group, Trace};
use crate::eda::error::ToolError;

/// The codes of a two-rail trit, for a [`Form::Trits`].
pub const TRITS: &str = "00 0\n01 +1\n10 -1\n11 0\n";

const BINARY: u32 = 0x8;
const RIGHT: u32 = 0x20;
const DECIMAL: u32 = 0x4;
const HEXADECIMAL: u32 = 0x2;
const SIGNED: u32 = 0x400;
const TRANSLATED: u32 = 0x2000;
const BLANK: u32 = 0x200;
const GROUP_BEGIN: u32 = 0x80_0000;
const GROUP_END: u32 = 0x100_0000;

/// The save file that shows `groups` of the waveform `vcd`, which is to lie beside it.
///
/// # Errors
/// When the waveform cannot be read or lacks one of the signals.
pub fn save_file(vcd: impl AsRef<Path>, groups: &[Group]) -> Result<String, ToolError> {
    let (vcd, _) = CoreHeader::read(vcd.as_ref())?;
    let name = vcd.file_name();
    let mut text = format!("[*] GTKWave save file\n[dumpfile] \"{name}\"\n[timestart] 0\n");
    text += "[size] 1600 1000\n[pos] -1 -1\n[sst_expanded] 0\n";
    for group in groups {
        let _ = writeln!(text, "@{:x}\n-{}", GROUP_BEGIN | BLANK, group.name);
        for trace in &group.traces {
            let (scopes, var) = vcd.find(&trace.signal)?;
            text += &lines(
                trace,
                var,
                &format!("{}.{}", scopes.join("."), var.reference),
            );
        }
        let _ = writeln!(text, "@{:x}\n-{}", GROUP_END | BLANK, group.name);
    }
    Ok(text)
}

/// The lines of a trace whose signal is at `path`.
fn lines(trace: &Trace, var: &Var, path: &str) -> String {
    let range = match var.index {
        Some(ReferenceIndex::Range(high, low)) => format!("[{high}:{low}]"),
        Some(ReferenceIndex::BitSelect(bit)) => format!("[{bit}]"),
        None => String::new(),
    };
    let (label, path) = (&trace.label, format!("{path}{range}"));
    let flags = match trace.form {
        Form::Bit => BINARY | RIGHT,
        Form::Number => DECIMAL | RIGHT,
        Form::Signed => DECIMAL | SIGNED | RIGHT,
        Form::Hexadecimal => HEXADECIMAL | RIGHT,
        Form::Names(_) => DECIMAL | TRANSLATED | RIGHT,
        Form::Trits(_) => BINARY | TRANSLATED | RIGHT,
    };
    let mut text = format!("@{flags:x}\n");
    match &trace.form {
        // Values of one bit are levels unless they are made vectors.
        Form::Names(file) => {
            let sign = if var.size == 1 { '#' } else { '+' };
            let _ = writeln!(text, "^1 {file}\n{sign}{{{label}}} {path}");
        }
        Form::Trits(file) if var.size == 2 => {
            let _ = writeln!(text, "^1 {file}\n+{{{label}}} {path}");
        }
        Form::Trits(file) => {
            for lane in 0..var.size / 2 {
                // GTKWave numbers the bits of a signal from its highest.
                let (minus, plus) = (var.size - 2 * lane - 2, var.size - 2 * lane - 1);
                let bits = format!("({minus}){path} ({plus}){path}");
                let _ = writeln!(text, "^1 {file}\n#{{{label} {lane}}} {bits}");
            }
        }
        _ => {
            let _ = writeln!(text, "+{{{label}}} {path}");
        }
    }
    text
}
