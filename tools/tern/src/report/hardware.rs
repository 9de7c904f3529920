//! Array, cycles and memories, from the core's shape.

use tern_compile::cycles::steps::StepCycles;
use tern_compile::device::Device;
use tern_compile::shape;
use tern_gen_verilog::choice::Core;
use tern_gen_verilog::dataflows::recorded_cycles;
use tern_gen_verilog::summary::limit_of;
use tern_report::facts::{Array, Cycles, Home, Memories, Memory, Recorded};

/// The array and its device.
pub fn array(core: &Core) -> Array {
    let (design, shape) = (&core.design, &core.program.shape);
    let skip = match design.skip {
        tern_compile::design::Skip::Delta => "delta",
        tern_compile::design::Skip::Zero => "zero",
    };
    let (input, output) = (shape.input_stream(), shape.output_stream());
    Array {
        columns: design.columns,
        rows: design.rows,
        lanes: design.lanes,
        dataflow: design.dataflow.name().to_owned(),
        skip: shape.events().then(|| skip.to_owned()),
        device: design.device.name.to_owned(),
        device_luts: design.device.family.map(|_| design.device.luts),
        logic_cells_estimated: shape.cell_estimate(),
        port_lanes: design.device.family.map(|_| port_lanes(design.device)),
        input_stream: [input.port_bits(), input.beats()],
        output_stream: [output.port_bits(), output.beats()],
    }
}

/// Trits that all block RAMs of a device give in a cycle.
fn port_lanes(device: &Device) -> usize {
    let widest = device.ram_shapes.iter().map(|(_, bits)| *bits).max();
    device.block_rams * widest.unwrap_or(0) / 2
}

/// How long a step takes; `measured` is what the steps of the data took.
pub fn cycles(core: &Core, measured: Option<StepCycles>) -> Cycles {
    let (shape, activity) = (&core.program.shape, core.activity.as_ref());
    let limit = core.design.device.family;
    Cycles {
        per_step: shape.cycles_per_step(),
        recorded: recorded_cycles(shape, activity).map(recorded),
        measured: measured.filter(|_| shape.events()).map(recorded),
        macs_per_step: shape.macs_per_step(),
        limit: limit.map(|_| limit_of(shape, activity)),
    }
}

fn recorded(cycles: StepCycles) -> Recorded {
    Recorded {
        mean: (cycles.mean * 10.0).round() / 10.0,
        percentile_99: cycles.percentile_99,
        most: cycles.most,
    }
}

/// The memories.
pub fn memories(core: &Core) -> Memories {
    let (shape, device) = (&core.program.shape, core.design.device);
    let kinds = shape.memories().into_iter().map(|memory| Memory {
        name: memory.name.to_owned(),
        count: memory.count,
        words: memory.words,
        bits: memory.bits,
        home: match memory.home {
            shape::Home::Block => Home::BlockRam,
            shape::Home::Logic => Home::Logic,
            shape::Home::SinglePort => Home::SinglePortRam,
        },
        rams: match memory.home {
            shape::Home::Block => memory.rams(shape),
            shape::Home::Logic => 0,
            shape::Home::SinglePort => memory.count,
        },
    });
    Memories {
        kinds: kinds.collect(),
        device_block_rams: device.family.map(|_| device.block_rams),
        device_single_port_rams: device.single_port_rams,
    }
}
