//! `tern roofline`: what routed cores reach, under the roof of block RAM and clock.

use std::path::{Path, PathBuf};

use clap::Args;
use serde::Deserialize;
use serde_json::{Value, json};
use svg::Document;
use tern_compile::design::Design;
use tern_compile::device::Device;
use tern_gen_verilog::console;
use tern_gen_verilog::failure::Failure;
use tern_gen_verilog::outputs::keep_apart;
use tern_model::file::{read_json, read_text, write_atomic};

use crate::chart::{self, Axis, BEST, BOTTOM, INK, LEFT, LIMIT, Labels, OTHER, TOP};

/// Draws the throughput of routed cores over the weights that their arrays take a cycle.
#[derive(Args)]
pub struct Roofline {
    /// Results of tern synth (synth.json)
    #[arg(value_name = "FILE", required = true)]
    cores: Vec<PathBuf>,
    /// Picture to write
    #[arg(long, value_name = "FILE")]
    svg: PathBuf,
}

/// What `tern synth` says of a core.
#[derive(Deserialize)]
struct Figures {
    layers: String,
    design: serde_json::Value,
    median_fmax_mhz: f64,
    cycles_per_step: u64,
    recorded_cycles: Option<Recorded>,
    macs_per_step: u64,
}

/// Cycles of an event array, by the activity of its network.
#[derive(Deserialize)]
struct Recorded {
    mean: f64,
}

impl Figures {
    /// Cycles of a time step, of an event array on average.
    fn mean_cycles(&self) -> f64 {
        let recorded = self.recorded_cycles.as_ref();
        recorded.map_or(self.cycles_per_step as f64, |recorded| recorded.mean)
    }
}

/// A routed core.
struct Core {
    design: Design,
    figures: Figures,
}

impl Core {
    /// Ternary multiply-accumulates that the array takes a cycle.
    fn lanes(&self) -> f64 {
        self.design.macs_per_cycle() as f64
    }

    /// Two operations for each multiply-accumulate of the array, every cycle, in GOPS.
    fn peak(&self) -> f64 {
        2.0 * self.lanes() * self.figures.median_fmax_mhz / 1000.0
    }

    /// The same for those that the network needs, in the time of its step; an event array does not have to do them all.
    fn reached(&self) -> f64 {
        let step_us = self.figures.mean_cycles() / self.figures.median_fmax_mhz;
        2.0 * self.figures.macs_per_step as f64 / step_us / 1000.0
    }

    fn json(&self) -> Value {
        json!({
            "layers": self.figures.layers,
            "design": self.figures.design,
            "macs_per_cycle": self.lanes(),
            "fmax_mhz": self.figures.median_fmax_mhz,
            "peak_gops": self.peak(),
            "sustained_gops": self.reached(),
            "efficiency": self.reached() / self.peak(),
        })
    }
}

/// Clocks of the roof's slopes, in MHz.
const CLOCKS: [f64; 2] = [100.0, 150.0];

/// Runs the command.
pub fn execute(roofline: &Roofline) -> Result<(), Failure> {
    let inputs: Vec<&Path> = roofline.cores.iter().map(PathBuf::as_path).collect();
    keep_apart(&[("--svg", roofline.svg.clone())], &inputs)?;
    let cores: Result<Vec<Core>, Failure> = roofline.cores.iter().map(|path| read(path)).collect();
    let cores = cores?;
    let svg = format!("{}\n", draw(&cores));
    write_atomic(&roofline.svg, svg.as_bytes()).map_err(|error| failed(&roofline.svg, &error))?;
    console::answer(
        || table(&cores),
        || cores.iter().map(Core::json).collect::<Value>(),
    )
}

fn read(path: &Path) -> Result<Core, Failure> {
    let text = read_text(path).map_err(|error| {
        let problem = format!("cannot be read: {error}, expected what tern synth wrote");
        failed(path, &problem)
    })?;
    let figures: Figures = read_json(&text).map_err(|fault| failed(path, &fault))?;
    let positive = [
        ("median_fmax_mhz", figures.median_fmax_mhz),
        ("cycles_per_step", figures.cycles_per_step as f64),
        ("recorded_cycles.mean", figures.mean_cycles()),
        ("macs_per_step", figures.macs_per_step as f64),
    ];
    if let Some((field, value)) = positive.iter().find(|(_, value)| *value <= 0.0) {
        let error = format!("field `{field}` is {value}, expected more than 0");
        return Err(failed(path, &error));
    }
    let design = Design::from_json(&figures.design.to_string());
    Ok(Core {
        design: design.map_err(|error| failed(path, &error))?,
        figures,
    })
}

fn failed(path: &Path, error: &dyn std::fmt::Display) -> Failure {
    Failure::input(format!("{}: {error}", path.display()))
}

/// Trits that all block RAMs of a device give a cycle: the most lanes that memories in block RAM can feed.
fn ports(device: &Device) -> f64 {
    let widest = device.ram_shapes.iter().map(|(_, bits)| *bits).max();
    (device.block_rams * widest.unwrap_or(0)) as f64 / 2.0
}

