//! Smaller networks on the core of a larger one.

use crate::error::{Error, ErrorKind};
use crate::program::Program;
use crate::shape::Shape;
use tern_model::file::difference;
use tern_model::network::{Gru, Layer, Linear, Lstm, Model};

impl Program {
    /// The network `model` in the memories of a core of this shape, whose sizes may be larger: units, inputs and outputs that
    /// the network lacks get weights and biases of zero. The inputs it lacks have to come as zero, or as padding, and the
    /// outputs it lacks leave as zero, or as trits that mean nothing.
    ///
    /// # Errors
    /// When the network is larger, or its layers differ from the core's in more than their sizes.
    pub fn for_core(model: &Model, core: &Shape) -> Result<Program, Error> {
        let padded = padded(model, core)?;
        let program = Program::compile(&padded, &core.design)?;
        // Biases of networks of another shape are of another size, which says less than the field that differs.
        let mut shape = program.shape.clone();
        (shape.bias_bits, shape.bias_shift) = (core.bias_bits, core.bias_shift);
        shape.place_memories();
        match difference(&shape, core) {
            None => program.with_biases_like(core),
            Some(difference) => Err(Error::new(ErrorKind::Core, difference)),
        }
    }
}

/// The same network with the sizes of a core.
fn padded(model: &Model, core: &Shape) -> Result<Model, Error> {
    let sections = model.layers.len();
    if sections != core.sections() {
        return Err(Error::new(
            ErrorKind::Core,
            format!(
                "`layers` has {sections} layers, expected {} for the core",
                core.sections()
            ),
        ));
    }
    let grows = |field: String, from: usize, to: usize| {
        if from <= to {
            Ok(to)
        } else {
            Err(Error::new(
                ErrorKind::Core,
                format!("field `{field}` is {from}, expected at most {to} for the core"),
            ))
        }
    };
    let mut below = grows("input_size".into(), model.input_size, core.input_size)?;
    let mut padded = Model {
        input_size: below,
        labels: None,
        embedding: None,
        ..model.clone()
    };
    for (index, layer) in padded.layers.iter_mut().enumerate() {
        let to = core.layers.get(index).map(|layer| layer.hidden_size);
        let to = to.or(core.outputs).unwrap_or(0);
        let to = grows(format!("layers.{index}.size"), layer.output_size(), to)?;
        match layer {
            Layer::Lstm(lstm) => lstm_of(lstm, below, to),
            Layer::Gru(gru) => gru_of(gru, below, to),
            Layer::Linear(linear) => linear_of(linear, below, to),
        }
        below = to;
    }
    Ok(padded)
}

fn lstm_of(lstm: &mut Lstm, input: usize, hidden: usize) {
    let (x, h) = (lstm.input_size, lstm.hidden_size);
    lstm.weight_ih = blocks(&lstm.weight_ih, [h, x], [hidden, input]);
    lstm.weight_hh = blocks(&lstm.weight_hh, [h, h], [hidden, hidden]);
    lstm.bias = blocks(&lstm.bias, [h, 1], [hidden, 1]);
    (lstm.input_size, lstm.hidden_size) = (input, hidden);
}

fn gru_of(gru: &mut Gru, input: usize, hidden: usize) {
    let (x, h) = (gru.input_size, gru.hidden_size);
    gru.weight_ih = blocks(&gru.weight_ih, [h, x], [hidden, input]);
    gru.weight_hh = blocks(&gru.weight_hh, [h, h], [hidden, hidden]);
    gru.bias = blocks(&gru.bias, [h, 1], [hidden, 1]);
    (gru.input_size, gru.hidden_size) = (input, hidden);
}

fn linear_of(linear: &mut Linear, input: usize, output: usize) {
    let (x, y) = (linear.input_size, linear.output_size);
    linear.weight = blocks(&linear.weight, [y, x], [output, input]);
    linear.bias = blocks(&linear.bias, [y, 1], [output, 1]);
    (linear.input_size, linear.output_size) = (input, output);
}

/// A tensor of blocks `[rows, columns]` with each block grown to another size by zeros.
fn blocks<T: Copy + Default>(values: &[T], from: [usize; 2], to: [usize; 2]) -> Vec<T> {
    let grown = values.chunks(from[0] * from[1]).flat_map(|block| {
        let rows = block.chunks(from[1]).flat_map(|row| {
            let zeros = std::iter::repeat_n(T::default(), to[1] - from[1]);
            row.iter().copied().chain(zeros)
        });
        let zeros = std::iter::repeat_n(T::default(), (to[0] - from[0]) * to[1]);
        rows.chain(zeros)
    });
    grown.collect()
}
