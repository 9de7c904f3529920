//! What a sweep found: table, picture and page.

use serde_json::json;
use tern_gen_verilog::console;
use tern_gen_verilog::failure::Failure;
use tern_gen_verilog::shell::path;
use tern_report::sweep::{
    Network as ShownNetwork, Outcome, Point, Sweep, choose, front_picture, page, standalone,
};

use super::plan::Plan;
use super::store::Store;
use super::table;

/// What is written.
pub const RESULTS: [&str; 3] = [TABLE, PICTURE, PAGE];
const TABLE: &str = "points.csv";
const PICTURE: &str = "pareto.svg";
const PAGE: &str = "report.html";

/// Writes the results of a sweep whose points are all done, prints the table, and says which points failed.
///
/// # Errors
/// When a point is not done yet, a result cannot be written, or points failed: exit code 1 then, with a line for each.
pub fn collect(plan: &Plan, store: &Store) -> Result<(), Failure> {
    let found: Vec<Option<Point>> = plan.points.iter().map(|p| store.find(p)).collect();
    let (all, folder) = (found.len(), store.folder());
    let mut points: Vec<Point> = found.into_iter().flatten().collect();
    if points.len() < all {
        return Err(Failure::input(format!(
            "{}: {} of {all} points are not done, expected all of them: the same command without --collect does them",
            folder.display(),
            all - points.len()
        )));
    }
    choose(&mut points);
    let sweep = Sweep {
        tern_version: env!("CARGO_PKG_VERSION").to_owned(),
        name: plan.name.clone(),
        stage: plan.stage,
        command: format!(
            "tern explore --sweep {} --out {}",
            path(&plan.file),
            path(folder)
        ),
        networks: plan.networks.iter().map(shown).collect(),
        points,
    };
    let csv = table::csv(&sweep)?;
    let picture = front_picture(&sweep).map_err(Failure::input)?;
    let html = page(&sweep).map_err(Failure::input)?;
    store.write(&folder.join(TABLE), &csv)?;
    if let Some(picture) = &picture {
        store.write(&folder.join(PICTURE), &standalone(picture))?;
    }
    store.write(&folder.join(PAGE), &html)?;
    console::answer(
        || table::text(&sweep, folder),
        || json!({ "stage": sweep.stage, "points": sweep.points }),
    )?;
    failures(&sweep, store)
}

fn shown(network: &super::networks::Network) -> ShownNetwork {
    ShownNetwork {
        name: network.name.clone(),
        layers: network.layers(),
        source: match &network.file {
            Some(path) => path.display().to_string(),
            None => "random weights".to_owned(),
        },
        sha256: network.sha256.clone(),
    }
}

/// Says which points failed, and leaves them to the next run.
fn failures(sweep: &Sweep, store: &Store) -> Result<(), Failure> {
    let mut failed = 0;
    for point in &sweep.points {
        if let Outcome::Failed { reason } = &point.outcome {
            let line = Failure::input(format!("{}: {reason}", point.id));
            console::error(&line.to_string());
            store.set_aside(&point.id)?;
            failed += 1;
        }
    }
    match failed {
        0 => Ok(()),
        _ => Err(Failure::difference(format!(
            "{failed} of {} points failed; the next run tries them again",
            sweep.points.len()
        ))),
    }
}