fn draw(cores: &[Core]) -> Document {
    let mut devices: Vec<&Device> = cores.iter().map(|core| core.design.device).collect();
    devices.sort_by_key(|device| device.luts);
    devices.dedup();
    let widest = devices
        .iter()
        .map(|device| ports(device))
        .fold(1.0, f64::max);
    let least = cores.iter().map(Core::lanes).fold(widest, f64::min);
    let x = Axis::horizontal(least / 4.0, 1.3 * widest);
    let [slow, fast] = CLOCKS;
    let bottom = cores
        .iter()
        .map(Core::reached)
        .fold(least * slow / 1000.0, f64::min);
    let roof = 2.0 * widest * fast / 1000.0;
    let top = cores.iter().map(Core::reached).fold(roof, f64::max);
    let y = Axis::vertical(bottom / 1.5, 1.3 * top);
    let mut picture = chart::frame(
        "Throughput of routed cores, and the roof over them",
        (
            &x,
            "lanes: ternary multiply-accumulates, or sums of events, per cycle",
        ),
        (&y, "throughput, GOPS: two per ternary multiply-accumulate"),
    );
    for (k, device) in devices.iter().enumerate() {
        let at = x.at(ports(device));
        let label = format!("{}: {} RAM ports", device.name, device.block_rams);
        let height = BOTTOM - 8.0 - 15.0 * k as f64;
        let limit = chart::line((at, TOP), (at, BOTTOM), LIMIT).set("stroke-dasharray", "5 4");
        picture = picture
            .add(limit)
            .add(chart::label(&label, at - 5.0, height, "end", LIMIT));
    }
    for clock in CLOCKS {
        let gops = |lanes: f64| 2.0 * lanes * clock / 1000.0;
        let (from, to) = (least / 4.0, widest);
        let from = from.max(bottom / 1.5 / gops(1.0));
        let ends = [from, to].map(|lanes| (x.at(lanes), y.at(gops(lanes))));
        let label = chart::label(&format!("{clock} MHz"), 0.0, 0.0, "end", INK);
        let slope = (ends[1].1 - ends[0].1)
            .atan2(ends[1].0 - ends[0].0)
            .to_degrees();
        let turned = format!(
            "translate({} {}) rotate({slope})",
            ends[1].0,
            ends[1].1 - 5.0
        );
        picture = picture
            .add(chart::line(ends[0], ends[1], INK))
            .add(label.set("transform", turned));
    }
    let mut labels = Labels::default();
    for core in cores {
        let (x, peak, reached) = (x.at(core.lanes()), y.at(core.peak()), y.at(core.reached()));
        labels.avoid(x, peak, 4.0);
        labels.avoid(x, reached, 4.0);
        picture = picture
            .add(chart::line((x, peak), (x, reached), BEST))
            .add(chart::dot(x, peak, 3.0, OTHER))
            .add(chart::dot(x, reached, 3.5, BEST));
    }
    for core in cores {
        let (x, y) = (x.at(core.lanes()), y.at(core.reached()));
        let corners = [
            ((x + 7.0, y + 12.0), true),
            ((x - 7.0, y + 4.0), false),
            ((x + 7.0, y + 24.0), true),
        ];
        let mut corners = corners.into_iter();
        let label = corners.find_map(|(at, right)| labels.place(&core.figures.layers, at, right));
        if let Some(label) = label {
            picture = picture.add(label);
        }
    }
    let legend = [
        (OTHER, "peak: all lanes, every cycle, at the routed clock"),
        (BEST, "sustained: what the network needs, done or left out"),
    ];
    let legend = (0..).zip(legend);
    legend.fold(picture, |picture, (k, (color, what))| {
        let (x, y) = (LEFT + 6.0 + 340.0 * f64::from(k), TOP - 6.0);
        picture
            .add(chart::dot(x, y - 4.0, 3.5, color))
            .add(chart::text(what, x + 10.0, y, 11, "start", INK))
    })
}

/// A row a core.
fn table(cores: &[Core]) -> String {
    let head = format!(
        "{:>6} {:>8} {:>9} {:>8} {:>6}  core\n",
        "lanes", "fmax/MHz", "peak/GOPS", "GOPS", "η"
    );
    let rows = cores.iter().map(|core| {
        let Design {
            columns,
            rows,
            lanes,
            device,
            ..
        } = &core.design;
        format!(
            "{:>6} {:>8.1} {:>9.1} {:>8.1} {:>6.3}  {} on {columns}x{rows}x{lanes}, {device}\n",
            core.lanes(),
            core.figures.median_fmax_mhz,
            core.peak(),
            core.reached(),
            core.reached() / core.peak(),
            core.figures.layers,
        )
    });
    head + &rows.collect::<String>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_core_without_idle_lanes_reaches_its_peak() {
        let core = |cycles_per_step| Core {
            design: Design::new(6, 8, "ice40-hx8k").expect("a valid design"),
            figures: Figures {
                layers: "24 → LSTM 96".into(),
                design: serde_json::Value::Null,
                median_fmax_mhz: 100.0,
                cycles_per_step,
                recorded_cycles: None,
                macs_per_step: 192 * 500,
            },
        };
        let full = core(500);
        assert!((full.peak() - 38.4).abs() < 1e-9, "2 · 192 · 100 MHz");
        assert!((full.reached() - full.peak()).abs() < 1e-9);
        assert!((core(1000).reached() - full.peak() / 2.0).abs() < 1e-9);
        let mut events = core(1000);
        events.figures.recorded_cycles = Some(Recorded { mean: 125.0 });
        assert!((events.reached() - 4.0 * events.peak()).abs() < 1e-9);
        assert_eq!(ports(full.design.device), 256.0, "32 ports of 16 bits");
        assert!(table(&[full]).contains(" 1.000  24 → LSTM 96 on 4x6x8, ice40-hx8k"));
    }
}
