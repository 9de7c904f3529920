//! From a network of another tool to a run that training goes on from.

use std::path::{Path, PathBuf};

use serde_json::json;
use tern_gen_verilog::console;
use tern_gen_verilog::failure::Failure;
use tern_gen_verilog::shell;
use tern_import::network::{Finish, Layer, Network};
use tern_model::file::write_atomic;
use tern_model::network::{CellKind, Gate, GruGate};
use tern_train::classify::{Data, Given, GivenLayer, Outcome, Recipe, settle, untrained};

use crate::network::train::log::{RECIPE, checkpoint};
use crate::network::train::options::own_recipe;
use crate::network::train::session::{self, Existing};
use crate::progress;

/// Writes the run of `network` on the sequences of a folder, and the recipe of the ternary network that follows.
pub fn execute(
    network: &Network,
    dir: &Path,
    out: PathBuf,
    existing: Existing,
) -> Result<(), Failure> {
    let given = given(network)?;
    let [full, ternary] = recipes(network)?;
    let parse = |text: &str| Recipe::parse(text, Path::new(RECIPE)).map_err(Failure::input);
    let recipe = Recipe {
        epochs: 1,
        updates: None,
        ..parse(&full)?
    };
    let follows = parse(&ternary)?;
    let data = Data::read(&recipe, dir).map_err(Failure::input)?;
    fits(network, &data, dir)?;
    session::beside(&out, dir)?;
    let folder = session::folder(&out, existing)?;
    progress::warn(&data.notes);
    console::note(&format!(
        "note: the outputs stand for the labels in this order: {}",
        data.labels().join(", ")
    ));
    let file = checkpoint(&folder.path);
    let whole = settle(&recipe, &data, &given, &file).map_err(Failure::input)?;
    let plain = untrained(&follows, &data, &file).map_err(Failure::input)?;
    let place = folder.path.join(RECIPE);
    write_atomic(&place, ternary.as_bytes()).map_err(|error| {
        Failure::input(format!("{}: cannot be written: {error}", place.display()))
    })?;
    let (run, dir) = (shell::path(&out), shell::path(dir));
    let recipe = shell::path(&out.join(RECIPE));
    let files = [file, place];
    let shown = files.each_ref().map(|file| file.display());
    let [whole, plain] = [whole.test, plain.test];
    console::summary(
        || {
            format!(
                "wrote {}, {}: test {} of {} right in full precision, {} of {} with ternary numbers and no training\n\
                 next: tern train folder {dir} --recipe {recipe} --warm-start {run} --teacher {run}\n",
                shown[0], shown[1], whole.correct, whole.of, plain.correct, plain.of
            )
        },
        || {
            let figures = |outcome: Outcome| json!({"correct": outcome.correct, "of": outcome.of});
            json!({"wrote": files, "full_precision": figures(whole), "ternary_without_training": figures(plain)})
        },
    )
}

/// Checks that a network tells the labels of a folder apart by its features.
fn fits(network: &Network, data: &Data, dir: &Path) -> Result<(), Failure> {
    let outputs = network
        .head
        .as_ref()
        .map_or(0, |head| head.linear.output_size());
    let sizes = [
        (
            "input size",
            network.input_size(),
            data.input_size(),
            "features",
        ),
        ("number of outputs", outputs, data.labels().len(), "labels"),
    ];
    match sizes
        .into_iter()
        .find(|(_, own, expected, _)| own != expected)
    {
        None => Ok(()),
        Some((what, own, expected, of)) => Err(Failure::input(format!(
            "{}: the {what} of the network is {own}, expected {expected}, the {of} of the folder",
            dir.display()
        ))),
    }
}

/// The network as training takes it: layers of one kind and size under a head.
fn given(network: &Network) -> Result<Given, Failure> {
    let refuse = |what: String| Err(Failure::input(format!("the network {what}")));
    let Some(head) = &network.head else {
        return refuse("has no linear head, expected one with an output per label".to_owned());
    };
    if head.finish == Finish::Sigmoid {
        return refuse(
            "ends in a sigmoid, expected outputs of which the largest is the label".to_owned(),
        );
    }
    let first = &network.layers[0];
    let (cell, units) = (first.kind(), first.hidden_size());
    for layer in &network.layers {
        if layer.kind() != cell || layer.hidden_size() != units {
            return refuse(format!(
                "has layers of {units} and of {} units, expected layers of one kind and size to train",
                layer.hidden_size()
            ));
        }
    }
    let mut layers: Vec<GivenLayer> = network.layers.iter().map(layer_of).collect();
    if let Some(scaling) = &network.scaling {
        let rows = layers[0].weight_ih.chunks_mut(network.input_size());
        let mut shifts = Vec::new();
        for row in rows {
            let constants = row.iter().zip(&scaling.offset);
            shifts.push(
                constants
                    .map(|(weight, offset)| weight * offset)
                    .sum::<f64>(),
            );
            let factors = row.iter_mut().zip(&scaling.factor);
            factors.for_each(|(weight, factor)| *weight *= factor);
        }
        let biases = layers[0].bias.iter_mut().zip(shifts);
        biases.for_each(|(bias, shift)| *bias += shift);
    }
    Ok(Given {
        cell,
        units,
        layers,
        weight: head.linear.weight().to_vec(),
        bias: head.linear.bias().to_vec(),
    })
}

/// A layer with one bias per gate, but for the candidate of a GRU, which has two.
fn layer_of(layer: &Layer) -> GivenLayer {
    let parameters = layer.parameters();
    let joined = match layer.kind() {
        CellKind::Lstm => Gate::ORDER.len(),
        CellKind::Gru => GruGate::New.index(),
    };
    let (ih, hh) = (&parameters.bias_ih, &parameters.bias_hh);
    let sum = |row: usize| f64::from(ih[row]) + f64::from(hh[row]);
    let joined = joined * layer.hidden_size();
    let rest = ih[joined..].iter().chain(&hh[joined..]);
    let bias = (0..joined).map(sum);
    GivenLayer {
        weight_ih: parameters
            .weight_ih
            .iter()
            .copied()
            .map(f64::from)
            .collect(),
        weight_hh: parameters.weight_hh.clone(),
        bias: bias.chain(rest.copied().map(f64::from)).collect(),
    }
}

/// The program's own recipes for a folder, in full precision and ternary, with the layers and units of a network.
fn recipes(network: &Network) -> Result<[String; 2], Failure> {
    let first = &network.layers[0];
    let (cell, units) = (first.kind().name(), first.hidden_size());
    let layers = network.layers.len();
    let recipe = |numbers: &str| -> Result<String, Failure> {
        let own = own_recipe(&format!("folder-{cell}-{numbers}"))?;
        let line = |line: &str| match line.split_whitespace().next() {
            Some("units") => format!("units = {units}\nlayers = {layers}\n"),
            Some("#") => format!(
                "# The recipe folder-{cell}-{numbers} with the sizes of an imported network.\n"
            ),
            _ => format!("{line}\n"),
        };
        Ok(own.lines().map(line).collect())
    };
    Ok([recipe("full")?, recipe("f7")?])
}
