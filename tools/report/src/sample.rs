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

/// The same core with everything measured.
pub(crate) fn measured() -> Core {
    let module = |name: &str, instances: usize, luts: usize| Module {
        module: name.to_owned(),
        instances,
        luts,
        flip_flops: 10,
        carries: 2,
        rams: 0,
        single_port_rams: 0,
    };
    let segment = |kind, ns, x| Segment {
        kind,
        ns,
        module: "tern_pe".to_owned(),
        at: Some(Point { x, y: 2 }),
    };
    let path = CriticalPath {
        from: "a".to_owned(),
        from_module: "tern_pe".to_owned(),
        to: "b".to_owned(),
        to_module: "tern_activation".to_owned(),
        logic_ns: 3.0,
        routing_ns: 4.5,
        levels: 2,
        segments: vec![
            segment(SegmentKind::Logic, 3.0, 1),
            segment(SegmentKind::Routing, 4.5, 3),
        ],
    };
    let tile = |x, module: &str, cells| Tile {
        x,
        y: 2,
        logic: [(module.to_owned(), cells)].into(),
        rams: 0,
    };
    Core {
        accuracy: Some(Accuracy {
            classes: Some(Classes {
                data: "data".to_owned(),
                what: "recordings".to_owned(),
                labels: vec!["no".to_owned(), "yes".to_owned()],
                confusion: vec![vec![7, 1], vec![0, 12]],
            }),
            ..Accuracy::default()
        }),
        logic: Some(Logic {
            modules: vec![
                module("tern_core", 1, 700),
                module("tern_activation", 4, 30),
                module("tern_pe", 8, 60),
            ],
        }),
        routed: Some(Routed {
            board: "a board".to_owned(),
            seeds: vec![Seed {
                seed: 5,
                fmax_mhz: 133.3,
                critical_path: path,
            }],
            median_fmax_mhz: 133.3,
            logic_cells: 9,
            block_rams: 8,
            single_port_rams: 0,
            pins: 50,
            bitstream_seed: 5,
            floor_plan: Some(FloorPlan {
                seed: 5,
                logic: 8,
                unplaced: 1,
                tiles: vec![tile(1, "tern_pe", 6), tile(3, "tern_activation", 2)],
            }),
        }),
        activity: Some(Activity {
            source: "data".to_owned(),
            steps: 3,
            elements: vec![Elements {
                name: "inputs".to_owned(),
                count: 3,
                changed: 1.5,
                nonzero: 2.0,
            }],
            changed_per_step: vec![1, 1, 3],
        }),
        verified: Some(Verified {
            verilog_sha256: "0".to_owned(),
            model_sha256: "1".to_owned(),
            command: "tern verify --cases 3".to_owned(),
            executors: vec![
                tally("golden", None, 0),
                tally("rust-hdl", Some(900), 0),
                tally("verilator", Some(901), 2),
            ],
            not_run: vec!["icarus".to_owned()],
        }),
        ..core()
    }
}

fn tally(executor: &str, cycles: Option<u64>, differences: u64) -> Tally {
    Tally {
        executor: executor.to_owned(),
        description: String::new(),
        sequences: 6,
        cycles,
        differences,
    }
}
