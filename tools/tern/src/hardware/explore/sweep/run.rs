//! Doing the points of a sweep.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use serde_json::json;
use tern_gen_verilog::console;
use tern_gen_verilog::failure::Failure;
use tern_gen_verilog::folder::lock;
use tern_report::sweep::Outcome;

use super::measure::measure;
use super::plan::{Plan, Point};
use super::store::Store;
use crate::progress;

/// Does every point that is not done yet, `jobs` of them at once.
///
/// # Errors
/// When a result cannot be kept; a point that fails is a result.
pub fn all(plan: &Plan, store: &Store, jobs: usize) -> Result<(), Failure> {
    let open: Vec<&Point> = plan.points.iter().filter(|p| !store.is_done(p)).collect();
    let (bar, next) = (progress::bar("points", open.len()), AtomicUsize::new(0));
    let work = || -> Result<(), Failure> {
        while let Some(point) = open.get(next.fetch_add(1, Ordering::Relaxed)) {
            let mut tell = |stage: &str| bar.set_message(format!("{}: {stage}", point.id));
            tell(plan.stage.name());
            done(plan, store, point, &mut tell)?;
            bar.inc(1);
        }
        Ok(())
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..jobs.min(open.len()))
            .map(|_| scope.spawn(work))
            .collect();
        let joined = workers.into_iter().map(|worker| match worker.join() {
            Ok(result) => result,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        joined.collect::<Vec<_>>().into_iter().collect()
    })
}

/// Does the point `id`, where it is not done yet. That it failed stays in its file, for those who collect.
///
/// # Errors
/// When the sweep has no such point, or its result cannot be kept.
pub fn one(plan: &Plan, store: &Store, id: &str) -> Result<(), Failure> {
    let point = plan.points.iter().find(|point| point.id == id);
    let point = point.ok_or_else(|| {
        let (file, first) = (plan.file.display(), &plan.points[0].id);
        Failure::input(format!(
            "--point is \"{id}\", expected a point of {file}, such as {first}"
        ))
    })?;
    if !store.is_done(point) {
        let stages = progress::stages();
        let mut tell = |stage: &str| stages.set_message(stage.to_owned());
        done(plan, store, point, &mut tell)?;
    }
    let shown = store.find(point);
    let outcome = shown.map(|shown| shown.outcome);
    if let Some(Outcome::Failed { reason }) = &outcome {
        progress::warn(&[format!("{id}: {reason}")]);
    }
    console::summary(
        || format!("wrote {}\n", store.path(id).display()),
        || json!({ "wrote": store.path(id), "outcome": outcome }),
    )
}

/// Does one point and keeps what came out; what the tools wrote stays where they failed.
fn done(
    plan: &Plan,
    store: &Store,
    point: &Point,
    tell: &mut dyn FnMut(&str),
) -> Result<(), Failure> {
    let (network, work) = (&plan.networks[point.network], store.work(&point.id));
    if point.seed.is_none() {
        return store.keep(plan, point, measure(point, network, &work, tell));
    }
    let locked = lock(&work);
    let outcome = match &locked {
        Ok(_) => measure(point, network, &work, tell),
        Err(error) => Outcome::Failed {
            reason: error.to_string(),
        },
    };
    let failed = matches!(outcome, Outcome::Failed { .. });
    store.keep(plan, point, outcome)?;
    if !failed {
        // What cannot be removed is in nobody's way.
        let _ = std::fs::remove_dir_all(&work);
    }
    Ok(())
}
