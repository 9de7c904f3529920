//! The core of a network: which array it gets, and what is made of it.

use std::path::PathBuf;

use pyo3::prelude::*;
use pyo3::types::PyDict;
use tern_compile::cycles::Timeline;
use tern_compile::design::Design;
use tern_compile::device::Device;
use tern_gen_verilog::artifacts::{artifacts, verilog};
use tern_gen_verilog::choice::Core;
use tern_gen_verilog::folder;
use tern_gen_verilog::report::Report;

use crate::arrays::Batch;
use crate::failure::failure;
use crate::model::PyModel;

/// A network compiled for an array.
#[pyclass(name = "Core", module = "tern_fpga", frozen)]
pub(crate) struct PyCore {
    core: Core,
}

#[pymethods]
impl PyCore {
    /// The core of a network on an array: that of `design`, a design file's path or its fields, or the largest that fits.
    #[new]
    #[pyo3(signature = (model, design=None, *, device=None, reserve=None, prefix=None))]
    fn new(
        model: &PyModel,
        design: Option<&Bound<'_, PyAny>>,
        device: Option<&str>,
        reserve: Option<usize>,
        prefix: Option<&str>,
    ) -> PyResult<PyCore> {
        let model = model.model.clone();
        let device = device.map(named).transpose()?;
        let design = match design {
            Some(written) => written_design(written, device, reserve)?,
            None => {
                let name = device.map_or(Device::DEFAULT, |device| device.name);
                let like = Design::new(1, 2, name)
                    .and_then(|like| like.with_reserve(reserve.unwrap_or(0)));
                like.and_then(|like| Design::largest_like(&model, &like))
                    .map_err(failure)?
            }
        };
        let design = match prefix {
            Some(prefix) => design.with_prefix(prefix).map_err(failure)?,
            None => design,
        };
        let core = Core::new(model, design).map_err(failure)?;
        Ok(PyCore { core })
    }

    /// Clock cycles of a time step when the streams never stall, on an event array the most.
    fn cycles_per_step(&self) -> u64 {
        self.core.program.shape.cycles_per_step()
    }

    /// The cycle of each output beat, and the one in which each step's last beat is decided, of sequences of integers.
    fn timeline(&self, x: &Bound<'_, PyAny>) -> PyResult<(Vec<u64>, Vec<u64>)> {
        let batch = Batch::read(&self.core.model, x)?;
        let timeline = Timeline::of(&self.core.model, &self.core.program.shape, &batch.each()?);
        Ok((timeline.output_beats, timeline.step_ends))
    }

    /// The Verilog with its header.
    fn verilog(&self) -> PyResult<String> {
        verilog(&self.core).map_err(failure)
    }

    /// The report as JSON.
    fn report(&self) -> PyResult<String> {
        serde_json::to_string(&Report::of(&self.core)).map_err(failure)
    }

    /// Writes what `gen-verilog` writes.
    fn write(&self, folder: PathBuf) -> PyResult<()> {
        let files = artifacts(&self.core).map_err(failure)?;
        folder::write(&folder, &files).map_err(failure)
    }
}

/// A design file's path, or its fields, with what takes the place of its own device and reserve.
fn written_design(
    written: &Bound<'_, PyAny>,
    device: Option<&'static Device>,
    reserve: Option<usize>,
) -> PyResult<Design> {
    let design = match written.cast::<PyDict>() {
        Ok(fields) => {
            let json = written.py().import("json")?;
            let text: String = json.call_method1("dumps", (fields,))?.extract()?;
            Design::from_json(&text).map_err(failure)?
        }
        Err(_) => Design::read(written.extract::<PathBuf>()?).map_err(failure)?,
    };
    let design = match device {
        Some(device) if device != design.device => Design {
            device,
            board: None,
            ..design
        },
        _ => design,
    };
    match reserve {
        Some(percent) => design.with_reserve(percent).map_err(failure),
        None => Ok(design),
    }
}

/// The device of that name.
fn named(name: &str) -> PyResult<&'static Device> {
    let unknown = || {
        let names = Device::names();
        failure(format!("device is \"{name}\", expected one of {names}"))
    };
    Device::named(name).ok_or_else(unknown)
}
