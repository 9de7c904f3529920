//! The top module of a board, in Verilog: what Rust-HDL has no words for, the PLL and the pins.

use tern_compile::pll::Pll;

/// What stands between a link and the pins of a board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Top<'t> {
    /// What the names of all modules begin with.
    pub prefix: &'t str,
    /// The PLL that makes the clock; without one the clock is the board's own.
    pub pll: Option<Pll>,
    /// Whether the PLL stands at the clock's pin; iCE40 alone.
    pub pll_at_pin: bool,
    /// The LEDs alive, busy and error that the board has, and whether each shines when its pin is low.
    pub leds: [Option<bool>; 3],
}

/// The names of the LEDs' ports.
const LEDS: [&str; 3] = ["led_alive", "led_busy", "led_error"];

impl Top<'_> {
    /// The name of the top module.
    pub fn name(&self) -> String {
        format!("{}tern_board", self.prefix)
    }

    /// The text of the top module, which goes behind that of the link.
    pub fn verilog(&self) -> String {
        let (clock, locked, pll) = match &self.pll {
            None => ("clock", "1'b1", String::new()),
            Some(pll) => (
                "core_clock",
                "locked",
                format!(
                    "    wire core_clock;\n    wire locked;\n{}\n",
                    instance(pll, self.pll_at_pin)
                ),
            ),
        };
        let (name, prefix) = (self.name(), self.prefix);
        let there = || {
            LEDS.iter()
                .zip(self.leds)
                .filter_map(|(led, low)| Some((led, low?)))
        };
        let ports: String = there()
            .map(|(led, _)| format!(",\n    output wire {led}"))
            .collect();
        let shine: String = there()
            .map(|(led, low)| {
                let not = if low { "~" } else { "" };
                format!("    assign {led} = {not}link_{led};\n")
            })
            .collect();
        let wires: String = there()
            .map(|(led, _)| format!("    wire link_{led};\n"))
            .collect();
        let connect = |(led, low): (&str, Option<bool>)| match low {
            Some(_) => format!(".{led}(link_{led})"),
            None => format!(".{led}()"),
        };
        let leds: Vec<String> = LEDS.into_iter().zip(self.leds).map(connect).collect();
        let leds = leds.join(", ");
        format!(
            "\n`default_nettype none\n\n\
             // The pins of a board: the clock of the link is made from the board's, the LEDs shine when the link says so.\n\
             module {name} (\n    input wire clock,\n    input wire uart_rx,\n    output wire uart_tx{ports}\n);\n\
             {pll}{wires}\n    \
             {prefix}tern_link link (\n        .clock({clock}), .locked({locked}), .uart_rx(uart_rx), .uart_tx(uart_tx),\n        \
             {leds}\n    );\n\n{shine}\
             endmodule\n\n`default_nettype wire\n"
        )
    }

    /// The ports: the clock, the serial line and the LEDs that the board has.
    pub fn ports(&self) -> Vec<&'static str> {
        let leds = LEDS.iter().zip(self.leds).filter(|(_, low)| low.is_some());
        let leds = leds.map(|(led, _)| *led);
        ["clock", "uart_rx", "uart_tx"]
            .into_iter()
            .chain(leds)
            .collect()
    }
}

/// The PLL itself.
fn instance(pll: &Pll, at_pin: bool) -> String {
    let (kind, input) = match at_pin {
        true => ("PAD", "PACKAGEPIN"),
        false => ("CORE", "REFERENCECLK"),
    };
    match *pll {
        Pll::Ice40 {
            divr,
            divf,
            divq,
            filter,
        } => format!(
            "    SB_PLL40_{kind} #(\n        .FEEDBACK_PATH(\"SIMPLE\"), .DIVR(4'd{divr}), .DIVF(7'd{divf}), .DIVQ(3'd{divq}), \
             .FILTER_RANGE(3'd{filter})\n    ) pll (\n        .{input}(clock), .PLLOUTGLOBAL(core_clock), .LOCK(locked), \
             .RESETB(1'b1), .BYPASS(1'b0)\n    );\n"
        ),
        Pll::Ecp5 {
            input,
            feedback,
            output,
        } => format!(
            "    (* ICP_CURRENT = \"12\", LPF_RESISTOR = \"8\", MFG_ENABLE_FILTEROPAMP = \"1\", MFG_GMCREF_SEL = \"2\" *)\n    \
             EHXPLLL #(\n        .PLLRST_ENA(\"DISABLED\"), .INTFB_WAKE(\"DISABLED\"), .STDBY_ENABLE(\"DISABLED\"),\n        \
             .DPHASE_SOURCE(\"DISABLED\"), .OUTDIVIDER_MUXA(\"DIVA\"), .CLKI_DIV({input}), .CLKFB_DIV({feedback}),\n        \
             .CLKOP_ENABLE(\"ENABLED\"), .CLKOP_DIV({output}), .CLKOP_CPHASE({}), .CLKOP_FPHASE(0), .FEEDBK_PATH(\"CLKOP\")\n    \
             ) pll (\n        .CLKI(clock), .CLKOP(core_clock), .CLKFB(core_clock), .LOCK(locked), .RST(1'b0), .STDBY(1'b0),\n        \
             .PHASESEL0(1'b0), .PHASESEL1(1'b0), .PHASEDIR(1'b1), .PHASESTEP(1'b1), .PHASELOADREG(1'b1),\n        \
             .PLLWAKESYNC(1'b0), .ENCLKOP(1'b0)\n    );\n",
            (output / 2).saturating_sub(1)
        ),
    }
}
