//! Equivalence of two texts of one module, register by register, by Yosys.
//!
//! Registers and wires of one name are taken for one another. Each pair is proven to stay equal where all of them are, for all
//! inputs and all time, by induction over one cycle, or over two where registers hold values that they never get; that they begin equal is shown
//! by simulating both from power-up.

use std::fs;
use std::path::Path;

use super::zeroed;
use crate::eda::error::ToolError;
use crate::eda::yosys::yosys;

/// What Yosys found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Equivalence {
    /// Pairs of bits of one name that are proven equal.
    pub proven: usize,
    /// Those that are not.
    pub unproven: usize,
}

/// Compares the modules `top` of two Verilog texts whose wires have the same names; the files go to `folder`.
///
/// # Errors
/// When Yosys is missing or fails.
pub fn equivalence(
    texts: [&str; 2],
    top: &str,
    folder: impl AsRef<Path>,
) -> Result<Equivalence, ToolError> {
    let folder = folder.as_ref();
    // Equal registers stay two, so that each is compared with its own.
    let constants =
        "opt_expr -full\nopt_merge t:$*ff* %n\nopt_muxtree\nopt_reduce -full\nopt_dff\nopt_clean\n";
    // A constant passes one register of a delay at a time.
    let constants = constants.repeat(16);
    let mut script = String::new();
    for (name, text) in ["first", "second"].into_iter().zip(texts) {
        let file = folder.join(format!("{name}.v"));
        // Yosys tells the texts apart by the endings `_gold` and `_gate` of names.
        let text = zeroed(text)
            .replace("_gold", "_Gold")
            .replace("_gate", "_Gate");
        fs::write(&file, text).map_err(|error| ToolError::file("write", &file, error))?;
        // What a module without a name of its own calls its ports is no name of the other text. A register that keeps its
        // first value for ever is that value, which induction over one cycle does not see.
        script += &format!(
            "read_verilog {name}.v\nhierarchy -top {top}\nproc\nflatten\nmemory_map\n\
             rename -hide w:*.q w:*.d w:*.clock\n{constants}dffunmap\nopt_clean\nrename {top} {name}\ndesign -stash {name}\n"
        );
    }
    script += "design -copy-from first -as first first\ndesign -copy-from second -as second second\n\
               equiv_make first second equiv\nhierarchy -top equiv\nopt_clean\nequiv_simple\nequiv_induct -seq 2\nequiv_status\n";
    let log = yosys(&script, folder)?;
    verdict(&log)
        .ok_or_else(|| ToolError::file("read", &folder.join("yosys.log"), "it has no verdict"))
}

/// What the last command of the log says.
fn verdict(log: &str) -> Option<Equivalence> {
    let line = log
        .lines()
        .rev()
        .find_map(|line| line.trim().strip_prefix("Of those cells "))?;
    let mut numbers = line.split(' ').filter_map(|word| word.parse().ok());
    Some(Equivalence {
        proven: numbers.next()?,
        unproven: numbers.next()?,
    })
}

#[cfg(test)]
mod tests {
    use super::{Equivalence, verdict};

    #[test]
    fn a_log_is_read() {
        let log = "Found 885 $equiv cells in equiv:\n  Of those cells 860 are proven and 25 are unproven.\n";
        let found = Equivalence {
            proven: 860,
            unproven: 25,
        };
        assert_eq!(verdict(log), Some(found));
        assert_eq!(verdict("Found 885 $equiv cells in equiv:\n"), None);
    }
}
