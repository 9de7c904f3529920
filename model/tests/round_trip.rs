//! Model files keep every bit, and equal models give equal files.

mod support;

use proptest::prelude::*;
use tern_model::file::write_atomic;
use tern_model::network::Model;
use tern_model::random::random_model;

proptest! {
    #[test]
    fn bytes_keep_random_models_whole(spec in support::specs(), seed: u64) {
        let model = random_model(&spec, seed);
        let bytes = model.to_bytes().unwrap();
        let read = Model::from_bytes(&bytes).unwrap();
        prop_assert_eq!(&read, &model);
        prop_assert_eq!(read.to_bytes().unwrap(), bytes);
    }

    #[test]
    fn a_seed_decides_the_model(spec in support::specs(), seed: u64) {
        prop_assert_eq!(random_model(&spec, seed), random_model(&spec, seed));
    }
}

#[test]
fn a_file_keeps_every_optional_entry() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.safetensors");
    let model = support::lstm_model();
    model.write(&path).unwrap();
    assert_eq!(Model::read(&path).unwrap(), model);
    assert_eq!(std::fs::read(&path).unwrap(), model.to_bytes().unwrap());
}

#[test]
fn the_description_is_the_documented_json() {
    let description = support::RawFile::of(&support::gru_model()).description;
    let constants = |input_size, hidden_size, threshold| {
        serde_json::json!({
            "kind": "gru", "input_size": input_size, "hidden_size": hidden_size, "gate_frac": 0,
            "lut_bits": 4, "state_bits": 4, "input_shift": 0, "hidden_shift": 0,
            "lut_shift": [0, 0, 0], "threshold": threshold,
        })
    };
    let expected = serde_json::json!({
        "version": 1, "name": "random-2", "input_size": 3, "input_bits": 2, "output": "every",
        "layers": [constants(3, 4, 1), constants(4, 2, 1)],
    });
    assert_eq!(description, expected);
}

#[test]
fn other_metadata_beside_the_description_is_ignored() {
    use std::collections::HashMap;
    let raw = support::RawFile::of(&support::gru_model());
    let views = raw.tensors.iter().map(|(name, (dtype, shape, data))| {
        (
            name,
            safetensors::tensor::TensorView::new(*dtype, shape.clone(), data).unwrap(),
        )
    });
    let description = raw.description.to_string();
    let metadata = [("tern", description.as_str()), ("format", "pt")];
    let metadata = metadata.map(|(key, value)| (key.to_owned(), value.to_owned()));
    let bytes = safetensors::serialize(views, Some(HashMap::from(metadata))).unwrap();
    assert_eq!(Model::from_bytes(&bytes).unwrap(), support::gru_model());
}

#[test]
fn an_invalid_model_is_not_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.safetensors");
    let model = Model {
        input_size: 0,
        ..support::gru_model()
    };
    let error = model.write(&path).unwrap_err();
    assert_eq!(error.path(), Some(path.as_path()));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_write_replaces_the_file_and_leaves_nothing_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    write_atomic(&path, b"old and longer").unwrap();
    write_atomic(&path, b"new").unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), b"new");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_failed_write_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let taken = folder.path().join("folder");
    std::fs::create_dir(&taken).unwrap();
    assert!(write_atomic(&taken, b"new").is_err());
    let error = write_atomic(&folder.path().join("missing/file"), b"new").unwrap_err();
    // The path of a temporary file would mean nothing to its reader.
    assert!(!error.to_string().contains("path"), "{error}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[cfg(unix)]
#[test]
fn a_written_file_is_as_readable_as_any_other() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let (written, ordinary) = (
        folder.path().join("written"),
        folder.path().join("ordinary"),
    );
    write_atomic(&written, b"").unwrap();
    std::fs::write(&ordinary, b"").unwrap();
    let mode = |path| std::fs::metadata(path).unwrap().permissions().mode();
    assert_eq!(mode(&written), mode(&ordinary));
}

#[test]
fn a_file_that_is_read_only_stays() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    std::fs::write(&path, b"old").unwrap();
    let mut permissions = std::fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&path, permissions).unwrap();
    let error = write_atomic(&path, b"new").unwrap_err();
    assert!(error.to_string().contains("read-only"), "{error}");
    assert_eq!(std::fs::read(&path).unwrap(), b"old");
}

#[cfg(unix)]
#[test]
fn a_link_is_followed_and_a_pipe_is_written_to() {
    use std::os::unix::fs::{FileTypeExt, symlink};
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::create_dir(path("there")).unwrap();
    for (link, file) in [("old", "there/old"), ("new", "there/new")] {
        symlink(file, path(link)).unwrap();
    }
    std::fs::write(path("there/old"), "old").unwrap();
    for link in ["old", "new"] {
        write_atomic(&path(link), b"written").unwrap();
        assert!(std::fs::symlink_metadata(path(link)).unwrap().is_symlink());
        assert_eq!(std::fs::read(path("there").join(link)).unwrap(), b"written");
    }
    symlink("round", path("about")).unwrap();
    symlink("about", path("round")).unwrap();
    let error = write_atomic(&path("round"), b"written").unwrap_err();
    assert!(error.to_string().contains("leads back"), "{error}");
    assert!(
        std::fs::symlink_metadata(path("about"))
            .unwrap()
            .is_symlink()
    );
    let made = std::process::Command::new("mkfifo")
        .arg(path("pipe"))
        .status();
    assert!(made.unwrap().success());
    let reader = std::thread::spawn({
        let pipe = path("pipe");
        move || std::fs::read(pipe).unwrap()
    });
    write_atomic(&path("pipe"), b"through").unwrap();
    assert_eq!(reader.join().unwrap(), b"through");
    assert!(
        std::fs::metadata(path("pipe"))
            .unwrap()
            .file_type()
            .is_fifo()
    );
}
