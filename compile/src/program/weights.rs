//! The words of the weight memories.

use crate::shape::{Part, PassSource, Shape};
use tern_model::network::{Gate, GruGate, Layer, Model};

/// The words of every PE, `[column][row]`.
pub fn images(shape: &Shape, model: &Model) -> Vec<Vec<Vec<i128>>> {
    let of_column = |column: usize| {
        let rows = 0..shape.design.rows;
        rows.map(|row| of_pe(shape, model, column, row)).collect()
    };
    (0..shape.design.columns).map(of_column).collect()
}

/// Chunks of x block by block, then chunks of hidden states in the order they are summed.
fn of_pe(shape: &Shape, model: &Model, column: usize, row: usize) -> Vec<i128> {
    if shape.events() {
        return of_event_pe(shape, model, column, row);
    }
    let mut words = Vec::with_capacity(shape.weight_words());
    let result = |block: usize| block * shape.design.rows + row;
    for block in 0..shape.blocks(0) {
        let weights = line(
            &model.layers[0],
            shape,
            column,
            result(block),
            PassSource::Input,
        );
        words.extend(chunks(
            shape,
            weights,
            PassSource::Input,
            shape.input_chunks(),
        ));
    }
    for (section, layer) in model.layers.iter().enumerate() {
        let sources = shape.hidden_sources(section);
        for block in 0..shape.blocks(section) {
            for &source in &sources {
                let weights = line(layer, shape, column, result(block), source);
                words.extend(chunks(
                    shape,
                    weights,
                    source,
                    shape.chunks(section, source),
                ));
            }
        }
    }
    words
}

/// A word for every element of every list, section by section and block by block: the weights that `lanes` results have for it. The
/// rows share the inputs of the head out, so that each has the next ones.
fn of_event_pe(shape: &Shape, model: &Model, column: usize, row: usize) -> Vec<i128> {
    let mut words = Vec::with_capacity(shape.weight_words());
    let lanes = shape.design.lanes;
    for (section, layer) in model.layers.iter().enumerate() {
        let is_head = shape.is_head(section);
        let (first_element, first_row) = match is_head {
            true => (row * shape.head_share(), 0),
            false => (0, row),
        };
        for block in 0..shape.blocks(section) {
            let first = block * shape.block_results(section) + first_row * lanes;
            for pass in shape.event_passes(section) {
                let of = |result| line(layer, shape, column, result, pass.source);
                let results: Vec<Option<&[i8]>> = (first..first + lanes).map(of).collect();
                let elements = first_element..first_element + pass.words;
                words.extend(elements.map(|element| {
                    let weights = results.iter().map(|weights| {
                        let weights = weights.unwrap_or_default();
                        *weights.get(element).unwrap_or(&0)
                    });
                    word(weights)
                }));
            }
        }
    }
    words
}

/// Trits as a word, the first one lowest.
fn word(weights: impl Iterator<Item = i8>) -> i128 {
    let lanes = weights.enumerate();
    lanes.fold(0u128, |word, (lane, weight)| {
        word | trit(weight) << (2 * lane)
    }) as i128
}

/// The weights of one result for one source; none where a row of the array has none.
fn line<'m>(
    layer: &'m Layer,
    shape: &Shape,
    column: usize,
    result: usize,
    source: PassSource,
) -> Option<&'m [i8]> {
    let part = source.part();
    match layer {
        Layer::Lstm(lstm) => {
            let gate = Gate::ORDER[column];
            (result < lstm.hidden_size).then(|| match part {
                Part::Input => lstm.weight_ih_row(gate, result),
                Part::Hidden => lstm.weight_hh_row(gate, result),
            })
        }
        Layer::Gru(gru) => {
            // On four columns the candidate has one for each part.
            let gate = match (column, part) {
                (0 | 1, _) => GruGate::ORDER[column],
                (2, Part::Input) | (3, Part::Hidden) => GruGate::New,
                (2, Part::Hidden) if shape.split() => GruGate::New,
                _ => return None,
            };
            (result < gru.hidden_size).then(|| match part {
                Part::Input => gru.weight_ih_row(gate, result),
                Part::Hidden => gru.weight_hh_row(gate, result),
            })
        }
        Layer::Linear(head) => {
            let output = result * shape.design.columns + column;
            (output < head.output_size).then(|| head.weight_row(output))
        }
    }
}

/// A row of weights as words of `lanes` trits, padded with zeros; no row is all zeros. The last chunk of a
/// hidden state lies in the highest lanes, where the hidden memory collects it.
fn chunks(shape: &Shape, row: Option<&[i8]>, source: PassSource, count: usize) -> Vec<i128> {
    let lanes = shape.design.lanes;
    let placed = |chunk: &[i8]| {
        let first = match source {
            PassSource::Input => 0,
            PassSource::Own | PassSource::Below => lanes - chunk.len(),
        };
        word(std::iter::repeat_n(0, first).chain(chunk.iter().copied()))
    };
    match row {
        Some(row) => row.chunks(lanes).map(placed).collect(),
        None => vec![0; count],
    }
}

/// A trit's two rails: bit 0 = plus, bit 1 = minus.
fn trit(value: i8) -> u128 {
    u128::from(value > 0) | u128::from(value < 0) << 1
}
