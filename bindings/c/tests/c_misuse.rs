//! What C may get wrong: a status and a sentence, never a crash, and nothing changed.

use std::ffi::{CStr, CString};
use std::path::Path;
use std::ptr::{null, null_mut};

use tern::*;
use tern_model::network::{CellKind, Embedding, Model, Output};
use tern_model::random::{RandomSpec, random_model};

fn sentence() -> String {
    let text = tern_error();
    assert!(!text.is_null());
    // SAFETY: the text lives until the next call of the library.
    unsafe { CStr::from_ptr(text) }.to_str().unwrap().to_owned()
}

/// A network of 3 inputs of 8 bits and 2 outputs, which gives one every time step or one at the end.
fn network(output: Output) -> *mut Network {
    let spec = RandomSpec {
        head: Some(2),
        output,
        ..RandomSpec::fixed_point(CellKind::Lstm, 3, 20)
    };
    let model = Model {
        labels: Some(vec!["no".to_owned(), "yes".to_owned()]),
        embedding: Some(Embedding {
            vocabulary_size: 2,
            weight: vec![1, -127, 127, 0, 5, -5],
        }),
        ..random_model(&spec, 1)
    };
    let bytes = model.to_bytes().unwrap();
    let mut network = null_mut();
    // SAFETY: the bytes are as many, and the place is one.
    let status =
        unsafe { tern_network_from_bytes(bytes.as_ptr().cast(), bytes.len(), &mut network) };
    assert_eq!((status, sentence()), (Status::Ok, String::new()));
    network
}

fn state(network: *const Network, sequences: usize) -> *mut State {
    let mut state = null_mut();
    // SAFETY: the network is alive.
    let status = unsafe { tern_state_new(network, sequences, &mut state) };
    assert_eq!(status, Status::Ok);
    state
}

#[test]
fn null_pointers_are_refused_or_nothing() {
    let network = network(Output::Every);
    let state = state(network, 1);
    let mut place = null_mut();
    let (x, mut y) = ([0_i32; 3], [0_i32; 2]);
    // SAFETY: null pointers are allowed everywhere; the others are those of this library and of arrays.
    unsafe {
        let refused = |status: Status, name: &str| {
            assert_eq!(status, Status::Argument);
            assert_eq!(sentence(), format!("{name} is a null pointer"));
        };
        refused(tern_network_load(null(), &mut place), "path");
        refused(tern_network_load(c"x".as_ptr(), null_mut()), "network");
        refused(tern_network_from_bytes(null(), 3, &mut place), "bytes");
        refused(tern_network_from_bytes(null(), 3, null_mut()), "network");
        refused(tern_network_token(null(), 0, y.as_mut_ptr(), 3), "network");
        refused(tern_network_token(network, 0, null_mut(), 3), "inputs");
        refused(tern_state_new(null(), 1, &mut null_mut()), "network");
        refused(tern_state_new(network, 1, null_mut()), "state");
        refused(tern_state_reset(null_mut()), "state");
        refused(
            tern_state_step(null_mut(), x.as_ptr(), 3, y.as_mut_ptr(), 2),
            "state",
        );
        refused(
            tern_state_step(state, null(), 3, y.as_mut_ptr(), 2),
            "inputs",
        );
        refused(
            tern_state_step(state, x.as_ptr(), 3, null_mut(), 2),
            "outputs",
        );
        refused(
            tern_state_run(null_mut(), 1, x.as_ptr(), 3, y.as_mut_ptr(), 2),
            "state",
        );
        refused(
            tern_state_run(state, 1, null(), 3, y.as_mut_ptr(), 2),
            "inputs",
        );
        refused(
            tern_state_run(state, 1, x.as_ptr(), 3, null_mut(), 2),
            "outputs",
        );

        assert!(tern_network_name(null()).is_null());
        assert!(tern_network_label(null(), 0).is_null());
        assert!(tern_network_instructions(null()).is_null());
        assert_eq!(tern_network_input_size(null()), 0);
        assert_eq!(tern_network_input_bits(null()), 0);
        assert_eq!(tern_network_output_size(null()), 0);
        assert_eq!(tern_network_label_count(null()), 0);
        assert_eq!(tern_network_token_count(null()), 0);
        assert_eq!(tern_network_gives_every_step(null()), 0);
        assert_eq!(tern_state_sequences(null()), 0);
        tern_state_free(null_mut());
        tern_network_free(null_mut());
        tern_state_free(state);
        tern_network_free(network);
    }
    assert!(place.is_null());
}

