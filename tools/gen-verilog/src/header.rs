//! The comment at the head of the generated Verilog.

use tern_compile::design::Streams;
use tern_compile::shape::{LayerShape, Shape};
use tern_hdl::verilog::top_module;

use crate::choice::Core;

/// Names the network, the array and the version that made the file, and says how to drive the core.
pub fn header(core: &Core) -> String {
    let shape = &core.program.shape;
    let design = &core.design;
    let input = match shape.input_bits {
        2 => "a two-rail trit (bit 0 plus, bit 1 minus)".to_owned(),
        bits => format!("{bits} bits in two's complement"),
    };
    let output = match shape.outputs {
        Some(outputs) => {
            format!("{outputs} beats, 32 bits in two's complement each")
        }
        None => format!(
            "{} beats of {} two-rail trits",
            shape.output_chunks(),
            design.lanes
        ),
    };
    let when = if shape.every {
        "every time step"
    } else {
        "after the last time step of a sequence"
    };
    let mut lines = vec![
        format!(
            "{}: a ternary recurrent network, made by gen-verilog {}; do not edit.",
            top_module(design.streams),
            env!("CARGO_PKG_VERSION")
        ),
        String::new(),
        format!("model   {}", spelt(&core.model.name)),
        format!("        {}", layers(shape)),
        format!(
            "design  {} columns x {} rows x {} lanes on {}",
            design.columns, design.rows, design.lanes, design.device
        ),
        String::new(),
        "clock   every register takes its value at the rising edge".to_owned(),
        "reset   synchronous, active high, at least one cycle; clears the recurrent state"
            .to_owned(),
        format!(
            "s_axis  a time step is {} beats of {} elements, {input} each, the first lowest; tlast ends a sequence",
            shape.input_chunks(),
            design.lanes
        ),
        format!("m_axis  {when}: {output}; tlast ends a sequence"),
    ];
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
    }
    if design.streams == Streams::Bytes {
        let beat = "every beat is its bytes, the lowest first, tlast on the last one";
        lines.push(format!("bytes   on s_axis and m_axis {beat}"));
    }
    lines
        .iter()
        .map(|line| format!("// {line}").trim_end().to_owned() + "\n")
        .collect()
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
    use super::spelt;

    #[test]
    fn a_name_cannot_leave_its_comment() {
        assert_eq!(spelt("a\nmodule b;"), "a\\nmodule b;");
    }
}
