//! ONNX files: LSTM and GRU nodes and what exporters put around them.
//!
//! A graph is evaluated without data: constants are computed, the data are followed with their axes, and what is neither
//! is kept as the name of the node that it comes from.

mod arithmetic;
mod evaluate;
mod fold;
mod movement;
mod proto;
mod recurrent;
mod scope;
mod sizes;
mod value;
mod whole;

use std::cell::RefCell;

use crate::beside::Beside;
use crate::budget::Budget;
use crate::error::{ImportError, refuse};
use crate::part::Contents;
use evaluate::Evaluation;
use proto::schema::Model;
use value::Labels;

/// Versions of the operators that are read.
const OPSETS: std::ops::RangeInclusive<i64> = 9..=23;

/// Reads an ONNX file.
///
/// # Errors
/// When it is none, or of other versions of the operators.
pub(crate) fn read(bytes: &[u8], beside: &Beside) -> Result<Contents, ImportError> {
    let budget = Budget::of(bytes.len());
    let model = Model::read(bytes, &budget)?;
    if !OPSETS.contains(&model.opset) {
        return refuse(format!(
            "its operators are of version {}, expected opset {} to {}",
            model.opset,
            OPSETS.start(),
            OPSETS.end()
        ));
    }
    let evaluation = Evaluation {
        beside,
        budget: &budget,
        labels: Labels::default(),
        found: RefCell::default(),
    };
    let outputs = evaluation.run(&model.graph)?;
    let found = evaluation.found.into_inner();
    let whole = whole::whole(&outputs, &found);
    Ok(Contents {
        parts: found.into_iter().map(|found| found.part).collect(),
        whole,
    })
}
