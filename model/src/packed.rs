//! The golden model's outputs on bit planes: products of trits as population counts.
//!
//! Tens of times faster than [`Golden`](crate::golden::Golden), for data sets of many steps. A vector of
//! trits is two planes of bits, plus and minus; its product with a row of trits is the number of
//! places where both are 1 or both -1, less the number of those where one is 1 and the other -1.
//! An integer of b bits is b - 1 planes of its magnitude's bits with its sign.

use crate::golden::arithmetic::{clamp, lookup, rshift_round};
use crate::network::{Gate, Gru, GruBias, GruGate, Layer, Linear, Lstm, Model, Sequence};

/// Bits of a word.
const WORD: usize = u64::BITS as usize;

/// A running network that computes what the golden model computes, bit for bit.
#[derive(Clone, Debug)]
pub struct PackedGolden<'m> {
    model: &'m Model,
    layers: Vec<PackedLayer<'m>>,
}

/// 64 trits.
#[derive(Clone, Copy, Debug, Default)]
struct Word {
    plus: u64,
    minus: u64,
}

/// Rows of ternary weights.
#[derive(Clone, Debug)]
struct Rows {
    words: Vec<Word>,
    /// Words of a row.
    width: usize,
}

/// A vector of integers, one plane of trits per bit of the magnitude, lowest first.
type Planes = Vec<Vec<Word>>;

#[derive(Clone, Debug)]
struct PackedLayer<'m> {
    kind: Kind<'m>,
    /// Cell state or state q; empty in a linear layer.
    state: Vec<i64>,
    /// Hidden state, or a linear layer's outputs.
    output: Vec<i64>,
    /// Magnitude bits of a hidden state; zero in a linear layer, whose outputs no layer takes.
    planes: u32,
}

