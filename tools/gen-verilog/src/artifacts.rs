//! The files that make up a generated core.

use serde::Serialize;

use crate::bench::bench;
use crate::choice::Core;
use crate::failure::Failure;
use crate::header::header;
use crate::report::Report;

/// A file to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artifact {
    /// Its name within the folder.
    pub name: &'static str,
    /// Its contents.
    pub bytes: Vec<u8>,
}

/// The Verilog of a core with its header comment.
///
/// # Errors
/// When the hardware description is not sound.
pub fn verilog(core: &Core) -> Result<String, Failure> {
    Ok(format!(
        "{}\n{}",
        header(core),
        tern_hdl::verilog::generate(&core.program)?
    ))
}

/// `tern.v`, `tern_tb.v`, `report.json` and `design.json` of a core, and `weights.bin` where it loads its network; the same core gives
/// the same bytes.
///
/// # Errors
/// When the hardware description is not sound.
pub fn artifacts(core: &Core) -> Result<Vec<Artifact>, Failure> {
    let mut artifacts = vec![
        Artifact {
            name: "tern.v",
            bytes: verilog(core)?.into_bytes(),
        },
        Artifact {
            name: "tern_tb.v",
            bytes: bench(core).into_bytes(),
        },
        Artifact {
            name: "report.json",
            bytes: json("report.json", &Report::of(core))?,
        },
        Artifact {
            name: "design.json",
            bytes: design_json(core)?,
        },
    ];
    if core.program.shape.loads() {
        artifacts.push(Artifact {
            name: "weights.bin",
            bytes: core.program.load_image(),
        });
    }
    Ok(artifacts)
}

/// The bytes of `design.json`.
///
/// # Errors
/// When the design cannot be written as JSON.
pub fn design_json(core: &Core) -> Result<Vec<u8>, Failure> {
    json("design.json", &core.design)
}

fn json(name: &str, value: &impl Serialize) -> Result<Vec<u8>, Failure> {
    let mut text = serde_json::to_vec_pretty(value)
        .map_err(|error| Failure::input(format!("{name}: cannot be written as JSON: {error}")))?;
    text.push(b'\n');
    Ok(text)
}
