//! Sizes and constants: everything that can be checked before the tensors are read.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::ops::RangeInclusive;

use crate::error::Error;
use crate::network::{Gru, Layer, Lstm, Model};

/// Allowed sizes, of layers, inputs and vocabulary.
const SIZE: RangeInclusive<usize> = 1..=4096;
/// Allowed bits of an input element.
const INPUT_BITS: RangeInclusive<u32> = 2..=8;
/// Allowed fraction bits of gates.
const GATE_FRAC: RangeInclusive<u32> = 0..=8;
/// Allowed address bits of activation tables.
const LUT_BITS: RangeInclusive<u32> = 1..=10;
/// Allowed bits of a recurrent state.
const STATE_BITS: RangeInclusive<u32> = 2..=24;
/// Allowed shifts, left and right.
const SHIFT: RangeInclusive<u32> = 0..=31;
/// Allowed thresholds.
const THRESHOLD: RangeInclusive<i32> = 1..=i32::MAX;
/// Allowed bits of an integer hidden state.
const HIDDEN_BITS: RangeInclusive<u32> = 3..=8;

impl Model {
    /// Checks the fields, so that shapes derived from them are small and shifts are sane.
    pub(crate) fn validate_fields(&self) -> Result<(), Error> {
        within("input_size", self.input_size, SIZE)?;
        within("input_bits", self.input_bits, INPUT_BITS)?;
        if self.layers.is_empty() {
            return Err(Error::new(
                "layers",
                "is empty, expected at least one layer",
            ));
        }
        let mut below = self.input_size;
        for (index, layer) in self.layers.iter().enumerate() {
            let place = format!("layers.{index}");
            layer.validate_fields(&place)?;
            if layer.input_size() != below {
                return Err(Error::new(
                    format!("{place}.input_size"),
                    format!(
                        "is {}, expected {below}, the size of what enters",
                        layer.input_size()
                    ),
                ));
            }
            if matches!(layer, Layer::Linear(_)) && index + 1 != self.layers.len() {
                return Err(Error::new(
                    format!("{place}.kind"),
                    "is `linear`, expected `lstm` or `gru`, since a linear layer only stands last",
                ));
            }
            below = layer.output_size();
        }
        self.validate_labels()?;
        self.validate_descriptions()
    }

    /// Checks that there is one label an output, each another.
    fn validate_labels(&self) -> Result<(), Error> {
        let Some(labels) = &self.labels else {
            return Ok(());
        };
        if let Some(head) = self.head()
            && labels.len() != head.output_size
        {
            let expected = head.output_size;
            let problem = format!(
                "has {} names, expected {expected}, one an output",
                labels.len()
            );
            return Err(Error::new("labels", problem));
        }
        let mut seen = BTreeMap::new();
        let mut places = labels.iter().enumerate();
        let twice = places.find_map(|(place, label)| Some((seen.insert(label, place)?, place)));
        match twice {
            None => Ok(()),
            Some((first, place)) => Err(Error::new(
                format!("labels.{place}"),
                format!(
                    "is {:?}, expected another name than `labels.{first}`",
                    labels[place]
                ),
            )),
        }
    }
}

impl Layer {
    fn validate_fields(&self, place: &str) -> Result<(), Error> {
        let at = |field: &str| format!("{place}.{field}");
        within(at("input_size"), self.input_size(), SIZE)?;
        match self {
            Layer::Lstm(lstm) => {
                within(at("hidden_size"), lstm.hidden_size, SIZE)?;
                within(at("gate_frac"), lstm.gate_frac, GATE_FRAC)?;
                within(at("lut_bits"), lstm.lut_bits, LUT_BITS)?;
                within(at("state_bits"), lstm.state_bits, STATE_BITS)?;
                within(at("input_shift"), lstm.input_shift, SHIFT)?;
                within(at("hidden_shift"), lstm.hidden_shift, SHIFT)?;
                each_within(at("lut_shift"), &lstm.lut_shift, SHIFT)?;
                within(at("state_lut_shift"), lstm.state_lut_shift, SHIFT)?;
                Hidden::of_lstm(lstm).validate(at)
            }
            Layer::Gru(gru) => {
                within(at("hidden_size"), gru.hidden_size, SIZE)?;
                within(at("gate_frac"), gru.gate_frac, GATE_FRAC)?;
                within(at("lut_bits"), gru.lut_bits, LUT_BITS)?;
                within(at("state_bits"), gru.state_bits, STATE_BITS)?;
                within(at("input_shift"), gru.input_shift, SHIFT)?;
                within(at("hidden_shift"), gru.hidden_shift, SHIFT)?;
                each_within(at("lut_shift"), &gru.lut_shift, SHIFT)?;
                Hidden::of_gru(gru).validate(at)
            }
            Layer::Linear(linear) => within(at("output_size"), linear.output_size, SIZE),
        }
    }
}

/// The fields that say how a layer makes its hidden state.
struct Hidden {
    threshold: Option<i32>,
    bits: Option<u32>,
    round: Option<u32>,
    /// Fraction bits of what is rounded.
    round_max: u32,
}

impl Hidden {
    fn of_lstm(lstm: &Lstm) -> Hidden {
        Hidden {
            threshold: lstm.threshold,
            bits: lstm.hidden_bits,
            round: lstm.hidden_round,
            round_max: 2 * lstm.gate_frac,
        }
    }

    fn of_gru(gru: &Gru) -> Hidden {
        Hidden {
            threshold: gru.threshold,
            bits: gru.hidden_bits,
            round: gru.hidden_round,
            round_max: gru.gate_frac,
        }
    }

    /// Either a threshold, or bits and a rounding shift; `at` gives the place of a field.
    fn validate(self, at: impl Fn(&str) -> String) -> Result<(), Error> {
        let round = 0..=self.round_max;
        match (self.threshold, self.bits, self.round) {
            (Some(threshold), None, None) => within(at("threshold"), threshold, THRESHOLD),
            (None, Some(bits), Some(shift)) => {
                within(at("hidden_bits"), bits, HIDDEN_BITS)?;
                within(at("hidden_round"), shift, round)
            }
            (None, None, None) => Err(Error::new(
                at("threshold"),
                "is missing, expected it or, in its place, `hidden_bits` and `hidden_round`",
            )),
            (None, Some(_), None) => Err(Error::new(
                at("hidden_round"),
                format!(
                    "is missing, expected 0 to {} beside `hidden_bits`",
                    self.round_max
                ),
            )),
            (None, None, Some(_)) => Err(Error::new(
                at("hidden_bits"),
                "is missing, expected 3 to 8 beside `hidden_round`",
            )),
            (Some(threshold), ..) => Err(Error::new(
                at("threshold"),
                format!("is {threshold}, expected none beside `hidden_bits` or `hidden_round`"),
            )),
        }
    }
}

/// Checks that the value of field `place` lies in `range`.
fn within<T: PartialOrd + Display>(
    place: impl Into<String>,
    value: T,
    range: RangeInclusive<T>,
) -> Result<(), Error> {
    if range.contains(&value) {
        return Ok(());
    }
    let problem = format!("is {value}, expected {} to {}", range.start(), range.end());
    Err(Error::new(place, problem))
}

fn each_within(place: String, values: &[u32], range: RangeInclusive<u32>) -> Result<(), Error> {
    let mut places = values.iter().enumerate();
    places.try_for_each(|(index, &value)| within(format!("{place}.{index}"), value, range.clone()))
}
