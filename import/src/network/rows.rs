//! Orders in which other tools write the gates, and the way to that of [`Gate::ORDER`] and [`GruGate::ORDER`].

use tern_model::network::{CellKind, Gate, GruGate};

/// Order of the row blocks of a file, as positions in the order of PyTorch.
pub(crate) type Order = &'static [usize];

/// ONNX: i, o, f, c.
const ONNX_LSTM: [usize; 4] = [
    Gate::Input.index(),
    Gate::Output.index(),
    Gate::Forget.index(),
    Gate::Cell.index(),
];
/// ONNX and Keras: z, r, h.
const UPDATE_FIRST: [usize; 3] = [
    GruGate::Update.index(),
    GruGate::Reset.index(),
    GruGate::New.index(),
];
/// PyTorch and Keras: i, f, c, o.
const FORGET_SECOND: [usize; 4] = [
    Gate::Input.index(),
    Gate::Forget.index(),
    Gate::Cell.index(),
    Gate::Output.index(),
];

/// The order of ONNX.
pub(crate) fn onnx(kind: CellKind) -> Order {
    match kind {
        CellKind::Lstm => &ONNX_LSTM,
        CellKind::Gru => &UPDATE_FIRST,
    }
}

/// The order of Keras.
pub(crate) fn keras(kind: CellKind) -> Order {
    match kind {
        CellKind::Lstm => &FORGET_SECOND,
        CellKind::Gru => &UPDATE_FIRST,
    }
}

/// Gates of a cell.
pub(crate) fn gates(kind: CellKind) -> usize {
    match kind {
        CellKind::Lstm => Gate::ORDER.len(),
        CellKind::Gru => GruGate::ORDER.len(),
    }
}

/// `values`, equal blocks in `order`, in the order of PyTorch.
pub(crate) fn reordered(values: &[f32], order: Order) -> Vec<f32> {
    let size = values.len() / order.len();
    let mut sorted = vec![0.0; values.len()];
    for (block, position) in order.iter().enumerate() {
        sorted[position * size..][..size].copy_from_slice(&values[block * size..][..size]);
    }
    sorted
}

/// `values` `[rows, columns]` as `[columns, rows]`.
pub(crate) fn transposed(values: &[f32], columns: usize) -> Vec<f32> {
    let column = |column: usize| values[column..].iter().step_by(columns).copied();
    (0..columns).flat_map(column).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_come_to_the_order_of_pytorch() {
        // i, o, f, c and z, r, h as the letters' places in i, f, g, o and r, z, n.
        let lstm = reordered(
            &[0.0, 0.5, 3.0, 3.5, 1.0, 1.5, 2.0, 2.5],
            onnx(CellKind::Lstm),
        );
        assert_eq!(lstm, [0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5]);
        for order in [onnx(CellKind::Gru), keras(CellKind::Gru)] {
            assert_eq!(reordered(&[1.0, 0.0, 2.0], order), [0.0, 1.0, 2.0]);
        }
        let same = [0.0, 1.0, 2.0, 3.0];
        assert_eq!(reordered(&same, keras(CellKind::Lstm)), same);
        assert_eq!(
            transposed(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], 3),
            [1.0, 4.0, 2.0, 5.0, 3.0, 6.0]
        );
    }
}
