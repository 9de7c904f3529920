//! `tern explore --sweep`: many networks on many arrays, here or by a workflow.

mod collect;
mod file;
mod measure;
mod networks;
mod plan;
mod run;
mod store;
mod table;
mod workflow;

use std::path::{Path, PathBuf};

use clap::Args;
use tern_gen_verilog::failure::Failure;
use tern_gen_verilog::folder::{default_folder, lock};
use tern_gen_verilog::outputs::keep_apart;

use self::collect::RESULTS;
use self::plan::Plan;
use self::store::Store;

/// What is done with a sweep.
#[derive(Args)]
pub struct Options {
    /// Sweep file (.toml): networks, devices, arrays, dataflows and seeds, each combination of which is a point
    #[arg(id = "sweep", long = "sweep", value_name = "FILE", conflicts_with_all = ["model", "device", "reserve", "route"])]
    pub file: Option<PathBuf>,
    /// Points of the sweep that are worked on at once
    #[arg(long, value_name = "N", default_value_t = 1, requires = "sweep", value_parser = clap::value_parser!(u16).range(1..=1024))]
    jobs: u16,
    /// Do this point of the sweep alone
    #[arg(long, value_name = "NAME", requires = "sweep", conflicts_with_all = ["collect", "workflow"])]
    point: Option<String>,
    /// Make table, picture and page of the sweep's points, which are all done
    #[arg(long, requires = "sweep", conflicts_with = "workflow")]
    collect: bool,
    /// Write a Snakemake workflow that does the sweep, in place of doing it
    #[arg(long, requires = "sweep")]
    workflow: bool,
}

/// Does what the options say with the sweep of `file`.
pub fn execute(file: &Path, options: &Options, out: Option<&Path>) -> Result<(), Failure> {
    let plan = Plan::read(file)?;
    let folder = match out {
        Some(folder) => folder.to_owned(),
        None => default_folder(&plan.name).join("explore"),
    };
    let store = Store::new(&folder);
    let names = match options.workflow {
        true => vec![workflow::SNAKEFILE],
        false => RESULTS.to_vec(),
    };
    let results = names.iter().map(|name| folder.join(name));
    let points = plan.points.iter().map(|point| store.path(&point.id));
    let outputs: Vec<_> = results.chain(points).map(|path| ("--out", path)).collect();
    keep_apart(&outputs, &plan.inputs())?;
    if let Some(id) = &options.point {
        return run::one(&plan, &store, id);
    }
    let _lock = lock(&folder)?;
    if options.workflow {
        return workflow::write(&plan, &store);
    }
    if !options.collect {
        run::all(&plan, &store, options.jobs.into())?;
    }
    collect::collect(&plan, &store)
}
