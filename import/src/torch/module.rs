//! Modules of a state dict: LSTM, GRU and their cells by the names of their tensors, and a linear head.

use std::collections::BTreeMap;

use tern_model::network::{CellKind, Output};

use super::state::StateDict;
use crate::error::{ImportError, refuse};
use crate::network::rows::gates;
use crate::network::{Finish, Head, Layer, Linear, Parameters};
use crate::part::{Contents, Part, Whole};

/// Names of the tensors of a layer.
const TENSORS: [&str; 5] = ["weight_ih", "weight_hh", "bias_ih", "bias_hh", "weight_hr"];

/// The tensors of a recurrent module: its layers from the input up, each with the entry of each of [`TENSORS`].
struct Module {
    name: String,
    is_cell: bool,
    layers: BTreeMap<usize, [Option<usize>; 5]>,
    /// A tensor of the way back.
    reverse: Option<usize>,
}

/// What the name of a tensor says: its module, its place in [`TENSORS`], its layer, and whether it is of the way back.
fn parse(name: &str) -> Option<(&str, usize, Option<usize>, bool)> {
    let (module, leaf) = match name.rsplit_once('.') {
        Some((module, leaf)) => (module, leaf),
        None => ("", name),
    };
    let (place, rest) = TENSORS
        .iter()
        .enumerate()
        .find_map(|(place, tensor)| Some((place, leaf.strip_prefix(tensor)?)))?;
    let (rest, is_reverse) = match rest.strip_suffix("_reverse") {
        Some(rest) => (rest, true),
        None => (rest, false),
    };
    let layer = match rest {
        "" => None,
        layer => Some(layer.strip_prefix("_l")?.parse().ok()?),
    };
    Some((module, place, layer, is_reverse))
}

/// The parts of a state dict and, where it has one module and at most one head, the network.
pub(super) fn contents(state: &dyn StateDict) -> Contents {
    let entries = state.entries();
    let mut modules: Vec<Module> = Vec::new();
    let mut others = Vec::new();
    let mut places: BTreeMap<(&str, bool), usize> = BTreeMap::new();
    for (entry, tensor) in entries.iter().enumerate() {
        let Some((name, place, layer, is_reverse)) = parse(&tensor.name) else {
            others.push(entry);
            continue;
        };
        let is_cell = layer.is_none();
        let position = *places.entry((name, is_cell)).or_insert_with(|| {
            modules.push(Module {
                name: name.to_owned(),
                is_cell,
                layers: BTreeMap::new(),
                reverse: None,
            });
            modules.len() - 1
        });
        let module = &mut modules[position];
        match is_reverse {
            true => module.reverse = Some(entry),
            false => {
                let tensors = module.layers.entry(layer.unwrap_or(0)).or_default();
                tensors[place] = Some(entry);
            }
        }
    }
    let parts: Vec<Part> = modules.iter().map(|module| part(module, state)).collect();
    let whole = whole(&parts, &modules, &others, state);
    Contents { parts, whole }
}

fn part(module: &Module, state: &dyn StateDict) -> Part {
    let kind = kind(module, state);
    let shape = |place: usize| {
        let entry = module.layers.get(&0)?[place]?;
        match state.entries()[entry].shape[..] {
            [rows, columns] => Some([rows, columns]),
            _ => None,
        }
    };
    let known = match kind {
        Some(CellKind::Lstm) => "LSTM",
        Some(CellKind::Gru) => "GRU",
        None => "RNN",
    };
    let suffix = if module.is_cell { "Cell" } else { "" };
    let name = match module.name.as_str() {
        "" => known.to_lowercase(),
        name => name.to_owned(),
    };
    let sizes = shape(0).zip(shape(1));
    Part {
        name,
        kind: format!("{known}{suffix}"),
        sizes: sizes.map(|([_, inputs], [_, units])| [inputs, units]),
        layers: layers(module, kind, state),
        notes: vec![],
    }
}

