//! What the core runs, and why it does not run the rest.

use crate::error::{Error, ErrorKind};
use crate::shape::Shape;
use tern_model::network::{CellKind, HiddenState, Layer, Model};

/// Largest sizes that the hardware's counters are built for.
const MAX_SIZE: usize = 1024;
/// Widest stream beat in bits.
const MAX_BEAT: usize = 256;

/// Refuses sizes beyond the hardware's, and hidden states of more than a trit.
pub fn sizes(model: &Model) -> Result<(), Error> {
    for (index, layer) in model.layers.iter().enumerate() {
        if let Some(HiddenState::Integer { bits, .. }) = layer.hidden() {
            return Err(Error::new(
                ErrorKind::Network,
                format!("field `layers.{index}.hidden_bits` is {bits}, expected none for the core"),
            ));
        }
    }
    let mut sizes = vec![("input_size".to_owned(), model.input_size)];
    for (index, layer) in model.layers.iter().enumerate() {
        let name = match layer {
            Layer::Lstm(_) | Layer::Gru(_) => "hidden_size",
            Layer::Linear(_) => "output_size",
        };
        sizes.push((format!("layers.{index}.{name}"), layer.output_size()));
    }
    match sizes.iter().find(|(_, size)| *size > MAX_SIZE) {
        Some((field, size)) => Err(Error::new(
            ErrorKind::Network,
            format!("field `{field}` is {size}, expected at most {MAX_SIZE} for the core"),
        )),
        None => Ok(()),
    }
}

/// Refuses beats that are too wide, and networks that the design's columns do not compute.
pub fn array(shape: &Shape) -> Result<(), Error> {
    let design = &shape.design;
    if design.lanes * shape.input_bits > MAX_BEAT {
        return Err(Error::new(
            ErrorKind::Network,
            format!(
                "field `lanes` is {}, expected at most {} for {}-bit inputs",
                design.lanes,
                MAX_BEAT / shape.input_bits,
                shape.input_bits
            ),
        ));
    }
    if !shape.split() {
        return Ok(());
    }
    if shape.has(CellKind::Lstm) || shape.layers.is_empty() {
        return Err(Error::new(
            ErrorKind::Network,
            "field `columns` is 3, expected 4 unless every recurrent layer is a gru",
        ));
    }
    if !shape.keeps_parts_together(0) {
        let layer = &shape.layers[0];
        return Err(Error::new(
            ErrorKind::Network,
            format!(
                "field `columns` is 3, expected 4 for layers.0, whose hidden_shift {} lies between the first and the last plane of its input, {} and {}",
                layer.hidden_shift,
                layer.input_shift,
                layer.input_shift + shape.planes() - 1
            ),
        ));
    }
    Ok(())
}
