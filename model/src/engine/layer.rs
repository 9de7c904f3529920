//! Layers, as the engine keeps them.

use super::cell::{Cell, GruCell, LstmCell};
use super::matrix::{Form, Matrix, TILE};
use crate::network::{self, Gru, GruBias, GruGate, Lstm};

/// Weights, biases and cell of one layer.
#[derive(Clone, Debug)]
pub(super) struct Layer {
    /// Biases, each block padded to whole tiles: what the sums begin with.
    pub bias: Vec<i32>,
    pub products: Vec<Product>,
    /// What makes the next state of the sums; none of a linear layer, whose outputs they are.
    pub cell: Option<Cell>,
}

/// A product that is added to the sums.
#[derive(Clone, Debug)]
pub(super) struct Product {
    pub weights: Matrix,
    pub of: Operand,
    /// The first of the sums it is added to.
    pub sums: usize,
}

/// The vector of a product.
#[derive(Clone, Copy, Debug)]
pub(super) enum Operand {
    Input,
    Hidden,
}

impl Layer {
    /// The layer, whose inputs are at most `input_max` in magnitude, with the forms of its two vectors.
    pub fn new(layer: &network::Layer, input_max: i32, [input, hidden]: [Form; 2]) -> Layer {
        let x = |weights: &[i8], columns, units, shift| Product {
            weights: Matrix::new(weights, columns, units, input, shift),
            of: Operand::Input,
            sums: 0,
        };
        let h = |weights: &[i8], units, shift, sums| Product {
            weights: Matrix::new(weights, units, units, hidden, shift),
            of: Operand::Hidden,
            sums,
        };
        match layer {
            network::Layer::Lstm(l) => Layer::lstm(l, x, h),
            network::Layer::Gru(l) => Layer::gru(l, input_max, x, h),
            network::Layer::Linear(l) => Layer {
                bias: padded(&l.bias, l.output_size),
                products: vec![x(&l.weight, l.input_size, l.output_size, 0)],
                cell: None,
            },
        }
    }

    fn lstm(
        l: &Lstm,
        x: impl Fn(&[i8], usize, usize, u32) -> Product,
        h: impl Fn(&[i8], usize, u32, usize) -> Product,
    ) -> Layer {
        let units = l.hidden_size;
        Layer {
            bias: padded(&l.bias, units),
            products: vec![
                x(&l.weight_ih, l.input_size, units, l.input_shift),
                h(&l.weight_hh, units, l.hidden_shift, 0),
            ],
            cell: Some(Cell::Lstm(LstmCell::new(l))),
        }
    }

    fn gru(
        l: &Gru,
        input_max: i32,
        x: impl Fn(&[i8], usize, usize, u32) -> Product,
        h: impl Fn(&[i8], usize, u32, usize) -> Product,
    ) -> Layer {
        let units = l.hidden_size;
        // The input adds to r, z and in, which stand together; the hidden state to r and z, and to hn, which stands apart.
        let (gates, new) = l.weight_hh.split_at(l.row(GruGate::New, 0) * units);
        let apart = GruBias::NewHidden.index() * units.next_multiple_of(TILE);
        Layer {
            bias: padded(&l.bias, units),
            products: vec![
                x(&l.weight_ih, l.input_size, units, l.input_shift),
                h(gates, units, l.hidden_shift, 0),
                h(new, units, l.hidden_shift, apart),
            ],
            cell: Some(Cell::Gru(GruCell::new(l, input_max))),
        }
    }

    /// How many sums the layer has, padding included.
    pub fn sums(&self) -> usize {
        self.bias.len()
    }
}

/// Blocks of `units` values, each padded with zeros to whole tiles.
fn padded(values: &[i32], units: usize) -> Vec<i32> {
    let zeros = vec![0; units.next_multiple_of(TILE) - units];
    let block = |block: &[i32]| [block, &zeros].concat();
    values.chunks(units).flat_map(block).collect()
}
