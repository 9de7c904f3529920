//! `tern report`: one page about a core, or about several side by side.

mod hardware;
mod measured;
mod network;
mod provenance;
mod read;
mod step;
mod subject;
mod synth;
mod verify;

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;
use tern_gen_verilog::console;
use tern_gen_verilog::failure::Failure;
use tern_gen_verilog::outputs::{Output, keep_apart};
use tern_model::file::{persist, stage};
use tern_report::facts::{Core, Facts, schema};
use tern_report::page::page;

use self::subject::Subject;
use crate::progress;

/// Writes a page (HTML) about a core, and the same facts as JSON beside it.
///
/// The page shows network, array, time, memories, logic, routing and proof, as far as each was measured, and says what was not. It needs no other file. Several cores are compared.
#[derive(Args)]
pub struct Report {
    /// Folder that gen-verilog wrote; several are compared [default: the bundled core]
    #[arg(value_name = "CORE")]
    cores: Vec<PathBuf>,
    /// Model file (.safetensors) of the cores, once for all or once for each [default: the bundled spoken-digit model]
    #[arg(long = "model", value_name = "FILE")]
    models: Vec<PathBuf>,
    /// Folder that tern synth wrote, once for each core [default: synth/ in the core's folder, where it is that core's]
    #[arg(long, value_name = "DIR")]
    synth: Vec<PathBuf>,
    /// Folder that tern verify wrote, once for each core [default: verify/ in the core's folder, where it is that core's]
    #[arg(long, value_name = "DIR")]
    verify: Vec<PathBuf>,
    /// Measure the networks on the test part of the data in this folder
    #[arg(long, value_name = "DIR")]
    eval: Option<PathBuf>,
    /// Sequence whose time step is drawn [default: the first of --eval, otherwise random inputs]
    #[arg(long, value_name = "FILE")]
    input: Option<PathBuf>,
    /// Page to write, NAME.html; the facts go beside it as NAME.facts.json [default: report.html in the folder of a core; needed for several]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Print the JSON schema of the facts, and write nothing
    #[arg(long)]
    schema: bool,
}

/// Runs the command.
pub fn execute(report: &Report) -> Result<(), Failure> {
    if report.schema {
        let schema = schema();
        let value = serde_json::from_str(&schema).map_err(Failure::input)?;
        return console::answer(|| schema, || value);
    }
    let subjects = Subject::all(report)?;
    let out = out(report, &subjects)?;
    let beside = out.with_extension("facts.json");
    let outputs: Vec<Output> = vec![("--out", out.clone()), ("--out", beside.clone())];
    let inputs = subjects.iter().flat_map(Subject::inputs);
    let inputs: Vec<PathBuf> = inputs.chain(report.input.clone()).collect();
    let inputs: Vec<&Path> = inputs.iter().map(PathBuf::as_path).collect();
    keep_apart(&outputs, &inputs)?;
    let stages = progress::stages();
    let mut tell = |stage: &str| stages.set_message(stage.to_owned());
    let cores: Result<Vec<Core>, Failure> = subjects
        .iter()
        .map(|subject| facts(report, subject, &mut tell))
        .collect();
    let facts = Facts {
        tern_version: env!("CARGO_PKG_VERSION").to_owned(),
        cores: cores?,
    };
    let html = page(&facts).map_err(Failure::input)?;
    let json = serde_json::to_string_pretty(&facts).map_err(Failure::input)? + "\n";
    stages.finish_and_clear();
    write(&[(&out, &html), (&beside, &json)])?;
    let unmeasured: Vec<String> = facts.cores.iter().flat_map(missing).collect();
    console::summary(
        || {
            let wrote = format!("wrote {}\nwrote {}\n", out.display(), beside.display());
            unmeasured
                .iter()
                .fold(wrote, |text, line| format!("{text}{line}\n"))
        },
        || json!({ "wrote": [out, beside], "missing": unmeasured }),
    )
}

/// The page: a file that ends in .html, so that a slip writes over no model and no core.
fn out(report: &Report, subjects: &[Subject]) -> Result<PathBuf, Failure> {
    match (&report.out, subjects) {
        (Some(out), _) if out.extension().is_some_and(|extension| extension == "html") => {
            Ok(out.clone())
        }
        (Some(out), _) => Err(Failure::input(format!(
            "--out is {}, expected a file that ends in .html",
            out.display()
        ))),
        (None, [subject]) => Ok(subject.folder.join("report.html")),
        (None, cores) => Err(Failure::input(format!(
            "--out is missing, expected the page that compares the {} cores, such as build/compared.html",
            cores.len()
        ))),
    }
}

/// All that is known of a core.
fn facts(report: &Report, subject: &Subject, tell: &mut dyn FnMut(&str)) -> Result<Core, Failure> {
    let core = &subject.core;
    tell(&format!("measuring {}", core.model.name));
    let measured = measured::of(core, report.eval.as_deref())?;
    let sequence = step::input(core, report.input.as_deref(), measured.first.clone())?;
    tell("simulating a time step");
    let step = step::of(core, &sequence)?;
    let synth = synth::read(subject)?;
    let verified = verify::read(subject)?;
    let (logic, routed) = synth.map_or((None, None), |(logic, routed)| (Some(logic), Some(routed)));
    Ok(Core {
        name: format!(
            "{}, {}, {}",
            core.model.name,
            core.design.dataflow.name(),
            core.design.device
        ),
        network: network::of(core),
        accuracy: measured.accuracy,
        array: hardware::array(core),
        cycles: hardware::cycles(core, measured.cycles),
        step,
        memories: hardware::memories(core),
        logic,
        routed,
        activity: measured.activity,
        verified,
        provenance: provenance::of(report, subject)?,
    })
}

/// What the page says was not measured, each with the command that does.
fn missing(core: &Core) -> Vec<String> {
    let commands = &core.provenance.commands;
    let synth = commands.synth.as_ref().filter(|_| core.routed.is_none());
    let verify = Some(&commands.verify).filter(|_| core.verified.is_none());
    let synth = synth.map(|command| format!("not synthesized: {command}"));
    let verify = verify.map(|command| format!("not verified: {command}"));
    synth.into_iter().chain(verify).collect()
}

/// Writes all files, or none where one cannot be written.
fn write(files: &[(&PathBuf, &String)]) -> Result<(), Failure> {
    let failed = |path: &Path, error: std::io::Error| {
        Failure::input(format!("{}: cannot be written: {error}", path.display()))
    };
    let mut staged = vec![];
    for (path, text) in files {
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        if let Some(folder) = folder {
            std::fs::create_dir_all(folder).map_err(|error| failed(path, error))?;
        }
        let file = stage(path, text.as_bytes()).map_err(|error| failed(path, error))?;
        staged.push((file, path));
    }
    for (file, path) in staged {
        persist(file, path).map_err(|error| failed(path, error))?;
    }
    Ok(())
}
