//! Running the program, and model files taken apart so that tests can break them.

// Each test binary uses its own part of this module.
#![allow(dead_code)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Map, Value};
use tempfile::TempDir;
use tern_model::network::{CellKind, Output as When};
use tern_model::random::{RandomSpec, random_model};

/// An empty folder for one test, with a small model in it.
pub struct Place {
    folder: TempDir,
}

impl Place {
    pub fn new() -> Place {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let spec = RandomSpec {
            head: Some(3),
            output: When::Last,
            ..RandomSpec::fixed_point(CellKind::Lstm, 5, 8)
        };
        let place = Place { folder };
        let model = random_model(&spec, 7).to_bytes().expect("a valid model");
        place.write("model.safetensors", &model);
        place
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.path(name), bytes).expect("the test's folder is writable");
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        let path = self.path(name);
        std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// Runs the program in this folder.
    pub fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_gen-verilog"))
            .args(arguments)
            .current_dir(self.folder.path())
            .output()
            .expect("the program starts")
    }

    /// Names of the files and folders in this folder, sorted.
    pub fn names(&self) -> Vec<String> {
        names(self.folder.path())
    }
}

/// Names of the files and folders in a folder, sorted.
pub fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder that can be read");
    let name = |entry: std::io::Result<std::fs::DirEntry>| {
        let entry = entry.expect("a folder that can be read");
        entry.file_name().to_string_lossy().into_owned()
    };
    let mut names: Vec<String> = entries.map(name).collect();
    names.sort();
    names
}

/// Asserts that the program ended with `code` and one line on standard error that holds every one of `words`.
#[track_caller]
pub fn assert_refused(output: &Output, code: i32, words: &[&str]) {
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{error}");
    assert!(output.stdout.is_empty(), "nothing on standard output");
    assert_eq!(error.lines().count(), 1, "one line: {error}");
    assert!(error.starts_with("error: "), "{error}");
    for word in words {
        assert!(error.contains(word), "`{word}` is missing: {error}");
    }
}

/// A model file with its description and its tensors' bytes open to change.
pub struct Opened {
    header: Map<String, Value>,
    /// The description: `__metadata__["tern"]`.
    pub tern: Value,
    data: Vec<u8>,
}

impl Opened {
    pub fn new(bytes: &[u8]) -> Opened {
        let (length, rest) = bytes.split_at(8);
        let length = u64::from_le_bytes(length.try_into().expect("8 bytes")) as usize;
        let header: Map<String, Value> =
            serde_json::from_slice(&rest[..length]).expect("a JSON header");
        let tern = header["__metadata__"]["tern"].as_str().expect("a text");
        Opened {
            tern: serde_json::from_str(tern).expect("JSON"),
            data: rest[length..].to_vec(),
            header,
        }
    }

    /// The bytes of a tensor.
    pub fn tensor(&mut self, name: &str) -> &mut [u8] {
        let offset = |k: usize| {
            let offset = self.header[name]["data_offsets"][k].as_u64();
            offset.expect("an offset") as usize
        };
        let range = offset(0)..offset(1);
        &mut self.data[range]
    }

    pub fn bytes(mut self) -> Vec<u8> {
        self.header["__metadata__"]["tern"] = Value::String(self.tern.to_string());
        let header = serde_json::to_vec(&self.header).expect("JSON");
        let length = (header.len() as u64).to_le_bytes();
        [&length[..], &header, &self.data].concat()
    }
}
