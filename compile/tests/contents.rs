//! Other contents for the memories of a compiled network.

use tern_compile::bits::index_bits;
use tern_compile::design::{Design, Skip};
use tern_compile::program::Program;
use tern_model::network::{CellKind, Layer, Model};
use tern_model::random::{RandomSpec, random_model};

fn network(seed: u64) -> Model {
    random_model(&RandomSpec::fixed_point(CellKind::Lstm, 5, 20), seed)
}

fn compile(model: &Model) -> Program {
    let design = Design::new(2, 3, "ice40-hx8k").expect("a valid design");
    Program::compile(model, &design).expect("it fits")
}

/// A program of the network with these biases.
fn with_biases(biases: impl Fn(usize) -> i32) -> Program {
    let mut model = network(1);
    if let Layer::Lstm(lstm) = &mut model.layers[0] {
        let biases = (0..lstm.bias.len()).map(biases);
        lstm.bias = biases.collect();
    }
    compile(&model)
}

#[test]
fn random_memories_have_no_constant_bit_and_depend_on_the_shape_alone() {
    let program = with_biases(|unit| unit as i32 - 40);
    let random = program.with_random_memories();
    assert_eq!(random.shape, program.shape);
    let placement = program.shape.placement;
    assert!(placement.bias && placement.gate_lut && placement.state_lut);
    let (images, table) = (&random.images, program.shape.table_bits());
    let weights = random.images.weights.iter().flatten();
    let memories = weights.map(|words| (words, 6));
    let memories = memories
        .chain(
            images
                .biases
                .iter()
                .map(|words| (words, program.shape.bias_bits)),
        )
        .chain(images.gate_luts.iter().map(|words| (words, table)))
        .chain([(&images.state_lut, table)]);
    let mut seen = Vec::new();
    for (words, width) in memories {
        assert_eq!(
            words.len(),
            1 << index_bits(words.len()),
            "filled to the last address"
        );
        let least = -(1 << (width - 1));
        assert!(words.iter().all(|word| (least..-least).contains(word)));
        assert_eq!(words[0], !words[1]);
        assert!(!seen.contains(&words), "every memory has words of its own");
        seen.push(words);
    }
    assert_eq!(
        with_biases(|unit| 39 - unit as i32).with_random_memories(),
        random
    );

    let logic = compile(&random_model(&RandomSpec::hitnet(CellKind::Lstm, 5, 4), 1));
    let random = logic.with_random_memories();
    assert!(!logic.shape.placement.bias);
    assert_eq!(random.images.biases, logic.images.biases);
    assert_eq!(random.images.gate_luts, logic.images.gate_luts);
    assert_ne!(random.images.weights, logic.images.weights);

    // The biases of an event array are in the memories of its sums, however few they are.
    let design = Design::new(1, 4, "ice40-hx8k").expect("a valid design");
    let design = design.with_events(Skip::Delta).expect("a valid design");
    let model = random_model(&RandomSpec::hitnet(CellKind::Lstm, 5, 4), 1);
    let events = Program::compile(&model, &design).expect("it fits");
    assert!(!events.shape.placement.bias);
    let random = events.with_random_memories();
    assert_ne!(random.images.biases, events.images.biases);
}

#[test]
fn biases_take_the_form_of_another_core() {
    let fine = with_biases(|unit| unit as i32 * 2 - 80);
    let coarse = with_biases(|unit| (unit as i32 % 5 - 2) * 8);
    assert_eq!((fine.shape.bias_shift, fine.shape.bias_bits), (1, 7));
    assert_eq!((coarse.shape.bias_shift, coarse.shape.bias_bits), (3, 3));
    let taken = coarse.with_biases_like(&fine.shape).expect("a form");
    assert_eq!(taken.shape, fine.shape);
    assert_eq!(taken.images.weights, coarse.images.weights);
    for (taken, own) in taken.images.biases.iter().zip(&coarse.images.biases) {
        let expected: Vec<i128> = own.iter().map(|bias| bias * 4).collect();
        assert_eq!(*taken, expected);
    }
    assert_eq!(fine.with_biases_like(&fine.shape).expect("a form"), fine);

    let refused = |program: &Program, shape| match program.with_biases_like(shape) {
        Ok(_) => "taken".to_owned(),
        Err(error) => error.to_string(),
    };
    let message = refused(&fine, &coarse.shape);
    let range =
        "expected a multiple of 8 from -32 to 24 for the 3 bits of the core's bias memories";
    assert!(
        message.starts_with("a bias is -80, ") && message.ends_with(range),
        "{message}"
    );
    // Of a value that fits, the lowest bit would be lost.
    let odd = with_biases(|unit| unit as i32 % 2);
    assert!(
        refused(&odd, &fine.shape)
            .starts_with("a bias is 1, expected a multiple of 2 from -128 to 126")
    );
}