#[test]
fn files_that_are_no_models_are_refused() {
    let load = |path: &str| {
        let mut network = std::ptr::dangling_mut();
        let path = CString::new(path).unwrap();
        // SAFETY: path and place are valid.
        let status = unsafe { tern_network_load(path.as_ptr(), &mut network) };
        assert!(network.is_null());
        (status, sentence())
    };
    let (status, said) = load("missing.safetensors");
    assert_eq!(status, Status::File);
    assert!(
        said.starts_with("missing.safetensors: file cannot be read: "),
        "{said}"
    );
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    let (status, said) = load(own.to_str().unwrap());
    assert_eq!(status, Status::Model);
    assert!(
        said.contains("Cargo.toml: file is not a whole safetensors file"),
        "{said}"
    );
}

#[test]
fn wrong_counts_and_inputs_change_nothing() {
    let network = network(Output::Every);
    let (state, other) = (state(network, 2), state(network, 2));
    let x = [1, 2, 3, -128, 127, 0];
    let mut y = [7; 4];
    // SAFETY: pointers and counts are those of the arrays, or refused before they are used.
    unsafe {
        let mut refused = |inputs: &[i32], count, outputs, status, said: &str| {
            let got = tern_state_step(state, inputs.as_ptr(), count, y.as_mut_ptr(), outputs);
            assert_eq!((got, sentence().as_str()), (status, said));
            assert_eq!(y, [7; 4]);
        };
        refused(&x, 5, 4, Status::Argument, "input_count is 5, expected 6");
        refused(&x, 6, 2, Status::Argument, "output_count is 2, expected 4");
        let wrong = [1, 2, 3, 4, -129, 0];
        let said = "time step 0, sequence 1: input holds -129 at [1], expected -128 to 127";
        refused(&wrong, 6, 4, Status::Input, said);

        let run = |steps, inputs: &[i32], outputs: &mut [i32]| {
            let (n, m) = (inputs.len(), outputs.len());
            let status = tern_state_run(state, steps, inputs.as_ptr(), n, outputs.as_mut_ptr(), m);
            (status, sentence())
        };
        let argument = |said: &str| (Status::Argument, said.to_owned());
        assert_eq!(
            run(0, &[], &mut []),
            argument("steps is 0, expected 1 or more")
        );
        assert_eq!(
            run(2, &x, &mut y),
            argument("input_count is 6, expected 12")
        );
        let most = argument(&format!("input_count is 6, expected {}", usize::MAX));
        assert_eq!(run(usize::MAX, &x, &mut y), most);
        let two = [&x[..], &wrong].concat();
        let (status, said) = run(2, &two, &mut [0; 8]);
        assert_eq!(status, Status::Input);
        assert!(
            said.starts_with("time step 1, sequence 1: input holds -129"),
            "{said}"
        );

        // The state is still that of the start, as another one is.
        let mut expected = [0; 4];
        for _ in 0..3 {
            let step =
                |state, y: &mut [i32; 4]| tern_state_step(state, x.as_ptr(), 6, y.as_mut_ptr(), 4);
            assert_eq!(step(state, &mut y), Status::Ok);
            assert_eq!(step(other, &mut expected), Status::Ok);
            assert_eq!(y, expected);
        }
        tern_state_free(state);
        tern_state_free(other);
        tern_network_free(network);
    }
}

