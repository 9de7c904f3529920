//! What the network is.

use serde_json::Value;
use tern_gen_verilog::choice::Core;
use tern_model::network;
use tern_report::facts::{Layer, Network, Output, Trits};

/// The network of a core.
pub fn of(core: &Core) -> Network {
    let model = &core.model;
    let shape = &core.program.shape;
    let hidden = model.layers.iter().filter_map(network::Layer::hidden);
    let layers = shape
        .layers
        .iter()
        .zip(hidden)
        .map(|(layer, hidden)| Layer {
            kind: layer.cell.name().to_owned(),
            units: layer.hidden_size,
            gate_frac: layer.gate_frac,
            hidden_bits: hidden.bits() as usize,
        });
    let data = model
        .training
        .as_ref()
        .and_then(|training| training.get("data"));
    Network {
        name: model.name.clone(),
        input_size: model.input_size,
        input_bits: model.input_bits as usize,
        layers: layers.collect(),
        output_size: shape.outputs,
        output: match model.output {
            network::Output::Last => Output::Last,
            network::Output::Every => Output::Every,
        },
        weights: trits(&model.layers),
        data: data.and_then(Value::as_str).map(str::to_owned),
    }
}

/// All weights by value.
fn trits(layers: &[network::Layer]) -> Trits {
    let weights = layers.iter().flat_map(|layer| match layer {
        network::Layer::Lstm(lstm) => [&lstm.weight_ih[..], &lstm.weight_hh],
        network::Layer::Gru(gru) => [&gru.weight_ih[..], &gru.weight_hh],
        network::Layer::Linear(linear) => [&linear.weight[..], &[]],
    });
    weights
        .flatten()
        .fold(Trits::default(), |mut trits, weight| {
            match weight.signum() {
                -1 => trits.minus += 1,
                0 => trits.zero += 1,
                _ => trits.plus += 1,
            }
            trits
        })
}
