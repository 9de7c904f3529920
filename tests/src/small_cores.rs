//! Small cores that have every module between them.

use tern_compile::design::{Design, Streams, Weights};
use tern_compile::program::Program;
use tern_model::network::{CellKind, Gate, Layer, Model, Output};
use tern_model::random::RandomSpec;

use crate::family::{Biases, Family};

/// A core and networks that it can hold.
pub struct Core {
    /// What it is.
    pub name: &'static str,
    /// The networks.
    pub models: Vec<Model>,
    /// The networks on their array.
    pub programs: Vec<Program>,
}

impl Core {
    fn new(name: &'static str, family: Family, streams: Streams, weights: Weights) -> Core {
        let wide = Family {
            biases: Biases::Wide,
            ..family.clone()
        };
        // Biases as large as they may be saturate what can be saturated.
        let mut models: Vec<Model> = (0..4).map(|seed| family.model(seed)).collect();
        models.push(wide.model(4));
        models.iter_mut().for_each(tell_layers_apart);
        meet_thresholds(&mut models);
        let design = Design {
            streams,
            weights,
            ..family.design()
        };
        let programs = Program::compile_family(&models, &design).expect("networks that fit");
        Core {
            name,
            models,
            programs,
        }
    }
}

/// Gives each layer shifts and a threshold of its own.
fn tell_layers_apart(model: &mut Model) {
    for (number, layer) in (0..).zip(&mut model.layers) {
        match layer {
            Layer::Lstm(lstm) => {
                // With F = 0 there is one threshold, 1.
                lstm.threshold = lstm.threshold.map(|theta| theta + number * (theta / 2));
                lstm.lut_shift = lstm.lut_shift.map(|shift| shift + number as u32);
                lstm.state_lut_shift += number as u32;
            }
            Layer::Gru(gru) => {
                gru.threshold = gru.threshold.map(|theta| theta + number * (theta / 2));
                gru.lut_shift = gru.lut_shift.map(|shift| shift + number as u32);
            }
            Layer::Linear(_) => {}
        }
    }
}

/// Moves each threshold of all networks to the nearest value that the output gate and the cell state of the first one can give, so that
/// `>=` is not `>`.
fn meet_thresholds(models: &mut [Model]) {
    for number in 0..models[0].layers.len() {
        let Layer::Lstm(first) = &models[0].layers[number] else {
            continue;
        };
        let Some(threshold) = first.threshold else {
            continue;
        };
        let states = || first.state_lut.iter().map(|t| i32::from(*t));
        let gates = first.gate_lut(Gate::Output).iter().map(|o| i32::from(*o));
        let products = gates.flat_map(|o| states().map(move |t| o * t));
        let met = products
            .filter(|product| *product > 0)
            .min_by_key(|product| product.abs_diff(threshold))
            .expect("a state that shows");
        for model in &mut *models {
            if let Layer::Lstm(lstm) = &mut model.layers[number] {
                lstm.threshold = Some(met);
            }
        }
    }
}

