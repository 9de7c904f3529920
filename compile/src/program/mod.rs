//! Compilation: a network on a design becomes a shape and memory images.
//!
//! One shape serves many networks: [`Program::compile_family`] and [`Program::for_core`] make the images of others for it.

mod biases;
mod contents;
mod family;
mod load;
mod pad;
mod supported;
mod tables;
mod weights;

use crate::bits::signed_bits;
use crate::design::Design;
use crate::error::{Error, ErrorKind};
use crate::shape::LayerShape;
use crate::shape::Shape;
use tern_model::network::{Layer, Model, Output};

/// A compiled network: what the hardware is built from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// Structure of the core.
    pub shape: Shape,
    /// Contents of its memories.
    pub images: Images,
}

/// Contents of the memories, one integer per word (two's complement where negative).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Images {
    /// `weights[column][row]`: words of a PE, `lanes` two-rail trits each, lane 0 lowest.
    pub weights: Vec<Vec<Vec<i128>>>,
    /// `biases[sum]`: one word per hidden unit, then one per head row, divided by 2^`bias_shift`.
    pub biases: Vec<Vec<i128>>,
    /// `gate_luts[column]`: the layers' tables one after the other, each indexed by the two's complement code of
    /// the shifted sum.
    pub gate_luts: Vec<Vec<i128>>,
    /// The same for a GRU's candidate; empty without one.
    pub candidate_lut: Vec<i128>,
    /// The same for an LSTM's cell state; empty without one.
    pub state_lut: Vec<i128>,
}

/// Most bits of the sum of a result and its bias.
const MAX_PREACTIVATION: usize = 62;

impl Program {
    /// Compiles a model for a design.
    ///
    /// # Errors
    /// When the network does not run on the design's columns, naming the layer or field, a
    /// size is above 1024, a beat above 256 bits, or the core takes more block RAMs or, by estimate, LUT4s than the
    /// device has beside the design's reserve.
    pub fn compile(model: &Model, design: &Design) -> Result<Program, Error> {
        let (shape, biases) = shape_of(model, design)?;
        let device = design.device;
        let needs = [
            (shape.block_rams(), design.block_ram_budget(), "block RAMs"),
            (
                shape.lut_estimate(),
                design.less_reserve(device.luts),
                "LUT4s (an estimate)",
            ),
        ];
        if let Some((needed, there, what)) = needs.iter().find(|(needed, there, _)| needed > there)
        {
            return Err(Error::new(
                ErrorKind::Device,
                format!(
                    "the network needs {needed} {what} on this array (rows {}, lanes {}), and device {} has {there}{}, expected fewer rows or lanes",
                    design.rows,
                    design.lanes,
                    device.name,
                    match design.reserve {
                        0 => String::new(),
                        percent => format!(" beside its reserve of {percent} %"),
                    }
                ),
            ));
        }
        let stored =
            |biases: Vec<i128>| biases.iter().map(|bias| bias >> shape.bias_shift).collect();
        let images = Images {
            weights: weights::images(&shape, model),
            biases: biases.into_iter().map(stored).collect(),
            gate_luts: tables::gates(&shape, model),
            candidate_lut: tables::candidate(&shape, model),
            state_lut: tables::state(&shape, model),
        };
        Ok(Program { shape, images })
    }
}

impl Shape {
    /// The structure of a model's core on a design's array, whether or not the device has room for it.
    ///
    /// # Errors
    /// Those of [`Program::compile`] but for the device's.
    pub fn of(model: &Model, design: &Design) -> Result<Shape, Error> {
        shape_of(model, design).map(|(shape, _)| shape)
    }
}

/// The structure of the core for a model, and the biases of each sum.
pub(crate) fn shape_of(model: &Model, design: &Design) -> Result<(Shape, Vec<Vec<i128>>), Error> {
    supported::sizes(model)?;
    let layers = model.layers.iter().filter_map(LayerShape::of).collect();
    let mut shape = Shape {
        design: design.clone(),
        input_size: model.input_size,
        input_bits: model.input_bits as usize,
        layers,
        outputs: model.head().map(|head| head.output_size),
        every: model.output == Output::Every,
        lut_bits: model.layers.iter().map(lut_bits).max().unwrap_or(1),
        bias_bits: 1,
        bias_shift: 0,
        gate_lut_steps: 0,
        placement: Default::default(),
    };
    supported::array(&shape)?;
    let biases = biases::scaled(&shape, model);
    let all = biases.iter().flatten();
    let common = all.clone().fold(0, |bits, bias| bits | bias);
    shape.bias_shift = if shape.loads() {
        shape.least_scale()
    } else if common == 0 {
        0
    } else {
        common.trailing_zeros() as usize
    };
    let widest = all
        .map(|bias| (bias >> shape.bias_shift).unsigned_abs())
        .max();
    shape.bias_bits = signed_bits(widest.unwrap_or(0) as usize);
    if shape.loads() {
        // Another network's biases reach as far as its sums.
        let total = shape.total_bits() - shape.bias_shift;
        shape.bias_bits = shape.bias_bits.max(total);
    }
    let luts = tables::gates(&shape, model);
    let steps = |lut: &Vec<i128>| lut.windows(2).filter(|pair| pair[0] != pair[1]).count();
    shape.gate_lut_steps = luts.iter().map(steps).sum();
    if shape.preactivation_bits() > MAX_PREACTIVATION {
        return Err(Error::new(
            ErrorKind::Network,
            format!(
                "the shifts of `layers` make sums of {} bits, expected at most {MAX_PREACTIVATION}",
                shape.preactivation_bits()
            ),
        ));
    }
    shape.place_memories();
    Ok((shape, biases))
}

/// The structure of the same network's core on another array of as many columns and the same device.
pub(crate) fn resized(shape: &Shape, design: Design) -> Result<Shape, Error> {
    let mut shape = Shape {
        design,
        ..shape.clone()
    };
    supported::array(&shape)?;
    shape.place_memories();
    Ok(shape)
}

/// Address bits of a layer's activation LUTs.
fn lut_bits(layer: &Layer) -> usize {
    match layer {
        Layer::Lstm(lstm) => lstm.lut_bits as usize,
        Layer::Gru(gru) => gru.lut_bits as usize,
        Layer::Linear(_) => 1,
    }
}
