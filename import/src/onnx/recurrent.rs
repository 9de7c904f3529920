//! LSTM and GRU nodes: what is honoured and what is refused.

use tern_model::network::CellKind;

use super::proto::schema::Node;
use super::value::Value;
use crate::budget::Budget;
use crate::error::{ImportError, refuse};
use crate::network::rows::{gates, onnx, reordered};
use crate::network::{Layer, Parameters};
use crate::part::Part;
use crate::tensor::Tensor;

/// Places of the inputs.
const X: usize = 0;
const W: usize = 1;
const R: usize = 2;
const B: usize = 3;
const SEQUENCE_LENS: usize = 4;
const INITIAL_H: usize = 5;
const INITIAL_C: usize = 6;
const PEEPHOLES: usize = 7;

/// The kind of a recurrent node that can be taken.
pub(super) fn kind(node: &Node) -> Option<CellKind> {
    match (node.domain, node.operator) {
        ("" | "ai.onnx", "LSTM") => Some(CellKind::Lstm),
        ("" | "ai.onnx", "GRU") => Some(CellKind::Gru),
        _ => None,
    }
}

/// Whether a node is recurrent but of a kind that is not taken.
pub(super) fn is_other(node: &Node) -> bool {
    let known = [
        "RNN",
        "QuantLSTMCell",
        "DynamicQuantizeLSTM",
        "AttnLSTM",
        "QLSTM",
        "QGRU",
    ];
    known.contains(&node.operator)
}

/// The part that a recurrent node is.
pub(super) fn part(node: &Node, kind: Option<CellKind>, inputs: &[Value], budget: &Budget) -> Part {
    let mut notes = Vec::new();
    let layers = match kind {
        Some(kind) => {
            let layer = check(node, kind, inputs, &mut notes);
            layer
                .and_then(|()| layer_of(node, kind, inputs, budget))
                .map(|layer| vec![layer])
        }
        None => refuse("its kind is not known to Tern, expected LSTM or GRU"),
    };
    Part {
        name: node.title().to_owned(),
        kind: node.operator.to_owned(),
        sizes: sizes(node, inputs),
        layers,
        notes,
    }
}

/// Inputs and units, as the shapes of the weights say them.
fn sizes(node: &Node, inputs: &[Value]) -> Option<[usize; 2]> {
    let last = |place: usize| match inputs.get(place) {
        Some(Value::Known(tensor)) => tensor.shape().last().copied(),
        _ => None,
    };
    let hidden = node.attribute("hidden_size").and_then(|size| size.int);
    let hidden = hidden.and_then(|size| usize::try_from(size).ok());
    Some([last(W)?, last(R).or(hidden)?])
}

/// Refuses what Tern does not compute; notes what is taken for granted.
fn check(
    node: &Node,
    kind: CellKind,
    inputs: &[Value],
    notes: &mut Vec<String>,
) -> Result<(), ImportError> {
    let is_given = |place: usize| !node.input(place).is_empty();
    let direction = node.text("direction", "forward")?;
    if direction != "forward" {
        return refuse(format!(
            "its direction is {direction}, expected forward: Tern runs a sequence once, from its start"
        ));
    }
    activations(node, kind)?;
    if let Some(clip) = node.attribute("clip").and_then(|clip| clip.float)
        && clip < f32::MAX
    {
        return refuse(format!("its clip is {clip}, expected none"));
    }
    if node.int("input_forget", 0) != 0 {
        return refuse("its input_forget is 1, expected 0: Tern's input and forget gates are two");
    }
    let layout = node.int("layout", 0);
    if !matches!(layout, 0 | 1) {
        return refuse(format!("its layout is {layout}, expected 0 or 1"));
    }
    if kind == CellKind::Gru && node.int("linear_before_reset", 0) == 0 {
        return refuse(
            "its linear_before_reset is 0, expected 1: Tern's reset gate acts after the recurrent product, as that of PyTorch \
             does; a GRU of PyTorch that was exported with 0 is a fault of that exporter, expected another version of it",
        );
    }
    if is_given(SEQUENCE_LENS) {
        return refuse(format!(
            "its sequence_lens is {}, expected none: a sequence is run to its end",
            node.input(SEQUENCE_LENS)
        ));
    }
    if is_given(PEEPHOLES) {
        match inputs.get(PEEPHOLES) {
            Some(Value::Known(tensor)) if tensor.is_zero() => (),
            _ => {
                return refuse(format!(
                    "its peepholes P are {}, expected none or zeros",
                    node.input(PEEPHOLES)
                ));
            }
        }
    }
    for (place, what) in [(INITIAL_H, "initial_h"), (INITIAL_C, "initial_c")] {
        let Some(value) = inputs.get(place).filter(|_| is_given(place)) else {
            continue;
        };
        match value.zero_state() {
            Ok(None) => (),
            Ok(Some(input)) => notes.push(format!(
                "{what} is from the input {input} of the graph, which is zero at the start of a sequence"
            )),
            Err(why) => {
                return refuse(format!(
                    "its {what} {why}, expected zeros: Tern's states are zero at the start of a sequence"
                ));
            }
        }
    }
    Ok(())
}

