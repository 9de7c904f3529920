//! The rules that the core's output keeps.

use crate::dut::Outputs;
use crate::error::SimError;

/// Watches the output stream cycle by cycle.
///
/// The four rules of the handshake: (1) a transfer happens when valid and ready are both high; (2) valid never waits for
/// ready; (3) once high, valid and data hold until the transfer; (4) ready may change at any time. Rule 3 is checked
/// here; rule 2 by the sink, which at times waits for valid; the rest are the driver's own.
#[derive(Default)]
pub(super) struct Monitor {
    /// The outputs of the previous cycle, if they showed a beat that was not taken.
    pending: Option<Outputs>,
}

impl Monitor {
    /// Checks one cycle and tells whether a beat was transferred.
    pub(super) fn check(
        &mut self,
        cycle: u64,
        ready: bool,
        outputs: &Outputs,
    ) -> Result<bool, SimError> {
        if let Some(held) = self.pending.take() {
            let broken = if !outputs.m_axis_tvalid {
                Some("m_axis_tvalid fell")
            } else if outputs.m_axis_tdata != held.m_axis_tdata {
                Some("m_axis_tdata changed")
            } else if outputs.m_axis_tlast != held.m_axis_tlast {
                Some("m_axis_tlast changed")
            } else {
                None
            };
            if let Some(what) = broken {
                let rule = "before the transfer, but valid and data hold until it";
                return Err(SimError::stream(format!("{what} in cycle {cycle} {rule}")));
            }
        }
        if outputs.m_axis_tvalid && !ready {
            self.pending = Some(*outputs);
        }
        Ok(outputs.m_axis_tvalid && ready)
    }
}
