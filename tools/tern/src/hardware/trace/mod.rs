//! `tern trace`: a waveform of one sequence, what viewers show of it, and a picture of a time step.

mod view;

use std::ops::Range;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;
use tern_compile::cycles::Timeline;
use tern_compile::design::Streams;
use tern_gen_verilog::artifacts::verilog;
use tern_gen_verilog::choice::{Choice, Core};
use tern_gen_verilog::console;
use tern_gen_verilog::failure::Failure;
use tern_gen_verilog::outputs::{Output, keep_apart};
use tern_hdl::verilog::top_of;
use tern_model::file::{persist, temporary_beside, write_atomic};
use tern_model::network::Sequence;
use tern_sim::dut::verilator::Simulator;
use tern_sim::dut::verilator::options::Options;
use tern_sim::eda::folders::cache_folder;
use tern_sim::stream::driver::StreamDriver;
use tern_sim::stream::format::StreamFormat;
use tern_sim::stream::stall::StallPattern;
use tern_sim::wave::gtkwave::{TRITS, save_file};
use tern_sim::wave::picture::draw;
use tern_sim::wave::surfer::state_file;
use tern_sim::wave::waveform::Waveform;

use crate::input::{self, Input};
use crate::progress;

/// Simulates the generated Verilog on one file and writes its waveform (VCD), with what GTKWave and Surfer show of it beside it.
#[derive(Args)]
#[command(group = clap::ArgGroup::new("written").args(["vcd", "svg"]).required(true).multiple(true))]
pub struct Trace {
    #[command(flatten)]
    choice: Choice,
    /// WAV recording, or raw integer inputs [time, input_size] as .npy or .csv
    #[arg(long, value_name = "FILE")]
    input: PathBuf,
    /// Waveform to write; .gtkw, .trits.txt, .sections.txt and .surf.ron of the same name go beside it
    #[arg(long, value_name = "FILE")]
    vcd: Option<PathBuf>,
    /// Picture to write of the time step chosen by --step
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
    /// Time step to draw, counted from 0 [default: 1, or 0 where there is no other]
    #[arg(long, value_name = "N", requires = "svg")]
    step: Option<usize>,
    /// Cycles to draw, from the step's first [default: all of the step]
    #[arg(long, value_name = "N", requires = "svg", value_parser = clap::value_parser!(u32).range(1..))]
    cycles: Option<u32>,
}

/// Width of the drawn cycles, in pixels.
const WIDTH: usize = 1400;

/// Runs the command.
pub fn execute(trace: &Trace) -> Result<(), Failure> {
    keep_apart(
        &outputs(trace),
        &[&trace.choice.inputs()[..], &[&trace.input]].concat(),
    )?;
    let core = trace.choice.core()?;
    if core.design.streams != Streams::Wide {
        return Err(Failure::input(
            "field `streams` of the design is \"bytes\", expected \"wide\" for a trace, which shows the cycles of tern_core",
        ));
    }
    let Input {
        sequence,
        converted,
        ..
    } = input::read(&trace.input, &core.model)?;
    progress::note(converted.as_deref());
    let span = span(trace, &core, &sequence)?;
    let place = trace.vcd.as_deref().unwrap_or(Path::new("trace.vcd"));
    let failed = |error| Failure::input(format!("{}: {error}", place.display()));
    let vcd = match &trace.vcd {
        Some(vcd) => temporary_beside(vcd).map_err(failed)?,
        None => tempfile::NamedTempFile::new().map_err(failed)?,
    };
    record(&core, &sequence, vcd.path(), place)?;
    let mut written = Vec::new();
    if let Some(svg) = &trace.svg {
        let rows = view::rows(&core.program.shape);
        let signals = rows
            .iter()
            .flat_map(|row| [Some(row.signal.as_str()), row.when]);
        let signals: Vec<&str> = signals.flatten().collect();
        let waveform = Waveform::read(&vcd, &signals).map_err(Failure::input)?;
        let scale = (WIDTH / span.len()).clamp(2, 28);
        let picture = draw(&waveform, &rows, span, scale).to_string();
        write(svg, &picture)?;
        written.push(svg.clone());
    }
    if let Some(path) = &trace.vcd {
        persist(vcd, path).map_err(failed)?;
        written.push(path.clone());
        // A device or a pipe has no files beside it.
        if path.is_file() {
            written.extend(save(&core, path)?);
        }
    }
    let line = |path: &PathBuf| format!("wrote {}\n", path.display());
    console::summary(
        || written.iter().map(line).collect(),
        || json!({ "wrote": written }),
    )
}

