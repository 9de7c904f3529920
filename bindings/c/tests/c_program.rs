//! A C program with each of the libraries prints the golden model's integers of the recordings that ship.

mod support;

use std::path::{Path, PathBuf};
use std::process::Command;

use npyz::WriterBuilder;
use support::{compiler, library, own, run};
use tern_features::FrontEnd;
use tern_model::golden::Golden;
use tern_model::network::{Model, Sequence};

/// `examples/classify.c`, with the library of that name.
fn program(name: &str, folder: &Path) -> Command {
    let program = folder.join("classify");
    let mut cc = compiler("CC", "cc");
    cc.arg("-std=c99").arg(own("examples/classify.c"));
    cc.arg(library(name)).args(["-lpthread", "-ldl", "-lm"]);
    run(cc.arg("-o").arg(&program));
    Command::new(program)
}

fn write_npy(path: &Path, table: &Sequence) {
    let mut bytes = Vec::new();
    let options = npyz::WriteOptions::new().default_dtype();
    let options = options.shape(&[table.len() as u64, table[0].len() as u64]);
    let mut writer = options.writer(&mut bytes).begin_nd().unwrap();
    writer.extend(table.iter().flatten().copied()).unwrap();
    writer.finish().unwrap();
    std::fs::write(path, bytes).unwrap();
}

fn recordings() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(own("../../examples/recordings")).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let mut paths: Vec<PathBuf> = paths
        .filter(|p| p.extension().is_some_and(|e| e == "wav"))
        .collect();
    paths.sort();
    paths
}

fn prints_the_integers(name: &str) {
    let folder = tempfile::tempdir().unwrap();
    let mut classify = program(name, folder.path());
    let path = own("../../models/spoken-digits.safetensors");
    let model = Model::read(&path).unwrap();
    let front_end = FrontEnd::of_model(&model).unwrap();
    let labels = model.labels.as_ref().unwrap();
    let inputs = folder.path().join("inputs.npy");
    let recordings = recordings();
    assert_eq!(recordings.len(), 10);
    for (digit, recording) in recordings.iter().enumerate() {
        let features = front_end.read(recording).unwrap();
        write_npy(&inputs, &features);
        let output = run(Command::new(classify.get_program()).arg(&path).arg(&inputs));
        let expected = Golden::new(&model).run(&features);
        let numbers: Vec<String> = expected[0].iter().map(i32::to_string).collect();
        let expected = format!("{}\n{}\n", numbers.join(" "), labels[digit]);
        assert_eq!(String::from_utf8(output.stdout).unwrap(), expected);
    }
    let output = classify
        .arg("missing.safetensors")
        .arg(&inputs)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.starts_with("error: model: missing.safetensors: file cannot be read: "),
        "{said}"
    );
}

#[test]
fn with_the_static_library() {
    prints_the_integers("libtern.a");
}

#[test]
fn with_the_shared_library() {
    let name = format!(
        "{}tern{}",
        std::env::consts::DLL_PREFIX,
        std::env::consts::DLL_SUFFIX
    );
    prints_the_integers(&name);
}

#[test]
fn the_header_is_c99_and_cpp() {
    let folder = tempfile::tempdir().unwrap();
    let languages = [
        ("CC", "cc", "header.c", "-std=c99"),
        ("CXX", "c++", "header.cpp", "-std=c++11"),
    ];
    for (variable, default, file, standard) in languages {
        let source = folder.path().join(file);
        // Twice, and alone: it includes what it needs.
        std::fs::write(
            &source,
            "#include \"tern.h\"\n#include \"tern.h\"\nint main() { return (int)TERN_OK; }\n",
        )
        .unwrap();
        let mut compiler = compiler(variable, default);
        run(compiler.args([standard, "-fsyntax-only"]).arg(&source));
    }
}
