//! The bitstream.

use std::path::{Path, PathBuf};

use tern_compile::device::DeviceFamily;

use super::place::Placement;
use crate::eda::error::ToolError;
use crate::eda::locate::locate;
use crate::eda::process::run;
use crate::eda::tool::Tool;

/// Packs `placement` into the bitstream `core.bin` (iCE40) or `core.bit` (ECP5) beside its files and returns that path.
pub fn bitstream(placement: &Placement) -> Result<PathBuf, ToolError> {
    let folder = placement.routed.parent().unwrap_or(Path::new("."));
    let (tool, name) = match placement.family {
        DeviceFamily::Ice40 => (Tool::Icepack, "core.bin"),
        DeviceFamily::Ecp5 => (Tool::Ecppack, "core.bit"),
    };
    let mut command = locate(tool)?.command();
    command
        .arg(placement.routed.file_name().unwrap_or_default())
        .arg(name)
        .current_dir(folder);
    let log = folder.join(format!("{}.log", tool.name()));
    run(&mut command, tool.name(), "pack the bitstream", &log)?;
    Ok(folder.join(name))
}
