//! Sums: none may exceed 31 bits, whatever the input.

use crate::error::Error;
use crate::network::{Gate, GruGate, Layer, Model};

/// Largest magnitude of 31 bits, and so of any sum.
pub(crate) const SUM_MAX: i64 = (1 << 31) - 1;

impl Model {
    /// Checks the bound of every sum, given fields and tensors that are valid.
    pub(super) fn validate_sums(&self) -> Result<(), Error> {
        let mut layers = self.layers.iter().enumerate();
        layers.try_for_each(|(index, layer)| {
            let place = format!("layers.{index}");
            layer.validate_sums(&place, self.layer_input_max(index))
        })
    }
}

impl Layer {
    fn validate_sums(&self, place: &str, input_max: i32) -> Result<(), Error> {
        let unit_fits =
            |gate: &str, unit, bound| fits(place, || format!("gate {gate} of unit {unit}"), bound);
        match self {
            Layer::Lstm(lstm) => Gate::ORDER.into_iter().try_for_each(|gate| {
                let bound = |unit| lstm.sum_bound(gate, unit, input_max);
                (0..lstm.hidden_size)
                    .try_for_each(|unit| unit_fits(gate.symbol(), unit, bound(unit)))
            }),
            Layer::Gru(gru) => GruGate::ORDER.into_iter().try_for_each(|gate| {
                let bound = |unit| gru.gate_bound(gate, unit, input_max);
                (0..gru.hidden_size)
                    .try_for_each(|unit| unit_fits(gate.symbol(), unit, bound(unit)))
            }),
            Layer::Linear(linear) => (0..linear.output_size).try_for_each(|output| {
                let bound = linear.sum_bound(output, input_max);
                fits(place, || format!("output {output}"), bound)
            }),
        }
    }
}

fn fits(place: &str, what: impl Fn() -> String, bound: i64) -> Result<(), Error> {
    if bound <= SUM_MAX {
        return Ok(());
    }
    let sum = what();
    let problem =
        format!("has a sum beyond 31 bits: {sum} could reach {bound}, expected at most {SUM_MAX}");
    Err(Error::new(place, problem))
}
