//! Data sets of classifiers: how they are split and scaled, and what is wrong with one, in one
//! sentence each.

use std::fmt::Display;
use std::path::Path;

use crate::support::{hitnet, recipe};
use tern_features::table::read_table;
use tern_features::{FeatureError, Scaling};
use tern_train::TrainError;
use tern_train::classify::{Data, Recipe, Sequences, Task, vowels};

fn sentence<T, E: Display>(result: Result<T, E>) -> String {
    let error = result.err().expect("refused").to_string();
    assert!(!error.contains('\n'), "{error}");
    error
}

/// An NPY file in C order of type `<f4` or another.
fn npy(dtype: &str, shape: &str, data: &[u8]) -> Vec<u8> {
    let mut header = format!("{{'descr': '{dtype}', 'fortran_order': False, 'shape': {shape}, }}");
    while (10 + header.len() + 1) % 64 != 0 {
        header.push(' ');
    }
    header.push('\n');
    let length = (header.len() as u16).to_le_bytes();
    [b"\x93NUMPY\x01\x00", &length[..], header.as_bytes(), data].concat()
}

#[test]
fn tables_are_read_and_what_is_wrong_with_one_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let table = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        read_table(&path)
    };
    let floats: Vec<u8> = [1.5f32, -2.0, 0.25, 8.0]
        .iter()
        .flat_map(|v| v.to_le_bytes())
        .collect();
    let good = table("x.npy", &npy("<f4", "(2, 2)", &floats)).unwrap();
    assert_eq!(good, [[1.5, -2.0], [0.25, 8.0]]);
    let bytes = table("x.npy", &npy("|i1", "(2, 2)", &[1, 2, 3, 255])).unwrap();
    assert_eq!(bytes, [[1.0, 2.0], [3.0, -1.0]]);
    every_type_is_read(table);
    for names in ["a,b", "time,\"x (m/s)\"", "\u{feff}a,", ",b"] {
        let text = format!("{names}\n1,2\n3,4\n");
        let found = table("x.csv", text.as_bytes()).unwrap();
        assert_eq!(found, [[1.0, 2.0], [3.0, 4.0]], "{names}");
    }
    assert_eq!(table("x.csv", b" 1 , -2.5e1\r\n").unwrap(), [[1.0, -25.0]]);
    let nan = f32::NAN.to_le_bytes();
    for (name, bytes, expected) in [
        ("x.txt", &b"1"[..], "expected .csv or .npy"),
        ("x.csv", b"", "the number of time steps is 0"),
        ("x.csv", b"1,2\n3\n", "line 2 has 1 column, expected 2"),
        (
            "x.csv",
            b"-1.5-2\n1,2\n",
            "the first line holds no number and has 1 column, expected the 2 of the others",
        ),
        (
            "x.csv",
            b"1,2\n3,NaN\n",
            "line 2, column 2 is \"NaN\", expected a finite",
        ),
        (
            "x.csv",
            b"1,inf\n",
            "line 1, column 2 is \"inf\", expected a finite",
        ),
        (
            "x.csv",
            b"a,b\n",
            "line 1, column 1 is \"a\", expected a finite",
        ),
        (
            "x.csv",
            b"a,b\n1,2\nc,d\n",
            "line 3, column 1 is \"c\", expected a finite",
        ),
        (
            "x.csv",
            b"a,1\n1,2\n",
            "line 1, column 1 is \"a\", expected a finite",
        ),
        ("x.npy", b"no", "not an NPY file"),
        (
            "x.npy",
            &npy("<f4", "(4,)", &floats),
            "the shape is [4], expected [time, features]",
        ),
        ("x.npy", &npy("<f4", "(2, 0)", &[]), "the shape is [2, 0]"),
        (
            "x.npy",
            &npy("<f4", "(0, 2)", &[]),
            "the number of time steps is 0",
        ),
        (
            "x.npy",
            &npy("<f4", "(3, 2)", &floats),
            "16 bytes follow the header, expected 6 elements",
        ),
        (
            "x.npy",
            &npy("<f4", "(1, 1)", &nan),
            "element [0, 0] is NaN, expected a finite",
        ),
        ("x.npy", &npy("<c8", "(2, 1)", &floats), "the type is '<c8'"),
        (
            "x.npy",
            &npy("<f2", "(1, 1)", &0x7e00u16.to_le_bytes()),
            "element [0, 0] is NaN, expected a finite",
        ),
    ] {
        let error = sentence(table(name, bytes));
        assert!(
            error.contains(name) && error.contains(expected),
            "{expected}: {error}"
        );
    }
    let missing = sentence(read_table(&folder.path().join("none.csv")));
    assert!(missing.contains("none.csv: cannot be read"), "{missing}");
}

