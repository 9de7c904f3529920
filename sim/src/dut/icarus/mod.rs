//! A core simulated by Icarus Verilog, where `PATH` has it: no Python wheel carries it, and Tern does not install it.
//!
//! The second opinion on the language: an event-driven simulator with unknown values. What a register or memory holds
//! before it is written is `x` here, and an `x` on a port where the stream says that it means something is a fault.
//!
//! ```text
//! Rust ─ reset, valid, last, ready, data, load (hexadecimal) ─▶ testbench in vvp ─▶ ready, valid, last, data, unknown ─▶ Rust
//! ```

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;

use tempfile::TempDir;

use crate::dut::{Beat, Dut, Inputs, Outputs};
use crate::eda::error::ToolError;
use crate::eda::process::run;

const TESTBENCH: &str = include_str!("testbench.v");

/// A core compiled by Icarus Verilog, of which instances can be made.
pub struct Icarus {
    folder: Arc<TempDir>,
    input_bits: u32,
    output_bits: u32,
}

/// A program of Icarus Verilog on `PATH`.
fn program(name: &str) -> Result<PathBuf, ToolError> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file());
    found.ok_or_else(|| {
        ToolError::new(format!(
            "{name} of Icarus Verilog is not on PATH, expected it there: no Python wheel carries it (apt install iverilog)"
        ))
    })
}

impl Icarus {
    /// Whether Icarus Verilog is on `PATH`.
    pub fn is_there() -> bool {
        program("iverilog").is_ok() && program("vvp").is_ok()
    }

    /// Compiles the Verilog text of module `top`.
    ///
    /// # Errors
    /// When Icarus Verilog is not on `PATH` or refuses the text.
    pub fn build(verilog: &str, top: &str) -> Result<Icarus, ToolError> {
        let (compiler, _) = (program("iverilog")?, program("vvp")?);
        let folder =
            tempfile::tempdir().map_err(|e| ToolError::file("create", &std::env::temp_dir(), e))?;
        let widths = ["s_axis_tdata", "m_axis_tdata"].map(|port| port_width(verilog, top, port));
        let [Some(input_bits), Some(output_bits)] = widths else {
            return Err(ToolError::new(format!(
                "module {top} has no ports s_axis_tdata and m_axis_tdata with a range, expected those of tern_core"
            )));
        };
        let bench = TESTBENCH
            .replace("TOP_MODULE", top)
            .replace("INPUT_BITS", &input_bits.to_string())
            .replace("OUTPUT_BITS", &output_bits.to_string());
        for (name, text) in [("testbench.v", bench.as_str()), ("core.v", verilog)] {
            let path = folder.path().join(name);
            std::fs::write(&path, text).map_err(|e| ToolError::file("write", &path, e))?;
        }
        // A definition of its own where there is no load port, since an argument may not be empty.
        let load_port = match port_width(verilog, top, "w_axis_tdata") {
            Some(_) => "-DLOAD_PORT",
            None => "-DNO_LOAD_PORT",
        };
        let mut command = Command::new(compiler);
        command.current_dir(folder.path()).args([
            "-g2005",
            load_port,
            "-o",
            "core.vvp",
            "-s",
            "testbench",
            "testbench.v",
            "core.v",
        ]);
        let log = folder.path().join("iverilog.log");
        run(&mut command, "iverilog", "compile the Verilog", &log)?;
        Ok(Icarus {
            folder: Arc::new(folder),
            input_bits,
            output_bits,
        })
    }

    /// A new core, before its reset.
    ///
    /// # Errors
    /// When the simulator does not start.
    pub fn instance(&self) -> Result<IcarusDut, ToolError> {
        let failed = |why: String| ToolError::new(format!("vvp could not be started: {why}"));
        let mut child = Command::new(program("vvp")?)
            .args(["-n", "core.vvp"])
            .current_dir(self.folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|e| failed(e.to_string()))?;
        let pipes = child.stdin.take().zip(child.stdout.take());
        let (commands, answers) = pipes.ok_or_else(|| failed("it has no pipes".to_owned()))?;
        Ok(IcarusDut {
            child,
            commands,
            answers: BufReader::new(answers),
            widths: [self.input_bits, self.output_bits],
            cycle: 0,
            fault: None,
            _folder: self.folder.clone(),
        })
    }
}

