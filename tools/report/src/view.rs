//! What the templates show of a core, in words and numbers for people.

use serde::Serialize;

use crate::facts::{Classes, Core, Home, Layer, Output};
use crate::picture::{colour, short};

/// A figure of the first screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Tile {
    /// The number with its unit, or a dash where it was not measured.
    pub value: String,
    /// What it is.
    pub label: String,
    /// Under which conditions.
    pub note: String,
}

/// A cell of the confusion table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cell {
    count: usize,
    /// `hit`, `miss` or `none`, for its colour.
    kind: &'static str,
}

/// What a template gets of a core beside its facts.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    /// What the core is, in a sentence.
    pub lead: String,
    /// The figures of the first screen.
    pub tiles: Vec<Tile>,
    /// The layers from the input up.
    layers: Vec<String>,
    /// The confusion table, a row per true class.
    confusion: Vec<Vec<Cell>>,
    /// Colours of the kinds of memory, in their order.
    colours: Vec<String>,
    weights: usize,
    /// Percent of the weights that are zero.
    zero_percent: String,
}

impl View {
    /// The view of a core.
    pub fn of(core: &Core) -> View {
        let weights = core.network.weights;
        let accuracy = core.accuracy.as_ref();
        let classes = accuracy.and_then(|accuracy| accuracy.classes.as_ref());
        let kinds = 0..core.memories.kinds.len();
        let share = 100.0 * weights.zero as f64 / weights.total().max(1) as f64;
        View {
            lead: lead(core),
            tiles: vec![
                accuracy_tile(core),
                time(core),
                size(core),
                clock(core),
                proof(core),
            ],
            layers: core.network.layers.iter().map(layer).collect(),
            confusion: classes.map(confusion).unwrap_or_default(),
            colours: kinds.map(colour).collect(),
            weights: weights.total(),
            zero_percent: short(share),
        }
    }
}

/// What network and hardware are.
fn lead(core: &Core) -> String {
    let (network, array) = (&core.network, &core.array);
    let mut parts: Vec<String> = network
        .layers
        .iter()
        .map(|layer| format!("{} of {} units", layer.kind.to_uppercase(), layer.units))
        .collect();
    parts.extend(
        network
            .output_size
            .map(|outputs| format!("{outputs} outputs")),
    );
    let when = match network.output {
        Output::Last => "at the end of a sequence",
        Output::Every => "at every time step",
    };
    let sums = match array.dataflow.as_str() {
        "events" => "which sums what changes from step to step,",
        _ => "which sums everything in every step,",
    };
    format!(
        "A recurrent network with weights of -1, 0 and +1 ({} inputs of {} bits, {}; it answers {when}), and the hardware that Tern generated for it: an array of {} processing elements with {} lanes, {sums} on the {}.",
        network.input_size,
        network.input_bits,
        parts.join(", "),
        array.pes(),
        array.lanes,
        array.device
    )
}

fn layer(layer: &Layer) -> String {
    let hidden = match layer.hidden_bits {
        2 => "trits".to_owned(),
        bits => format!("integers of {bits} bits"),
    };
    let gates = match layer.gate_frac {
        0 => "ternary gates (F = 0)".to_owned(),
        bits => format!("gates with {bits} fraction bits"),
    };
    format!(
        "{}: {} units, hidden states are {hidden}, {gates}",
        layer.kind.to_uppercase(),
        layer.units
    )
}

fn tile(value: impl Into<String>, label: &str, note: impl Into<String>) -> Tile {
    Tile {
        value: value.into(),
        label: label.to_owned(),
        note: note.into(),
    }
}

/// A figure that nobody measured.
fn unmeasured(label: &str, note: &str) -> Tile {
    tile("–", label, note)
}

/// `98.67 %`.
pub fn percent(part: usize, all: usize) -> String {
    format!("{:.2} %", 100.0 * part as f64 / all.max(1) as f64)
}

