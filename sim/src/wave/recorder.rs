//! Recording signals of Rust-HDL's simulation.

use std::collections::HashMap;

use rust_hdl::core::prelude::{Atom, Block, Probe, VCDValue};
use vcd::Value;

use super::waveform::{Signal, Waveform};
use crate::dut::rust_hdl::Module;
use crate::eda::error::ToolError;

/// Some signals of a module, sampled where the logic has settled and the clock's rising edge is to come.
pub struct Recorder {
    /// For each signal's number in the simulation its place among the names.
    places: HashMap<usize, usize>,
    names: Vec<String>,
    signals: Vec<Signal>,
}

impl Recorder {
    /// A recorder of the signals `names`, paths below `module` with `_` before the number of a part, as Verilog has them.
    ///
    /// # Errors
    /// When there is no signal of such a name.
    pub fn new(module: &dyn Module, names: &[&str]) -> Result<Recorder, ToolError> {
        let mut search = Search {
            path: vec![],
            names,
            found: HashMap::new(),
        };
        module.show(&mut search);
        let width = |place: usize| {
            let mut found = search.found.values();
            found.find(|(at, _)| *at == place).map(|(_, width)| *width)
        };
        let signal = |(place, name): (usize, &&str)| match width(place) {
            Some(width) => Ok(Signal {
                width,
                values: vec![],
            }),
            None => Err(ToolError::new(format!("the core has no signal {name}"))),
        };
        let signals: Result<Vec<Signal>, ToolError> =
            names.iter().enumerate().map(signal).collect();
        let places = search.found.iter().map(|(id, (place, _))| (*id, *place));
        Ok(Recorder {
            places: places.collect(),
            names: names.iter().map(|name| (*name).to_owned()).collect(),
            signals: signals?,
        })
    }

    /// Samples the signals of one cycle.
    pub(crate) fn sample(&mut self, module: &dyn Module) {
        module.show(self);
    }

    /// What was sampled.
    pub(crate) fn waveform(&self) -> Waveform {
        let cycles = self.signals.first().map_or(0, |signal| signal.values.len());
        let named = self.names.iter().cloned().zip(self.signals.iter().cloned());
        Waveform::of(cycles, named.collect())
    }
}

impl Probe for Recorder {
    fn visit_atom(&mut self, _name: &str, signal: &dyn Atom) {
        if let Some(place) = self.places.get(&signal.id()) {
            self.signals[*place].values.push(number(&signal.vcd()));
        }
    }
}

/// The low 64 bits of a signal.
fn number(value: &VCDValue) -> u64 {
    let bit = |sum: u64, bit: &Value| sum << 1 | u64::from(*bit == Value::V1);
    match value {
        VCDValue::Single(value) => bit(0, value),
        VCDValue::Vector(bits) => bits.iter().fold(0, bit),
        VCDValue::String(_) | VCDValue::Composite(_) => 0,
    }
}

/// Finds the numbers of signals by their paths.
struct Search<'n> {
    path: Vec<String>,
    names: &'n [&'n str],
    /// Place among the names and width, by the signal's number.
    found: HashMap<usize, (usize, u32)>,
}

impl Probe for Search<'_> {
    fn visit_start_scope(&mut self, name: &str, _node: &dyn Block) {
        self.path.push(name.replace('$', "_"));
    }

    fn visit_atom(&mut self, name: &str, signal: &dyn Atom) {
        let inside = self.path.iter().skip(1).map(String::as_str);
        let path: Vec<&str> = inside.chain([name]).collect();
        let path = path.join(".");
        if let Some(place) = self.names.iter().position(|name| **name == path) {
            self.found
                .insert(signal.id(), (place, signal.bits() as u32));
        }
    }

    fn visit_end_scope(&mut self, _name: &str, _node: &dyn Block) {
        self.path.pop();
    }
}

#[cfg(test)]
mod tests {
    use crate::dut::rust_hdl::RustHdl;
    use crate::stream::driver::StreamDriver;
    use crate::stream::format::StreamFormat;
    use crate::stream::stall::StallPattern;
    use tern_compile::design::Design;
    use tern_compile::program::Program;
    use tern_model::network::CellKind;
    use tern_model::random::{RandomSpec, random_model, random_sequence};

    #[test]
    fn signals_are_those_that_the_streams_see() {
        let spec = RandomSpec {
            head: Some(3),
            ..RandomSpec::fixed_point(CellKind::Lstm, 5, 6)
        };
        let model = random_model(&spec, 11);
        let design = Design::new(2, 2, "ice40-hx8k").expect("a design");
        let program = Program::compile(&model, &design).expect("it fits");
        let mut dut = RustHdl::new(&program);
        let missing = dut.record(&["s_axis_tvalid", "nothing"]);
        assert!(
            missing
                .expect_err("none")
                .to_string()
                .contains("no signal nothing")
        );
        let ports = [
            "s_axis_tvalid",
            "s_axis_tready",
            "m_axis_tvalid",
            "m_axis_tready",
        ];
        let done = "dense_0.schedule.done";
        dut.record(&[&ports[..], &[done]].concat())
            .expect("signals of the core");
        let format = StreamFormat::of(&model, design.lanes);
        let mut driver = StreamDriver::new(dut, format).expect("the widths fit");
        let sequence = random_sequence(&model, 3, 1);
        let stalls = StallPattern::all(5)[3];
        let run = driver.run(&[sequence], stalls).expect("it runs");
        let waveform = driver.dut_mut().recorded();
        let values = |name: &str| &waveform.signal(name).expect("it was recorded").values;
        let transfers = |valid: &str, ready: &str| -> Vec<u64> {
            let pairs = values(valid).iter().zip(values(ready));
            let both = pairs.enumerate().filter(|(_, pair)| *pair == (&1, &1));
            // The first cycle is that of reset.
            both.map(|(cycle, _)| cycle as u64 - 1).collect()
        };
        assert_eq!(transfers(ports[0], ports[1]), run.input_cycles);
        let outputs = transfers(ports[2], ports[3]);
        assert_eq!(outputs, run.output_cycles, "and none after the last");
        assert_eq!(waveform.signal(done).map(|signal| signal.width), Some(1));
        let blocks = 3 * program.shape.blocks(0) + program.shape.blocks(1);
        let ended = values(done).iter().filter(|value| **value == 1).count();
        assert!(ended >= blocks, "{ended} blocks of {blocks}");
    }
}
