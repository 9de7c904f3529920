//! `tern tools`: the EDA tools.

use clap::Subcommand;
use serde_json::{Value, json};
use tern_gen_verilog::console;
use tern_gen_verilog::failure::Failure;
use tern_sim::eda::folders::tools_folder;
use tern_sim::eda::install;
use tern_sim::eda::locate::{self, Located, Origin};
use tern_sim::eda::tool::Tool;

use crate::progress;

/// Installs or lists the EDA tools.
#[derive(Subcommand)]
pub enum Tools {
    /// Install the pinned tools into .tern/ if one is neither on PATH nor there, and anew where they do not run
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
    let row = |(tool, located): (Tool, Option<Located>)| {
        let (version, place) = match located {
            None => (
                "-".to_owned(),
                "not installed, or not whole: tern tools install".to_owned(),
            ),
            Some(located) => match located.origin {
                Origin::Path => (located.version, located.program.display().to_string()),
                Origin::Wheel => (located.version, tools_folder().display().to_string()),
            },
        };
        [tool.name().into(), version, tool.purpose().into(), place]
    };
    let rows: Vec<[String; 4]> = locate::list().into_iter().map(row).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or(0);
    let (names, versions, purposes) = (width(0), width(1), width(2));
    let line = |[name, version, purpose, place]: &[String; 4]| {
        format!("{name:<names$}  {version:<versions$}  {purpose:<purposes$}  {place}\n")
    };
    let value = |[name, version, purpose, place]: &[String; 4]| json!({"tool": name, "version": version, "purpose": purpose, "place": place});
    console::answer(
        || rows.iter().map(line).collect(),
        || rows.iter().map(value).collect::<Value>(),
    )
}
