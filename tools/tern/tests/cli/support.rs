//! Running the program, and files for it to read.

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;
use tern_model::golden::Golden;
use tern_model::network::{CellKind, Model, Output as When};
use tern_model::random::{RandomSpec, random_model};

/// What ends a program early.
#[derive(Clone, Copy)]
pub enum Signal {
    /// Ctrl-C.
    Interrupt,
    /// The request to end that `kill` and a system that shuts down send.
    Terminate,
    /// A terminal that closes, which shows nothing any more.
    HangUp,
}

/// An empty folder for one test.
pub struct Place {
    folder: TempDir,
}

impl Place {
    pub fn new() -> Place {
        Place {
            folder: tempfile::tempdir().expect("a folder for the test"),
        }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.path(name), bytes).expect("the test's folder is writable");
    }

    /// Writes a model file.
    pub fn model(&self, name: &str, model: &Model) {
        self.write(name, &model.to_bytes().expect("a valid model"));
    }

    /// Writes a mono 16-bit WAV file at `rate` Hz with noise of a seed.
    pub fn recording(&self, name: &str, rate: u32, samples: usize, seed: u64) {
        self.wav(name, rate, 1, samples, seed);
    }

    /// Writes a 16-bit WAV file with noise of a seed.
    pub fn wav(&self, name: &str, rate: u32, channels: u16, samples: usize, seed: u64) {
        let spec = hound::WavSpec {
            channels,
            sample_rate: rate,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let mut random = fastrand::Rng::with_seed(seed);
        let mut writer = hound::WavWriter::create(self.path(name), spec).expect("a new file");
        for _ in 0..samples * usize::from(channels) {
            writer.write_sample(random.i16(-8000..8000)).expect("room");
        }
        writer.finalize().expect("room");
    }

    /// Runs the program in this folder.
    pub fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_tern"))
            .args(arguments)
            .current_dir(self.folder.path())
            .output()
            .expect("the program starts")
    }

    /// Runs the program, which is to succeed, and returns what it printed.
    #[track_caller]
    pub fn succeed(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{error}");
        String::from_utf8(output.stdout).expect("text")
    }

    /// Runs the program on so many threads; it is to succeed.
    #[track_caller]
    pub fn succeed_on(&self, threads: usize, arguments: &[&str]) {
        let output = Command::new(env!("CARGO_BIN_EXE_tern"))
            .args(arguments)
            .current_dir(self.folder.path())
            .env("RAYON_NUM_THREADS", threads.to_string())
            .output()
            .expect("the program starts");
        assert!(output.status.success(), "{threads} threads");
    }

    /// Runs the program, which is to refuse its input with one line that holds every one of `words`.
    #[track_caller]
    pub fn refused(&self, arguments: &[&str], words: &[&str]) {
        let output = self.run(arguments);
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{error}");
        assert!(output.stdout.is_empty(), "nothing on standard output");
        assert_eq!(error.lines().count(), 1, "one line: {error}");
        assert!(error.starts_with("error: "), "{error}");
        for word in words {
            assert!(error.contains(word), "`{word}` is missing: {error}");
        }
    }

    /// Runs the program until `file` is there, sends it a signal and returns what it printed; it is to end with that signal's
    /// exit code.
    pub fn interrupted(&self, arguments: &[&str], file: &str, signal: Signal) -> String {
        let (name, code) = match signal {
            Signal::Interrupt => ("INT", 130),
            Signal::Terminate => ("TERM", 143),
            Signal::HangUp => ("HUP", 129),
        };
        let stdout = match signal {
            Signal::HangUp => std::io::pipe().expect("a pipe").1.into(),
            _ => Stdio::piped(),
        };
        let child = Command::new(env!("CARGO_BIN_EXE_tern"))
            .args(arguments)
            .current_dir(self.folder.path())
            .stdout(stdout)
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        while !self.path(file).exists() {
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        // The shell has kill; a program of that name is not on every machine.
        let interrupt = format!("kill -{name} {}", child.id());
        let interrupt = Command::new("sh").args(["-c", &interrupt]).status();
        assert!(interrupt.expect("sh runs").success());
        let output = child.wait_with_output().expect("the program ends");
        assert_eq!(output.status.code(), Some(code));
        String::from_utf8(output.stdout).expect("text")
    }

    /// Names of the files and folders in this folder, sorted.
    pub fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.path()).expect("a folder that can be read");
        let mut names: Vec<String> = entries
            .map(|entry| entry.expect("a folder that can be read").file_name())
            .map(|name| name.to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }
}

/// An LSTM of 6 units with a head of 3 outputs, on 5 inputs of `input_bits` bits.
pub fn small_model(input_bits: u32, output: When) -> Model {
    let spec = RandomSpec {
        input_bits,
        head: Some(3),
        output,
        ..RandomSpec::fixed_point(CellKind::Lstm, 5, 6)
    };
    random_model(&spec, 11)
}

/// The outputs of a model without labels as the program is to print them: a line per time step that has one.
pub fn golden_lines(model: &Model, sequence: &[Vec<i32>]) -> String {
    let outputs = Golden::new(model).run(sequence);
    let first = sequence.len() - outputs.len();
    let line = |(step, output): (usize, Vec<i32>)| {
        let numbers: Vec<String> = output.iter().map(i32::to_string).collect();
        format!("step {step}  outputs {}\n", numbers.join(" "))
    };
    (first..).zip(outputs).map(line).collect()
}

/// A sequence as CSV.
pub fn csv(sequence: &[Vec<i32>]) -> String {
    let line = |x: &Vec<i32>| {
        let numbers: Vec<String> = x.iter().map(i32::to_string).collect();
        numbers.join(",") + "\n"
    };
    sequence.iter().map(line).collect()
}

/// An NPY file of the given type, such as `<i2`, order, shape and data.
pub fn npy(dtype: &str, fortran: bool, shape: &[usize], data: &[u8]) -> Vec<u8> {
    let order = if fortran { "True" } else { "False" };
    let sizes: String = shape.iter().map(|size| format!("{size},")).collect();
    let mut header =
        format!("{{'descr': '{dtype}', 'fortran_order': {order}, 'shape': ({sizes}), }}");
    while (10 + header.len() + 1) % 64 != 0 {
        header.push(' ');
    }
    header.push('\n');
    let length = (header.len() as u16).to_le_bytes();
    [b"\x93NUMPY\x01\x00", &length[..], header.as_bytes(), data].concat()
}
