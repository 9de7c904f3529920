//! Compilation: a network on a design becomes a shape and memory images.

use crate::shape::{Placement, Shape, signed_bits};
use crate::{Design, DesignError, Gate, Layer, Linear, Lstm, Model, Output};

/// A compiled network: what the hardware is built from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// Structure of the core.
    pub shape: Shape,
    /// Contents of its memories.
    pub images: Images,
}

/// Contents of the memories, one integer a word (two's complement where negative).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Images {
    /// `weights[column][row]`: words of a PE, `lanes` two-rail trits each, lane 0 lowest.
    pub weights: Vec<Vec<Vec<i128>>>,
    /// Bias and LUT of each gate.
    pub gates: Vec<GateImage>,
    /// State LUT, indexed by the two's complement code of the shifted state.
    pub state_lut: Vec<i128>,
}

/// Memories of one gate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GateImage {
    /// One word a hidden unit, then one a head row, divided by 2^`bias_shift`.
    pub bias: Vec<i128>,
    /// LUT, indexed by the two's complement code of the shifted sum.
    pub lut: Vec<i128>,
}

/// Largest sizes that the hardware's counters are built for.
const MAX_SIZE: usize = 1024;
/// Widest stream beat in bits.
const MAX_BEAT: usize = 256;
/// Tables of so few words are smaller in logic than in a block RAM.
const LOGIC_WORDS: usize = 16;

impl Program {
    /// Compiles a model for a design.
    ///
    /// # Errors
    /// One sentence that names the layer or field when the network is not an LSTM layer with an optional
    /// linear head, a size is above 1024, a beat above 256 bits, or the memories do not fit the device.
    pub fn compile(model: &Model, design: &Design) -> Result<Program, DesignError> {
        let (shape, biases) = shape_of(model, design)?;
        let (lstm, head) = supported(model)?;
        let (rams, luts, device) = (shape.block_rams(), shape.lut_estimate(), design.device());
        let needs = [
            (rams, device.block_rams, "block RAMs"),
            (luts, device.luts, "LUT4s (an estimate)"),
        ];
        if let Some((needed, there, what)) = needs.iter().find(|(needed, there, _)| needed > there)
        {
            return Err(DesignError(format!(
                "the network needs {needed} {what} on this array (rows {}, lanes {}), and device {} has {there}",
                design.rows, design.lanes, device.name
            )));
        }
        let stored = |bias: i64| i128::from(bias >> shape.bias_shift);
        let gates = Gate::ORDER.iter().map(|gate| {
            let table = lstm
                .lut
                .chunks(1 << shape.lut_bits)
                .nth(gate.index())
                .unwrap_or(&[]);
            GateImage {
                bias: biases[gate.index()]
                    .iter()
                    .map(|bias| stored(*bias))
                    .collect(),
                lut: by_code(table),
            }
        });
        let images = Images {
            weights: weights(&shape, lstm, head),
            gates: gates.collect(),
            state_lut: by_code(&lstm.state_lut),
        };
        Ok(Program { shape, images })
    }
}

/// The structure of the core for a model, and the biases each column adds.
pub(crate) fn shape_of(
    model: &Model,
    design: &Design,
) -> Result<(Shape, Vec<Vec<i64>>), DesignError> {
    let (lstm, head) = supported(model)?;
    let outputs = head.map(|head| head.output_size);
    let every = model.output == Output::Every;
    let mut shape = Shape::of(lstm, model.input_bits, outputs, every, design);
    if design.lanes * shape.input_bits > MAX_BEAT {
        return Err(DesignError(format!(
            "field `lanes` is {}, expected at most {} for {}-bit inputs",
            design.lanes,
            MAX_BEAT / shape.input_bits,
            shape.input_bits
        )));
    }
    let biases = biases(&shape, lstm, head, 1 << shape.head_shift());
    let all = biases.iter().flatten();
    let common = all.clone().fold(0, |bits, bias| bits | bias);
    shape.bias_shift = if common == 0 {
        0
    } else {
        common.trailing_zeros() as usize
    };
    let widest = all
        .map(|bias| (bias >> shape.bias_shift).unsigned_abs() as usize)
        .max();
    shape.bias_bits = signed_bits(widest.unwrap_or(0));
    shape.place_memories();
    Ok((shape, biases))
}

