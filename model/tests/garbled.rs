//! Bytes that are no model: the reader answers with one sentence, whatever they are.

mod support;

use proptest::prelude::*;
use tern_model::error::Error;
use tern_model::network::Model;

/// Reads `bytes` and checks that an error is one sentence.
fn read(bytes: &[u8]) -> Result<Model, Error> {
    let result = Model::from_bytes(bytes);
    if let Err(error) = &result {
        let sentence = error.to_string();
        assert!(
            !sentence.is_empty() && !sentence.contains('\n'),
            "{sentence:?}"
        );
    }
    result
}

fn valid_bytes() -> impl Strategy<Value = Vec<u8>> {
    let models = [support::lstm_model(), support::gru_model()];
    prop::sample::select(models.map(|model| model.to_bytes().unwrap()).to_vec())
}

/// Edits as (where, new byte): mostly in the header, where structure is.
fn edits() -> impl Strategy<Value = Vec<(prop::sample::Index, bool, u8)>> {
    prop::collection::vec(
        (
            any::<prop::sample::Index>(),
            prop::bool::weighted(0.8),
            any::<u8>(),
        ),
        1..6,
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn changed_bytes_never_panic(mut bytes in valid_bytes(), edits in edits()) {
        let header = 8 + u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
        for (place, in_header, byte) in edits {
            let range = if in_header { header } else { bytes.len() };
            bytes[place.index(range)] = byte;
        }
        // What still reads as a model must be one that can be written and read again.
        if let Ok(model) = read(&bytes) {
            prop_assert_eq!(read(&model.to_bytes().unwrap()).unwrap(), model);
        }
    }

    #[test]
    fn changed_digits_never_panic(mut bytes in valid_bytes(), edits in edits()) {
        let digits: Vec<usize> = (8..bytes.len()).filter(|&at| bytes[at].is_ascii_digit()).collect();
        for (place, _, byte) in edits {
            bytes[digits[place.index(digits.len())]] = b'0' + byte % 10;
        }
        if let Ok(model) = read(&bytes) {
            prop_assert_eq!(read(&model.to_bytes().unwrap()).unwrap(), model);
        }
    }

    #[test]
    fn truncated_files_are_rejected(bytes in valid_bytes(), length: prop::sample::Index) {
        prop_assert!(read(&bytes[..length.index(bytes.len())]).is_err());
    }

    #[test]
    fn arbitrary_bytes_are_rejected(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(read(&bytes).is_err());
    }
}

#[test]
fn a_longer_file_is_rejected() {
    let mut bytes = support::gru_model().to_bytes().unwrap();
    bytes.push(0);
    assert_eq!(read(&bytes).unwrap_err().place(), "file");
}

#[test]
fn a_file_error_names_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let read = |name: &str| {
        let path = folder.path().join(name);
        let sentence = Model::read(&path).unwrap_err().to_string();
        let prefix = format!("{}: ", path.display());
        sentence.strip_prefix(&prefix).expect(&sentence).to_owned()
    };
    assert!(read("missing").starts_with("file cannot be read: "));
    assert_eq!(
        read(""),
        "file cannot be read: it is a folder, expected a model file"
    );
    std::fs::write(folder.path().join("empty"), b"").unwrap();
    assert_eq!(
        read("empty"),
        "file is not a whole safetensors file: it ends within the 8 bytes that give the length of its header"
    );
    let plain = safetensors::serialize(
        Vec::<(String, safetensors::tensor::TensorView)>::new(),
        None,
    );
    std::fs::write(folder.path().join("plain"), plain.unwrap()).unwrap();
    assert_eq!(
        read("plain"),
        "file has no `tern` entry in its `__metadata__`, expected a model file as tern export writes it; tern import takes networks of PyTorch, ONNX and Keras"
    );
    let metadata = [("tern-classifier".to_owned(), "{}".to_owned())];
    let checkpoint = safetensors::serialize(
        Vec::<(String, safetensors::tensor::TensorView)>::new(),
        Some(metadata.into()),
    );
    std::fs::write(folder.path().join("checkpoint"), checkpoint.unwrap()).unwrap();
    assert_eq!(
        read("checkpoint"),
        "file is the checkpoint of a training run, expected a model file, which tern export writes from the run"
    );
    for (description, expected) in [
        (
            "{nonsense",
            "the description in the file's `tern` metadata cannot be read as JSON: key must be a string at line 1 column 2",
        ),
        (
            "",
            "the description in the file's `tern` metadata cannot be read as JSON: it ends within ",
        ),
        (
            "[1]",
            "the description in the file's `tern` metadata cannot be read: found a list of length 1",
        ),
        (
            r#"{"version":1,"layers":[{"#,
            "the description in the file's `tern` metadata cannot be read as JSON: it ends within ",
        ),
        (
            r#"{"version":1,"layers":3}"#,
            "layers cannot be read: found integer `3`, expected a list",
        ),
    ] {
        let bytes = support::RawFile::of(&support::gru_model()).bytes_described(description);
        std::fs::write(folder.path().join("json"), bytes).unwrap();
        let sentence = read("json");
        assert!(sentence.starts_with(expected), "{expected}: {sentence}");
    }
    let version = support::RawFile::of(&support::gru_model()).bytes_described(r#"{"version":7}"#);
    std::fs::write(folder.path().join("version"), version).unwrap();
    assert_eq!(read("version"), "version is 7, expected 1");
}

#[test]
fn a_header_is_told_without_words_of_the_library() {
    let read = |header: &str, data: &[u8]| {
        let length = (header.len() as u64).to_le_bytes();
        let bytes = [&length, header.as_bytes(), data].concat();
        Model::from_bytes(&bytes).unwrap_err().to_string()
    };
    let tensor = |fields: &str| format!(r#"{{"a":{{"dtype":"I8",{fields}}}}}"#);
    for (header, problem) in [
        ("[1]".to_owned(), "found a list, expected an object"),
        (r#"{"a":3}"#.to_owned(), "`3`, expected an object"),
        (
            tensor(r#""shape":[-1],"data_offsets":[0,1]"#),
            "`-1`, expected a whole number",
        ),
        (
            tensor(r#""shape":[2],"data_offsets":[0,1]"#),
            "another number of bytes than its shape and type need",
        ),
        (
            tensor(r#""shape":[1],"data_offsets":[1,2]"#),
            "the bytes of a in its header do not follow",
        ),
        (
            tensor(r#""shape":[2],"data_offsets":[0,2]"#),
            "as many bytes do not follow its header",
        ),
    ] {
        let sentence = read(&header, b"1");
        assert!(sentence.contains(problem), "{problem}: {sentence}");
        for word in ["struct", "usize", "sequence"] {
            assert!(!sentence.contains(word), "{sentence}");
        }
    }
}
