//! The comment at the head of the generated Verilog.

use tern_compile::cycles::Timeline;
use tern_compile::design::{Skip, Streams};
use tern_compile::shape::{LayerShape, Shape};
use tern_hdl::verilog::top_of;

use crate::choice::Core;

/// Names the network, the array and the version that made the file, and says how to drive the core.
pub fn header(core: &Core) -> String {
    let (shape, design) = (&core.program.shape, &core.design);
    let mut lines = vec![
        format!(
            "{}: a ternary recurrent network, made by gen-verilog {}; do not edit.",
            top_of(design),
            env!("CARGO_PKG_VERSION")
        ),
        String::new(),
        format!("model   {}", spelt(&core.model.name)),
        format!("        {}", layers(shape)),
        format!(
            "design  {} columns x {} rows x {} lanes on {}{}",
            design.columns,
            design.rows,
            design.lanes,
            design.device,
            match (shape.events(), design.skip) {
                (false, _) => "",
                (true, Skip::Delta) => ", summing what changes",
                (true, Skip::Zero) => ", summing what is not zero",
            }
        ),
        String::new(),
        "clock   every register takes its value at the rising edge".to_owned(),
        "reset   synchronous, active high, at least one cycle; clears the recurrent state. Before the first reset the state".to_owned(),
        "        is unknown: in simulation the outputs are X until then".to_owned(),
    ];
    if design.device.name.starts_with("ice40") {
        lines.push("        An iCE40 reads zeros from its block RAMs for some microseconds after configuration (3 were measured,".to_owned());
        lines.push(
            "        YosysHQ/icestorm issue 76): keep reset high for 10 us from then on".to_owned(),
        );
    }
    lines.extend(input(shape, design.lanes));
    lines.extend(output(shape, design.lanes));
    if shape.loads() {
        let before = if shape.weights_in_single_port_rams() {
            "without one the core takes no input"
        } else {
            "until then it is the network above"
        };
        lines.push(format!(
            "w_axis  the network: {} bytes, those of weights.bin or of tern weights; {before}",
            shape.load_bytes()
        ));
        lines.push("        reset ends a load that was begun: where no byte of it was written the network before it stays, otherwise".to_owned());
        lines.push("        s_axis_tready stays low and w_axis_tready goes high, until a whole network is loaded".to_owned());
    }
    if design.streams == Streams::Bytes {
        lines.push("bytes   on s_axis and m_axis every beat is its bytes, the lowest first, tlast on the last one; a tlast before".to_owned());
        lines.push("        a beat's last byte ends it there, and the bytes that are missing count as zero".to_owned());
    }
    let inside = match design.streams {
        Streams::Wide => "",
        Streams::Bytes => " of the core behind the byte streams",
    };
    let first = Timeline::longest(shape, &[1]).output_beats[0];
    let most = if shape.events() { "at most " } else { "" };
    lines.push(format!(
        "timing  where no stream stalls: {most}{} cycles{inside} per time step; from the first cycle after reset to the first",
        shape.cycles_per_step()
    ));
    lines.push(format!(
        "        output of a sequence of one step {most}{first} cycles"
    ));
    lines
        .iter()
        .map(|line| format!("// {line}").trim_end().to_owned() + "\n")
        .collect()
}

/// The input stream: how a time step lies in its beats.
fn input(shape: &Shape, lanes: usize) -> Vec<String> {
    let (bits, beats) = (shape.input_bits, shape.input_chunks());
    let (kind, example, code): (_, &[i64], _) = match bits {
        2 => (
            "a two-rail trit (bit 0 plus, bit 1 minus)".to_owned(),
            &[1, -1, 1],
            "code 11 counts as 0".to_owned(),
        ),
        bits => (
            format!("{bits} bits in two's complement"),
            &[1, -2, 3],
            format!(
                "{} counts as {}",
                -(1i64 << (bits - 1)),
                1 - (1i64 << (bits - 1))
            ),
        ),
    };
    let spare = beats * lanes - shape.input_size;
    let padding = match spare {
        0 => String::new(),
        spare => format!("the last {spare} of a step's elements are ignored; "),
    };
    vec![
        format!(
            "s_axis  a time step is {beats} beats of {lanes} elements, {kind} each, the first lowest;"
        ),
        format!("        {padding}{code}; tlast ends a sequence, and inside a step"),
        "        also the step: what is missing counts as 0".to_owned(),
        format!(
            "        example: a beat of the elements {} is {}",
            listed(example, lanes),
            beat(example, lanes, bits, shape.input_stream_bits())
        ),
    ]
}