/// The layers this core runs, or why it does not.
fn supported(model: &Model) -> Result<(&Lstm, Option<&Linear>), DesignError> {
    let refuse = |why: String| Err(DesignError(why));
    let (lstm, head) = match model.layers.as_slice() {
        [Layer::Lstm(lstm)] => (lstm, None),
        [Layer::Lstm(lstm), Layer::Linear(head)] => (lstm, Some(head)),
        layers => {
            let kind = |layer: &Layer| match layer {
                Layer::Lstm(_) => "lstm",
                Layer::Gru(_) => "gru",
                Layer::Linear(_) => "linear",
            };
            let kinds: Vec<&str> = layers.iter().map(kind).collect();
            return refuse(format!(
                "field `layers` is {}, expected one lstm layer and an optional linear layer",
                kinds.join(", ")
            ));
        }
    };
    let sizes = [
        ("layers.0.input_size", lstm.input_size),
        ("layers.0.hidden_size", lstm.hidden_size),
        (
            "layers.1.output_size",
            head.map_or(1, |head| head.output_size),
        ),
    ];
    match sizes.iter().find(|(_, size)| *size > MAX_SIZE) {
        Some((field, size)) => refuse(format!(
            "field `{field}` is {size}, expected at most {MAX_SIZE} for the core"
        )),
        None => Ok((lstm, head)),
    }
}

/// The biases each column adds: hidden units first, then head rows scaled by `scale`.
fn biases(shape: &Shape, lstm: &Lstm, head: Option<&Linear>, scale: i64) -> Vec<Vec<i64>> {
    let columns = shape.design.columns;
    let of_column = |column: usize| {
        let units = lstm.bias[column * lstm.hidden_size..][..lstm.hidden_size]
            .iter()
            .map(|bias| i64::from(*bias));
        let rows = (0..shape.head_rows()).map(move |row| {
            head.and_then(|head| head.bias.get(row * columns + column))
                .map_or(0, |bias| i64::from(*bias) * scale)
        });
        units.chain(rows).collect()
    };
    (0..columns).map(of_column).collect()
}

/// A table by two's complement code of its index: entry 0 first, the negative half after it.
fn by_code(table: &[i16]) -> Vec<i128> {
    let half = table.len() / 2;
    table[half..]
        .iter()
        .chain(&table[..half])
        .map(|value| i128::from(*value))
        .collect()
}

/// The words of every PE: blocks of hidden units, then blocks of head rows.
fn weights(shape: &Shape, lstm: &Lstm, head: Option<&Linear>) -> Vec<Vec<Vec<i128>>> {
    let (rows, columns, hidden) = (shape.design.rows, shape.design.columns, lstm.hidden_size);
    let of_pe = |column: usize, row: usize| {
        let mut words = Vec::with_capacity(shape.weight_words());
        for unit in (0..shape.blocks()).map(|block| block * rows + row) {
            let line = (unit < hidden).then(|| column * hidden + unit);
            words.extend(chunks(
                shape,
                line.map(|line| &lstm.weight_ih[line * lstm.input_size..][..lstm.input_size]),
                shape.input_chunks(),
            ));
            words.extend(chunks(
                shape,
                line.map(|line| &lstm.weight_hh[line * hidden..][..hidden]),
                shape.hidden_chunks(),
            ));
        }
        for output in (0..shape.head_blocks()).map(|block| (block * rows + row) * columns + column)
        {
            let line = head
                .filter(|head| output < head.output_size)
                .map(|head| &head.weight[output * hidden..][..hidden]);
            words.extend(chunks(shape, line, shape.hidden_chunks()));
        }
        words
    };
    (0..columns)
        .map(|column| (0..rows).map(|row| of_pe(column, row)).collect())
        .collect()
}

