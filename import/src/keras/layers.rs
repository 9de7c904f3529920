//! Layers of Keras: recurrent ones, a dense head, and what may stand around them.

use serde_json::Value;
use tern_model::network::{CellKind, Output};

use super::config::{Chain, Entry, text};
use super::hdf5::Hdf5;
use crate::error::{ImportError, refuse};
use crate::network::rows::{gates, keras, reordered, transposed};
use crate::network::{Finish, Head, Layer, Linear, Parameters, Scaling};
use crate::part::{Contents, Part, Whole};

/// Layers that do nothing after training.
const IDLE: [&str; 4] = [
    "Dropout",
    "SpatialDropout1D",
    "GaussianNoise",
    "GaussianDropout",
];
/// Recurrent layers that are refused.
const OTHERS: [&str; 6] = [
    "Bidirectional",
    "SimpleRNN",
    "RNN",
    "ConvLSTM1D",
    "ConvLSTM2D",
    "ConvLSTM3D",
];

/// The network as far as the layers were read.
#[derive(Default)]
struct Reading {
    parts: Vec<Part>,
    scaling: Option<Scaling>,
    head: Option<Head>,
    is_last: bool,
    broken: Option<ImportError>,
}

/// The parts of a model and the network that it is.
///
/// # Errors
/// When a weight that a layer needs is missing.
pub(super) fn contents(chain: &Chain, weights: &Hdf5) -> Result<Contents, ImportError> {
    let mut reading = Reading {
        broken: chain.broken.clone(),
        ..Reading::default()
    };
    for layer in &chain.layers {
        let step = reading.add(layer, weights);
        if let Err(error) = step
            && reading.broken.is_none()
        {
            let place = format!("layer {} ({})", layer.name, layer.class);
            reading.broken = Some(error.at(place));
        }
    }
    let Reading {
        parts,
        scaling,
        head,
        is_last,
        broken,
    } = reading;
    let inputs = parts
        .first()
        .and_then(|part| part.sizes)
        .map_or(0, |[inputs, _]| inputs);
    let scaling = scaling
        .map(|scaling| scaling.of_features(inputs))
        .transpose();
    let (scaling, broken) = match scaling {
        Ok(scaling) => (scaling, broken),
        Err(error) => (None, broken.or(Some(error))),
    };
    let refused = parts.iter().find_map(|part| part.clone().taken().err());
    let whole = match (refused.or(broken), parts.is_empty()) {
        (Some(error), _) => Err(error),
        (None, true) => refuse("it has no LSTM or GRU layer"),
        (None, false) => Ok(Whole {
            chain: (0..parts.len()).collect(),
            scaling,
            head,
            output: if is_last { Output::Last } else { Output::Every },
        }),
    };
    Ok(Contents { parts, whole })
}

impl Reading {
    /// Adds a layer.
    ///
    /// # Errors
    /// Why the model is no network of Tern with it.
    fn add(&mut self, layer: &Entry, weights: &Hdf5) -> Result<(), ImportError> {
        let config = &layer.config;
        match layer.class.as_str() {
            "InputLayer" => Ok(()),
            class if IDLE.contains(&class) => Ok(()),
            "LSTM" => self.recurrent(layer, CellKind::Lstm, weights),
            "GRU" => self.recurrent(layer, CellKind::Gru, weights),
            class if OTHERS.contains(&class) => {
                let inner = text(&config["layer"], "class_name");
                self.parts.push(Part {
                    name: layer.name.clone(),
                    kind: format!("{class} {inner}").trim_end().to_owned(),
                    sizes: None,
                    layers: refuse(match class {
                        "Bidirectional" => {
                            "it is bidirectional, expected a layer that runs forward alone"
                        }
                        _ => "its class is not known to Tern, expected LSTM or GRU",
                    }),
                    notes: vec![],
                });
                Ok(())
            }
            "BatchNormalization" | "Rescaling" => self.scale(layer, weights),
            "Dense" => self.dense(layer, config, "vars", weights),
            "TimeDistributed" if text(&config["layer"], "class_name") == "Dense" => {
                self.dense(layer, &config["layer"]["config"], "layer/vars", weights)
            }
            "Softmax" => self.finish("softmax"),
            "Activation" => self.finish(text(config, "activation")),
            _ => refuse(
                "its class is none of a network of Tern, expected LSTM, GRU and a Dense head; --node takes a recurrent layer out",
            ),
        }
    }