/// The values 1 and 0, and where the type has it -2, in every type that NumPy writes for numbers, in both
/// orders of bytes.
fn every_type_is_read(table: impl Fn(&str, &[u8]) -> Result<Vec<Vec<f64>>, FeatureError>) {
    let check = |dtype: &str, data: &[u8], expected: [f64; 2]| {
        let found = table("x.npy", &npy(dtype, "(1, 2)", data)).unwrap();
        assert_eq!(found, [expected], "{dtype}");
    };
    check("|b1", &[1, 0], [1.0, 0.0]);
    check("|i1", &[1, 0xfe], [1.0, -2.0]);
    check("|u1", &[1, 0xfe], [1.0, 254.0]);
    macro_rules! of_both_orders {
        ($($name: literal, $one: expr, $two: expr, $expected: expr;)*) => {$(
            let little = [$one.to_le_bytes(), $two.to_le_bytes()].concat();
            check(concat!("<", $name), &little, $expected);
            let big = [$one.to_be_bytes(), $two.to_be_bytes()].concat();
            check(concat!(">", $name), &big, $expected);
        )*};
    }
    of_both_orders! {
        "i2", 1i16, -2i16, [1.0, -2.0];
        "i4", 1i32, -2i32, [1.0, -2.0];
        "i8", 1i64, i64::MIN, [1.0, -9_223_372_036_854_775_808.0];
        "u2", 1u16, u16::MAX, [1.0, 65535.0];
        "u4", 1u32, u32::MAX, [1.0, 4_294_967_295.0];
        "u8", 1u64, u64::MAX, [1.0, 18_446_744_073_709_551_616.0];
        "f2", 0x3c00u16, 0xc000u16, [1.0, -2.0];
        "f4", 1.0f32, -2.0f32, [1.0, -2.0];
        "f8", 1.0f64, -2.0f64, [1.0, -2.0];
    }
}

#[test]
fn features_are_scaled_by_mean_and_deviation_of_training() {
    let sequence = [vec![10.0, 3.0], vec![14.0, 3.0]];
    let (scaling, notes) = Scaling::learn(&[&sequence], 8);
    assert_eq!(
        notes,
        [
            "features that never change in training, so that the network does not see them: 2 (always 3)"
        ]
    );
    assert_eq!(scaling.offset, [12.0, 3.0]);
    assert_eq!(scaling.scale, [30.0, 0.0]);
    assert_eq!(scaling.apply(&sequence, 8), [[-60, 0], [60, 0]]);
    assert_eq!(
        scaling.apply(&[vec![1e300, -1e300], vec![-1e300, 0.0]], 8),
        [[127, 0], [-127, 0]]
    );
    let (coarse, _) = Scaling::learn(&[&sequence], 2);
    assert_eq!(coarse.apply(&sequence, 2), [[-1, 0], [1, 0]]);
}

#[test]
fn a_feature_of_any_size_reaches_the_network() {
    for size in [1e300, 8e307, 1e-300] {
        let sequence = [vec![size, 0.1], vec![-size, 0.1], vec![size, 0.1]];
        let (scaling, notes) = Scaling::learn(&[&sequence], 8);
        assert_eq!(scaling.scale[1], 0.0);
        let told = notes.last().unwrap();
        assert!(told.ends_with("2 (always 0.1)"), "{notes:?}");
        let huge =
            format!("features that are so large that they may be faulty: 1 (up to {size:e})");
        assert_eq!(notes[0] == huge, size > 1.0, "{notes:?}");
        assert_eq!(notes.len(), 1 + usize::from(size > 1.0), "{notes:?}");
        assert_eq!(
            scaling.apply(&sequence, 8),
            [[42, 0], [-85, 0], [42, 0]],
            "{size}"
        );
    }
}

#[test]
fn an_outlier_hides_no_other_value() {
    let step = |t: usize| vec![f64::from(u8::try_from(t).unwrap()) - 50.0, 7.0];
    let mut sequence: Vec<Vec<f64>> = (0..101).map(step).collect();
    let (ordinary, notes) = Scaling::learn(&[&sequence], 8);
    assert_eq!(notes.len(), 1, "{notes:?}");
    assert_eq!(ordinary.apply(&[vec![-50.0, 7.0]], 8), [[-103, 0]]);
    sequence.push(vec![1e300, 7.0]);
    let (robust, notes) = Scaling::learn(&[&sequence], 8);
    assert!(
        notes[2].starts_with("features that have outliers")
            && notes[2].ends_with("1 (up to 1e300)"),
        "{notes:?}"
    );
    let found = robust.apply(&[vec![-50.0, 7.0], vec![1.0, 7.0], vec![1e300, 7.0]], 8);
    assert_eq!(found, [[-79, 0], [0, 0], [127, 0]]);
}