/// The output stream: when it has what in its beats.
fn output(shape: &Shape, lanes: usize) -> Vec<String> {
    let when = if shape.every {
        "every time step"
    } else {
        "after the last time step of a sequence"
    };
    match shape.outputs {
        Some(outputs) => vec![
            format!(
                "m_axis  {when}: {outputs} beats, 32 bits in two's complement each; tlast ends a sequence"
            ),
            "        example: the output -2 is 32'hfffffffe".to_owned(),
        ],
        None => {
            let bits = shape.output_stream().element_bits;
            let (what, name, example) = match bits {
                2 => ("two-rail trits".to_owned(), "trits", [1, -1, 0]),
                _ => (
                    format!("elements of {bits} bits in two's complement"),
                    "elements",
                    [3, -2, 0],
                ),
            };
            vec![
                format!(
                    "m_axis  {when}: {} beats of {lanes} {what}, the first lowest, the last beat filled up with 0; tlast ends a sequence",
                    shape.output_chunks()
                ),
                format!(
                    "        example: a beat of the {name} {} is {}",
                    listed(&example, lanes),
                    beat(&example, lanes, bits, shape.output_stream_bits())
                ),
            ]
        }
    }
}

/// The first elements of a beat, the others being zero.
fn listed(elements: &[i64], lanes: usize) -> String {
    let shown: Vec<String> = elements.iter().take(lanes).map(i64::to_string).collect();
    let more = if lanes > elements.len() {
        ", 0, ..."
    } else {
        ""
    };
    format!("{}{more}", shown.join(", "))
}

/// A beat of elements of `bits` bits, two-rail trits where those are 2, as Verilog.
fn beat(elements: &[i64], lanes: usize, bits: usize, width: usize) -> String {
    let code = |element: i64| match bits {
        2 => u128::from(element > 0) | u128::from(element < 0) << 1,
        bits => element as u128 & ((1 << bits) - 1),
    };
    let packed = elements.iter().take(lanes).enumerate();
    let packed = packed.fold(0, |sum, (lane, element)| {
        sum | code(*element) << (lane * bits)
    });
    format!("{width}'h{packed:x}")
}

/// The network's layers in a line.
fn layers(shape: &Shape) -> String {
    let units = |layer: &LayerShape| format!("{} {} units", layer.hidden_size, layer.cell.name());
    let mut parts = vec![format!("{} inputs", shape.input_size)];
    parts.extend(shape.layers.iter().map(units));
    parts.extend(shape.outputs.map(|outputs| format!("{outputs} outputs")));
    parts.join(", ")
}

/// A name with everything but printable ASCII spelt out, so that it stays within its comment.
fn spelt(name: &str) -> String {
    name.chars().flat_map(char::escape_default).collect()
}

#[cfg(test)]
mod tests {
    use super::{beat, listed, spelt};

    #[test]
    fn examples_are_packed_as_the_streams_are() {
        assert_eq!(listed(&[1, -2, 3], 8), "1, -2, 3, 0, ...");
        assert_eq!(beat(&[1, -2, 3], 8, 8, 64), "64'h3fe01");
        assert_eq!(beat(&[1, -2, 3], 2, 3, 8), "8'h31");
        assert_eq!(beat(&[1, -1, 0], 4, 2, 8), "8'h9");
        assert_eq!(listed(&[1, -1], 1), "1");
    }

    #[test]
    fn a_name_cannot_leave_its_comment() {
        assert_eq!(spelt("a\nmodule b;"), "a\\nmodule b;");
    }
}