/// What is written: waveform and picture, and where the waveform is a file, those beside it.
fn outputs(trace: &Trace) -> Vec<Output<'static>> {
    let named = [("--vcd", &trace.vcd), ("--svg", &trace.svg)];
    let named = named
        .into_iter()
        .filter_map(|(option, path)| Some((option, path.clone()?)));
    let files = trace
        .vcd
        .iter()
        .filter(|vcd| vcd.is_file() || !vcd.exists());
    let beside = files.flat_map(|vcd| beside(vcd).map(|path| ("--vcd", path)));
    named.chain(beside).collect()
}

/// What viewers read beside a waveform: names of trits, names of sections and the save file of GTKWave, the state file of Surfer.
fn beside(vcd: &Path) -> [PathBuf; 4] {
    ["trits.txt", "sections.txt", "gtkw", "surf.ron"].map(|ending| vcd.with_extension(ending))
}

/// Writes what viewers show of the waveform, beside it, and returns the files.
fn save(core: &Core, vcd: &Path) -> Result<[PathBuf; 4], Failure> {
    let shape = &core.program.shape;
    let files = beside(vcd);
    let [trits, sections, ..] = &files;
    let name = |path: &Path| {
        path.file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned()
    };
    let groups = view::groups(shape, &name(trits), &name(sections));
    let texts = [
        TRITS.to_owned(),
        view::sections(shape),
        save_file(vcd, &groups).map_err(Failure::input)?,
        state_file(vcd, &groups).map_err(Failure::input)?,
    ];
    for (path, text) in files.iter().zip(&texts) {
        write(path, text)?;
    }
    Ok(files)
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    write_atomic(path, text.as_bytes())
        .map_err(|error| Failure::input(format!("{}: {error}", path.display())))
}

/// The cycles of the waveform that belong to the step; the waveform begins with the cycle of reset.
fn span(trace: &Trace, core: &Core, sequence: &Sequence) -> Result<Range<usize>, Failure> {
    let step = trace.step.unwrap_or(1.min(sequence.len() - 1));
    if step >= sequence.len() {
        return Err(Failure::input(format!(
            "--step is {step}, expected less than the {} time steps of {}",
            sequence.len(),
            trace.input.display()
        )));
    }
    let sequences = std::slice::from_ref(sequence);
    let ends = Timeline::of(&core.model, &core.program.shape, sequences).step_ends;
    let first = step
        .checked_sub(1)
        .map_or(1, |before| ends[before] as usize + 2);
    let cycles = ends[step] as usize + 2 - first;
    Ok(first..first + trace.cycles.map_or(cycles, |cycles| cycles as usize))
}

/// Simulates the sequence and writes its waveform to `vcd`, which errors call `place`.
fn record(core: &Core, sequence: &Sequence, vcd: &Path, place: &Path) -> Result<(), Failure> {
    let stages = progress::stages();
    stages.set_message("building the simulator");
    let top = top_of(&core.design);
    let options = Options {
        top: &top,
        trace: true,
        ..Options::default()
    };
    let folder = cache_folder().map_err(Failure::input)?.join("simulators");
    let simulator = Simulator::build(&[&verilog(core)?], &options, &folder);
    let dut = simulator.and_then(|simulator| simulator.traced_instance(vcd));
    let format = StreamFormat::of(&core.model, core.design.lanes);
    stages.set_message("simulating");
    let mut driver =
        StreamDriver::new(dut.map_err(Failure::input)?, format).map_err(Failure::input)?;
    let run = driver.run(std::slice::from_ref(sequence), StallPattern::none(0));
    run.map_err(Failure::input)?;
    let closed = driver.dut_mut().close_trace();
    closed.map_err(|error| Failure::input(format!("{}: {error}", place.display())))
}
