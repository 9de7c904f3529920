//! `tern random`: a network with random weights, to size its hardware before it is trained.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;
use tern_gen_verilog::console;
use tern_gen_verilog::failure::Failure;
use tern_model::network::{CellKind, Layer, Model, Output};
use tern_model::random::{RandomSpec, random_model};

/// Writes a network with random ternary weights, whose core is as large and as fast as a trained one's.
#[derive(Args)]
pub struct Random {
    /// Elements of an input vector
    #[arg(long, value_name = "N", value_parser = size())]
    input_size: u16,
    /// Bits of an input element; 2 is ternary
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u32).range(2..=8))]
    input_bits: u32,
    /// Hidden units; several numbers make several layers, from the input up
    #[arg(long, value_name = "N[,N...]", value_delimiter = ',', required = true, value_parser = size())]
    hidden_size: Vec<u16>,
    /// Kind of the layers
    #[arg(long, value_name = "KIND", default_value = "lstm", value_parser = ["lstm", "gru"])]
    cell: String,
    /// Outputs of a linear head [default: no head]
    #[arg(long, value_name = "N", value_parser = size())]
    outputs: Option<u16>,
    /// Give an output at every time step, not only at the end of a sequence
    #[arg(long)]
    every: bool,
    /// Fraction bits of gates and cell state; 0 is pure HitNet
    #[arg(long, value_name = "N", default_value_t = 7, value_parser = clap::value_parser!(u32).range(0..=8))]
    gate_frac: u32,
    /// Bits of an element of every hidden state, 2 is a trit
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u32).range(2..=8))]
    hidden_bits: u32,
    /// Seed of the weights
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Model file to write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

fn size() -> clap::builder::RangedI64ValueParser<u16> {
    clap::value_parser!(u16).range(1..=MOST as i64)
}

/// Biases stay below this many times the weight of a hidden unit, as in trained networks.
const BIAS_RANGE: i32 = 16;

/// What a random network is made of.
#[derive(Clone, Debug)]
pub struct Sizes {
    /// Elements of an input vector, 1 to [`MOST`].
    pub input_size: usize,
    /// Bits of an input element, 2 to 8.
    pub input_bits: u32,
    /// Hidden units of each layer, from the input up, each 1 to [`MOST`].
    pub hidden_size: Vec<usize>,
    /// Kind of the layers.
    pub cell: CellKind,
    /// Outputs of a linear head, 1 to [`MOST`]; none without a head.
    pub outputs: Option<usize>,
    /// When there is an output.
    pub output: Output,
    /// Fraction bits of gates and cell state, 0 to 8.
    pub gate_frac: u32,
    /// Bits of an element of every hidden state, 2 to 8.
    pub hidden_bits: u32,
    /// Seed of the weights.
    pub seed: u64,
}

/// The largest size.
pub const MOST: usize = 1024;

impl Sizes {
    /// The network, the same for the same sizes and seed.
    pub fn model(&self) -> Model {
        let planes = self.input_bits - 1;
        let spec = RandomSpec {
            input_bits: self.input_bits,
            head: self.outputs,
            output: self.output,
            gate_frac: self.gate_frac,
            lut_bits: 6,
            state_bits: match self.gate_frac {
                0 => 6,
                frac => frac + 5,
            },
            hidden_shift: if planes == 1 { 0 } else { planes },
            hidden_bits: vec![self.hidden_bits; self.hidden_size.len()],
            cells: self
                .hidden_size
                .iter()
                .map(|size| (self.cell, *size))
                .collect(),
            ..RandomSpec::fixed_point(self.cell, self.input_size, 1)
        };
        let mut model = random_model(&spec, self.seed);
        moderate(&mut model);
        model
    }
}

/// Runs the command.
pub fn execute(random: &Random) -> Result<(), Failure> {
    let sizes = Sizes {
        input_size: random.input_size.into(),
        input_bits: random.input_bits,
        hidden_size: random.hidden_size.iter().map(|n| usize::from(*n)).collect(),
        cell: match random.cell.as_str() {
            "gru" => CellKind::Gru,
            _ => CellKind::Lstm,
        },
        outputs: random.outputs.map(usize::from),
        output: match random.every {
            true => Output::Every,
            false => Output::Last,
        },
        gate_frac: random.gate_frac,
        hidden_bits: random.hidden_bits,
        seed: random.seed,
    };
    let model = sizes.model();
    model.write(&random.out)?;
    console::summary(
        || format!("wrote {}: {}\n", random.out.display(), model.name),
        || json!({"wrote": [random.out], "model": model.name}),
    )
}

/// Brings biases, threshold and rounding shift from anything that is allowed to what training makes.
fn moderate(model: &mut Model) {
    for layer in &mut model.layers {
        match layer {
            Layer::Lstm(lstm) => {
                let range = BIAS_RANGE << lstm.hidden_shift;
                lstm.bias.iter_mut().for_each(|bias| *bias %= range);
                let frac = 2 * lstm.gate_frac;
                lstm.threshold = lstm.threshold.map(|_| 1 << frac.saturating_sub(1));
                lstm.hidden_round = lstm.hidden_bits.map(|bits| frac.saturating_sub(bits - 1));
            }
            Layer::Linear(head) => head.bias.iter_mut().for_each(|bias| *bias %= BIAS_RANGE),
            Layer::Gru(gru) => {
                let range = BIAS_RANGE << gru.hidden_shift;
                gru.bias.iter_mut().for_each(|bias| *bias %= range);
                gru.threshold = gru.threshold.map(|_| 1 << gru.gate_frac.saturating_sub(1));
                gru.hidden_round = gru
                    .hidden_bits
                    .map(|bits| gru.gate_frac.saturating_sub(bits - 1));
            }
        }
    }
}
