//! A table of constants.

use crate::kit::prelude::*;

/// `data = words[index]`, and zero beyond the last word.
///
/// Timing: combinational.
///
/// Contract: 1. equal to the table for every index.
///
/// Not here: tables that belong to a network ([`super::memory::Memory`]); these belong to its shape.
#[derive(Clone, Debug, LogicBlock)]
pub struct Lookup {
    /// Word to look up.
    pub index: Wire<In>,
    /// The word.
    pub data: Wire<Out>,
    _words: Vec<Vector>,
    _name: &'static str,
}

impl Lookup {
    /// A table of words of `width` bits, indexed by `index_bits` bits; `name` names its module.
    pub fn new(name: &'static str, width: usize, index_bits: usize, words: Vec<Vector>) -> Self {
        assert!(
            words.len() <= 1 << index_bits,
            "{} words of {name}",
            words.len()
        );
        Lookup {
            index: Wire::new(index_bits),
            data: Wire::new(width),
            _words: words,
            _name: name,
        }
    }
}

impl Logic for Lookup {
    fn update(&mut self) {
        let (index, zero) = (self.index.val().integer() as usize, Vector::unsigned(0, 1));
        self.data.next = self._words.get(index).copied().unwrap_or(zero);
    }

    fn connect(&mut self) {
        self.data.connect();
    }

    fn hdl(&self) -> Verilog {
        let (width, index) = (self.data.bits(), self.index.bits());
        let arm = |(k, word): (usize, &Vector)| {
            let word = word.fit(width as u32, false);
            let bits: String = (0..width)
                .rev()
                .map(|bit| if word.get_bit(bit).any() { '1' } else { '0' })
                .collect();
            format!("        {index}'d{k}: data = {width}'b{bits};\n")
        };
        let arms: String = self._words.iter().enumerate().map(arm).collect();
        Verilog::Custom(format!(
            "// @name tern_{}\nalways @(*) begin\n    case (index)\n{arms}        default: data = {width}'d0;\n    endcase\nend\n",
            self._name
        ))
    }
}
