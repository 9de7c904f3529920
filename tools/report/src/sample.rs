//! A small core for tests.

use crate::facts::*;

/// A core that is neither routed nor verified.
pub(crate) fn core() -> Core {
    Core {
        name: "tiny, dense, ice40-hx8k".to_owned(),
        network: Network {
            name: "tiny <b>".to_owned(),
            input_size: 3,
            input_bits: 4,
            layers: vec![Layer {
                kind: "lstm".to_owned(),
                units: 4,
                gate_frac: 7,
                hidden_bits: 2,
            }],
            output_size: Some(2),
            output: Output::Last,
            weights: Trits {
                minus: 30,
                zero: 40,
                plus: 50,
            },
            data: None,
        },
        accuracy: None,
        array: Array {
            columns: 4,
            rows: 2,
            lanes: 3,
            dataflow: "dense".to_owned(),
            skip: None,
            device: "ice40-hx8k".to_owned(),
            device_luts: Some(7680),
            logic_cells_estimated: 800,
            port_lanes: Some(256),
            input_stream: [12, 1],
            output_stream: [32, 2],
        },
        cycles: Cycles {
            per_step: 20,
            recorded: None,
            measured: None,
            macs_per_step: 320,
            limit: None,
        },
        step: Some(Step {
            input: "random inputs of seed 1".to_owned(),
            simulator: "rust-hdl".to_owned(),
            number: 3,
            cycles: 30,
            lanes: vec![Lane {
                name: "array".to_owned(),
                busy: vec![Span { from: 0, to: 20 }],
            }],
        }),
        memories: Memories {
            kinds: vec![Memory {
                name: "weight".to_owned(),
                count: 8,
                words: 5,
                bits: 6,
                home: Home::BlockRam,
                rams: 8,
            }],
            device_block_rams: Some(32),
            device_single_port_rams: 0,
        },
        logic: None,
        routed: None,
        activity: None,
        verified: None,
        provenance: Provenance {
            sources: vec![],
            commands: Commands {
                generate: "gen-verilog".to_owned(),
                synth: Some("tern synth --out here".to_owned()),
                verify: "tern verify --out here".to_owned(),
                report: "tern report".to_owned(),
                eval: "tern report --eval DIR".to_owned(),
            },
        },
    }
}
