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
    mod weights;
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
    mod runs;
    mod study;
}

/// The program as a whole.
mod program {
    mod bad_input;
    mod installed;
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
