//! Where the memory images of a program lie in the generated Verilog.

use tern_model::{Program, Streams, index_bits};

/// A memory of the generated core: the instance that holds array `mem`, and its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemoryImage {
    /// Instance path below the top module, such as `array.column_0.memory_2`.
    pub instance: String,
    /// A word for every address.
    pub words: Vec<u128>,
}

/// Every read-only memory of a program's core, so that one build can run another network of its shape.
pub fn memory_images(program: &Program) -> Vec<MemoryImage> {
    let (shape, images) = (&program.shape, &program.images);
    let table = shape.gate_frac + 2;
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
    let mut all = vec![];
    for (column, rows) in images.weights.iter().enumerate() {
        for (row, words) in rows.iter().enumerate() {
            let instance = format!("array.column_{column}.memory_{row}");
            all.push(image(
                instance,
                words,
                2 * shape.design.lanes,
                index_bits(shape.weight_words()),
            ));
        }
    }
    for (gate, memories) in images.gates.iter().enumerate() {
        all.push(image(
            format!("gate_{gate}.bias"),
            &memories.bias,
            shape.bias_bits,
            index_bits(shape.bias_words()),
        ));
        all.push(image(
            format!("gate_{gate}.lut"),
            &memories.lut,
            table,
            shape.lut_bits,
        ));
    }
    all.push(image(
        "cell_unit.lut".into(),
        &images.state_lut,
        table,
        shape.lut_bits,
    ));
    if shape.design.streams == Streams::Bytes {
        for image in &mut all {
            image.instance.insert_str(0, "core.");
        }
    }
    all
}