/// How right the network is, measured or as its file says.
pub fn accuracy_tile(core: &Core) -> Tile {
    let Some(accuracy) = &core.accuracy else {
        return unmeasured("accuracy", "not measured");
    };
    if let Some(classes) = &accuracy.classes {
        let (correct, total) = (classes.correct(), classes.total());
        let note = format!(
            "{correct} of {total} {}, measured in integers",
            classes.what
        );
        return tile(percent(correct, total), "accuracy", note);
    }
    match (&accuracy.perplexity, accuracy.claimed) {
        (Some(measured), _) => {
            let note = format!("of {} tokens, measured in integers", measured.tokens);
            tile(format!("{:.3}", measured.perplexity), "perplexity", note)
        }
        (None, Some(claim)) => {
            let note = format!(
                "{} of {} by the model file, not measured again",
                claim.correct, claim.of
            );
            tile(percent(claim.correct, claim.of), "accuracy", note)
        }
        (None, None) => unmeasured("accuracy", "not measured"),
    }
}

/// The time of a step, in cycles where no clock is known.
pub fn time(core: &Core) -> Tile {
    let (cycles, mean) = (&core.cycles, core.cycles.mean());
    let events = match cycles.known() {
        Some(recorded) => format!(", at most {} in 99 of 100 steps", recorded.percentile_99),
        None => String::new(),
    };
    match &core.routed {
        Some(routed) => tile(
            format!("{} µs", short(mean / routed.median_fmax_mhz)),
            "time step",
            format!("{} cycles at the median clock{events}", short(mean)),
        ),
        None => tile(
            format!("{} cycles", short(mean)),
            "time step",
            format!("exact cycle model{events}"),
        ),
    }
}

/// Logic of the routed core, or by estimate.
pub fn size(core: &Core) -> Tile {
    let rams = core.memories.rams(Home::BlockRam);
    let there = core.array.device_luts;
    let of = there.map_or(String::new(), |luts| format!("of {luts}, "));
    match &core.routed {
        Some(routed) => tile(
            routed.logic_cells.to_string(),
            "logic cells",
            format!("{of}and {} block RAMs", routed.block_rams),
        ),
        None => tile(
            core.array.logic_cells_estimated.to_string(),
            "logic cells",
            format!("{of}by estimate, and {rams} block RAMs"),
        ),
    }
}

/// The clock of the routed core.
pub fn clock(core: &Core) -> Tile {
    match &core.routed {
        Some(routed) => tile(
            format!("{} MHz", short(routed.median_fmax_mhz)),
            "clock",
            match routed.seeds.len() {
                1 => "one seed of the placer".to_owned(),
                seeds => format!("median of {seeds} seeds of the placer"),
            },
        ),
        None => unmeasured("clock", "not routed"),
    }
}

/// Differences from the golden model.
pub fn proof(core: &Core) -> Tile {
    match &core.verified {
        Some(verified) => {
            let names = verified.executors.iter().skip(1);
            let names: Vec<&str> = names.map(|tally| tally.executor.as_str()).collect();
            let reference = verified
                .executors
                .first()
                .map_or("golden", |tally| &tally.executor);
            tile(
                verified.differences().to_string(),
                "differences",
                format!("of {} from {reference}", names.join(", ")),
            )
        }
        None => unmeasured("differences", "not verified"),
    }
}

fn confusion(classes: &Classes) -> Vec<Vec<Cell>> {
    let cell = |row: usize, column: usize, count: usize| Cell {
        count,
        kind: match (count, row == column) {
            (0, _) => "none",
            (_, true) => "hit",
            (_, false) => "miss",
        },
    };
    let rows = classes.confusion.iter().enumerate();
    rows.map(|(row, counts)| {
        let counts = counts.iter().enumerate();
        counts
            .map(|(column, count)| cell(row, column, *count))
            .collect()
    })
    .collect()
}
