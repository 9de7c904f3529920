//! Where the memory images and the sums of a program lie in the generated Verilog.

use crate::cell::running_sum::RunningSum;
use tern_compile::bits::index_bits;
use tern_compile::design::Streams;
use tern_compile::program::Program;
use tern_compile::shape::Shape;
use tern_model::network::CellKind;

/// A memory of the generated core: the instance that holds array `mem`, and its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemoryImage {
    /// Instance path below the top module, such as `dense_0.array.column_0.memory_2`.
    pub instance: String,
    /// A word for every address.
    pub words: Vec<u128>,
}

/// The signal that carries one of a unit's four sums, 0 to 3, bias included.
pub fn sum_signal(shape: &Shape, sum: usize) -> String {
    match shape.events() {
        true => format!("units.running_{sum}_preactivation"),
        false => format!("units.bias_{sum}_preactivation"),
    }
}

/// Every memory with initial contents of a program's core, so that one build can run another network of its shape.
pub fn memory_images(program: &Program) -> Vec<MemoryImage> {
    let (shape, images) = (&program.shape, &program.images);
    let image = |instance: String, words: &[i128], width: usize, address_bits: usize| {
        let mask = if width < 128 {
            (1u128 << width) - 1
        } else {
            u128::MAX
        };
        let mut words: Vec<u128> = words.iter().map(|word| *word as u128 & mask).collect();
        words.resize(1 << address_bits, 0);
        MemoryImage { instance, words }
    };
    let (weight, bias) = (
        index_bits(shape.weight_words()),
        index_bits(shape.bias_words()),
    );
    let table = |instance: String, words: &[i128]| {
        image(
            instance,
            words,
            shape.table_bits(),
            shape.table_address_bits(),
        )
    };
    let front = match shape.events() {
        true => "events_0",
        false => "dense_0",
    };
    let mut all = vec![];
    for (column, rows) in images.weights.iter().enumerate() {
        for (row, words) in rows.iter().enumerate() {
            let instance = format!("{front}.array.column_{column}.memory_{row}");
            all.push(image(instance, words, 2 * shape.design.lanes, weight));
        }
    }
    for (sum, words) in images.biases.iter().enumerate() {
        all.push(match shape.events() {
            true => image(
                format!("units.running_{sum}.memory"),
                &RunningSum::contents(shape, words),
                shape.preactivation_bits(),
                bias + 1,
            ),
            false => image(
                format!("units.bias_{sum}.bias"),
                words,
                shape.bias_bits,
                bias,
            ),
        });
    }
    for (gate, words) in images.gate_luts.iter().enumerate() {
        all.push(table(format!("units.gate_{gate}.lut"), words));
    }
    if shape.has(CellKind::Lstm) {
        all.push(table(
            "units.lstm_cell_0.activation.lut".into(),
            &images.state_lut,
        ));
    }
    if shape.has(CellKind::Gru) {
        all.push(table(
            "units.gru_cell_0.activation.lut".into(),
            &images.candidate_lut,
        ));
    }
    if shape.design.streams == Streams::Bytes {
        for image in &mut all {
            image.instance.insert_str(0, "core.");
        }
    }
    all
}