    fn recurrent(
        &mut self,
        layer: &Entry,
        kind: CellKind,
        weights: &Hdf5,
    ) -> Result<(), ImportError> {
        let below = self.parts.last().and_then(|part| part.sizes);
        let is_behind = self.head.is_some() || (self.is_last && !self.parts.is_empty());
        let mut notes = Vec::new();
        if layer.config["stateful"] == true {
            notes.push(
                "it is stateful, and its state is zero at the start of a sequence".to_owned(),
            );
        }
        let shape =
            |number: u32| weights.shape(&format!("layers/{}/cell/vars/{number}", layer.place));
        let sizes = match (shape(0), shape(1)) {
            (Ok(kernel), Ok(recurrent)) => match (&kernel[..], &recurrent[..]) {
                ([inputs, _], [units, _]) => Some([*inputs, *units]),
                _ => None,
            },
            _ => None,
        };
        self.parts.push(Part {
            name: layer.name.clone(),
            kind: layer.class.clone(),
            sizes,
            layers: recurrent(layer, kind, weights).map(|layer| vec![layer]),
            notes,
        });
        self.is_last = layer.config["return_sequences"] != true;
        match (is_behind, below, sizes) {
            (true, ..) => refuse("it takes what is no sequence of hidden states"),
            (_, Some([_, units]), Some([inputs, _])) if units != inputs => {
                refuse(format!("it takes {inputs} elements, expected {units}"))
            }
            _ => Ok(()),
        }
    }

    fn scale(&mut self, layer: &Entry, weights: &Hdf5) -> Result<(), ImportError> {
        if !self.parts.is_empty() || self.scaling.is_some() {
            return refuse("it is not the first layer, expected one scaling of the input alone");
        }
        let config = &layer.config;
        let number = |key: &str| config[key].as_f64();
        if layer.class == "Rescaling" {
            let (Some(factor), Some(offset)) = (number("scale"), number("offset")) else {
                return refuse("its scale and offset are no numbers");
            };
            // As many as there are features.
            self.scaling = Some(Scaling {
                factor: vec![factor],
                offset: vec![offset],
            });
            return Ok(());
        }
        let mut place = 0;
        let mut next = || {
            let path = format!("layers/{}/vars/{place}", layer.place);
            place += 1;
            weights.read(&path).map(|(_, values)| values)
        };
        let gamma = (config["scale"] != false).then(&mut next).transpose()?;
        let beta = (config["center"] != false).then(&mut next).transpose()?;
        let (mean, variance) = (next()?, next()?);
        let size = mean.len();
        let all = [gamma.as_ref(), beta.as_ref(), Some(&variance)];
        if all.into_iter().flatten().any(|list| list.len() != size) {
            return refuse("its weights are of different sizes");
        }
        let epsilon = number("epsilon").unwrap_or(1e-3);
        let at = |list: &Option<Vec<f32>>, place: usize, default: f64| {
            list.as_ref().map_or(default, |list| list[place].into())
        };
        let factor = |k: usize| at(&gamma, k, 1.0) / (f64::from(variance[k]) + epsilon).sqrt();
        let factor: Vec<f64> = (0..size).map(factor).collect();
        let offset = |k: usize| at(&beta, k, 0.0) - f64::from(mean[k]) * factor[k];
        let offset: Vec<f64> = (0..size).map(offset).collect();
        if factor
            .iter()
            .chain(&offset)
            .any(|number| !number.is_finite())
        {
            return refuse("it scales by numbers that are not finite");
        }
        self.scaling = Some(Scaling { factor, offset });
        Ok(())
    }

