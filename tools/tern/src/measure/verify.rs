//! `tern verify`: any executors against each other, on any network and array.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};
use tern_gen_verilog::arguments::once;
use tern_gen_verilog::artifacts::verilog;
use tern_gen_verilog::choice::Choice;
use tern_gen_verilog::console;
use tern_gen_verilog::failure::Failure;
use tern_gen_verilog::folder::{Made, default_folder};
use tern_gen_verilog::outputs::keep_apart;
use tern_gen_verilog::shell;
use tern_model::file::{read_text, write_atomic};
use tern_report::facts::{self, Verified};
use tern_sim::eda::folders::cache_folder;
use tern_sim::executor::name::ExecutorName;
use tern_sim::verify::campaign::{Bench, Finding, random_campaign};
use tern_sim::verify::case::Case;
use tern_sim::verify::ladder::{Tally, build};

use crate::digest::sha256;
use crate::executors::parser;
use crate::progress;

/// The file of a folder that says what was compared.
pub const RESULT: &str = "verify.json";

/// Networks on each array of --random, at most.
const NETWORKS_OF_AN_ARRAY: u64 = 100;

/// Runs random sequences under random stalls and resets on several simulations of a core and compares every value and
/// every cycle.
///
/// A difference is exit code 1, and the smallest case that shows it is printed as a command.
#[derive(Args)]
pub struct Verify {
    #[command(flatten)]
    choice: Choice,
    /// What is compared, the reference first
    #[arg(
        long = "executor",
        value_name = "NAME[,NAME...]",
        value_delimiter = ',',
        value_parser = parser(),
        default_value = "golden,rust-hdl,verilator"
    )]
    executors: Vec<ExecutorName>,
    /// Number of cases; each is some sequences after a reset
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..))]
    cases: u64,
    /// Most time steps per sequence
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..))]
    steps: u16,
    /// Seed of the cases
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u64).range(..1_000_000_000))]
    seed: u64,
    /// This case alone, such as steps=3+1,stalls=both,reset=17,seed=5
    #[arg(long, value_name = "CASE", conflicts_with_all = ["cases", "steps", "seed"])]
    case: Option<Case>,
    /// Verilog to simulate in place of the generated one
    #[arg(long, value_name = "FILE")]
    verilog: Option<PathBuf>,
    /// Folder for verify.json, which tern report reads
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Draw random networks on random arrays, one case for each, on golden, rust-hdl and verilator
    #[arg(long, conflicts_with_all = ["model", "design", "device", "reserve", "dataflow", "prefix", "executors", "case", "verilog", "steps", "out"])]
    random: bool,
}

/// Runs the command.
pub fn execute(verify: &Verify) -> Result<(), Failure> {
    match verify.random {
        true => random(verify),
        false => chosen(verify),
    }
}

fn chosen(verify: &Verify) -> Result<(), Failure> {
    if verify.executors.len() < 2 {
        return Err(Failure::input(format!(
            "--executor is {} alone, expected two or more to compare",
            verify.executors[0]
        )));
    }
    once("--executor", &verify.executors)?;
    let reads_verilog =
        |name: &ExecutorName| !matches!(name, ExecutorName::Golden | ExecutorName::RustHdl);
    if let Some(path) = &verify.verilog
        && !verify.executors.iter().any(reads_verilog)
    {
        return Err(Failure::input(format!(
            "--verilog is {}, which no executor reads, expected --executor with one of {}",
            path.display(),
            names_of(ExecutorName::all().filter(reads_verilog))
        )));
    }
    if let Some(folder) = &verify.out {
        let read = verify
            .choice
            .inputs()
            .into_iter()
            .chain(verify.verilog.as_deref());
        let read: Vec<&Path> = read.collect();
        keep_apart(&[("--out", folder.join(RESULT))], &read)?;
    }
    let core = verify.choice.core()?;
    let text = match &verify.verilog {
        None => verilog(&core)?,
        Some(path) => read_text(path).map_err(|error| {
            Failure::input(format!(
                "{}: {error}, expected the Verilog that gen-verilog wrote",
                path.display()
            ))
        })?,
    };
    let stages = progress::stages();
    let mut say = |rung: ExecutorName| stages.set_message(format!("building {rung}"));
    let folder = cache_folder().map_err(Failure::input)?.join("simulators");
    let builds = build(&verify.executors, &core.program, &text, &folder, &mut say);
    let builds = builds.map_err(Failure::input)?;
    drop(stages);
    let design = &core.design;
    let name = format!(
        "{} on {}x{}x{}",
        core.model.name, design.columns, design.rows, design.lanes
    );
    let bench = Bench {
        name: &name,
        model: &core.model,
        program: &core.program,
        golden: verify.executors.contains(&ExecutorName::Golden),
        builds: &builds,
        load: false,
    };
    let bar = progress::bar("verify", verify.cases as usize);
    let run = match &verify.case {
        Some(case) => bench.case(case),
        None => bench.run(verify.seed, verify.cases, verify.steps.into(), &mut || {
            bar.inc(1)
        }),
    };
    drop(bar);
    let (tallies, found) = run.map_err(Failure::input)?;
    let mut files = verify.choice.options();
    if let Some(path) = &verify.verilog {
        files += &format!(" --verilog {}", shell::path(path));
    }
    if let Some(folder) = &verify.out {
        let result = Verified {
            verilog_sha256: sha256(text.as_bytes()),
            model_sha256: sha256(&verify.choice.model_bytes()?),
            command: format!("tern verify{files}{}", verify.cases_typed()),
            executors: tallies.iter().map(tally).collect(),
            not_run: ExecutorName::all()
                .filter(|name| !verify.executors.contains(name))
                .map(|name| name.name().to_owned())
                .collect(),
        };
        keep(folder, &result)?;
    }
    console::answer(|| table(&tallies), || values(&tallies))?;
    found.map_or(Ok(()), |found| {
        Err(difference(&found, &files, &verify.executors))
    })
}

