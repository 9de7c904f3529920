//! Where the bits of memories of many shapes lie in a routed iCE40 design.

use std::fs;

use tern_compile::device::Device;
use tern_hdl::images::MemoryImage;
use tern_sim::patch::map::{MemoryMap, PlacedMemory};
use tern_sim::patch::routed_core::pack;
use tern_sim::patch::text::RoutedText;
use tern_sim::synth::board::Board;
use tern_sim::synth::place::{Placement, place};
use tern_sim::synth::synthesis::{Synthesis, synthesize};

/// Address and data bits of a memory each.
const SHAPES: [(usize, usize); 9] = [
    (8, 16),
    (7, 13),
    (8, 20),
    (9, 12),
    (10, 6),
    (11, 3),
    (12, 3),
    (2, 9),
    (1, 1),
];

fn instance(number: usize) -> String {
    format!("unit.memory_{number}")
}

/// Random contents, no bit of a memory the same in all of its words.
fn images(seed: u64) -> Vec<MemoryImage> {
    let mut random = fastrand::Rng::with_seed(seed);
    let image = |(number, (address_bits, width)): (usize, &(usize, usize))| {
        let mask = (1u128 << width) - 1;
        let words = 1usize << address_bits;
        let mut words: Vec<u128> = (0..words).map(|_| random.u128(..) & mask).collect();
        words[1] = !words[0] & mask;
        MemoryImage {
            instance: instance(number),
            words,
        }
    };
    SHAPES.iter().enumerate().map(image).collect()
}

/// A memory a shape, all of them read at one address, and the parity of what they say.
fn verilog(images: &[MemoryImage]) -> String {
    let (mut text, mut instances) = (String::new(), String::new());
    for (number, ((address_bits, width), image)) in SHAPES.iter().zip(images).enumerate() {
        let words = image.words.iter().enumerate();
        let words: String = words
            .map(|(address, word)| format!("mem[{address}] = {width}'h{word:x};\n"))
            .collect();
        let (address, data, last) = (address_bits - 1, width - 1, (1 << address_bits) - 1);
        text += &format!(
            "module rom_{number}(input clock, input [{address}:0] address, output reg [{data}:0] data);\n\
             (* ram_style = \"block\" *) reg [{data}:0] mem [0:{last}];\ninitial begin\n{words}end\n\
             always @(posedge clock) data <= mem[address];\nendmodule\n"
        );
        instances += &format!(
            "wire [{data}:0] data_{number};\nrom_{number} memory_{number}(clock, address[{address}:0], data_{number});\n"
        );
    }
    let data: Vec<String> = (0..SHAPES.len()).map(|k| format!("data_{k}")).collect();
    let ports = "(input clock, input [11:0] address, output";
    text += &format!(
        "module unit{ports} reg parity);\n{instances}\
         always @(posedge clock) parity <= ^{{{}}};\nendmodule\n",
        data.join(", ")
    );
    text + &format!(
        "module tern_core{ports} reg parity);\nwire now;\nunit unit(clock, address, now);\n\
         always @(posedge clock) parity <= now;\nendmodule\n"
    )
}

fn placed(text: &str, board: &str) -> (tempfile::TempDir, Synthesis, Placement) {
    let folder = tempfile::tempdir().expect("a folder");
    let board = Board::named(board).expect("a board");
    let device = Device::named(&board.device).expect("a device");
    let synthesis = synthesize(text, "tern_core", device, folder.path()).expect("synthesis");
    let placement = place(&synthesis, &board, 1).expect("place and route");
    (folder, synthesis, placement)
}

