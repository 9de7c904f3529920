//! `tern trace`: a waveform of one sequence, and a picture of a time step from it.

use std::ops::Range;
use std::path::{Path, PathBuf};

use clap::Args;
use tern_gen_verilog::{Choice, Core, Failure, verilog};
use tern_model::{CycleModel, Streams, write_atomic};
use tern_sim::eda::tools_folder;
use tern_sim::stream::{StallPattern, StreamDriver, StreamFormat};
use tern_sim::verilator::{Options, Simulator};
use tern_sim::wave_picture::{Row, Style, draw};
use tern_sim::waveform::Waveform;

use crate::input::{self, Sequence};
use crate::progress;

/// Simulates the generated Verilog on one file and writes its waveform (VCD).
#[derive(Args)]
pub struct Trace {
    #[command(flatten)]
    choice: Choice,
    /// WAV recording, or raw integer inputs [time, input_size] as .npy or .csv
    #[arg(long, value_name = "FILE")]
    input: PathBuf,
    /// Waveform to write
    #[arg(long, value_name = "FILE")]
    vcd: PathBuf,
    /// Picture to write of the time step chosen by --step
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
    /// Time step to draw, from 0
    #[arg(long, default_value_t = 1)]
    step: usize,
    /// Cycles to draw, from the step's first [default: all of the step]
    #[arg(long, value_name = "N")]
    cycles: Option<usize>,
}

/// What the picture shows, from stream to stream.
const ROWS: &[Row] = &[
    bit("s_axis_tvalid", "s_axis_tvalid"),
    bit("s_axis_tready", "s_axis_tready"),
    bit("beat takes x", "schedule_input_beat"),
    bit("beat takes h", "schedule_hidden_beat"),
    row("weight word", "schedule_address", Style::Number, None),
    bit("block complete", "schedule_done"),
    row(
        "unit",
        "drain_unit",
        Style::Number,
        Some("drain_unit_valid"),
    ),
    row("gate i", "gate_0_gate", Style::Signed, None),
    row("gate f", "gate_1_gate", Style::Signed, None),
    row("gate g", "gate_2_gate", Style::Signed, None),
    row("gate o", "gate_3_gate", Style::Signed, None),
    row(
        "hidden state",
        "hidden_0_trit",
        Style::Trit,
        Some("hidden_0_trit_valid"),
    ),
    bit("m_axis_tvalid", "m_axis_tvalid"),
];

/// Width of the drawn cycles, in pixels.
const WIDTH: usize = 1400;

const fn row(
    label: &'static str,
    signal: &'static str,
    style: Style,
    when: Option<&'static str>,
) -> Row {
    Row {
        label,
        signal,
        style,
        when,
    }
}

const fn bit(label: &'static str, signal: &'static str) -> Row {
    row(label, signal, Style::Bit, None)
}

/// Runs the command.
pub fn execute(trace: &Trace) -> Result<(), Failure> {
    let core = trace.choice.core()?;
    if core.design.streams != Streams::Wide {
        return Err(Failure::input(
            "field `streams` of the design is \"bytes\", expected \"wide\" for a trace, which shows the cycles of tern_core",
        ));
    }
    let (_, sequence) = input::read(&trace.input, &core.model)?;
    let span = span(trace, &core, &sequence)?;
    record(&core, &sequence, &trace.vcd)?;
    if let Some(svg) = &trace.svg {
        let signals = ROWS.iter().flat_map(|row| [Some(row.signal), row.when]);
        let signals: Vec<&str> = signals.flatten().collect();
        let waveform = Waveform::read(&trace.vcd, &signals).map_err(Failure::input)?;
        let scale = (WIDTH / span.len()).clamp(2, 28);
        let picture = draw(&waveform, ROWS, span, scale).to_string();
        write_atomic(svg, picture.as_bytes())
            .map_err(|error| Failure::input(format!("{}: {error}", svg.display())))?;
    }
    Ok(())
}

/// The cycles of the waveform that belong to the step; the waveform begins with the cycle of reset.
fn span(trace: &Trace, core: &Core, sequence: &Sequence) -> Result<Range<usize>, Failure> {
    if trace.step >= sequence.len() {
        return Err(Failure::input(format!(
            "--step is {}, expected less than the {} time steps of {}",
            trace.step,
            sequence.len(),
            trace.input.display()
        )));
    }
    let ends = CycleModel::new(&core.program.shape)
        .run(&[sequence.len()])
        .step_ends;
    let first = trace
        .step
        .checked_sub(1)
        .map_or(1, |before| ends[before] as usize + 2);
    let cycles = ends[trace.step] as usize + 2 - first;
    Ok(first..first + trace.cycles.unwrap_or(cycles).max(1))
}

/// Simulates the sequence and writes the waveform, all of it or none.
fn record(core: &Core, sequence: &Sequence, vcd: &Path) -> Result<(), Failure> {
    let stages = progress::stages();
    stages.set_message("building the simulator");
    let options = Options {
        trace: true,
        ..Options::default()
    };
    let folder = tools_folder().join("simulators");
    let simulator = Simulator::build(&[&verilog(core)?], &options, &folder);
    let partial = vcd.with_extension("vcd.partial");
    let dut = simulator
        .map_err(Failure::input)?
        .traced_instance(&partial)
        .map_err(Failure::input)?;
    let format = StreamFormat::of(&core.model, core.design.lanes);
    stages.set_message("simulating");
    let mut driver = StreamDriver::new(dut, format).map_err(Failure::input)?;
    let run = driver.run(std::slice::from_ref(sequence), StallPattern::none(0));
    drop(driver);
    run.map_err(Failure::input)?;
    std::fs::rename(&partial, vcd)
        .map_err(|error| Failure::input(format!("{}: {error}", vcd.display())))
}
