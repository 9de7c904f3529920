//! The largest array that fits a device.

use crate::program::shape_of;
use crate::{CellKind, Design, DesignError, Device, LayerShape, Model, Shape};

/// Share of a device's LUTs that a core may take; beyond it routing gets slow.
const LUT_SHARE: f64 = 0.85;

impl Design {
    /// The array that runs the model in the fewest cycles on the named device, the smallest of these.
    ///
    /// # Errors
    /// When the device is not known, the core does not run the model, or no array of it fits.
    pub fn largest(model: &Model, device: &str) -> Result<Design, DesignError> {
        let smallest = shape_of(model, &Design::new(1, 2, device)?)?.0;
        let results = (0..smallest.sections()).map(|section| smallest.result_rows(section));
        let three = Design::new(1, 2, device)?.with_columns(3)?;
        let columns = if shape_of(model, &three).is_ok() {
            3
        } else {
            4
        };
        let mut best: Option<(usize, usize, Design)> = None;
        for rows in 1..=results.max().unwrap_or(1).min(64) {
            for lanes in 2..=64 {
                let design = Design::new(rows, lanes, device)?.with_columns(columns)?;
                let Ok((shape, _)) = shape_of(model, &design) else {
                    continue;
                };
                let figure = (shape.step_estimate(), shape.lut_estimate());
                if shape.fits() && best.as_ref().is_none_or(|best| figure < (best.0, best.1)) {
                    best = Some((figure.0, figure.1, design));
                }
            }
        }
        best.map(|(_, _, design)| design).ok_or_else(|| {
            let known = Device::named(device).map_or(0, |device| device.block_rams);
            DesignError(format!(
                "no array for the network fits device {device} with its {known} block RAMs"
            ))
        })
    }
}

impl Shape {
    /// Whether the core fits its device by the resource estimates.
    pub fn fits(&self) -> bool {
        let device = self.design.device();
        self.block_rams() <= device.block_rams
            && self.lut_estimate() as f64 <= LUT_SHARE * device.luts as f64
    }

    /// LUT4s of the core, estimated: 5.6 a lane for products and their count, 3 a bit of the partial sum
    /// for adding, shifting and draining, and what the cell unit, the tables in logic and control take.
    pub fn lut_estimate(&self) -> usize {
        let pe = (56 * self.design.lanes).div_ceil(10) + 3 * self.sum_bits() + 8;
        let cell = |layer: &LayerShape| match layer.cell {
            CellKind::Lstm => self.state_bits() + 3 * self.gate_frac() + 6,
            CellKind::Gru => self.state_bits() + 2 * self.gate_frac() + 4 + self.candidate_bits(),
        };
        let factor = (self.gate_frac() + 1) * self.layers.iter().map(cell).max().unwrap_or(0);
        let in_logic = self.memories().into_iter().filter(|memory| !memory.block);
        let tables: usize = in_logic
            .map(|memory| memory.count * memory.words * memory.bits / 12)
            .sum();
        let input = self.input_bits * self.design.lanes * 2;
        self.design.pes() * pe + 2 * factor + tables + input + 400
    }

    /// Cycles of a step, estimated without running the schedule.
    fn step_estimate(&self) -> usize {
        let rows = self.design.rows;
        let beats = (0..self.sections()).map(|s| self.blocks(s) * self.block_beats(s).max(rows));
        let idle = (0..self.layers.len()).map(|layer| {
            let reader = if layer + 1 < self.sections() {
                layer + 1
            } else {
                0
            };
            let passes = self.passes(reader);
            let before = passes
                .iter()
                .take_while(|pass| !self.waits(reader, pass.source));
            let hidden: usize = before.map(|pass| self.pass_beats(pass)).sum();
            self.settle_cycles(layer).saturating_sub(hidden)
        });
        beats.sum::<usize>() + idle.sum::<usize>()
    }
}
