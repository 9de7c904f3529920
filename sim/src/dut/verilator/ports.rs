//! The ports of the top module, read from the header that Verilator writes.

use crate::dut::MAX_BEAT_BITS;
use crate::eda::error::ToolError;

/// Widths in bits of the two `tdata` ports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ports {
    pub input_bits: u32,
    pub output_bits: u32,
}

const SINGLE_BIT: [&str; 8] = [
    "clock",
    "reset",
    "s_axis_tvalid",
    "s_axis_tready",
    "s_axis_tlast",
    "m_axis_tvalid",
    "m_axis_tready",
    "m_axis_tlast",
];

/// Reads the ports of the module `top` from the text of `Vtern_core.h`; an error names the port that is missing or too wide.
pub(super) fn read(header: &str, top: &str) -> Result<Ports, ToolError> {
    for name in SINGLE_BIT {
        let width = width(header, top, name)?;
        if width != 1 {
            return Err(ToolError::new(format!(
                "port {name} of {top} is {width} bits wide, expected 1"
            )));
        }
    }
    let beat = |name| {
        let width = width(header, top, name)?;
        match width <= MAX_BEAT_BITS {
            true => Ok(width),
            false => Err(ToolError::new(format!(
                "port {name} of {top} is {width} bits wide, expected at most {MAX_BEAT_BITS}"
            ))),
        }
    };
    Ok(Ports {
        input_bits: beat("s_axis_tdata")?,
        output_bits: beat("m_axis_tdata")?,
    })
}

/// The width of port `name`, declared as `VL_IN8(&name,msb,lsb);` and alike.
fn width(header: &str, top: &str, name: &str) -> Result<u32, ToolError> {
    let declared = header
        .lines()
        .map(str::trim)
        .filter(|line| line.starts_with("VL_IN") || line.starts_with("VL_OUT"));
    let fields = declared.filter_map(|line| {
        line.split_once('(')?
            .1
            .split_once(')')
            .map(|(fields, _)| fields.split(','))
    });
    for mut field in fields {
        if field
            .next()
            .is_some_and(|port| port.trim_start_matches('&') == name)
        {
            let mut bound = || {
                field
                    .next()
                    .and_then(|text| text.trim().parse::<u32>().ok())
            };
            if let (Some(msb), Some(lsb)) = (bound(), bound()) {
                return Ok(msb.abs_diff(lsb) + 1);
            }
        }
    }
    Err(ToolError::new(format!(
        "the Verilog module {top} has no port {name}"
    )))
}

#[cfg(test)]
mod tests {
    use super::{Ports, read};

    const HEADER: &str = "VL_IN8(&clock,0,0);\nVL_IN8(&reset,0,0);\nVL_IN8(&s_axis_tvalid,0,0);\nVL_OUT8(&s_axis_tready,0,0);\n\
        VL_IN8(&s_axis_tlast,0,0);\nVL_OUT8(&m_axis_tvalid,0,0);\nVL_IN8(&m_axis_tready,0,0);\nVL_OUT8(&m_axis_tlast,0,0);\n\
        VL_INW(&s_axis_tdata,255,0,8);\n    VL_OUT(&m_axis_tdata,31,0);\n";

    #[test]
    fn widths_are_read_and_wrong_ports_named() {
        assert_eq!(
            read(HEADER, "tern_core"),
            Ok(Ports {
                input_bits: 256,
                output_bits: 32
            })
        );
        for (from, to, expected) in [
            (
                "VL_IN8(&reset,0,0);",
                "",
                "the Verilog module tern_core has no port reset",
            ),
            (
                "m_axis_tlast,0,0",
                "m_axis_tlast,1,0",
                "port m_axis_tlast of tern_core is 2 bits wide, expected 1",
            ),
            (
                "255,0,8",
                "263,0,9",
                "port s_axis_tdata of tern_core is 264 bits wide, expected at most 256",
            ),
        ] {
            assert_eq!(
                read(&HEADER.replace(from, to), "tern_core")
                    .unwrap_err()
                    .to_string(),
                expected
            );
        }
    }
}
