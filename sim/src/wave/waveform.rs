//! A recorded waveform, one value per signal and clock cycle.

use std::collections::HashMap;
use std::path::Path;

use vcd::{Command, IdCode, Value, Var};

use super::header::CoreHeader;
use crate::eda::error::ToolError;

/// Signals of the top module, sampled in every cycle just before the rising clock edge.
#[derive(Clone, Debug, Default)]
pub struct Waveform {
    /// Clock cycles recorded.
    pub cycles: usize,
    signals: HashMap<String, Signal>,
}

/// A signal over time.
#[derive(Clone, Debug)]
pub struct Signal {
    /// Bits.
    pub width: u32,
    /// The value in each cycle, as unsigned; the low 64 bits of wider ones.
    pub values: Vec<u64>,
}

impl Waveform {
    /// Reads the signals `names`, paths below the module `tern_core` of any prefix, from a VCD file.
    ///
    /// # Errors
    /// When the file cannot be read, is no VCD, or lacks one of the signals.
    pub fn read(path: impl AsRef<Path>, names: &[&str]) -> Result<Waveform, ToolError> {
        let path = path.as_ref();
        let (vcd, commands) = CoreHeader::read(path)?;
        let clock = vcd.find("clock")?.1.code;
        let vars = names
            .iter()
            .map(|name| Ok(vcd.find(name)?.1))
            .collect::<Result<Vec<&Var>, _>>()?;
        let mut present: HashMap<IdCode, u64> = HashMap::new();
        let mut samples: Vec<Vec<u64>> = vec![vec![]; vars.len()];
        for command in commands {
            match command.map_err(|e| ToolError::file("read", path, e))? {
                Command::ChangeScalar(code, value) => {
                    if code == clock && value == Value::V1 {
                        for (var, samples) in vars.iter().zip(&mut samples) {
                            samples.push(present.get(&var.code).copied().unwrap_or(0));
                        }
                    }
                    present.insert(code, u64::from(value == Value::V1));
                }
                Command::ChangeVector(code, bits) => {
                    let bit = |sum: u64, bit: &Value| sum << 1 | u64::from(*bit == Value::V1);
                    present.insert(code, bits.iter().fold(0, bit));
                }
                _ => {}
            }
        }
        let cycles = samples.first().map_or(0, Vec::len);
        let signal = |(var, values): (&&Var, Vec<u64>)| Signal {
            width: var.size,
            values,
        };
        let signals = vars.iter().zip(samples).map(signal);
        let names = names.iter().map(|name| (*name).to_owned());
        Ok(Waveform {
            cycles,
            signals: names.zip(signals).collect(),
        })
    }

    /// A waveform of signals by name, all of so many cycles.
    pub(super) fn of(cycles: usize, signals: HashMap<String, Signal>) -> Waveform {
        Waveform { cycles, signals }
    }

    /// A signal that was read.
    pub fn signal(&self, name: &str) -> Option<&Signal> {
        self.signals.get(name)
    }
}

impl Signal {
    /// The value in a cycle as two's complement.
    pub fn signed(&self, cycle: usize) -> i64 {
        let spare = 64 - self.width.min(64);
        (self.values[cycle] as i64) << spare >> spare
    }
}
