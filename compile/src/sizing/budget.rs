//! What a core may take of its device, and what it takes too much of.

use std::fmt;

use crate::design::Design;
use crate::device::DeviceFamily;
use crate::shape::Shape;

/// Share of the logic cells that an array chosen for a device may take by estimate, in percent: what is left makes it
/// routable, and the estimate is right to 9 %.
const ICE40_CELLS: usize = 90;
/// The same on an ECP5.
const ECP5_CELLS: usize = 85;

/// What a device has a number of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resource {
    /// Block RAMs.
    BlockRams,
    /// Logic cells.
    Cells,
    /// Pins of the usual board's package.
    Pins,
}

/// As errors and summaries name it.
impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Resource::BlockRams => "block RAMs",
            Resource::Cells => "logic cells",
            Resource::Pins => "pins",
        })
    }
}

/// A resource of which a core needs more than it may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shortage {
    /// The resource.
    pub resource: Resource,
    /// What the core needs, logic cells by estimate.
    pub needed: usize,
    /// What it may take.
    pub available: usize,
}

impl Shortage {
    /// How many times what there is the core needs, at least 1.
    pub(super) fn excess(&self) -> f64 {
        self.needed as f64 / self.available.max(1) as f64
    }
}

impl Design {
    /// Block RAMs that a core may take: those of the device less its reserve.
    pub fn block_ram_budget(&self) -> usize {
        self.less_reserve(self.device.block_rams)
    }

    /// What is left of `there`.
    pub(crate) fn less_reserve(&self, there: usize) -> usize {
        there * (100 - self.reserve) / 100
    }

    /// Logic cells that an array chosen for the device may take by estimate, less its reserve.
    pub fn cell_budget(&self) -> usize {
        let percent = match self.device.family {
            Some(DeviceFamily::Ice40) => ICE40_CELLS,
            Some(DeviceFamily::Ecp5) => ECP5_CELLS,
            None => 100,
        };
        self.less_reserve(self.device.luts) * percent / 100
    }
}

impl Shape {
    /// Bits of all ports of the core: clock, reset and the streams with their handshakes.
    pub fn pins(&self) -> usize {
        const CLOCK_AND_RESET: usize = 2;
        const VALID_READY_LAST: usize = 3;
        const LOAD: usize = 8 + 2;
        let streams = self.input_stream().port_bits() + self.output_stream().port_bits();
        let load = if self.loads() { LOAD } else { 0 };
        CLOCK_AND_RESET + streams + 2 * VALID_READY_LAST + load
    }

    /// The resource that the core exceeds most, if any, by the limits for an array that is chosen for its device.
    pub fn shortage(&self) -> Option<Shortage> {
        let design = &self.design;
        let needs = [
            (
                Resource::BlockRams,
                self.block_rams(),
                design.block_ram_budget(),
            ),
            (Resource::Pins, self.pins(), design.device.pins()),
            (Resource::Cells, self.cell_estimate(), design.cell_budget()),
        ];
        let short = needs
            .into_iter()
            .filter(|(_, needed, there)| needed > there);
        let short = short.map(|(resource, needed, available)| Shortage {
            resource,
            needed,
            available,
        });
        short.max_by(|a, b| a.excess().total_cmp(&b.excess()))
    }

    /// Whether an array of the device's own choice may be this one: block RAMs, pins of the usual board and, by estimate, logic cells
    /// with room to route.
    pub fn fits(&self) -> bool {
        self.shortage().is_none()
    }
}