/// LSTM or GRU, as the rows of a gate say; nothing of others.
fn kind(module: &Module, state: &dyn StateDict) -> Option<CellKind> {
    let first = module.layers.values().next()?;
    let shape = |place: usize| first[place].map(|entry| &state.entries()[entry].shape[..]);
    // A projection makes the hidden state narrower than the units.
    let units = match (shape(4), shape(1)?) {
        (Some([_, units]), _) | (None, [_, units]) => *units,
        _ => return None,
    };
    let rows = *shape(1)?.first()?;
    let kinds = [CellKind::Lstm, CellKind::Gru];
    kinds
        .into_iter()
        .find(|kind| gates(*kind).checked_mul(units) == Some(rows) && units > 0)
}

fn layers(
    module: &Module,
    kind: Option<CellKind>,
    state: &dyn StateDict,
) -> Result<Vec<Layer>, ImportError> {
    let shown = |entry: usize| format!("tensor {}", state.entries()[entry].name);
    if let Some(entry) = module.reverse {
        return Err(ImportError::new(
            "the module is bidirectional, expected forward alone: Tern runs a sequence once, from its start",
        )
        .at(shown(entry)));
    }
    let mut layers: Vec<Layer> = Vec::new();
    for (position, (number, tensors)) in module.layers.iter().enumerate() {
        if let Some(entry) = tensors[4] {
            return Err(ImportError::new(
                "the module has a projection (proj_size), expected none: the hidden state of Tern is the output of its units",
            )
            .at(shown(entry)));
        }
        let Some(kind) = kind else {
            let rows = tensors[1].map(|entry| state.entries()[entry].shape.clone());
            return refuse(format!(
                "its weight_hh has the shape {:?}, expected 4 or 3 rows per column, as of LSTM or GRU",
                rows.unwrap_or_default()
            ));
        };
        let suffix = if module.is_cell {
            String::new()
        } else {
            format!("_l{number}")
        };
        if *number != position {
            return refuse(format!("its layer {position} is missing"));
        }
        let missing = |place: usize| {
            ImportError::new(format!("its tensor {}{suffix} is missing", TENSORS[place]))
        };
        let [Some(ih), Some(hh)] = [tensors[0], tensors[1]] else {
            let place = usize::from(tensors[0].is_some());
            return Err(missing(place));
        };
        let [input_size, hidden_size] = [ih, hh].map(|entry| {
            let shape = &state.entries()[entry].shape;
            shape.get(1).copied().unwrap_or(0)
        });
        if let Some(below) = layers.last()
            && below.hidden_size() != input_size
        {
            return refuse(format!(
                "its layer {number} takes {input_size} elements, expected {}, the units of the layer below",
                below.hidden_size()
            ));
        }
        crate::network::check_sizes([input_size, hidden_size])?;
        let rows = gates(kind) * hidden_size;
        let read = |entry: usize, expected: &[usize]| {
            let place = |error: ImportError| error.at(shown(entry));
            let shape = &state.entries()[entry].shape;
            if shape != expected {
                let sentence = format!("has the shape {shape:?}, expected {expected:?}");
                return Err(place(ImportError::new(sentence)));
            }
            let values = state.read(entry).map_err(place)?;
            match values.iter().all(|value| value.is_finite()) {
                true => Ok(values),
                false => Err(place(ImportError::new(
                    "has a value that is not finite, expected numbers",
                ))),
            }
        };
        let biases = match [tensors[2], tensors[3]] {
            [None, None] => [vec![0.0; rows], vec![0.0; rows]],
            [Some(ih), Some(hh)] => [read(ih, &[rows])?, read(hh, &[rows])?],
            [ih, _] => return Err(missing(if ih.is_none() { 2 } else { 3 })),
        };
        let [bias_ih, bias_hh] = biases;
        let parameters = Parameters {
            weight_ih: read(ih, &[rows, input_size])?,
            weight_hh: read(hh, &[rows, hidden_size])?,
            bias_ih,
            bias_hh,
        };
        layers.push(Layer::new(kind, [input_size, hidden_size], parameters)?);
    }
    match layers.is_empty() {
        true => refuse("it has no layer"),
        false => Ok(layers),
    }
}

