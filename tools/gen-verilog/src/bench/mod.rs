//! A test bench that a user of any simulator runs: inputs, the outputs that the golden model gives, and their comparison.

use tern_compile::stream_layout::StreamLayout;
use tern_hdl::verilog::top_of;
use tern_model::golden::Golden;
use tern_model::network::Sequence;
use tern_model::random::random_sequence;

use crate::choice::Core;

const TEMPLATE: &str = include_str!("tern_tb.v");
/// Time steps of each sequence.
const STEPS: [usize; 3] = [2, 1, 3];
/// Cycles after the last beat in which none may follow.
const QUIET: u64 = 100;

const LOAD_SIGNALS: &str = "    reg [7:0] w_axis_tdata = 8'd0;
    reg w_axis_tvalid = 1'b0;
    wire w_axis_tready;

    // The network, which goes to the core before the inputs.
    localparam LOAD_BYTES = @LOAD_BYTES@;
    reg [7:0] network [0:LOAD_BYTES-1];
    integer file;
    integer loaded = 0;
    initial begin
        file = $fopen(\"weights.bin\", \"rb\");
        if (file == 0 || $fread(network, file) != LOAD_BYTES) begin
            $display(\"FAIL: weights.bin is not there or has not %0d bytes\", LOAD_BYTES);
            $finish;
        end
    end
";
const LOAD_PORTS: &str = "        .w_axis_tdata(w_axis_tdata),
        .w_axis_tvalid(w_axis_tvalid),
        .w_axis_tready(w_axis_tready),
";
const LOAD: &str = "            if (w_axis_tvalid & w_axis_tready) begin
                loaded = loaded + 1;
                quiet = 0;
            end
            w_axis_tvalid <= loaded < LOAD_BYTES;
            if (loaded < LOAD_BYTES) w_axis_tdata <= network[loaded];
";

/// `tern_tb.v`: the test bench of a core, which stands beside its `tern.v`, and its `weights.bin` where it loads its network.
pub fn bench(core: &Core) -> String {
    let shape = &core.program.shape;
    let (input, output) = (shape.input_stream(), shape.output_stream());
    let (mut sent, mut expected) = (vec![], vec![]);
    for (seed, steps) in (1..).zip(STEPS) {
        let sequence = random_sequence(&core.model, steps, seed);
        sent.extend(beats(&input, &sequence));
        let outputs = Golden::new(&core.model).run(&sequence);
        expected.extend(beats(&output, &outputs));
    }
    let lines = |name: &str, beats: &[String]| -> String {
        let line = |(k, beat)| format!("        {name}[{k}] = {{{beat}}};\n");
        beats.iter().enumerate().map(line).collect()
    };
    let (input_bits, output_bits) = (input.port_bits(), output.port_bits());
    let beats = lines("input_beats", &sent) + &lines("output_beats", &expected);
    // A step, or a load, with room for the pauses.
    let watchdog = 1000 + 4 * shape.cycles_per_step();
    let loads = |text| if shape.loads() { text } else { "" };
    let values = [
        ("@LOAD_SIGNALS@", loads(LOAD_SIGNALS).to_owned()),
        ("@LOAD_PORTS@", loads(LOAD_PORTS).to_owned()),
        ("@LOAD@", loads(LOAD).to_owned()),
        ("@LOAD_BYTES@", shape.load_bytes().to_string()),
        ("@TOP@", top_of(&core.design)),
        ("@VERSION@", env!("CARGO_PKG_VERSION").to_owned()),
        ("@SEQUENCES@", STEPS.len().to_string()),
        ("@INPUT_BITS@", input_bits.to_string()),
        ("@OUTPUT_BITS@", output_bits.to_string()),
        ("@INPUT_BEATS@", sent.len().to_string()),
        ("@OUTPUT_BEATS@", expected.len().to_string()),
        ("@WATCHDOG@", watchdog.to_string()),
        ("@QUIET@", QUIET.to_string()),
        ("@BEATS@", beats),
    ];
    let fill = |text: String, (name, value): &(&str, String)| text.replace(name, value);
    values.iter().fold(TEMPLATE.to_owned(), fill)
}

/// The beats of the port that carry the vectors of a sequence, each as `tlast, tdata`.
fn beats(layout: &StreamLayout, vectors: &Sequence) -> Vec<String> {
    let beats = vectors.iter().flat_map(|vector| {
        let wide = vector
            .chunks(layout.lanes)
            .map(|part| wide_beat(layout, part));
        wide.flat_map(|bytes| {
            let port = bytes.chunks(layout.port_bits() / 8);
            port.map(hexadecimal).collect::<Vec<_>>()
        })
        .collect::<Vec<_>>()
    });
    let beats: Vec<String> = beats.collect();
    let (bits, last) = (layout.port_bits(), beats.len().saturating_sub(1));
    let marked = beats.iter().enumerate();
    marked
        .map(|(k, data)| format!("1'b{}, {bits}'h{data}", u8::from(k == last)))
        .collect()
}

/// The bytes of a wide beat, the lowest first, zero above its elements.
fn wide_beat(layout: &StreamLayout, elements: &[i32]) -> Vec<u8> {
    let mut bytes = vec![0; layout.wide_bits() / 8];
    for (lane, element) in elements.iter().enumerate() {
        let code = match (layout.element_bits, element) {
            (2, -1) => 0b10,
            _ => *element,
        };
        for bit in 0..layout.element_bits {
            let at = lane * layout.element_bits + bit;
            bytes[at / 8] |= ((code >> bit & 1) as u8) << (at % 8);
        }
    }
    bytes
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes
        .iter()
        .rev()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
