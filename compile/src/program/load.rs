//! The bytes that a network is on the load stream.

use crate::program::Program;

impl Program {
    /// What the load stream of the program's core brings: every memory in the order of [`crate::shape::Shape::load_groups`], every word
    /// of it from address 0 on, every word's bytes from the highest down; bits above a word's width are zero.
    ///
    /// Weight memories go column by column, then row by row; then come the biases of the four sums, the gate LUTs, the LUT of
    /// an LSTM's cell state and that of a GRU's candidate.
    pub fn load_image(&self) -> Vec<u8> {
        let images = &self.images;
        let [weights, biases, tables] = self.shape.load_groups();
        let luts = images.gate_luts.iter();
        let luts = luts.chain([&images.state_lut, &images.candidate_lut]);
        let weights = images
            .weights
            .iter()
            .flatten()
            .map(|words| (words, weights));
        let biases = images.biases.iter().map(|words| (words, biases));
        let tables = luts
            .filter(|words| !words.is_empty())
            .map(|words| (words, tables));
        let mut bytes = Vec::with_capacity(self.shape.load_bytes());
        for (words, group) in weights.chain(biases).chain(tables) {
            for address in 0..group.words {
                let word = words.get(address).copied().unwrap_or(0) as u128;
                let code = word & (u128::MAX >> (128 - group.bits));
                bytes.extend_from_slice(&code.to_be_bytes()[16 - group.bytes()..]);
            }
        }
        bytes
    }
}
