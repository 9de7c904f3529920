//! What a person is told about a generated core.

use tern_compile::cycles::events::Activity;
use tern_compile::cycles::steps::StepCycles;
use tern_compile::design::Design;
use tern_compile::shape::Shape;
use tern_compile::sizing::bound::Bound;

use crate::choice::Core;
use crate::report::LayerReport;
use crate::report::Report;

/// A few lines: network, array, memories, speed.
pub fn summary(core: &Core) -> String {
    let (report, shape) = (Report::of(core), &core.program.shape);
    let (model, array, streams) = (&report.model, &report.array, &report.streams);
    let outputs = match model.output_size {
        Some(outputs) => format!("{outputs} outputs"),
        None => "hidden state as output".to_owned(),
    };
    let units = |layer: &LayerReport| format!("{} {} units", layer.hidden_size, layer.kind);
    let layers = model.layers.iter().map(units).chain([outputs]);
    let layers: Vec<String> = layers.collect();
    let memories =
        report.memories.iter().map(
            |memory| match (memory.block_rams, memory.single_port_rams) {
                (0, 0) => format!("{} in logic", memory.name),
                (0, rams) => format!("{} in {rams} single-port RAMs", memory.name),
                (rams, _) => format!("{} {rams}", memory.name),
            },
        );
    let memories: Vec<String> = memories.collect();
    let rows = [
        (
            "model",
            format!(
                "{}: {} inputs of {} bits, {}",
                model.name,
                model.input_size,
                model.input_bits,
                layers.join(", ")
            ),
        ),
        (
            "array",
            format!(
                "{} columns x {} rows x {} lanes = {} {}, on {}",
                array.columns,
                array.rows,
                array.lanes,
                array.macs_per_cycle,
                match shape.events() {
                    true => "sums of events",
                    false => "ternary MACs per cycle",
                },
                array.device
            ),
        ),
        (
            "memory",
            format!(
                "{} of {} block RAMs: {}",
                report.block_rams,
                report.device_block_rams,
                memories.join(", ")
            ),
        ),
        ("logic", logic(shape)),
        (
            "streams",
            format!(
                "in {} bits x {} beats per step, out {} bits x {} beats per output",
                streams.s_axis_tdata,
                streams.s_axis_beats_per_step,
                streams.m_axis_tdata,
                streams.m_axis_beats_per_output
            ),
        ),
        (
            "speed",
            match shape.events() {
                true => event_speed(&report),
                false => format!(
                    "{} cycles per time step, {} MACs per cycle, efficiency {:.3}",
                    report.cycles_per_step, report.macs_per_cycle, report.efficiency
                ),
            },
        ),
    ];
    let limit = core.design.device.family;
    let limit = limit.map(|_| ("limit", limit_of(shape, core.activity.as_ref())));
    let other = report.dataflows.as_ref();
    let other = other.and_then(|dataflows| dataflows.other(shape));
    let other = other.map(|text| ("or", text));
    let load = streams
        .w_axis_bytes
        .map(|bytes| ("load", format!("{bytes} bytes on w_axis: weights.bin")));
    rows.iter()
        .chain(&limit)
        .chain(&other)
        .chain(&load)
        .map(|(name, text)| format!("{name:<8} {text}\n"))
        .collect()
}

/// Logic cells and pins.
fn logic(shape: &Shape) -> String {
    let device = shape.design.device;
    let pins = match device.packages.first() {
        Some((package, pins)) => format!("{} of the {pins} pins of {package}", shape.pins()),
        None => format!("{} bits of ports", shape.pins()),
    };
    let (cells, there) = (shape.cell_estimate(), device.luts);
    format!("{cells} of {there} logic cells by estimate, {pins}")
}

/// Cycles of an event array.
fn event_speed(report: &Report) -> String {
    let most = report.cycles_per_step;
    match &report.recorded_cycles {
        Some(StepCycles {
            mean,
            percentile_99,
            ..
        }) => format!(
            "{mean:.1} cycles per time step on average and {percentile_99} in 99 of 100 by the activity in the model file, at most {most}"
        ),
        None => format!(
            "at most {most} cycles per time step, when every element is an event; tern eval --design counts those of data"
        ),
    }
}

/// What keeps a time step from being shorter, in a sentence.
pub fn limit_of(shape: &Shape, activity: Option<&Activity>) -> String {
    let array = |design: &Design| {
        let Design {
            columns,
            rows,
            lanes,
            ..
        } = design;
        format!("{columns} x {rows} x {lanes}")
    };
    match shape.bound(activity) {
        Bound::Network { waiting } => format!(
            "the network: no array is faster by more than 1 %; {waiting} cycles of a step wait for the units of the step before"
        ),
        Bound::Short { design, shortage } => format!(
            "{}: a faster array, {}, needs {}, and {} may be taken",
            shortage.resource,
            array(&design),
            shortage.needed,
            shortage.available
        ),
        Bound::Choice { design, cycles } => format!(
            "the design: {} fits as well and takes {cycles} cycles",
            array(&design)
        ),
    }
}