/// Two files of three sequences of two classes, the training file with `change`.
fn of_vowels(change: impl Fn(String) -> String) -> Result<Sequences, TrainError> {
    let folder = tempfile::tempdir().unwrap();
    let vowels = folder.path().join("japanese-vowels");
    std::fs::create_dir_all(&vowels).unwrap();
    let text = |count: usize| {
        let line = |k: usize| format!("{k}.5,2,3:-1,{k},1:{}\n", k % 2 + 1);
        let lines: String = (0..count).map(line).collect();
        format!("#a comment\n@dimensions 2\n@classLabel true 1 2\n@data\n{lines}")
    };
    std::fs::write(vowels.join("JapaneseVowels_TRAIN.ts"), change(text(12))).unwrap();
    std::fs::write(vowels.join("JapaneseVowels_TEST.ts"), text(3)).unwrap();
    vowels::read(folder.path())
}

#[test]
fn the_vowels_validate_on_every_fifth_training_sequence_of_a_speaker() {
    let found = of_vowels(|text| text).unwrap();
    assert_eq!(found.labels, ["1", "2"]);
    assert_eq!(
        [found.train.len(), found.validation.len(), found.test.len()],
        [10, 2, 3]
    );
    let values: Vec<f64> = found.validation.iter().map(|s| s.values[0][0]).collect();
    assert_eq!(values, [8.5, 9.5]);
    assert_eq!(found.train[1].values, [[1.5, -1.0], [2.0, 1.0], [3.0, 1.0]]);
    assert_eq!(found.train[1].class, 1);
    assert!(
        found.train[0]
            .name
            .ends_with("JapaneseVowels_TRAIN.ts line 5")
    );
}

#[test]
fn what_is_wrong_with_the_vowels_is_named() {
    for (from, to, expected) in [
        (
            "1.5,2",
            "NaN,2",
            "line 6, feature 1 holds \"NaN\", expected a finite number",
        ),
        ("1.5,2", "?,2", "line 6, feature 1 holds \"?\""),
        (
            "-1,1,1",
            "-1,1",
            "line 6, feature 2 has 2 time steps, expected 3",
        ),
        (
            "-1,1,1:2",
            "-1,1,1:7",
            "line 6 has the class \"7\", expected one of 1, 2",
        ),
        (":-1,1,1", "", "TRAIN.ts line 6: has 1 features, expected 2"),
        (
            "@classLabel true 1 2",
            "@classLabel true 2 1",
            "expected [\"2\", \"1\"] as in training",
        ),
        ("@classLabel", "#", "has no class names"),
        ("@data", "", "has 0 sequences for train"),
    ] {
        let error = sentence(of_vowels(|text| text.replacen(from, to, 1)));
        assert!(error.contains(expected), "{expected}: {error}");
    }
    let one = sentence(of_vowels(|text| text.replace(":1\n", ":2\n")));
    assert!(one.contains("training has one class only, \"2\""), "{one}");
    let missing = sentence(vowels::read(Path::new("nowhere")));
    assert!(
        missing.contains("JapaneseVowels_TRAIN.ts: cannot be read"),
        "{missing}"
    );
}

#[test]
fn recipes_are_read_and_what_is_wrong_with_one_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("recipe.toml");
    let good = toml::to_string(&recipe(hitnet(0))).unwrap();
    std::fs::write(&file, &good).unwrap();
    assert_eq!(Recipe::read(&file).unwrap(), recipe(hitnet(0)));
    for (text, expected) in [
        ("units = 3", "recipe.toml: "),
        ("colour = 1", "unknown field `colour`"),
        (
            &good.replace("\"folder\"", "\"files\""),
            "unknown name `files`",
        ),
        (
            &good.replace("units = 16", "units = 0"),
            "units is 0, expected 1 to 4096",
        ),
    ] {
        std::fs::write(&file, text).unwrap();
        let error = sentence(Recipe::read(&file));
        assert!(error.contains(expected), "{error}");
    }
    let other = Recipe {
        task: Task::Vowels,
        ..recipe(hitnet(7))
    };
    let error = sentence(Data::read(&other, Path::new("nowhere")));
    assert!(error.contains("japanese-vowels"), "{error}");
}