#[test]
fn impossible_arrays_are_refused() {
    let network = network(Output::Every);
    let state = state(network, 1);
    let mut shared = [0_i32; 8];
    // SAFETY: what is not an array is refused before it is used.
    unsafe {
        let place = shared.as_mut_ptr();
        let status = tern_state_step(state, place, 3, place.add(2), 2);
        let said = "inputs and outputs share memory, expected arrays apart";
        assert_eq!((status, sentence().as_str()), (Status::Argument, said));
        let crooked = place.cast::<u8>().add(1).cast::<i32>();
        let status = tern_state_step(state, crooked, 3, place.add(6), 2);
        let said = "inputs is not at a multiple of 4 bytes";
        assert_eq!((status, sentence().as_str()), (Status::Argument, said));
        let status = tern_network_from_bytes(place.cast(), usize::MAX, &mut null_mut());
        assert_eq!(status, Status::Argument);
        assert!(
            sentence().ends_with("more than memory holds"),
            "{}",
            sentence()
        );
        for sequences in [0, 65_537] {
            let status = tern_state_new(network, sequences, &mut null_mut());
            let said = format!("sequences is {sequences}, expected 1 to 65536");
            assert_eq!((status, sentence()), (Status::Argument, said));
        }
        // Arrays side by side are apart.
        assert_eq!(
            tern_state_step(state, place, 3, place.add(3), 2),
            Status::Ok
        );
        tern_state_free(state);
        tern_network_free(network);
    }
}

#[test]
fn a_network_tells_what_it_is_and_may_go_before_its_states() {
    for output in [Output::Every, Output::Last] {
        let network = network(output);
        let state = state(network, 1);
        let mut x = [0; 3];
        // SAFETY: the network is alive until it is freed, and the texts as long.
        unsafe {
            let text = |text| CStr::from_ptr(text).to_str().unwrap();
            assert_eq!(text(tern_network_name(network)), "random-1");
            assert_eq!(tern_network_input_size(network), 3);
            assert_eq!(tern_network_input_bits(network), 8);
            assert_eq!(tern_network_output_size(network), 2);
            assert_eq!(
                tern_network_gives_every_step(network),
                i32::from(output == Output::Every)
            );
            assert_eq!(tern_network_label_count(network), 2);
            assert_eq!(text(tern_network_label(network, 1)), "yes");
            assert!(tern_network_label(network, 2).is_null());
            assert!(
                ["portable", "avx2", "avx512"].contains(&text(tern_network_instructions(network)))
            );
            assert_eq!(tern_network_token_count(network), 2);
            assert_eq!(
                tern_network_token(network, 1, x.as_mut_ptr(), 3),
                Status::Ok
            );
            assert_eq!(x, [0, 5, -5]);
            assert_eq!(
                tern_network_token(network, 2, x.as_mut_ptr(), 3),
                Status::Argument
            );
            assert_eq!(sentence(), "token is 2, expected 0 to 1");
            assert_eq!(
                tern_network_token(network, 1, x.as_mut_ptr(), 2),
                Status::Argument
            );
            assert_eq!(sentence(), "input_count is 2, expected 3");
            tern_network_free(network);

            // Three steps one by one, and the same as a sequence: every output, or the last.
            assert_eq!(tern_state_sequences(state), 1);
            let inputs = [1, 2, 3, 0, -128, 4, 9, 9, -9];
            let mut each = [0; 6];
            for (x, y) in inputs.chunks(3).zip(each.chunks_mut(2)) {
                assert_eq!(
                    tern_state_step(state, x.as_ptr(), 3, y.as_mut_ptr(), 2),
                    Status::Ok
                );
            }
            assert_ne!(each[2..4], each[4..]);
            let expected = if output == Output::Every {
                &each[..]
            } else {
                &each[4..]
            };
            let mut given = vec![0; expected.len()];
            for _ in 0..2 {
                let (y, n) = (given.as_mut_ptr(), given.len());
                assert_eq!(
                    tern_state_run(state, 3, inputs.as_ptr(), 9, y, n),
                    Status::Ok
                );
                assert_eq!(given, expected);
            }
            // A reset is the start of a sequence.
            assert_eq!(tern_state_reset(state), Status::Ok);
            let mut y = [0; 2];
            assert_eq!(
                tern_state_step(state, inputs.as_ptr(), 3, y.as_mut_ptr(), 2),
                Status::Ok
            );
            assert_eq!(y, each[..2]);
            tern_state_free(state);
        }
    }
}
