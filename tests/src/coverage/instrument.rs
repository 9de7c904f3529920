//! The Verilog with a counter for each place.

use super::points::Place;

/// The memory of the counters, below the top module.
pub(super) const MEMORY: &str = "coverage";

/// The Verilog text with a counter for each place.
pub fn instrument(verilog: &str, top: &str, places: &[Place]) -> String {
    let depth = places.len();
    let mut text = String::new();
    let mut module = "";
    for line in verilog.lines() {
        if let Some(rest) = line.strip_prefix("module ") {
            module = rest.split([' ', '(', ';']).next().unwrap_or("");
        }
        if line == "endmodule" {
            for (number, place) in places.iter().enumerate() {
                if place.module == module {
                    text += &counter(number, place, top);
                }
            }
            if module == top {
                text += &format!("    tern_rom_coverage {MEMORY} ();\n");
            }
        }
        text += line;
        text.push('\n');
    }
    text + &format!(
        "\nmodule tern_rom_coverage;\n    integer point;\n    reg [31:0] mem [0:{}];\n    initial for (point = 0; point < {depth}; point = point + 1) mem[point] = 32'd0;\nendmodule\n",
        depth - 1
    )
}

/// Counts the edges at which `condition` holds, `after` edges after `before` held.
fn counter(number: usize, place: &Place, top: &str) -> String {
    let Place {
        before,
        after,
        condition,
        ..
    } = place;
    let (mut text, mut held) = (String::new(), "1'b1".to_owned());
    for edge in 0..*after {
        let earlier = if edge == 0 { before.clone() } else { held };
        held = format!("covered_{number}_{edge}");
        text += &format!(
            "    reg {held} = 1'b0;\n    always @(posedge clock) {held} <= |({earlier});\n"
        );
    }
    let memory = format!("{top}.{MEMORY}.mem[{number}]");
    text + &format!(
        "    always @(posedge clock) if ({held} & |({condition})) {memory} = {memory} + 32'd1;\n"
    )
}
