//! The sweep as a workflow of Snakemake.

use std::path::{Component, Path, PathBuf};

use minijinja::{Environment, context};
use serde::Serialize;
use serde_json::json;
use tern_compile::device::DeviceFamily;
use tern_gen_verilog::console;
use tern_gen_verilog::failure::Failure;
use tern_report::sweep::Stage;

use super::plan::{Plan, Point};
use super::store::Store;

/// The file that Snakemake looks for.
pub const SNAKEFILE: &str = "Snakefile";

/// What a point may take of a machine.
#[derive(Serialize)]
struct Job<'p> {
    id: &'p str,
    /// Megabytes.
    mem_mb: u32,
    /// Minutes.
    runtime: u32,
}

impl<'p> Job<'p> {
    fn of(point: &'p Point, stage: Stage) -> Job<'p> {
        let (mem_mb, runtime) = match (stage, point.device.family) {
            (Stage::Estimate, _) => (500, 5),
            (Stage::Route, Some(DeviceFamily::Ecp5)) => (4000, 240),
            (Stage::Route, _) => (2000, 60),
        };
        Job {
            id: &point.id,
            mem_mb,
            runtime,
        }
    }
}

/// Writes the workflow to the folder of `store`, and takes what is out of date from it: Snakemake asks whether a point has a file.
///
/// # Errors
/// When the template cannot be filled, or a file cannot be written or removed.
pub fn write(plan: &Plan, store: &Store) -> Result<(), Failure> {
    let folder = store.folder();
    let path = folder.join(SNAKEFILE);
    let failed = |error: std::io::Error| {
        Failure::input(format!("{}: cannot be written: {error}", path.display()))
    };
    let mut files = vec![];
    for input in plan.inputs() {
        let from_folder = relative(input, folder).map_err(failed)?;
        // A string of JSON is one of Python too.
        files.push(json!(from_folder.to_string_lossy()).to_string());
    }
    let jobs = plan.points.iter().map(|point| Job::of(point, plan.stage));
    let mut environment = Environment::new();
    environment.set_keep_trailing_newline(true);
    environment
        .add_template(SNAKEFILE, include_str!("templates/Snakefile"))
        .map_err(Failure::input)?;
    let template = environment
        .get_template(SNAKEFILE)
        .map_err(Failure::input)?;
    let text = template.render(context! {
        stage => plan.stage,
        sweep => files[0],
        models => files[1..],
        jobs => jobs.collect::<Vec<_>>(),
    });
    let text = text.map_err(Failure::input)?;
    for point in &plan.points {
        store.clear(point)?;
    }
    store.write(&path, &text)?;
    console::summary(
        || {
            format!(
                "wrote {}: {} points\n\nnext  cd {} && snakemake --cores 2\n",
                path.display(),
                plan.points.len(),
                folder.display()
            )
        },
        || json!({ "wrote": [path], "points": plan.points.len() }),
    )
}

/// The path of a file as it is named from `folder`, links followed.
fn relative(file: &Path, folder: &Path) -> std::io::Result<PathBuf> {
    let (file, folder) = (file.canonicalize()?, folder.canonicalize()?);
    let same = file.components().zip(folder.components());
    let same = same.take_while(|(a, b)| a == b).count();
    let up = folder.components().skip(same).map(|_| Component::ParentDir);
    Ok(up.chain(file.components().skip(same)).collect())
}
