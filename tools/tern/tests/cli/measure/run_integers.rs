//! `tern run` on raw integers: every file format and every executor gives what the golden model gives.

use crate::support::{Place, csv, golden_lines, npy, small_model};
use tern_model::network::{Model, Output};
use tern_model::random::random_sequence;

const MODEL: [&str; 4] = ["run", "--model", "model.safetensors", "--input"];

/// A place with a model, a sequence of inputs for it, and what is to be printed.
fn prepared(input_bits: u32, output: Output) -> (Place, Model, Vec<Vec<i32>>, String) {
    let place = Place::new();
    let model = small_model(input_bits, output);
    place.model("model.safetensors", &model);
    let sequence = random_sequence(&model, 9, 3);
    let expected = golden_lines(&model, &sequence);
    (place, model, sequence, expected)
}

/// The elements of a sequence in the order of an NPY file.
fn elements(sequence: &[Vec<i32>], fortran: bool) -> Vec<i32> {
    match fortran {
        false => sequence.concat(),
        true => (0..sequence[0].len())
            .flat_map(|column| sequence.iter().map(move |x| x[column]))
            .collect(),
    }
}

#[test]
fn csv_equals_golden() {
    for input_bits in [2, 3, 8] {
        for output in [Output::Every, Output::Last] {
            let (place, _, sequence, expected) = prepared(input_bits, output);
            place.write("x.csv", csv(&sequence).as_bytes());
            assert_eq!(place.succeed(&[&MODEL[..], &["x.csv"]].concat()), expected);
        }
    }
}

#[test]
fn csv_with_blanks_and_windows_line_ends_equals_golden() {
    let (place, _, sequence, expected) = prepared(8, Output::Every);
    let text = csv(&sequence).replace(',', " , ").replace('\n', "\r\n");
    place.write("x.CSV", text.as_bytes());
    assert_eq!(place.succeed(&[&MODEL[..], &["x.CSV"]].concat()), expected);
}

#[test]
fn npy_of_every_type_and_order_equals_golden() {
    let (place, model, mut sequence, _) = prepared(8, Output::Every);
    for x in sequence.iter_mut().flatten() {
        *x = x.abs().min(model.input_max()); // unsigned types hold no sign
    }
    let expected = golden_lines(&model, &sequence);
    let shape = [sequence.len(), model.input_size];
    for (dtype, width) in [
        ("|i1", 1),
        ("|u1", 1),
        ("<i2", 2),
        ("<u2", 2),
        ("<i4", 4),
        ("<u4", 4),
        ("<i8", 8),
        ("<u8", 8),
        (">i4", 4),
    ] {
        for fortran in [false, true] {
            let bytes = |x: i32| -> Vec<u8> {
                let bytes = i64::from(x).to_le_bytes()[..width].to_vec();
                match dtype.starts_with('>') {
                    true => bytes.into_iter().rev().collect(),
                    false => bytes,
                }
            };
            let data: Vec<u8> = elements(&sequence, fortran)
                .into_iter()
                .flat_map(bytes)
                .collect();
            place.write("x.npy", &npy(dtype, fortran, &shape, &data));
            let printed = place.succeed(&[&MODEL[..], &["x.npy"]].concat());
            assert_eq!(printed, expected, "{dtype}, Fortran order: {fortran}");
        }
    }
}

/// Floats are what numpy makes of numbers by default, and booleans what it makes of a comparison.
#[test]
fn npy_of_whole_floats_and_booleans_equals_golden() {
    let (place, model, mut sequence, _) = prepared(8, Output::Every);
    let shape = [sequence.len(), model.input_size];
    let printed = |dtype: &str, data: Vec<u8>| {
        place.write("x.npy", &npy(dtype, false, &shape, &data));
        place.succeed(&[&MODEL[..], &["x.npy"]].concat())
    };
    let values = sequence.concat();
    let expected = golden_lines(&model, &sequence);
    let single = |x: &i32| (*x as f32).to_le_bytes();
    let double = |x: &i32| f64::from(*x).to_le_bytes();
    let data = values.iter().flat_map(single).collect();
    assert_eq!(printed("<f4", data), expected);
    let data = values.iter().flat_map(double).collect();
    assert_eq!(printed("<f8", data), expected);
    for x in sequence.iter_mut().flatten() {
        *x = i32::from(*x > 0);
    }
    let data = sequence.iter().flatten().map(|x| *x as u8).collect();
    assert_eq!(printed("|b1", data), golden_lines(&model, &sequence));
}

/// Somebody else's preprocessing is what a file may have behind it; that it is not done is said.
#[test]
fn integers_behind_an_unknown_preprocessing_are_told() {
    let (place, mut model, sequence, expected) = prepared(8, Output::Every);
    place.write("x.csv", csv(&sequence).as_bytes());
    for (preprocessing, told) in [
        (None, false),
        (Some(serde_json::json!({"features": "scalde"})), true),
        (Some(serde_json::json!({"scale": [-1.0]})), true),
    ] {
        model.preprocessing = preprocessing;
        place.model("model.safetensors", &model);
        let output = place.run(&[&MODEL[..], &["x.csv"]].concat());
        assert_eq!(String::from_utf8_lossy(&output.stdout), expected);
        let note = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(note.contains("is of no known kind"), told, "{note}");
    }
}

#[test]
fn negative_numbers_in_npy_equal_golden() {
    let (place, model, sequence, expected) = prepared(8, Output::Last);
    assert!(sequence.iter().flatten().any(|x| *x < 0));
    let data: Vec<u8> = sequence
        .concat()
        .iter()
        .flat_map(|x| (*x as i16).to_le_bytes())
        .collect();
    place.write(
        "x.npy",
        &npy("<i2", false, &[sequence.len(), model.input_size], &data),
    );
    assert_eq!(place.succeed(&[&MODEL[..], &["x.npy"]].concat()), expected);
}

#[test]
fn every_executor_equals_golden() {
    for output in [Output::Every, Output::Last] {
        let (place, _, sequence, expected) = prepared(4, output);
        place.write("x.csv", csv(&sequence).as_bytes());
        for streams in ["wide", "bytes"] {
            let design = r#"{"columns": 4, "rows": 2, "lanes": 3, "device": "ice40-hx8k", "#;
            let design = format!("{design}\"streams\": \"{streams}\"}}");
            place.write("design.json", design.as_bytes());
            for executor in ["golden", "rust-hdl", "verilator"] {
                let options = ["x.csv", "--design", "design.json", "--executor", executor];
                let printed = place.succeed(&[&MODEL[..], &options].concat());
                assert_eq!(printed, expected, "{executor}, {streams}");
            }
        }
    }
}

#[test]
fn the_netlist_equals_golden() {
    let (place, _, sequence, expected) = prepared(3, Output::Every);
    place.write("x.csv", csv(&sequence).as_bytes());
    for streams in ["wide", "bytes"] {
        let design = r#"{"columns": 4, "rows": 1, "lanes": 3, "device": "ice40-hx8k", "#;
        let design = format!("{design}\"streams\": \"{streams}\"}}");
        place.write("design.json", design.as_bytes());
        let options = [
            "x.csv",
            "--design",
            "design.json",
            "--executor",
            "netlist-ice40",
        ];
        let printed = place.succeed(&[&MODEL[..], &options].concat());
        assert_eq!(printed, expected, "{streams}");
    }
}
