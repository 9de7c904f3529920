//! The command line as a user meets it, one file per topic, in the rooms of `src`.

mod board;
mod support;

/// Commands that take a network to a device.
mod hardware {
    mod explore;
    mod patch;
    mod random_and_trace;
    mod synth;
    mod tools;
    mod viewers;
    mod weights;
}

/// Sweeps.
mod sweep {
    mod bad_input;
    mod points;
    mod resume;
    mod workflow;

    use crate::support::{Place, small_model};
    use serde_json::Value;
    use tern_model::network::{CellKind, Output};
    use tern_model::random::{RandomSpec, random_model};

    /// Writes `m.safetensors`, a small network.
    pub fn model(place: &Place) {
        place.model("m.safetensors", &small_model(3, Output::Last));
    }

    /// Writes `tiny.safetensors`, a network of one unit, and a sweep that routes it with each of the seeds.
    pub fn routed(place: &Place, seeds: &str) {
        let spec = RandomSpec::hitnet(CellKind::Lstm, 1, 1);
        place.model("tiny.safetensors", &random_model(&spec, 1));
        let sweep = format!(
            "stage = \"route\"\ndevices = [\"ice40-hx8k\"]\narrays = [\"1x2\"]\nseeds = {seeds}\n\n[[networks]]\nmodel = \"tiny.safetensors\"\n"
        );
        place.write("sweep.toml", sweep.as_bytes());
    }

    /// Name of a routed point.
    pub fn seed(seed: u32) -> String {
        format!("tiny-ice40-hx8k-1x2-dense-seed{seed}")
    }

    pub const RUN: [&str; 5] = ["explore", "--sweep", "sweep.toml", "--out", "out"];

    /// What the file of a point holds.
    #[track_caller]
    pub fn kept(place: &Place, id: &str) -> Value {
        let file = place.path(&format!("out/points/{id}.json"));
        serde_json::from_slice(&std::fs::read(file).expect("a point's file")).expect("JSON")
    }

    /// Puts a figure that nothing measures into the file of a point: it is there as long as the point is not done again.
    #[track_caller]
    pub fn mark(place: &Place, id: &str) {
        let mut value = kept(place, id);
        value["outcome"]["estimated_cells"] = 999_999.into();
        place.write(
            &format!("out/points/{id}.json"),
            value.to_string().as_bytes(),
        );
    }

    #[track_caller]
    pub fn is_marked(place: &Place, id: &str) -> bool {
        kept(place, id)["outcome"]["estimated_cells"] == 999_999
    }
}

/// Commands that run a network.
mod measure {
    mod recordings;
    mod run_integers;
    mod verify;
}

/// Commands that make networks.
mod network {
    mod classify;
    mod import;
    mod language;
    mod others;
    mod runs;
    mod study;
}

/// The program as a whole.
mod program {
    mod bad_input;
    mod installed;
    mod odd_input;
    mod usage;
}

/// Pages about cores.
mod report {
    mod bad_input;
    mod compare;
    mod page;

    use crate::support::{Place, small_model};
    use tern_compile::design::Design;
    use tern_gen_verilog::artifacts::artifacts;
    use tern_gen_verilog::choice::Core;
    use tern_gen_verilog::folder::write;
    use tern_model::network::Output;

    pub const DENSE: &str = r#"{"columns": 4, "rows": 1, "lanes": 2, "device": "ice40-hx8k"}"#;

    /// Writes the small network as `m.safetensors` and its core of a design to the folder `name`, as gen-verilog does.
    pub fn core(place: &Place, name: &str, design: &str) {
        let model = small_model(3, Output::Last);
        place.model("m.safetensors", &model);
        let design = Design::from_json(design).expect("a design");
        let core = Core::new(model, design).expect("it fits");
        write(&place.path(name), &artifacts(&core).expect("a sound core")).expect("a new folder");
    }

    /// The facts that a page has beside it.
    pub fn facts(place: &Place, name: &str) -> tern_report::facts::Facts {
        let text = std::fs::read(place.path(name)).expect("the facts");
        serde_json::from_slice(&text).expect("facts as the schema has them")
    }
}
