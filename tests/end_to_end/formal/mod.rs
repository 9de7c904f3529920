//! Properties of the generated modules, proven for all inputs and all cycles; each proof fails on a module broken on purpose.

mod arithmetic;
mod schedule;
mod stream;
mod text;

use rust_hdl::core::prelude::Block;
use tern_compile::program::Program;
use tern_compile::shape::Shape;
use tern_model::network::{CellKind, Output};
use tern_model::random::RandomSpec;
use tern_sim::formal::prove::{Properties, Verdict, prove};
use tern_tests::family::{Biases, Family};

const HANDSHAKE: &str = include_str!("../../formal/handshake.v");

/// A proof, and a change of the design that it must notice.
struct Proof<'a> {
    name: &'a str,
    design: String,
    properties: &'a str,
    defines: &'a [(&'a str, usize)],
    /// What is replaced in the module, by what.
    broken: (&'a str, &'a str),
    /// The assertion that then fails.
    fails: &'a str,
}

impl Proof<'_> {
    fn verdict(&self, design: &str) -> Verdict {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let properties = Properties {
            name: self.name,
            design,
            properties: &[HANDSHAKE, self.properties],
            defines: self.defines,
        };
        prove(&properties, folder.path()).unwrap_or_else(|error| panic!("{}: {error}", self.name))
    }

    /// The assertions hold and the cover points are reached; on the broken design one named assertion fails.
    fn check(&self) {
        let sound = self.verdict(&self.design);
        assert_eq!(sound.failed, Vec::<String>::new(), "{}", self.name);
        assert_eq!(sound.unreached, Vec::<String>::new(), "{}", self.name);
        let covers = self.properties.matches("cover(").count();
        assert!(
            sound.reached >= covers,
            "{} of {covers} covers of {}",
            sound.reached,
            self.name
        );
        let (from, to) = self.broken;
        let module = self
            .design
            .find(&format!("module tern_{} ", self.name))
            .unwrap_or(0);
        let at = module
            + self.design[module..]
                .find(from)
                .unwrap_or_else(|| panic!("no `{from}`"));
        let mut design = self.design.clone();
        design.replace_range(at..at + from.len(), to);
        let failed = self.verdict(&design).failed;
        assert!(
            failed.iter().any(|what| what.contains(self.fails)),
            "{}: {failed:?}",
            self.name
        );
    }
}

/// The Verilog of a block alone.
fn alone(mut block: impl Block) -> String {
    block.connect_all();
    tern_hdl::verilog::emit(&block).expect("a sound block")
}

/// The shape of a small core.
fn shape(spec: RandomSpec, rows: usize) -> Shape {
    let family = Family {
        spec,
        columns: 4,
        rows,
        lanes: 2,
        skip: None,
        device: "ice40-hx8k",
        threshold: 1,
        biases: Biases::Narrow { limit: 9, step: 1 },
    };
    let program = Program::compile(&family.model(1), &family.design()).expect("it fits");
    program.shape
}

fn trits() -> RandomSpec {
    RandomSpec {
        output: Output::Every,
        ..RandomSpec::hitnet(CellKind::Lstm, 3, 3)
    }
}

/// Two layers of three units and a head, on inputs of three bits in three chunks.
fn layers() -> RandomSpec {
    RandomSpec {
        input_bits: 3,
        cells: vec![(CellKind::Lstm, 3), (CellKind::Lstm, 3)],
        head: Some(6),
        output: Output::Every,
        ..RandomSpec::hitnet(CellKind::Lstm, 5, 3)
    }
}
