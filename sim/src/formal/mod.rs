//! Proofs by Yosys: properties of a module, and the equivalence of two.
//!
//! A proof begins with registers of zero, as Rust-HDL's simulation does.

pub mod equivalence;
pub mod prove;

/// The text with an initial value of zero for every register, in the readable text and in that of Rust-HDL.
fn zeroed(verilog: &str) -> String {
    const RUST_HDL: &str = "always @(posedge clock) q <= d;";
    let line = |line: &str| {
        let declaration = line.trim().strip_prefix("reg ");
        match declaration.is_some_and(|rest| rest.ends_with("_q;")) {
            true => line.replace(';', " = 0;") + "\n",
            false => line.to_owned() + "\n",
        }
    };
    let text: String = verilog.lines().map(line).collect();
    text.replace(RUST_HDL, &format!("initial q = 0;\n{RUST_HDL}"))
}

#[cfg(test)]
mod tests {
    use super::zeroed;

    #[test]
    fn registers_begin_as_zero() {
        let text = "reg [3:0] sum_q;\nreg element;\nalways @(posedge clock) q <= d;\n";
        let expected =
            "reg [3:0] sum_q = 0;\nreg element;\ninitial q = 0;\nalways @(posedge clock) q <= d;\n";
        assert_eq!(zeroed(text), expected);
    }
}
