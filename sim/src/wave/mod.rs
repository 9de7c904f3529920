//! Recorded waveforms: read, drawn, and described for GTKWave.

pub mod gtkwave;
pub mod picture;
pub mod recorder;
pub mod waveform;

use vcd::{Header, ScopeItem};

/// The path of a signal below the module `tern_core` of a waveform, whatever prefix its name has; none without that module.
fn path_in_core<'n>(header: &'n Header, signal: &'n str) -> Option<Vec<&'n str>> {
    let top = header.find_scope(&["TOP"])?;
    let core = top.children.iter().find_map(|item| match item {
        ScopeItem::Scope(scope) => {
            Some(scope.identifier.as_str()).filter(|name| name.ends_with("tern_core"))
        }
        _ => None,
    })?;
    Some(["TOP", core].into_iter().chain(signal.split('.')).collect())
}
