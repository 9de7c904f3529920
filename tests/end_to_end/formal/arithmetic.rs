//! Sums, roundings and hidden states are those of the equations.

use tern_compile::bits::index_bits;
use tern_hdl::array::pe::Pe;
use tern_hdl::array::product::Product;
use tern_hdl::cell::hidden::Hidden;
use tern_hdl::cell::rounding::Rounding;
use tern_model::network::CellKind;
use tern_model::random::RandomSpec;

use super::{Proof, alone, layers, shape};

#[test]
fn product_is_that_of_trits() {
    Proof {
        name: "product",
        design: alone(Product::new(2)),
        properties: include_str!("../../formal/product.v"),
        defines: &[("LANES", 2)],
        broken: (
            "weight[2*lane+1] & act[2*lane+1]",
            "weight[2*lane+1] & act[2*lane]",
        ),
        fails: "product_of_trits",
    }
    .check();
}

#[test]
fn processing_element_sums_exactly() {
    // Sizes that fill the lanes, so that a sum may reach every value that its width is made for.
    let shape = shape(RandomSpec::hitnet(CellKind::Lstm, 4, 4), 2);
    let chunks = shape.input_chunks() + shape.hidden_chunks(0);
    let zero = format!("sum_q <= {}'d0", shape.sum_bits());
    Proof {
        name: "pe",
        design: alone(Pe::new(&shape, false)),
        properties: include_str!("../../formal/pe.v"),
        defines: &[
            ("LANES", 2),
            ("RESULT_BITS", shape.result_bits()),
            ("CHUNKS", chunks),
        ],
        broken: (&zero, "sum_q <= total"),
        fails: "sum_is_exact",
    }
    .check();
}

/// The hidden states of two layers.
fn hidden(spec: RandomSpec) {
    let shape = shape(spec, 2);
    Proof {
        name: "hidden",
        design: alone(Hidden::new(&shape)),
        properties: include_str!("../../formal/hidden.v"),
        defines: &[
            ("FIRST", shape.layers[0].hidden_size),
            ("SECOND", shape.layers[1].hidden_size),
            ("LANES", 2),
            ("BITS", shape.hidden_bits()),
            ("CHUNK_BITS", index_bits(shape.bank_words())),
        ],
        broken: ("| layer_end", "| step_end"),
        fails: "each_unit_in_its_place",
    }
    .check();
}

#[test]
fn hidden_memory_keeps_every_unit() {
    hidden(layers());
}

#[test]
#[ignore = "minutes: cargo test --release --workspace --test end_to_end -- formal --include-ignored"]
fn hidden_memory_keeps_every_integer() {
    hidden(RandomSpec {
        hidden_bits: vec![2, 4],
        ..layers()
    });
}

/// A layer of 4 bits and one of trits, on values of 12 bits of which the layers' own lack 2.
#[test]
fn rounding_is_that_of_the_equations() {
    let spec = RandomSpec {
        gate_frac: 3,
        state_bits: 6,
        hidden_bits: vec![4, 2],
        ..layers()
    };
    let shape = shape(spec, 2);
    let [integer, ternary] = shape.layers.as_slice() else {
        panic!("two layers");
    };
    let value_bits = 12;
    let shift = integer.hidden_round.expect("a rounding shift") + 2;
    Proof {
        name: "rounding",
        design: alone(Rounding::new(&shape, value_bits, &|_| 2)),
        properties: include_str!("../../formal/rounding.v"),
        defines: &[
            ("VALUE_BITS", value_bits),
            ("BITS", shape.hidden_bits()),
            ("SHIFT", shift),
            ("THETA", ternary.threshold.expect("a threshold") << 2),
        ],
        broken: ("+ half_bits", "- half_bits"),
        fails: "integer_is_rounded_and_saturated",
    }
    .check();
}
