//! The networks of a sweep.

use std::path::{Path, PathBuf};

use tern_compile::cycles::events::Activity;
use tern_gen_verilog::failure::Failure;
use tern_gen_verilog::folder::file_name;
use tern_model::file::read_bytes;
use tern_model::network::{CellKind, Layer, Model, Output};

use super::file::{Fields, WrittenNetwork, WrittenRandom};
use crate::digest::sha256;
use crate::network::random::{MOST, Sizes};

/// A network of a sweep.
pub struct Network {
    /// Its name in the sweep, one that a file may have.
    pub name: String,
    /// Its file; none of a random network.
    pub file: Option<PathBuf>,
    /// The network.
    pub model: Model,
    /// How much happens in it, where its file says so.
    pub activity: Option<Activity>,
    /// SHA-256 of the model file, in hexadecimal.
    pub sha256: String,
}

/// Reads or makes every network; model files are sought from the folder of the sweep file.
///
/// # Errors
/// When a field is wrong, a model file cannot be used, or two networks have one name.
pub fn read(written: &[WrittenNetwork], fields: Fields) -> Result<Vec<Network>, Failure> {
    if written.is_empty() {
        return Err(fields.wrong("networks", "empty", "at least one"));
    }
    let mut networks: Vec<Network> = vec![];
    for (k, entry) in written.iter().enumerate() {
        let network = network(entry, &format!("networks[{k}]"), fields)?;
        let same = |other: &Network| other.name == network.name;
        if let Some(first) = networks.iter().position(same) {
            return Err(fields.wrong(
                &format!("networks[{k}].name"),
                format!("\"{}\"", network.name),
                format!("another than that of networks[{first}]"),
            ));
        }
        networks.push(network);
    }
    Ok(networks)
}

fn network(written: &WrittenNetwork, field: &str, fields: Fields) -> Result<Network, Failure> {
    let refuse = |error: &dyn std::fmt::Display| {
        Failure::input(format!("{}: {field}: {error}", fields.file.display()))
    };
    let (name, file, bytes) = match (&written.model, &written.random) {
        (Some(model), None) => {
            let path = fields.file.parent().unwrap_or(Path::new("")).join(model);
            let bytes = read_bytes(&path)
                .map_err(|error| refuse(&format!("{}: cannot be read: {error}", path.display())))?;
            let name = path.file_stem().unwrap_or_default().to_string_lossy();
            (name.into_owned(), Some(path), bytes)
        }
        (None, Some(random)) => {
            let sizes = sizes(random, &format!("{field}.random"), fields)?;
            let bytes = sizes.model().to_bytes().map_err(|error| refuse(&error))?;
            (name_of(&sizes), None, bytes)
        }
        (both, _) => {
            let found = if both.is_some() { "both" } else { "neither" };
            let expected = "either a model file or the sizes of a random network";
            return Err(fields.wrong(&format!("{field}.model and .random"), found, expected));
        }
    };
    let name = match &written.name {
        None => file_name(&name),
        Some(name) if !name.is_empty() && file_name(name) == *name => name.clone(),
        Some(name) => {
            let expected = "at most 100 letters, digits and characters of \"._-\", not a dot first";
            return Err(fields.wrong(&format!("{field}.name"), format!("\"{name}\""), expected));
        }
    };
    let of_file = |error: &dyn std::fmt::Display| match &file {
        Some(path) => refuse(&format!("{}: {error}", path.display())),
        None => refuse(error),
    };
    let model = Model::from_bytes(&bytes).map_err(|error| of_file(&error))?;
    Ok(Network {
        name,
        activity: Activity::recorded(&model).map_err(|error| of_file(&error))?,
        model,
        sha256: sha256(&bytes),
        file,
    })
}

/// The sizes of a random network, in the ranges of `tern random`.
fn sizes(written: &WrittenRandom, field: &str, fields: Fields) -> Result<Sizes, Failure> {
    let size = |name: &str, value| fields.number(&format!("{field}.{name}"), value, 1..=MOST);
    let bits = |name: &str, value: Option<i64>, default: i64, least: u32| {
        let value = value.unwrap_or(default);
        fields.number(&format!("{field}.{name}"), value, least..=8)
    };
    if written.hidden_size.is_empty() {
        return Err(fields.wrong(&format!("{field}.hidden_size"), "empty", "a size per layer"));
    }
    let layers = written.hidden_size.iter().enumerate();
    let layers = layers.map(|(k, units)| size(&format!("hidden_size[{k}]"), *units));
    Ok(Sizes {
        input_size: size("input_size", written.input_size)?,
        input_bits: bits("input_bits", written.input_bits, 2, 2)?,
        hidden_size: layers.collect::<Result<_, _>>()?,
        cell: match written.cell.as_deref() {
            None | Some("lstm") => CellKind::Lstm,
            Some("gru") => CellKind::Gru,
            Some(cell) => {
                let (field, value) = (format!("{field}.cell"), format!("\"{cell}\""));
                return Err(fields.wrong(&field, value, "\"lstm\" or \"gru\""));
            }
        },
        outputs: written.outputs.map(|n| size("outputs", n)).transpose()?,
        output: match written.every {
            Some(true) => Output::Every,
            _ => Output::Last,
        },
        gate_frac: bits("gate_frac", written.gate_frac, 7, 0)?,
        hidden_bits: bits("hidden_bits", written.hidden_bits, 2, 2)?,
        seed: fields.number(
            &format!("{field}.seed"),
            written.seed.unwrap_or(1),
            0..=i64::MAX as u64,
        )?,
    })
}

/// Kind and sizes, such as `lstm-16-32-10`.
fn name_of(sizes: &Sizes) -> String {
    let kind = match sizes.cell {
        CellKind::Lstm => "lstm",
        CellKind::Gru => "gru",
    };
    let numbers = [sizes.input_size].into_iter();
    let numbers = numbers.chain(sizes.hidden_size.iter().copied());
    let numbers = numbers.chain(sizes.outputs);
    numbers.fold(kind.to_owned(), |name, number| format!("{name}-{number}"))
}

impl Network {
    /// Kinds and sizes of its layers, from the input up.
    pub fn layers(&self) -> String {
        let layers = self.model.layers.iter().map(|layer| match layer {
            Layer::Lstm(_) => format!(" → LSTM {}", layer.output_size()),
            Layer::Gru(_) => format!(" → GRU {}", layer.output_size()),
            Layer::Linear(_) => format!(" → linear {}", layer.output_size()),
        });
        format!("{}{}", self.model.input_size, layers.collect::<String>())
    }
}
