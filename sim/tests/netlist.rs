//! The netlist behaves as its description, and a description that synthesis reads differently is caught.

mod common;

use common::{ACCUMULATE, ACCUMULATE_FORMAT, accumulate, build_folder, sequences, simulator};
use tern_sim::netlist::netlist_simulator;
use tern_sim::stream::{StallPattern, StreamDriver};
use tern_sim::synth::synthesize;

#[test]
fn the_netlist_equals_its_description_in_values_and_cycles() {
    let folder = tempfile::tempdir().unwrap();
    let synthesis = synthesize(ACCUMULATE, "tern_core", folder.path()).unwrap();
    assert_eq!(synthesis.rams(), 1, "the fixture has a memory in block RAM");
    assert!(
        synthesis.carries() > 0 && synthesis.cells.contains_key("SB_DFFESR"),
        "{:?}",
        synthesis.cells
    );
    let netlist = netlist_simulator(&synthesis, &build_folder()).unwrap();
    let mut netlist = StreamDriver::new(netlist.instance(), ACCUMULATE_FORMAT).unwrap();
    let mut description =
        StreamDriver::new(simulator(ACCUMULATE).instance(), ACCUMULATE_FORMAT).unwrap();
    for seed in 0..5 {
        let stimulus = sequences(&[4, 1, 5], seed);
        for pattern in StallPattern::all(seed) {
            let transcript = netlist.run(&stimulus, pattern).unwrap();
            assert_eq!(
                transcript,
                description.run(&stimulus, pattern).unwrap(),
                "{pattern:?}"
            );
            let expected: Vec<_> = stimulus
                .iter()
                .map(|sequence| accumulate(sequence))
                .collect();
            assert_eq!(transcript.outputs, expected, "{pattern:?}");
        }
    }
}

#[test]
fn a_wrong_bit_in_a_block_ram_shows() {
    let folder = tempfile::tempdir().unwrap();
    let wrong = ACCUMULATE.replace("mem[2] = 16'h0005;", "mem[2] = 16'h0006;");
    let netlist = netlist_simulator(
        &synthesize(&wrong, "tern_core", folder.path()).unwrap(),
        &build_folder(),
    )
    .unwrap();
    let stimulus = sequences(&[4], 1);
    let mut driver = StreamDriver::new(netlist.instance(), ACCUMULATE_FORMAT).unwrap();
    assert_ne!(
        driver
            .run(&stimulus, StallPattern::none(1))
            .unwrap()
            .outputs,
        [accumulate(&stimulus[0])]
    );
}
