//! The header of a waveform file: which signals it has.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use vcd::{Header, Parser, ScopeItem, Var};

use crate::eda::error::ToolError;

/// The header of a VCD file of a core.
pub(super) struct CoreHeader<'p> {
    path: &'p Path,
    header: Header,
}

impl<'p> CoreHeader<'p> {
    /// Reads the header of the file at `path`; what follows it is left to the parser.
    ///
    /// # Errors
    /// When the file cannot be read or is no VCD.
    pub(super) fn read(
        path: &'p Path,
    ) -> Result<(CoreHeader<'p>, Parser<BufReader<File>>), ToolError> {
        let failed = |e: std::io::Error| ToolError::file("read", path, e);
        let mut parser = Parser::new(BufReader::new(File::open(path).map_err(failed)?));
        let header = parser.parse_header().map_err(failed)?;
        Ok((CoreHeader { path, header }, parser))
    }

    /// The scopes and the variable of a signal, which is named by its path below the module `tern_core`, whatever prefix
    /// the name of that module has.
    ///
    /// # Errors
    /// When the file lacks the signal.
    pub(super) fn find<'a>(
        &'a self,
        signal: &'a str,
    ) -> Result<(Vec<&'a str>, &'a Var), ToolError> {
        let missing = || {
            let why = format!("it has no signal {signal} in the module tern_core");
            ToolError::file("read", self.path, why)
        };
        let mut path = vec!["TOP", self.core().ok_or_else(missing)?];
        path.extend(signal.split('.'));
        let var = self.header.find_var(&path).ok_or_else(missing)?;
        path.pop();
        Ok((path, var))
    }

    /// The name of the module `tern_core` with its prefix.
    fn core(&self) -> Option<&str> {
        let top = self.header.find_scope(&["TOP"])?;
        top.children.iter().find_map(|item| match item {
            ScopeItem::Scope(scope) => {
                Some(scope.identifier.as_str()).filter(|name| name.ends_with("tern_core"))
            }
            _ => None,
        })
    }

    /// The file's name without its folder.
    pub(super) fn file_name(&self) -> String {
        let name = self.path.file_name().unwrap_or_default();
        name.to_string_lossy().into_owned()
    }
}