/// Refuses other activations than the usual ones.
fn activations(node: &Node, kind: CellKind) -> Result<(), ImportError> {
    let usual: &[&str] = match kind {
        CellKind::Lstm => &["Sigmoid", "Tanh", "Tanh"],
        CellKind::Gru => &["Sigmoid", "Tanh"],
    };
    let found = node.texts("activations");
    let same = found.len() == usual.len()
        && found
            .iter()
            .zip(usual)
            .all(|(found, usual)| found.eq_ignore_ascii_case(usual));
    if !found.is_empty() && !same {
        return refuse(format!(
            "its activations are {}, expected {}",
            found.join(", "),
            usual.join(", ")
        ));
    }
    for name in ["activation_alpha", "activation_beta"] {
        if node
            .attribute(name)
            .is_some_and(|list| !list.floats.is_empty())
        {
            return refuse(format!("its {name} is given, expected none"));
        }
    }
    Ok(())
}

fn layer_of(
    node: &Node,
    kind: CellKind,
    inputs: &[Value],
    budget: &Budget,
) -> Result<Layer, ImportError> {
    let [w, r] = [
        constant(node, "W", W, inputs)?,
        constant(node, "R", R, inputs)?,
    ];
    let gates = gates(kind);
    let [1, rows, input_size] = *w.shape() else {
        return wrong_shape("W", w, "[1, gates * hidden, input]");
    };
    let [1, r_rows, hidden_size] = *r.shape() else {
        return wrong_shape("R", r, "[1, gates * hidden, hidden]");
    };
    let declared = node.int("hidden_size", hidden_size as i64);
    if declared != hidden_size as i64 {
        return refuse(format!(
            "its hidden_size is {declared}, expected {hidden_size} as in the shape of R"
        ));
    }
    crate::network::check_sizes([input_size, hidden_size])?;
    let expected = gates * hidden_size;
    if rows != expected || r_rows != expected {
        return refuse(format!(
            "W and R have {rows} and {r_rows} rows, expected {expected}, {gates} gates of {hidden_size} units"
        ));
    }
    budget.take(w.real()?.len() + r.real()?.len() + 2 * expected)?;
    let order = onnx(kind);
    let (bias_ih, bias_hh) = match node.input(B) {
        "" => (vec![0.0; expected], vec![0.0; expected]),
        _ => {
            let b = constant(node, "B", B, inputs)?;
            if *b.shape() != [1, 2 * expected] {
                return wrong_shape("B", b, &format!("[1, {}]", 2 * expected));
            }
            let (input, hidden) = b.real()?.split_at(expected);
            (reordered(input, order), reordered(hidden, order))
        }
    };
    let parameters = Parameters {
        weight_ih: reordered(w.real()?, order),
        weight_hh: reordered(r.real()?, order),
        bias_ih,
        bias_hh,
    };
    Layer::new(kind, [input_size, hidden_size], parameters)
}

fn constant<'v>(
    node: &Node,
    what: &str,
    place: usize,
    inputs: &'v [Value],
) -> Result<&'v Tensor, ImportError> {
    match inputs.get(place) {
        Some(Value::Known(tensor)) => {
            tensor.real().map_err(|error| error.at(node.input(place)))?;
            Ok(tensor)
        }
        Some(Value::Broken(why)) => refuse(format!("its {what} cannot be had: {why}")),
        Some(other) => refuse(format!(
            "its {what} comes from {}, expected a constant",
            other.origin()
        )),
        None => refuse(format!("its {what} is missing")),
    }
}

fn wrong_shape<T>(what: &str, tensor: &Tensor, expected: &str) -> Result<T, ImportError> {
    refuse(format!(
        "its {what} has the shape {:?}, expected {expected}",
        tensor.shape()
    ))
}

/// The data that a node takes.
pub(super) fn data(inputs: &[Value]) -> Option<&Value> {
    inputs.get(X)
}
