//! `tern tools`: the EDA tools.

use clap::Subcommand;
use tern_gen_verilog::failure::Failure;
use tern_sim::eda::install::{self, tools_folder};
use tern_sim::eda::locate::{self, Origin};

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
    if locate::list().iter().any(|(_, located)| located.is_none()) {
        let stages = progress::stages();
        let mut tell = |stage: &str| stages.set_message(stage.to_owned());
        install::install(&mut tell).map_err(Failure::input)?;
    }
    list()
}

fn list() -> Result<(), Failure> {
    let mut text = String::new();
    for (tool, located) in locate::list() {
        let (version, place) = match located {
            None => ("-".to_owned(), "not installed".to_owned()),
            Some(located) => match located.origin {
                Origin::Path => (located.version, located.program.display().to_string()),
                Origin::Wheel => (located.version, tools_folder().display().to_string()),
            },
        };
        let (name, purpose) = (tool.name(), tool.purpose());
        text += &format!("{name:<14} {version:<18} {purpose:<48} {place}\n");
    }
    Failure::print(&text)
}
