//! Files that PyTorch, ONNX, tf2onnx and Keras wrote, with what these compute from them.
//!
//! `cases.json` in each folder of `tests/vectors` lists them; `tests/python` makes them.

mod support;

use std::path::Path;

use support::{Case, TOLERANCE, cases, check, difference, network};
use tern_import::network::{Layer, Parameters};

fn all() -> Vec<Case> {
    let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    let of = |list: &&str| cases(list, &vectors.join(list));
    ["onnx", "torch", "keras", "flaws"]
        .iter()
        .flat_map(of)
        .collect()
}

#[test]
fn what_is_taken_computes_what_its_own_tool_does() {
    let all = all();
    let taken = all.iter().filter(|case| case.taken);
    assert!(taken.clone().count() >= 50, "cases");
    taken.for_each(check);
}

#[test]
fn what_is_refused_is_refused_by_name() {
    let all = all();
    let refused = all.iter().filter(|case| !case.taken);
    assert!(refused.clone().count() >= 60, "cases");
    refused.for_each(check);
}

/// A gate in the wrong place, or a bias left out, is far beyond the tolerance: the cases see it.
#[test]
fn the_cases_tell_gates_apart() {
    let all = all();
    let is_told = |case: &&Case| {
        let Ok(mut network) = network(case) else {
            return false;
        };
        let layer = &network.layers[0];
        let Parameters {
            mut weight_ih,
            weight_hh,
            bias_ih,
            bias_hh,
        } = layer.parameters().clone();
        let size = layer.hidden_size() * layer.input_size();
        let (first, second) = weight_ih.split_at_mut(size);
        first.swap_with_slice(&mut second[..size]);
        let sizes = [layer.input_size(), layer.hidden_size()];
        let parameters = Parameters {
            weight_ih,
            weight_hh,
            bias_ih,
            bias_hh,
        };
        network.layers[0] = Layer::new(layer.kind(), sizes, parameters).expect("the same sizes");
        difference(case, &network) > 100.0 * TOLERANCE
    };
    let random = all
        .iter()
        .filter(|case| case.taken && !case.name.starts_with("test_"));
    let random: Vec<&Case> = random.collect();
    let told = random.iter().copied().filter(|case| is_told(case)).count();
    assert!(10 * told >= 9 * random.len(), "{told} of {}", random.len());
}