impl Verify {
    /// Executors and cases, as they are typed.
    fn cases_typed(&self) -> String {
        let names = names_of(self.executors.iter().copied());
        match &self.case {
            Some(case) => format!(" --executor {names} --case {case}"),
            None => format!(
                " --executor {names} --cases {} --steps {} --seed {}",
                self.cases, self.steps, self.seed
            ),
        }
    }
}

/// Writes what was compared to a folder, which is made if it is missing.
fn keep(folder: &Path, result: &Verified) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(result).map_err(Failure::input)? + "\n";
    let _made = Made::missing(folder);
    std::fs::create_dir_all(folder)
        .map_err(|error| Failure::input(format!("{}: {error}", folder.display())))?;
    write(&folder.join(RESULT), text.as_bytes())
}

/// What an executor has been through, for a report.
fn tally((name, tally): &(ExecutorName, Tally)) -> facts::Tally {
    facts::Tally {
        executor: name.name().to_owned(),
        description: name.description().to_owned(),
        sequences: tally.sequences,
        cycles: (*name != ExecutorName::Golden).then_some(tally.cycles),
        differences: tally.differences,
    }
}

fn random(verify: &Verify) -> Result<(), Failure> {
    let bar = progress::bar("verify", verify.cases as usize);
    let run = random_campaign(verify.seed, verify.cases, NETWORKS_OF_AN_ARRAY, &mut || {
        bar.inc(1)
    });
    drop(bar);
    let run = run.map_err(Failure::input)?;
    console::answer(
        || {
            format!(
                "{}{} on {}, one case per network\n",
                table(&run.tallies),
                count(run.cases, "network"),
                count(run.arrays, "array")
            )
        },
        || {
            let mut value = values(&run.tallies);
            value["networks"] = run.cases.into();
            value["arrays"] = run.arrays.into();
            value
        },
    )?;
    let Some(found) = run.found else {
        return Ok(());
    };
    // What was drawn is kept as files, so that the command works with any version of the generator of random networks.
    let folder = default_folder(&format!("verify-{}", found.model.name));
    let [model, design] = ["model.safetensors", "design.json"].map(|name| folder.join(name));
    let json = serde_json::to_vec_pretty(&found.program.shape.design).map_err(Failure::input)?;
    std::fs::create_dir_all(&folder)
        .map_err(|error| Failure::input(format!("{}: {error}", folder.display())))?;
    found.model.write(&model)?;
    write(&design, &json)?;
    let again = Choice {
        model: Some(model),
        design: Some(design),
        ..Choice::default()
    };
    let rungs = [
        ExecutorName::Golden,
        ExecutorName::RustHdl,
        ExecutorName::Verilator,
    ];
    Err(difference(&found.finding, &again.options(), &rungs))
}

/// A number with its noun: `1 array`, `2 arrays`.
fn count(number: u64, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    write_atomic(path, bytes).map_err(|error| {
        Failure::input(format!(
            "{}: cannot be written: {error}, expected a folder to write to",
            path.display()
        ))
    })
}

/// The difference with the command that shows it again.
fn difference(found: &Finding, files: &str, rungs: &[ExecutorName]) -> Failure {
    // The references of values and of cycles, and what differs from them.
    let simulated = rungs.iter().find(|rung| **rung != ExecutorName::Golden);
    let needed = |rung: &&ExecutorName| {
        **rung == rungs[0] || Some(*rung) == simulated || **rung == found.rung
    };
    let names = names_of(rungs.iter().filter(needed).copied());
    Failure::difference(format!(
        "{}; to see it again: tern verify{files} --executor {names} --case {}",
        found.error, found.case
    ))
}

/// Names of executors, as --executor takes them.
fn names_of(executors: impl Iterator<Item = ExecutorName>) -> String {
    executors
        .map(ExecutorName::name)
        .collect::<Vec<_>>()
        .join(",")
}

/// What each executor has been through, one line for each.
fn table(tallies: &[(ExecutorName, Tally)]) -> String {
    let mut text = format!(
        "{:<14} {:>10} {:>12} {:>12}\n",
        "executor", "sequences", "cycles", "differences"
    );
    for (rung, tally) in tallies {
        let cycles = match rung {
            ExecutorName::Golden => "-".to_owned(),
            _ => tally.cycles.to_string(),
        };
        text += &format!(
            "{:<14} {:>10} {cycles:>12} {:>12}\n",
            rung.name(),
            tally.sequences,
            tally.differences
        );
    }
    text
}

/// The same for programs.
fn values(tallies: &[(ExecutorName, Tally)]) -> Value {
    let row = |(rung, tally): &(ExecutorName, Tally)| {
        json!({
            "executor": rung.name(),
            "sequences": tally.sequences,
            "cycles": (*rung != ExecutorName::Golden).then_some(tally.cycles),
            "differences": tally.differences,
        })
    };
    json!({"executors": tallies.iter().map(row).collect::<Vec<Value>>()})
}
