//! Sums: none may exceed 31 bits, whatever the input.

use crate::error::Error;
use crate::network::{Gate, Gru, GruGate, Layer, Linear, Lstm, Model};

/// Largest magnitude of 31 bits, and so of any sum.
pub(crate) const SUM_MAX: i64 = (1 << 31) - 1;

impl Model {
    /// Checks the bound of every sum, given fields and tensors that are valid.
    pub(super) fn validate_sums(&self) -> Result<(), Error> {
        self.layers
            .iter()
            .enumerate()
            .try_for_each(|(index, layer)| {
                let place = format!("layers.{index}");
                let input_max = self.layer_input_max(index);
                match layer {
                    Layer::Lstm(lstm) => lstm.validate_sums(&place, input_max),
                    Layer::Gru(gru) => gru.validate_sums(&place, input_max),
                    Layer::Linear(linear) => linear.validate_sums(&place, input_max),
                }
            })
    }
}

impl Lstm {
    fn validate_sums(&self, place: &str, input_max: i32) -> Result<(), Error> {
        Gate::ORDER.into_iter().try_for_each(|gate| {
            (0..self.hidden_size).try_for_each(|unit| {
                let what = || format!("gate {} of unit {unit}", gate.symbol());
                fits(place, what, self.sum_bound(gate, unit, input_max))
            })
        })
    }
}

impl Gru {
    fn validate_sums(&self, place: &str, input_max: i32) -> Result<(), Error> {
        GruGate::ORDER.into_iter().try_for_each(|gate| {
            (0..self.hidden_size).try_for_each(|unit| {
                let what = || format!("gate {} of unit {unit}", gate.symbol());
                fits(place, what, self.gate_bound(gate, unit, input_max))
            })
        })
    }
}

impl Linear {
    fn validate_sums(&self, place: &str, input_max: i32) -> Result<(), Error> {
        (0..self.output_size).try_for_each(|output| {
            fits(
                place,
                || format!("output {output}"),
                self.sum_bound(output, input_max),
            )
        })
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
