//! What a row measures.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Parser;
use sha2::{Digest, Sha256};
use tern_gen_verilog::artifacts::verilog;
use tern_gen_verilog::choice::Choice;
use tern_gen_verilog::failure::Failure;

use crate::row::{Row, failed};
use crate::setup::set_up;

/// The options of [`Row::verilog`].
#[derive(Parser)]
#[command(no_binary_name = true)]
struct Options {
    #[command(flatten)]
    choice: Choice,
}

/// The first 16 hexadecimal digits of the SHA-256 of what a row measures: the generated Verilog, then the files by path.
///
/// # Errors
/// When the row's setup fails or a file cannot be read.
pub fn hash(row: &Row) -> Result<String, Failure> {
    let mut hash = Sha256::new();
    if let Some(options) = &row.verilog {
        set_up(row)?;
        let options = Options::try_parse_from(options.split_whitespace());
        let options = options.map_err(|error| failed(&row.id, error))?;
        hash.update(verilog(&options.choice.core()?)?);
    }
    for name in &row.files {
        for path in files(Path::new(name)).map_err(|error| failed(name, error))? {
            hash.update(path.to_string_lossy().as_bytes());
            hash.update(fs::read(&path).map_err(|error| failed(name, error))?);
        }
    }
    let digits = hash.finalize()[..8]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    Ok(digits)
}

/// A file itself, or all files in a folder, sorted.
fn files(path: &Path) -> std::io::Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let entries = fs::read_dir(path)?.map(|entry| entry.map(|entry| entry.path()));
    let mut entries = entries.collect::<Result<Vec<_>, _>>()?;
    entries.sort();
    let files = entries
        .iter()
        .map(|entry| files(entry))
        .collect::<Result<Vec<_>, _>>();
    Ok(files?.concat())
}

/// What `#[hdl_gen]` translates in a file of `hdl/src`.
///
/// # Errors
/// When there is no such part.
pub fn rust(name: &str) -> Result<String, Failure> {
    let path = format!("hdl/src/{name}");
    let text = fs::read_to_string(&path).map_err(|error| failed(&path, error))?;
    let part = text.split_once("    #[hdl_gen]\n");
    let part = part.and_then(|(_, part)| part.split_once("\n    }\n"));
    let (part, _) = part.ok_or_else(|| failed(&path, "has no #[hdl_gen]"))?;
    let lines = part.lines();
    let lines = lines.map(|line| line.strip_prefix("    ").unwrap_or(line).to_owned() + "\n");
    Ok(lines.collect::<String>() + "}")
}

/// A module of the bundled core's Verilog, with the comment above it.
///
/// # Errors
/// When the core has no such module.
pub fn module(name: &str) -> Result<String, Failure> {
    let text = verilog(&Choice::default().core()?)?;
    let part = text
        .split("endmodule\n")
        .find(|part| part.contains(&format!("\nmodule {name} ")));
    let part = part.ok_or_else(|| failed("the bundled core", format!("has no module {name}")))?;
    Ok(part.trim_start().to_owned() + "endmodule")
}