#[derive(Clone, Debug)]
enum Kind<'m> {
    Lstm(&'m Lstm, [Rows; 2]),
    Gru(&'m Gru, [Rows; 2]),
    Linear(&'m Linear, Rows),
}

impl Rows {
    fn new(weights: &[i8], columns: usize) -> Rows {
        let words = |row: &[i8]| pack(row.iter().map(|&w| i64::from(w)));
        Rows {
            words: weights.chunks(columns).flat_map(words).collect(),
            width: columns.div_ceil(WORD),
        }
    }

    /// `sum_k weights[row][k] * x[k]`.
    fn dot(&self, row: usize, x: &Planes) -> i64 {
        let row = &self.words[row * self.width..][..self.width];
        let plane = |(bit, plane): (usize, &Vec<Word>)| {
            let pairs = row.iter().zip(plane);
            let product = |(w, x): (&Word, &Word)| {
                let same = (w.plus & x.plus) | (w.minus & x.minus);
                let other = (w.plus & x.minus) | (w.minus & x.plus);
                i64::from(same.count_ones()) - i64::from(other.count_ones())
            };
            pairs.map(product).sum::<i64>() << bit
        };
        x.iter().enumerate().map(plane).sum()
    }
}

/// Trits as words.
fn pack(trits: impl Iterator<Item = i64>) -> Vec<Word> {
    let mut words = Vec::new();
    for (k, trit) in trits.enumerate() {
        if k % WORD == 0 {
            words.push(Word::default());
        }
        let word = &mut words[k / WORD];
        word.plus |= u64::from(trit > 0) << (k % WORD);
        word.minus |= u64::from(trit < 0) << (k % WORD);
    }
    words
}

/// Integers of at most `bits` bits of magnitude as planes.
fn planes(x: &[i64], bits: u32) -> Planes {
    let plane = |bit: u32| pack(x.iter().map(|&x| x.signum() * (x.abs() >> bit & 1)));
    (0..bits).map(plane).collect()
}

impl<'m> PackedLayer<'m> {
    fn new(layer: &'m Layer) -> PackedLayer<'m> {
        let rows = |ih: &[i8], hh: &[i8], x, h| [Rows::new(ih, x), Rows::new(hh, h)];
        let (kind, units) = match layer {
            Layer::Lstm(l) => {
                let rows = rows(&l.weight_ih, &l.weight_hh, l.input_size, l.hidden_size);
                (Kind::Lstm(l, rows), l.hidden_size)
            }
            Layer::Gru(l) => {
                let rows = rows(&l.weight_ih, &l.weight_hh, l.input_size, l.hidden_size);
                (Kind::Gru(l, rows), l.hidden_size)
            }
            Layer::Linear(l) => (Kind::Linear(l, Rows::new(&l.weight, l.input_size)), 0),
        };
        PackedLayer {
            kind,
            state: vec![0; units],
            output: vec![0; layer.output_size()],
            planes: layer.hidden().map_or(0, |hidden| hidden.bits() - 1),
        }
    }

    fn step(&mut self, x: &Planes) {
        let h = planes(&self.output, self.planes);
        match &self.kind {
            Kind::Lstm(lstm, [input, hidden]) => {
                for j in 0..lstm.hidden_size {
                    let value = |gate: Gate| {
                        let row = gate.index() * lstm.hidden_size + j;
                        let z = (input.dot(row, x) << lstm.input_shift)
                            + (hidden.dot(row, &h) << lstm.hidden_shift)
                            + i64::from(lstm.gate_bias(gate, j));
                        lookup(lstm.gate_lut(gate), z, lstm.lut_shift[gate.index()])
                    };
                    let [i, f, g, o] = Gate::ORDER.map(value);
                    let c = rshift_round(f * self.state[j] + i * g, lstm.gate_frac);
                    let c = clamp(c, lstm.state_bits);
                    self.state[j] = c;
                    let t = lookup(&lstm.state_lut, c, lstm.state_lut_shift);
                    self.output[j] = lstm.hidden().value(o * t);
                }
            }
            Kind::Gru(gru, [input, hidden]) => {
                let frac = gru.gate_frac;
                for j in 0..gru.hidden_size {
                    let x = |gate| input.dot(gru.row(gate, j), x) << gru.input_shift;
                    let h = |gate| hidden.dot(gru.row(gate, j), &h) << gru.hidden_shift;
                    let bias = |sum| i64::from(gru.sum_bias(sum, j));
                    let table = |gate: GruGate, z| {
                        lookup(gru.gate_lut(gate), z, gru.lut_shift[gate.index()])
                    };
                    let gate = |gate, sum| table(gate, x(gate) + h(gate) + bias(sum));
                    let r = gate(GruGate::Reset, GruBias::Reset);
                    let u = gate(GruGate::Update, GruBias::Update);
                    let a = x(GruGate::New) + bias(GruBias::NewInput);
                    let b = h(GruGate::New) + bias(GruBias::NewHidden);
                    let n = table(GruGate::New, a + rshift_round(r * b, frac));
                    let q = ((1 << frac) - u) * n + u * self.state[j];
                    let q = clamp(rshift_round(q, frac), gru.state_bits);
                    self.state[j] = q;
                    self.output[j] = gru.hidden().value(q);
                }
            }
            Kind::Linear(linear, rows) => {
                for (j, y) in self.output.iter_mut().enumerate() {
                    *y = rows.dot(j, x) + i64::from(linear.bias[j]);
                }
            }
        }
    }
}

impl<'m> PackedGolden<'m> {
    /// The network at the start of a sequence, with all state zero.
    ///
    /// # Panics
    /// When `model` does not pass [`Model::validate`].
    pub fn new(model: &'m Model) -> PackedGolden<'m> {
        if let Err(error) = model.validate() {
            panic!("the packed golden model needs a valid model: {error}");
        }
        PackedGolden {
            model,
            layers: model.layers.iter().map(PackedLayer::new).collect(),
        }
    }

    /// Sets all state to zero, as at the start of a sequence.
    pub fn reset(&mut self) {
        for layer in &mut self.layers {
            layer.state.fill(0);
            layer.output.fill(0);
        }
    }

    /// Runs one time step on the input `x` `[X]` and returns the top layer's output: N values of
    /// the head, or the hidden state of H.
    ///
    /// # Panics
    /// When `x` does not pass [`Model::validate_input`].
    pub fn step(&mut self, x: &[i32]) -> Vec<i32> {
        let x = self.model.input_values(x);
        let mut below = planes(&x, self.model.input_bits - 1);
        for layer in &mut self.layers {
            layer.step(&below);
            below = planes(&layer.output, layer.planes);
        }
        let output = self.layers.last().map_or(&[][..], |layer| &layer.output);
        // Sums of a valid model stay within 31 bits.
        output.iter().map(|&y| y as i32).collect()
    }

    /// Runs one whole sequence of inputs, from zero state, and returns the outputs that the core
    /// sends: one per time step for [`Output::Every`](crate::network::Output::Every), the last alone
    /// for [`Output::Last`](crate::network::Output::Last).
    pub fn run(&mut self, sequence: &[Vec<i32>]) -> Sequence {
        self.reset();
        let output = self.model.output;
        output.given(sequence.iter().map(|x| self.step(x)))
    }
}