/// The width of a port of module `top`, from its declaration `[N:0] port`.
fn port_width(verilog: &str, top: &str, port: &str) -> Option<u32> {
    let start = verilog.find(&format!("module {top}"))?;
    let text = &verilog[start..];
    let text = &text[..text.find("endmodule")?];
    text.lines()
        .filter(|line| {
            let mut words = line.split(|c: char| !(c.is_alphanumeric() || c == '_'));
            words.any(|word| word == port)
        })
        .find_map(|line| {
            let (_, rest) = line.split_once('[')?;
            let (high, _) = rest.split_once(":0]")?;
            Some(high.trim().parse::<u32>().ok()? + 1)
        })
}

/// One core under simulation.
pub struct IcarusDut {
    child: Child,
    commands: ChildStdin,
    answers: BufReader<ChildStdout>,
    widths: [u32; 2],
    cycle: u64,
    fault: Option<String>,
    _folder: Arc<TempDir>,
}

impl IcarusDut {
    fn exchange(&mut self, inputs: &Inputs) -> Result<Outputs, String> {
        let flags = u8::from(inputs.m_axis_tready)
            | u8::from(inputs.s_axis_tlast) << 1
            | u8::from(inputs.s_axis_tvalid) << 2
            | u8::from(inputs.reset) << 3
            | u8::from(inputs.w_axis_tvalid) << 4;
        let lost = |error: std::io::Error| format!("vvp ended: {error}");
        writeln!(
            self.commands,
            "{flags:x} {} {:x}",
            hexadecimal(&inputs.s_axis_tdata),
            inputs.w_axis_tdata
        )
        .and_then(|()| self.commands.flush())
        .map_err(lost)?;
        let mut line = String::new();
        self.answers.read_line(&mut line).map_err(lost)?;
        let mut words = line.split_whitespace();
        let (Some(flags), Some(data)) = (words.next(), words.next()) else {
            return Err(format!("vvp answered `{}`", line.trim()));
        };
        let flag = |k: usize| flags.as_bytes().get(k) == Some(&b'1');
        if flag(4) {
            return Err(format!(
                "a port has an unknown value in cycle {}",
                self.cycle
            ));
        }
        Ok(Outputs {
            s_axis_tready: flag(0),
            m_axis_tvalid: flag(1),
            m_axis_tlast: flag(2),
            w_axis_tready: flag(3),
            m_axis_tdata: beat(data),
        })
    }
}

/// A beat as hexadecimal digits, the highest first.
fn hexadecimal(beat: &Beat) -> String {
    let [a, b, c, d] = beat;
    format!("{d:016x}{c:016x}{b:016x}{a:016x}")
}

/// The beat of hexadecimal digits; unknown ones, which only a beat that is not valid has, count as zero.
fn beat(digits: &str) -> Beat {
    let mut beat = Beat::default();
    for (k, digit) in digits.chars().rev().enumerate().take(64) {
        beat[k / 16] |= u64::from(digit.to_digit(16).unwrap_or(0)) << (k % 16 * 4);
    }
    beat
}

impl Dut for IcarusDut {
    fn name(&self) -> &str {
        "icarus"
    }

    fn input_bits(&self) -> u32 {
        self.widths[0]
    }

    fn output_bits(&self) -> u32 {
        self.widths[1]
    }

    fn cycle(&mut self, inputs: &Inputs) -> Outputs {
        self.cycle += 1;
        self.exchange(inputs).unwrap_or_else(|fault| {
            self.fault.get_or_insert(fault);
            Outputs::default()
        })
    }

    fn fault(&mut self) -> Option<String> {
        self.fault.take()
    }
}

impl Drop for IcarusDut {
    fn drop(&mut self) {
        // It may have ended already; either way nothing of it is left.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
