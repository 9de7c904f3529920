//! `report.json`: what was generated, in numbers.

use serde::Serialize;
use tern_compile::cycles::steps::StepCycles;
use tern_compile::design::{Dataflow, Skip};
use tern_compile::shape::{Home, LayerShape, MemoryShape, Shape};
use tern_model::network::Output;

use crate::choice::Core;
use crate::dataflows::{Dataflows, recorded_cycles};

/// Sizes, widths, memories and speed of a core.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// Version of Tern that wrote the report.
    pub tern_version: &'static str,
    /// The network.
    pub model: ModelReport,
    /// The array.
    pub array: ArrayReport,
    /// Every kind of memory.
    pub memories: Vec<MemoryReport>,
    /// Block RAMs used.
    pub block_rams: usize,
    /// Block RAMs of the device.
    pub device_block_rams: usize,
    /// Widths of the data path in bits.
    pub widths: WidthReport,
    /// The two streams.
    pub streams: StreamReport,
    /// Clock cycles of a time step when the streams never stall; behind byte streams, those of the core inside. Of an event array the
    /// most, when every element is an event.
    pub cycles_per_step: u64,
    /// Those of an event array's steps with the activity that the model's file carries.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recorded_cycles: Option<StepCycles>,
    /// Which dataflow is faster on this device with that activity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dataflows: Option<Dataflows>,
    /// Ternary multiply-accumulates of a time step; a b-bit input counts b - 1 per weight, padding and the head count nothing.
    pub macs_per_step: usize,
    /// Ternary multiply-accumulates per cycle, on average over a time step.
    pub macs_per_cycle: f64,
    /// `macs_per_cycle` over what the array could do.
    pub efficiency: f64,
}

/// The network in a report.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ModelReport {
    /// Name in the model file.
    pub name: String,
    /// Elements of an input vector.
    pub input_size: usize,
    /// Bits of an element.
    pub input_bits: usize,
    /// Recurrent layers from the input up.
    pub layers: Vec<LayerReport>,
    /// Outputs of the linear head; `null` without one.
    pub output_size: Option<usize>,
    /// When there is an output.
    pub output: Output,
}

/// A recurrent layer in a report.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LayerReport {
    /// `lstm` or `gru`.
    pub kind: &'static str,
    /// Hidden units.
    pub hidden_size: usize,
    /// Fraction bits of gates and state.
    pub gate_frac: usize,
}

/// The array in a report.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ArrayReport {
    /// PE columns.
    pub columns: usize,
    /// PE rows.
    pub rows: usize,
    /// Trits per PE and cycle.
    pub lanes: usize,
    /// Processing elements.
    pub processing_elements: usize,
    /// Ternary multiply-accumulates per cycle when every PE is busy; of an event array its sums.
    pub macs_per_cycle: usize,
    /// What the array sums.
    pub dataflow: Dataflow,
    /// What an event array leaves out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skip: Option<Skip>,
    /// Device.
    pub device: String,
}

/// One kind of memory in a report.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MemoryReport {
    /// Name.
    pub name: &'static str,
    /// How many there are.
    pub count: usize,
    /// Words of each.
    pub words: usize,
    /// Bits of a word.
    pub bits: usize,
    /// Block RAMs they take together; 0 where they are made of logic or are single-port RAMs.
    pub block_rams: usize,
    /// Single-port RAMs they take together.
    pub single_port_rams: usize,
}

/// Widths of the data path, in bits.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WidthReport {
    /// Partial sum inside a PE.
    pub partial_sum: usize,
    /// Sum as it leaves the array.
    pub result: usize,
    /// Sum of result and bias.
    pub preactivation: usize,
    /// Stored bias.
    pub bias: usize,
    /// Gate after its activation table.
    pub gate: usize,
    /// Cell state.
    pub state: usize,
    /// Output of the linear head before it is extended to 32 bits; `null` without one.
    pub output: Option<usize>,
}

/// The streams in a report.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StreamReport {
    /// Bits of `s_axis_tdata`.
    pub s_axis_tdata: usize,
    /// Beats of a time step.
    pub s_axis_beats_per_step: usize,
    /// Bits of `m_axis_tdata`.
    pub m_axis_tdata: usize,
    /// Beats of an output.
    pub m_axis_beats_per_output: usize,
    /// Bytes of a network on `w_axis`; `null` where the core has no load port.
    pub w_axis_bytes: Option<usize>,
}

impl Report {
    /// The report of a core.
    pub fn of(core: &Core) -> Report {
        let shape = &core.program.shape;
        let (macs, cycles) = (shape.macs_per_step(), shape.cycles_per_step());
        let activity = core.activity.as_ref();
        Report {
            tern_version: env!("CARGO_PKG_VERSION"),
            model: ModelReport {
                name: core.model.name.clone(),
                input_size: shape.input_size,
                input_bits: shape.input_bits,
                layers: shape.layers.iter().map(layer).collect(),
                output_size: shape.outputs,
                output: core.model.output,
            },
            array: ArrayReport {
                columns: core.design.columns,
                rows: core.design.rows,
                lanes: core.design.lanes,
                processing_elements: core.design.pes(),
                macs_per_cycle: core.design.macs_per_cycle(),
                dataflow: core.design.dataflow,
                skip: shape.events().then_some(core.design.skip),
                device: core.design.device.name.to_owned(),
            },
            memories: shape.memories().iter().map(|m| memory(m, shape)).collect(),
            block_rams: shape.block_rams(),
            device_block_rams: core.design.device.block_rams,
            widths: WidthReport {
                partial_sum: shape.sum_bits(),
                result: shape.result_bits(),
                preactivation: shape.preactivation_bits(),
                bias: shape.bias_bits,
                gate: shape.table_bits(),
                state: shape.state_bits(),
                output: shape.outputs.map(|_| shape.output_bits()),
            },
            streams: streams(shape),
            cycles_per_step: cycles,
            recorded_cycles: recorded_cycles(shape, activity),
            dataflows: Dataflows::of(core, activity),
            macs_per_step: macs,
            macs_per_cycle: thousandths(macs as f64 / cycles as f64),
            efficiency: thousandths(shape.efficiency()),
        }
    }
}

fn streams(shape: &Shape) -> StreamReport {
    let (input, output) = (shape.input_stream(), shape.output_stream());
    StreamReport {
        s_axis_tdata: input.port_bits(),
        s_axis_beats_per_step: input.beats(),
        m_axis_tdata: output.port_bits(),
        m_axis_beats_per_output: output.beats(),
        w_axis_bytes: shape.loads().then(|| shape.load_bytes()),
    }
}

fn layer(layer: &LayerShape) -> LayerReport {
    LayerReport {
        kind: layer.cell.name(),
        hidden_size: layer.hidden_size,
        gate_frac: layer.gate_frac,
    }
}

fn memory(memory: &MemoryShape, shape: &Shape) -> MemoryReport {
    MemoryReport {
        name: memory.name,
        count: memory.count,
        words: memory.words,
        bits: memory.bits,
        block_rams: match memory.home {
            Home::Block => memory.rams(shape),
            Home::Logic | Home::SinglePort => 0,
        },
        single_port_rams: match memory.home {
            Home::SinglePort => memory.count,
            Home::Block | Home::Logic => 0,
        },
    }
}

fn thousandths(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}
