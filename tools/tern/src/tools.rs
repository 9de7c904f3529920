//! `tern tools`: the EDA tools.

use clap::Subcommand;
use tern_gen_verilog::Failure;
use tern_sim::eda::{self, Source, tools_folder};

use crate::progress;

/// Installs or lists the EDA tools.
#[derive(Subcommand)]
pub enum Tools {
    /// Install the pinned tools into .tern/ if one is neither on PATH nor there
    Install,
    /// List the tools with version and place
    List,
}

/// Runs the command.
pub fn execute(tools: &Tools) -> Result<(), Failure> {
    match tools {
        Tools::Install => install(),
        Tools::List => list(),
    }
}

fn install() -> Result<(), Failure> {
    if eda::list().iter().any(|(_, located)| located.is_none()) {
        let stages = progress::stages();
        let mut tell = |stage: &str| stages.set_message(stage.to_owned());
        eda::install(&mut tell).map_err(Failure::input)?;
    }
    list()
}

fn list() -> Result<(), Failure> {
    let mut text = String::new();
    for (tool, located) in eda::list() {
        let (version, place) = match located {
            None => ("-".to_owned(), "not installed".to_owned()),
            Some(located) => match located.source {
                Source::Path => (located.version, located.program.display().to_string()),
                Source::Wheel => (located.version, tools_folder().display().to_string()),
            },
        };
        let (name, purpose) = (tool.name(), tool.purpose());
        text += &format!("{name:<14} {version:<18} {purpose:<48} {place}\n");
    }
    Failure::print(&text)
}