#[test]
fn memories_of_every_shape_are_exchanged() {
    let (first, second) = (images(1), images(2));
    let (_folder, synthesis, placement) = placed(&verilog(&first), "ice40-hx8k");
    let map = MemoryMap::derive(&synthesis, &placement, &first).expect("a map");
    let shapes =
        |memory: &PlacedMemory| (memory.words, memory.width, memory.mode, memory.rams.len());
    assert_eq!(
        map.memories.iter().map(shapes).collect::<Vec<_>>(),
        [
            (256, 16, 0, 1),
            (128, 13, 0, 1),
            (256, 20, 0, 2),
            (512, 12, 1, 2),
            (1024, 6, 2, 2),
            (2048, 3, 3, 2),
            (4096, 3, 3, 3),
            (4, 9, 0, 1),
            (2, 1, 3, 1),
        ]
    );
    let text = fs::read_to_string(&placement.routed).expect("a routed design");
    let routed = RoutedText::parse(&text).expect("a routed design");
    assert_eq!(map.read(&routed).expect("contents"), first);
    assert_eq!(map.unlike(&routed, &first).expect("contents"), None);
    let unlike = map.unlike(&routed, &second).expect("contents");
    assert_eq!(unlike, Some("unit.memory_0"));

    let patched = map.write(&routed, &second).expect("a patched design");
    let patched = RoutedText::parse(&patched).expect("a routed design");
    assert_eq!(map.read(&patched).expect("contents"), second);
    assert_eq!(map.write(&patched, &first).expect("the design"), text);
    let bitstream = pack(&text).expect("a bitstream");
    assert_eq!(
        (bitstream.len(), &bitstream[4..8]),
        (135100, &[0x7e, 0xaa, 0x99, 0x7e][..])
    );

    // A map that is wrong in one bit of any memory is refused.
    for number in 0..SHAPES.len() {
        let mut wrong = first.clone();
        let last = wrong[number].words.len() - 1;
        wrong[number].words[last] ^= 1;
        if number == SHAPES.len() - 1 {
            wrong[number].words[0] ^= 1;
        }
        let message = MemoryMap::derive(&synthesis, &placement, &wrong).expect_err("refused");
        assert!(message.to_string().contains(&instance(number)), "{message}");
    }
    let mut swapped = first.clone();
    swapped[0].words.swap(3, 200);
    let message = MemoryMap::derive(&synthesis, &placement, &swapped).expect_err("refused");
    assert!(message.to_string().contains("unit.memory_0"), "{message}");

    // Contents of another size are refused.
    let mut wide = second.clone();
    wide[1].words[5] = 1 << 13;
    let mut short = second.clone();
    short[3].words.pop();
    for (wrong, memory) in [
        (wide, "memory_1"),
        (short, "memory_3"),
        (second[1..].to_vec(), "memory_0"),
    ] {
        let message = map.write(&routed, &wrong).expect_err("refused").to_string();
        assert!(message.contains(memory), "{message}");
    }

    // A routed design that was changed behind the netlist's back is refused.
    fs::write(
        &placement.routed,
        map.write(&routed, &second).expect("patched"),
    )
    .expect("writable");
    let message = MemoryMap::derive(&synthesis, &placement, &first).expect_err("refused");
    assert!(message.to_string().contains("unit.memory_0"), "{message}");
}

/// Why cores are synthesized with random contents: Yosys makes no memory of constants and leaves constant columns out.
#[test]
fn constant_contents_cannot_be_mapped() {
    let mut constant = images(1);
    constant[0].words.fill(0);
    for word in &mut constant[2].words {
        *word &= !0x10;
    }
    let (_folder, synthesis, placement) = placed(&verilog(&constant), "ice40-up5k");
    let message = MemoryMap::derive(&synthesis, &placement, &constant).expect_err("refused");
    assert!(message.to_string().contains("unit.memory_2"), "{message}");
    constant.remove(2);
    let map = MemoryMap::derive(&synthesis, &placement, &constant).expect("a map of the others");
    let left: Vec<&str> = map
        .in_logic(&constant)
        .iter()
        .map(|image| image.instance.as_str())
        .collect();
    assert_eq!(left, ["unit.memory_0"]);
}
