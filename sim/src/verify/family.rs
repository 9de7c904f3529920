//! Families of random networks: one shape, many seeds.

use std::ops::Range;

use tern_compile::design::{Design, Skip};
use tern_compile::program::Program;
use tern_model::network::{Layer, Model};
use tern_model::random::{RandomSpec, random_model, random_sequence};

/// Biases of a family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Biases {
    /// As drawn: some fill the 31 bits that a sum may have.
    Wide,
    /// Smaller in magnitude than `limit`, multiples of `step`.
    Narrow {
        /// Above every magnitude.
        limit: i32,
        /// Divides every bias.
        step: i32,
    },
}

/// Random networks that one build of the hardware serves.
#[derive(Clone, Debug)]
pub struct Family {
    /// Everything but tensors and threshold.
    pub spec: RandomSpec,
    /// PE columns.
    pub columns: usize,
    /// PE rows.
    pub rows: usize,
    /// Trits a PE takes each cycle.
    pub lanes: usize,
    /// What an event array leaves out; none for a dense array.
    pub skip: Option<Skip>,
    /// Name of the device.
    pub device: &'static str,
    /// Threshold of hidden states that are trits; it also chooses the rounding shift of those that are integers.
    pub threshold: i32,
    /// Its biases.
    pub biases: Biases,
}

impl Family {
    /// The design.
    ///
    /// # Panics
    /// When columns, rows, lanes or device are not allowed, or not those of an event array.
    pub fn design(&self) -> Design {
        let design = Design::new(self.rows, self.lanes, self.device);
        let design = design.and_then(|design| design.with_columns(self.columns));
        let design = match self.skip {
            Some(skip) => design.and_then(|design| design.with_events(skip)),
            None => design,
        };
        design.expect("a valid design")
    }

    /// The network of a seed.
    pub fn model(&self, seed: u64) -> Model {
        let mut model = random_model(&self.spec, seed);
        for layer in &mut model.layers {
            match layer {
                Layer::Lstm(lstm) => {
                    lstm.threshold = lstm.threshold.map(|_| self.threshold);
                    lstm.hidden_round = self.round(lstm.hidden_bits, 2 * lstm.gate_frac);
                    self.limit(&mut lstm.bias);
                }
                Layer::Gru(gru) => {
                    gru.threshold = gru.threshold.map(|_| self.threshold);
                    gru.hidden_round = self.round(gru.hidden_bits, gru.gate_frac);
                    self.limit(&mut gru.bias);
                }
                Layer::Linear(linear) => self.limit(&mut linear.bias),
            }
        }
        model
    }

    /// The rounding shift of values with `frac` fraction bits to a hidden state of `bits` bits: one that leaves from a bit less than there
    /// are to two more.
    fn round(&self, bits: Option<u32>, frac: u32) -> Option<u32> {
        let bits = bits?;
        let least = frac.saturating_sub(bits + 1);
        let most = frac.saturating_sub(bits.saturating_sub(2));
        Some(least + self.threshold.unsigned_abs() % (most - least + 1))
    }

    fn limit(&self, biases: &mut [i32]) {
        if let Biases::Narrow { limit, step } = self.biases {
            for bias in biases {
                *bias = *bias % limit / step * step;
            }
        }
    }

    /// The networks of the seeds with their programs, all of one shape.
    ///
    /// # Panics
    /// When the networks do not fit the design.
    pub fn compile(&self, seeds: Range<u64>) -> (Vec<Model>, Vec<Program>) {
        let models: Vec<Model> = seeds.map(|seed| self.model(seed)).collect();
        let programs = Program::compile_family(&models, &self.design());
        (models, programs.expect("networks that fit the design"))
    }

    /// Network and array, for messages.
    pub fn label(&self) -> String {
        let RandomSpec {
            input_size,
            input_bits,
            cells,
            head,
            gate_frac,
            hidden_bits,
            ..
        } = &self.spec;
        let bits = |layer: usize| match hidden_bits.get(layer) {
            Some(3..) => format!("x{}b", hidden_bits[layer]),
            _ => String::new(),
        };
        let layers = cells.iter().enumerate();
        let layers = layers.map(|(k, (kind, size))| format!("{} {size}{}", kind.name(), bits(k)));
        let head = head.map(|size| format!("linear {size}"));
        let layers: Vec<String> = layers.chain(head).collect();
        format!(
            "{input_size}x{input_bits}b, {}, F={gate_frac} on {}x{}x{}{}",
            layers.join(", "),
            self.columns,
            self.rows,
            self.lanes,
            match self.skip {
                Some(Skip::Delta) => ", changes",
                Some(Skip::Zero) => ", what is not zero",
                None => "",
            }
        )
    }
}

/// Sequences `[sequence][step][X]` of the given numbers of steps for `model`, drawn from `seed`.
pub fn stimulus(model: &Model, lengths: &[usize], seed: u64) -> Vec<Vec<Vec<i32>>> {
    let sequence =
        |(number, steps): (u64, &usize)| random_sequence(model, *steps, seed * 1000 + number);
    (0..).zip(lengths).map(sequence).collect()
}