/// An LSTM in fixed point with a head; two GRU layers on three columns; pure HitNet, with x and with h summed first; layers of both kinds behind bytes that are
/// loaded; two LSTM layers whose blocks are shorter than their drain; stacks of one kind without a head, in which a step's first
/// unit follows the last one of the step before without a pause, one of them behind loaded bytes, four a beat, with tables
/// of two bytes an entry; layers of integer and of ternary hidden states; a linear layer alone, on one chunk and on two with a row for every step, whose words are all of x; and memories without initial contents, with blocks of one beat.
pub fn cores() -> Vec<Core> {
    let lstm = RandomSpec {
        input_bits: 4,
        gate_frac: 4,
        lut_bits: 4,
        state_bits: 5,
        lut_shift: 1,
        state_lut_shift: 0,
        head: Some(5),
        output: Output::Last,
        ..RandomSpec::fixed_point(CellKind::Lstm, 5, 7)
    };
    let four_chunks = RandomSpec {
        input_size: 11,
        ..lstm.clone()
    };
    let stack = RandomSpec {
        cells: vec![(CellKind::Gru, 6), (CellKind::Lstm, 4)],
        output: Output::Every,
        ..lstm.clone()
    };
    let hitnet = RandomSpec {
        state_bits: 3,
        ..RandomSpec::hitnet(CellKind::Lstm, 5, 9)
    };
    let hidden_first = RandomSpec {
        input_shift: 2,
        ..hitnet.clone()
    };
    let gru = RandomSpec {
        cells: vec![(CellKind::Gru, 6), (CellKind::Gru, 5)],
        state_bits: 4,
        head: None,
        output: Output::Every,
        ..lstm.clone()
    };
    let short = RandomSpec {
        cells: vec![(CellKind::Lstm, 14), (CellKind::Lstm, 9)],
        head: Some(12),
        state_bits: 3,
        ..RandomSpec::hitnet(CellKind::Lstm, 4, 14)
    };
    let gru_in_a_row = RandomSpec {
        input_bits: 2,
        cells: vec![(CellKind::Gru, 4), (CellKind::Gru, 8)],
        input_size: 3,
        // Sums of the hidden state that do not saturate the tables.
        hidden_shift: 1,
        gate_frac: 1,
        state_bits: 2,
        ..gru.clone()
    };
    let lstm_in_a_row = RandomSpec {
        cells: vec![(CellKind::Lstm, 8), (CellKind::Lstm, 4)],
        input_bits: 2,
        gate_frac: 7,
        lut_bits: 4,
        state_bits: 9,
        lut_shift: 1,
        state_lut_shift: 5,
        ..RandomSpec::fixed_point(CellKind::Lstm, 4, 8)
    };
    let ultraplus = RandomSpec {
        cells: vec![(CellKind::Lstm, 8)],
        input_size: 13,
        head: Some(10),
        output: Output::Every,
        gate_frac: 1,
        state_bits: 3,
        ..lstm.clone()
    };
    let linear = RandomSpec {
        cells: vec![],
        head: Some(8),
        output: Output::Last,
        ..RandomSpec::hitnet(CellKind::Lstm, 3, 1)
    };
    let two_chunks = RandomSpec {
        input_size: 7,
        output: Output::Every,
        ..linear.clone()
    };
    let integers = RandomSpec {
        cells: vec![(CellKind::Lstm, 5), (CellKind::Gru, 7), (CellKind::Lstm, 4)],
        hidden_shift: 1,
        hidden_bits: vec![4, 2, 3],
        head: None,
        output: Output::Every,
        ..lstm.clone()
    };
    let family = |spec, columns, rows, lanes, threshold| Family {
        spec,
        columns,
        rows,
        lanes,
        skip: None,
        device: "ecp5-85k",
        threshold,
        biases: Biases::Narrow { limit: 90, step: 1 },
    };
    let narrow = |family: Family| Family {
        biases: Biases::Narrow { limit: 4, step: 1 },
        ..family
    };
    let core = |name, family| Core::new(name, family, Streams::Wide, Weights::Fixed);
    let loaded = |name, family| Core::new(name, family, Streams::Bytes, Weights::Stream);
    vec![
        core("lstm", family(four_chunks, 4, 3, 3, 40)),
        core("gru", family(gru, 3, 2, 4, 5)),
        core("hitnet", narrow(family(hitnet, 4, 2, 4, 1))),
        core("hidden first", narrow(family(hidden_first, 4, 2, 4, 1))),
        loaded("gru and lstm, loaded", family(stack, 4, 3, 5, 6)),
        core("short", narrow(family(short, 4, 6, 8, 1))),
        core("gru in a row", family(gru_in_a_row, 3, 4, 4, 1)),
        loaded(
            "lstm in a row, loaded",
            family(lstm_in_a_row, 4, 4, 16, 4000),
        ),
        core("integers", family(integers, 4, 3, 3, 6)),
        core("linear", family(linear, 4, 1, 4, 1)),
        core("linear, two chunks", family(two_chunks, 4, 1, 4, 1)),
        Core::new(
            "ultraplus",
            Family {
                device: "ice40-up5k",
                ..family(ultraplus, 4, 1, 8, 2)
            },
            Streams::Wide,
            Weights::Stream,
        ),
    ]
}