fn whole(
    parts: &[Part],
    modules: &[Module],
    others: &[usize],
    state: &dyn StateDict,
) -> Result<Whole, ImportError> {
    let part = match parts {
        [] => {
            return refuse(
                "it has no LSTM or GRU, expected tensors such as lstm.weight_ih_l0 or cell.weight_ih",
            );
        }
        [part] => part,
        several => {
            let names: Vec<&str> = several.iter().map(|part| part.name.as_str()).collect();
            return refuse(format!(
                "it has the recurrent modules {}, and a state dict does not say how they are joined; --node takes one out, and an ONNX file says it",
                names.join(", ")
            ));
        }
    };
    let layers = part.clone().taken()?;
    let [Some(bottom), Some(top)] = [layers.first(), layers.last()] else {
        return refuse("it has no layer");
    };
    let head = head(top.hidden_size(), bottom.input_size(), others, state)?;
    if let Some((head, weight)) = &head {
        let last_recurrent = modules[0].layers.values().flatten().flatten().max();
        let is_behind = state.is_ordered() && last_recurrent.is_some_and(|last| last < weight);
        if head.linear.output_size() == bottom.input_size() && !is_behind {
            return refuse(format!(
                "tensor {}: the layer fits in front of {} as well as behind it, and the file does not say where it is; --node takes the recurrent module alone, and a .pt or ONNX file says it",
                state.entries()[*weight].name,
                part.name
            ));
        }
    }
    Ok(Whole {
        chain: vec![0],
        scaling: None,
        head: head.map(|(head, _)| head),
        output: Output::Every,
    })
}

/// The one linear layer on `units` hidden states, with the entry of its weights.
fn head(
    units: usize,
    inputs: usize,
    others: &[usize],
    state: &dyn StateDict,
) -> Result<Option<(Head, usize)>, ImportError> {
    let entries = state.entries();
    let is_weight = |entry: &&usize| {
        let tensor = &entries[**entry];
        (tensor.name == "weight" || tensor.name.ends_with(".weight"))
            && matches!(tensor.shape[..], [_, columns] if columns == units)
    };
    let weights: Vec<usize> = others.iter().filter(is_weight).copied().collect();
    let (weight, bias) = match weights[..] {
        [] => (None, None),
        [weight] => {
            let name = &entries[weight].name;
            let bias = format!("{}bias", name.strip_suffix("weight").unwrap_or(name));
            let bias = others.iter().find(|entry| entries[**entry].name == bias);
            (Some(weight), bias.copied())
        }
        [first, second, ..] => {
            return refuse(format!(
                "tensors {} and {} both fit as a head on {units} units, expected one; --node takes the recurrent module alone",
                entries[first].name, entries[second].name
            ));
        }
    };
    let is_left = |entry: &&usize| Some(**entry) != weight && Some(**entry) != bias;
    if let Some(entry) = others.iter().find(is_left) {
        let tensor = &entries[*entry];
        return refuse(format!(
            "tensor {} of shape {:?} is no part of a recurrent module of {inputs} inputs or of a linear head on {units} units; --node takes the recurrent module alone",
            tensor.name, tensor.shape
        ));
    }
    let Some(weight) = weight else {
        return Ok(None);
    };
    let tensor = &entries[weight];
    let place = |error: ImportError| error.at(format!("tensor {}", tensor.name));
    let outputs = tensor.shape[0];
    let bias = match bias {
        None => vec![0.0; outputs.min(crate::network::LARGEST)],
        Some(bias) => state.read(bias).map_err(place)?,
    };
    let values = state.read(weight).map_err(place)?;
    let linear = Linear::new([units, outputs], values, bias).map_err(place)?;
    let name = tensor.name.strip_suffix(".weight").unwrap_or("head");
    let head = Head {
        name: name.to_owned(),
        linear,
        finish: Finish::Linear,
    };
    Ok(Some((head, weight)))
}