/// A row of weights as words of `lanes` trits, padded with zeros; no row is all zeros.
fn chunks(shape: &Shape, row: Option<&[i8]>, count: usize) -> Vec<i128> {
    let lanes = shape.design.lanes;
    let word = |chunk: &[i8]| {
        chunk
            .iter()
            .enumerate()
            .fold(0u128, |word, (lane, weight)| {
                word | trit(*weight) << (2 * lane)
            }) as i128
    };
    match row {
        Some(row) => row.chunks(lanes).map(word).collect(),
        None => vec![0; count],
    }
}

/// A trit's two rails: bit 0 = plus, bit 1 = minus.
fn trit(value: i8) -> u128 {
    u128::from(value > 0) | u128::from(value < 0) << 1
}

impl Shape {
    /// Words and bits of every memory, whether it may live in logic, and how many there are.
    pub fn memories(&self) -> Vec<Memory> {
        let table = self.gate_frac + 2;
        let memory = |name, count, words, bits, block| Memory {
            name,
            count,
            words,
            bits,
            block,
        };
        vec![
            memory(
                "weight",
                self.design.pes(),
                self.weight_words(),
                2 * self.design.lanes,
                true,
            ),
            memory(
                "hidden",
                1,
                2 * self.bank_words(),
                2 * self.design.lanes,
                true,
            ),
            memory("state", 1, self.hidden_size, self.state_bits, true),
            memory(
                "bias",
                self.design.columns,
                self.bias_words(),
                self.bias_bits,
                self.placement.bias,
            ),
            memory(
                "state_lut",
                1,
                1 << self.lut_bits,
                table,
                self.placement.state_lut,
            ),
            memory(
                "gate_lut",
                self.design.columns,
                1 << self.lut_bits,
                table,
                self.placement.gate_lut,
            ),
        ]
    }

    /// Block RAMs of all memories that are placed there.
    pub fn block_rams(&self) -> usize {
        self.memories()
            .iter()
            .filter(|memory| memory.block)
            .map(|memory| memory.rams(self))
            .sum()
    }

    /// Puts biases, then the state LUT, then the gate LUTs into block RAM while the device has some left
    /// and logic would not be smaller. Returns the block RAMs used.
    pub(crate) fn place_memories(&mut self) -> usize {
        let budget = self.design.device().block_rams;
        let large = 1 << self.lut_bits > LOGIC_WORDS && self.gate_frac > 0;
        let mut used = self.block_rams();
        let fixed = self.memories();
        let mut place = |name: &str, wanted: bool| {
            let rams: usize = fixed
                .iter()
                .filter(|memory| memory.name == name)
                .map(|memory| memory.rams(self))
                .sum();
            let fits = wanted && used + rams <= budget;
            used += if fits { rams } else { 0 };
            fits
        };
        let bias = place("bias", self.bias_words() > LOGIC_WORDS);
        let state_lut = place("state_lut", large);
        let gate_lut = place("gate_lut", large);
        self.placement = Placement {
            bias,
            state_lut,
            gate_lut,
        };
        used
    }
}

/// One kind of memory of a core.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Memory {
    /// Name, as in the Verilog module's.
    pub name: &'static str,
    /// How many there are.
    pub count: usize,
    /// Words of each.
    pub words: usize,
    /// Bits of a word.
    pub bits: usize,
    /// In block RAM rather than in logic.
    pub block: bool,
}

impl Memory {
    /// Block RAMs they take together on the shape's device.
    pub fn rams(&self, shape: &Shape) -> usize {
        self.count * shape.design.device().rams(self.words, self.bits)
    }
}