    fn dense(
        &mut self,
        layer: &Entry,
        config: &Value,
        vars: &str,
        weights: &Hdf5,
    ) -> Result<(), ImportError> {
        let Some([_, units]) = self.parts.last().and_then(|part| part.sizes) else {
            return refuse("it is in front of the recurrent layers, expected behind them");
        };
        if self.head.is_some() {
            return refuse("it is a second head, expected one; --node takes a recurrent layer out");
        }
        let path = |number: u32| format!("layers/{}/{vars}/{number}", layer.place);
        let (shape, kernel) = weights.read(&path(0))?;
        let [inputs, outputs] = shape[..] else {
            return refuse(format!(
                "its kernel has the shape {shape:?}, expected two axes"
            ));
        };
        if inputs != units {
            return refuse(format!("it takes {inputs} elements, expected {units}"));
        }
        let bias = match config["use_bias"] == false {
            true => vec![0.0; outputs],
            false => weights.read(&path(1))?.1,
        };
        self.head = Some(Head {
            name: layer.name.clone(),
            linear: Linear::new([inputs, outputs], transposed(&kernel, outputs), bias)?,
            finish: Finish::Linear,
        });
        self.finish(text(config, "activation"))
    }

    /// Adds an activation.
    fn finish(&mut self, name: &str) -> Result<(), ImportError> {
        let finish = match name {
            "linear" => return Ok(()),
            "softmax" => Finish::Softmax,
            "log_softmax" => Finish::LogSoftmax,
            "sigmoid" => Finish::Sigmoid,
            other => {
                return refuse(format!(
                    "its activation is {other:?}, expected linear, softmax, log_softmax or sigmoid"
                ));
            }
        };
        match &mut self.head {
            Some(head) if head.finish == Finish::Linear => {
                head.finish = finish;
                Ok(())
            }
            _ => refuse(format!("its activation {name} is on no linear head")),
        }
    }
}

/// A recurrent layer.
fn recurrent(layer: &Entry, kind: CellKind, weights: &Hdf5) -> Result<Layer, ImportError> {
    let config = &layer.config;
    for (key, expected) in [("activation", "tanh"), ("recurrent_activation", "sigmoid")] {
        if config[key] != expected {
            return refuse(format!("its {key} is {}, expected {expected}", config[key]));
        }
    }
    let flags = [
        ("go_backwards", false, "Tern runs a sequence from its start"),
        ("return_state", false, "Tern hands on no states"),
        (
            "reset_after",
            true,
            "Tern's reset gate acts after the recurrent product",
        ),
    ];
    for (key, expected, why) in flags {
        if config.get(key).is_some_and(|found| *found != expected) {
            return refuse(format!(
                "its {key} is {}, expected {expected}: {why}",
                config[key]
            ));
        }
    }
    let dtype = &config["dtype"];
    let policy = match dtype.as_str() {
        Some(name) => name,
        None => text(&dtype["config"], "name"),
    };
    if policy != "float32" {
        return refuse(format!("its dtype is {policy:?}, expected float32"));
    }
    let read = |number: u32| weights.read(&format!("layers/{}/cell/vars/{number}", layer.place));
    let ((kernel_shape, kernel), (recurrent_shape, recurrent)) = (read(0)?, read(1)?);
    let ([inputs, columns], [units, again]) = (&kernel_shape[..], &recurrent_shape[..]) else {
        return refuse("its weights have other numbers of axes than two");
    };
    crate::network::check_sizes([*inputs, *units])?;
    let rows = gates(kind) * units;
    if *columns != rows || *again != rows {
        return refuse(format!(
            "its weights have {columns} and {again} columns, expected {rows}, {} gates of {units} units",
            gates(kind)
        ));
    }
    let order = keras(kind);
    let zero = || vec![0.0; rows];
    let (bias_ih, bias_hh) = match (config["use_bias"] == false, kind) {
        (true, _) => (zero(), zero()),
        (false, kind) => {
            let (_, bias) = read(2)?;
            let expected = if kind == CellKind::Lstm {
                rows
            } else {
                2 * rows
            };
            if bias.len() != expected {
                let found = bias.len();
                return refuse(format!(
                    "its bias has {found} elements, expected {expected}"
                ));
            }
            let (input, hidden) = bias.split_at(rows);
            match kind {
                CellKind::Lstm => (reordered(input, order), zero()),
                CellKind::Gru => (reordered(input, order), reordered(hidden, order)),
            }
        }
    };
    let parameters = Parameters {
        weight_ih: reordered(&transposed(&kernel, rows), order),
        weight_hh: reordered(&transposed(&recurrent, rows), order),
        bias_ih,
        bias_hh,
    };
    Layer::new(kind, [*inputs, *units], parameters)
}
