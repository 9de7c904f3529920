//! What the core runs, and why it does not run the rest.

use crate::error::{Error, ErrorKind};
use crate::shape::Shape;
use tern_model::network::{CellKind, Layer, Model};

/// Largest sizes that the hardware's counters are built for.
const MAX_SIZE: usize = 1024;
/// Widest stream beat in bits.
const MAX_BEAT: usize = 256;

/// Refuses sizes beyond the hardware's.
pub fn sizes(model: &Model) -> Result<(), Error> {
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
    let beats = [
        (shape.input_bits, "inputs"),
        (shape.hidden_bits(), "hidden states"),
    ];
    if let Some((bits, what)) = beats
        .iter()
        .find(|(bits, _)| design.lanes * bits > MAX_BEAT)
    {
        return Err(Error::new(
            ErrorKind::Network,
            format!(
                "field `lanes` is {}, expected at most {} for {bits}-bit {what}",
                design.lanes,
                MAX_BEAT / bits,
            ),
        ));
    }
    if shape.events() && shape.layers.is_empty() {
        return Err(Error::new(
            ErrorKind::Network,
            "field `dataflow` is \"events\", expected \"dense\" for a network without recurrent layers",
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
    let mixed = (0..shape.layers.len()).find(|layer| !shape.keeps_parts_together(*layer));
    match mixed {
        Some(index) => Err(Error::new(ErrorKind::Network, three_columns(shape, index))),
        None => Ok(()),
    }
}

/// Why three columns do not sum the two parts of a candidate of layer `index` one after the other.
fn three_columns(shape: &Shape, index: usize) -> String {
    let layer = &shape.layers[index];
    let last = |shift: usize, planes: usize| shift + planes - 1;
    let (planes, input) = (shape.input_planes(index), layer.input_shift);
    let hidden = match layer.planes() {
        1 => format!("hidden_shift {} lies", layer.hidden_shift),
        planes => format!(
            "hidden planes, of weight 2^{} to 2^{}, lie",
            layer.hidden_shift,
            last(layer.hidden_shift, planes)
        ),
    };
    format!(
        "field `columns` is 3, expected 4 for layers.{index}, whose {hidden} between the first and the last plane of its input, {input} and {}",
        last(input, planes)
    )
}
