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
    _about: &'static str,
}

impl Lookup {
    /// A table of words of `width` bits, indexed by `index_bits` bits; `name` names its module, `about` says what it is.
    pub fn new(
        (name, about): (&'static str, &'static str),
        width: usize,
        index_bits: usize,
        words: Vec<Vector>,
    ) -> Self {
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
            _about: about,
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
        let is_zero = |bit: &usize| !self._words.iter().any(|word| word.get_bit(*bit).any());
        let zeros: Vec<String> = (0..width)
            .filter(is_zero)
            .map(|bit| bit.to_string())
            .collect();
        Verilog::Custom(format!(
            "// @name tern_{}: {}\n// @zero data {}\nalways @(*) begin\n    case (index)\n{arms}        default: data = {width}'d0;\n    endcase\nend\n",
            self._name,
            self._about,
            zeros.join(" "),
        ))
    }
}
