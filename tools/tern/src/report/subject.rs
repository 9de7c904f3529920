//! The cores of a report: a network and its design, as gen-verilog wrote them.

use std::path::{Path, PathBuf};

use tern_compile::design::Design;
use tern_gen_verilog::artifacts::verilog;
use tern_gen_verilog::choice::{Choice, Core};
use tern_gen_verilog::failure::Failure;
use tern_gen_verilog::folder::default_folder;
use tern_model::file::read_text;

use super::Report;

/// A folder of results: one that was named must be the core's, one that is usual may be.
pub struct Results {
    /// Where it is.
    pub folder: PathBuf,
    /// Whether the command line names it.
    pub named: bool,
}

/// A core of the report.
pub struct Subject {
    /// The network on its array.
    pub core: Core,
    /// Which network and which design, as options.
    pub choice: Choice,
    /// The folder of the core, whether it is there or not.
    pub folder: PathBuf,
    /// Whether the core is read from the folder.
    pub written: bool,
    /// The Verilog of the core.
    pub verilog: String,
    /// What `tern synth` gave.
    pub synth: Results,
    /// What `tern verify` gave.
    pub verify: Results,
}

impl Subject {
    /// The cores that a command line names; at least one.
    pub fn all(report: &Report) -> Result<Vec<Subject>, Failure> {
        let count = report.cores.len().max(1);
        for (option, values) in [("--synth", &report.synth), ("--verify", &report.verify)] {
            if !values.is_empty() && values.len() != count {
                return Err(wrong_number(option, values.len(), count, ""));
            }
        }
        if report.models.len() > 1 && report.models.len() != count {
            return Err(wrong_number("--model", report.models.len(), count, "1 or "));
        }
        (0..count).map(|k| Subject::of(report, k)).collect()
    }

    fn of(report: &Report, k: usize) -> Result<Subject, Failure> {
        let model = report.models.get(k).or(report.models.first()).cloned();
        let folder = report.cores.get(k);
        let design = folder.map(|folder| folder.join("design.json"));
        if let (Some(folder), Some(design)) = (folder, &design)
            && !design.is_file()
        {
            return Err(Failure::input(format!(
                "{}: has no design.json, expected a folder that gen-verilog wrote",
                folder.display()
            )));
        }
        let choice = Choice {
            model,
            design,
            ..Choice::default()
        };
        let core = choice.core()?;
        let text = verilog(&core)?;
        if let Some(folder) = folder {
            check(folder, &text, &core)?;
        }
        let at = folder.cloned();
        let at = at.unwrap_or_else(|| default_folder(&core.model.name));
        let results = |named: &[PathBuf], name: &str| Results {
            folder: named.get(k).cloned().unwrap_or_else(|| at.join(name)),
            named: !named.is_empty(),
        };
        Ok(Subject {
            synth: results(&report.synth, "synth"),
            verify: results(&report.verify, "verify"),
            written: folder.is_some(),
            verilog: text,
            folder: at,
            choice,
            core,
        })
    }

    /// The files that are read.
    pub fn inputs(&self) -> Vec<PathBuf> {
        let files = self.choice.inputs().into_iter().map(Path::to_owned);
        let own = ["tern.v", "report.json"].map(|name| self.folder.join(name));
        let results = [&self.synth.folder, &self.verify.folder];
        let results = results.into_iter().flat_map(|folder| {
            ["synth.json", "floorplan.json", "verify.json"].map(|name| folder.join(name))
        });
        files.chain(own).chain(results).collect()
    }

    /// The options that choose the same core, each with a space before it.
    pub fn options(&self) -> String {
        self.choice.options()
    }
}

fn wrong_number(option: &str, got: usize, count: usize, or: &str) -> Failure {
    Failure::input(format!(
        "{option} is given {got} times, expected {or}{count}, once for each core"
    ))
}

/// Refuses a folder whose Verilog is not that of the core.
fn check(folder: &Path, text: &str, core: &Core) -> Result<(), Failure> {
    let path = folder.join("tern.v");
    let there = read_text(&path).map_err(|error| {
        Failure::input(format!(
            "{}: cannot be read: {error}, expected the Verilog that gen-verilog wrote",
            path.display()
        ))
    })?;
    match there == text {
        true => Ok(()),
        false => Err(Failure::input(format!(
            "{}: is not the Verilog of the network {} on this design, expected --model and the network that gen-verilog got",
            path.display(),
            core.model.name
        ))),
    }
}

/// The design as a design file has it.
pub fn design_value(design: &Design) -> Result<serde_json::Value, Failure> {
    serde_json::to_value(design).map_err(Failure::input)
}
