//! The words of the bias memories.

use crate::shape::{Part, Shape};
use tern_model::network::{Gate, GruBias, Layer, Model};

/// The biases that each of the four sums adds: hidden units of all layers first, then head rows, each scaled
/// as its section's sums are.
pub fn scaled(shape: &Shape, model: &Model) -> Vec<Vec<i128>> {
    (0..4).map(|sum| of_sum(shape, model, sum)).collect()
}

fn of_sum(shape: &Shape, model: &Model, sum: usize) -> Vec<i128> {
    let layers = model.layers.iter().enumerate();
    layers
        .flat_map(|(section, layer)| {
            let scale = |bias: i32, shift: usize| i128::from(bias) << shift;
            match layer {
                Layer::Lstm(lstm) => {
                    let shift = shape.section_shift(section);
                    let units =
                        (0..lstm.hidden_size).map(|unit| lstm.gate_bias(Gate::ORDER[sum], unit));
                    units.map(|bias| scale(bias, shift)).collect()
                }
                Layer::Gru(gru) => {
                    let part = GruBias::ORDER[sum];
                    let shift = match part {
                        GruBias::Reset | GruBias::Update => shape.section_shift(section),
                        GruBias::NewInput => shape.part_shift(section, Part::Input),
                        GruBias::NewHidden => shape.part_shift(section, Part::Hidden),
                    };
                    let units = (0..gru.hidden_size).map(|unit| gru.sum_bias(part, unit));
                    units.map(|bias| scale(bias, shift)).collect()
                }
                Layer::Linear(head) => {
                    let (columns, shift) = (shape.design.columns, shape.head_shift());
                    let column = (0..columns).find(|column| shape.head_sum(*column) == sum);
                    let output = |row: usize| column.map(|column| row * columns + column);
                    let bias = |row: usize| output(row).and_then(|output| head.bias.get(output));
                    let rows =
                        (0..shape.head_rows()).map(|row| scale(*bias(row).unwrap_or(&0), shift));
                    rows.collect::<Vec<i128>>()
                }
            }
        })
        .collect()
}

impl Shape {
    /// Which of the four sums is a column's when it works for the head: on three columns the last one's is
    /// its hidden part.
    pub fn head_sum(&self, column: usize) -> usize {
        if self.split() && column == 2 {
            3
        } else {
            column
        }
    }
}
