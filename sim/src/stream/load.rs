//! The load port: another network into a core that runs.

use super::driver::StreamDriver;
use super::stall::{SourceStalls, StallPattern};
use crate::dut::{Dut, Inputs};
use crate::error::SimError;

/// Cycles that a core closes its input for after the last byte of a load, at most: those in which its array empties.
const CLOSING_CYCLES: u64 = 256;

impl<D: Dut> StreamDriver<D> {
    /// Brings the bytes of `tern_compile::program::Program::load_image` through the load port, with the pauses of an idle source if the
    /// pattern has one, and waits until the core takes input again. A sequence that is under way is dropped.
    ///
    /// Errors: a core without a load port, and one that takes too few bytes or stays closed.
    pub fn load(&mut self, image: &[u8], pattern: StallPattern) -> Result<(), SimError> {
        self.load_part(image, pattern)?;
        for _ in 0..CLOSING_CYCLES {
            let seen = self.dut.cycle(&Inputs::default());
            self.cycle += 1;
            if seen.s_axis_tready {
                return Ok(());
            }
        }
        Err(self.load_fault("takes no input after the load"))
    }

    /// The first bytes of a load, which stays incomplete.
    ///
    /// Errors: a core without a load port, and one that takes too few bytes.
    pub fn load_part(&mut self, bytes: &[u8], pattern: StallPattern) -> Result<(), SimError> {
        let mut random = fastrand::Rng::with_seed(pattern.seed);
        let mut source = SourceStalls::new(&pattern, &mut random);
        let (mut sent, mut offered, mut quiet) = (0, false, 0);
        while sent < bytes.len() {
            offered = offered || source.offers();
            let seen = self.dut.cycle(&Inputs {
                w_axis_tvalid: offered,
                w_axis_tdata: if offered { bytes[sent] } else { random.u8(..) },
                ..Inputs::default()
            });
            self.cycle += 1;
            quiet += 1;
            if offered && seen.w_axis_tready {
                source.after_transfer(&mut random);
                (sent, offered, quiet) = (sent + 1, false, 0);
            }
            if quiet > CLOSING_CYCLES {
                let fault = format!("takes {sent} bytes of a load, expected {}", bytes.len());
                return Err(self.load_fault(&fault));
            }
        }
        Ok(())
    }

    fn load_fault(&self, fault: &str) -> SimError {
        SimError::stream(format!(
            "the core in {} {fault}, at cycle {}",
            self.dut.name(),
            self.cycle
        ))
    }
}
