//! The points of a sweep.

use std::path::{Path, PathBuf};

use serde_json::json;
use tern_compile::design::Dataflow;
use tern_compile::device::{Device, DeviceFamily};
use tern_gen_verilog::failure::Failure;
use tern_report::sweep::Stage;
use tern_sim::eda::locate;
use tern_sim::eda::tool::Tool;

use super::file::{Array, Fields, parse};
use super::networks::{self, Network};
use crate::digest::sha256;

/// A sweep: what its file says, checked.
pub struct Plan {
    /// The file.
    pub file: PathBuf,
    /// The file's name without its ending.
    pub name: String,
    /// How far points are taken.
    pub stage: Stage,
    /// The networks.
    pub networks: Vec<Network>,
    /// Every combination, in the order of the file.
    pub points: Vec<Point>,
}

/// One network on one array of one device.
pub struct Point {
    /// Its name, which no other point has, and which a file may have.
    pub id: String,
    /// Which of the networks.
    pub network: usize,
    /// The device.
    pub device: &'static Device,
    /// The array.
    pub array: Array,
    /// What the array sums.
    pub dataflow: Dataflow,
    /// Seed of the placer; none where nothing is placed.
    pub seed: Option<u32>,
    /// SHA-256 of all that its result depends on, in hexadecimal.
    pub depends: String,
}

impl Plan {
    /// Reads and checks a sweep file.
    ///
    /// # Errors
    /// One sentence that names file, field, value and what was expected.
    pub fn read(file: &Path) -> Result<Plan, Failure> {
        let (written, fields) = (parse(file)?, Fields { file });
        let stage = written.stage(fields)?;
        let devices = written.devices(fields)?;
        let arrays = written.arrays(fields)?;
        let dataflows = written.dataflows(fields)?;
        let seeds = written.seeds(fields)?;
        let networks = networks::read(&written.networks, fields)?;
        let (seeds, tools) = match stage {
            Stage::Estimate => (vec![None], vec![]),
            Stage::Route => (seeds.into_iter().map(Some).collect(), tools()),
        };
        let mut points = vec![];
        for (network, of) in networks.iter().enumerate() {
            for device in &devices {
                for array in &arrays {
                    for dataflow in &dataflows {
                        for seed in &seeds {
                            let (array_name, kind) = (array.name(), dataflow.name());
                            let mut id = format!("{}-{device}-{array_name}-{kind}", of.name);
                            if let Some(seed) = seed {
                                id += &format!("-seed{seed}");
                            }
                            let depends = json!({
                                "tern": env!("CARGO_PKG_VERSION"),
                                "stage": stage,
                                "model": of.sha256,
                                "device": device.name,
                                "array": array_name,
                                "dataflow": kind,
                                "seed": seed,
                                "tools": versions(&tools, device),
                            });
                            points.push(Point {
                                id,
                                network,
                                device,
                                array: *array,
                                dataflow: *dataflow,
                                seed: *seed,
                                depends: sha256(depends.to_string().as_bytes()),
                            });
                        }
                    }
                }
            }
        }
        Ok(Plan {
            file: file.to_owned(),
            name: file
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned(),
            stage,
            networks,
            points,
        })
    }

    /// The files that are read.
    pub fn inputs(&self) -> Vec<&Path> {
        let models = self.networks.iter().filter_map(|n| n.file.as_deref());
        [self.file.as_path()].into_iter().chain(models).collect()
    }
}

/// Versions of the tools; the pinned ones where they are yet to be installed.
fn tools() -> Vec<(Tool, String)> {
    let version = |(tool, located): (Tool, Option<locate::Located>)| {
        let pinned = || tool.pinned_version().to_owned();
        (tool, located.map_or_else(pinned, |located| located.version))
    };
    locate::list().into_iter().map(version).collect()
}

/// The versions of those that a device needs.
fn versions<'t>(tools: &'t [(Tool, String)], device: &Device) -> Vec<&'t str> {
    let router = match device.family {
        Some(DeviceFamily::Ecp5) => Tool::NextpnrEcp5,
        _ => Tool::NextpnrIce40,
    };
    let needed = tools
        .iter()
        .filter(|(tool, _)| [Tool::Yosys, router].contains(tool));
    needed.map(|(_, version)| version.as_str()).collect()
}
