//! A training run as it goes: progress bar, log and learning curve.

use std::ops::ControlFlow;
use std::path::Path;
use std::time::Instant;

use indicatif::ProgressBar;
use tern_gen_verilog::console;
use tern_gen_verilog::failure::Failure;
use tern_train::TrainError;
use tern_train::run::Event;

use super::log::{Line, Log, checkpoint};
use super::session::go_on;

/// What `train` reports to.
pub type Report<'r, V> = &'r mut (dyn FnMut(Event<V>) -> ControlFlow<()> + Send);

/// Trains with a progress bar, a log and a learning curve in the run's folder.
pub fn follow<L: Line, R>(
    folder: &Path,
    resume: bool,
    bar: &ProgressBar,
    train: impl FnOnce(Report<L::Validation>) -> Result<R, TrainError>,
) -> Result<R, Failure> {
    let mut log = Log::<L>::open(folder, resume)?;
    let file = checkpoint(folder);
    if resume && !file.exists() {
        let folder = folder.display();
        console::note(&format!(
            "{folder}: no checkpoint is there, the run begins anew"
        ));
    }
    let start = Instant::now();
    let mut seen = 0;
    let mut failed = None;
    let trained = train(&mut |event| {
        let per_second = |seen: usize| seen as f64 / start.elapsed().as_secs_f64();
        match event {
            Event::Resumes {
                epoch,
                update,
                epochs,
                is_over,
            } => {
                let found = match (is_over, update) {
                    (true, _) => "the run is finished, nothing is left to train".to_owned(),
                    (false, 0) => "the run goes on there".to_owned(),
                    (false, _) => format!("the run goes on {update} updates into the next"),
                };
                let file = file.display();
                let line = format!("{file}: {epoch} of {epochs} epochs are done, {found}");
                bar.suspend(|| console::note(&line));
            }
            Event::Update {
                epoch,
                update,
                updates,
                items,
                loss,
            } => {
                seen += items;
                bar.set_length(updates as u64);
                bar.set_position(update as u64);
                bar.set_prefix(format!("epoch {epoch}"));
                let (rate, items) = (per_second(seen), L::ITEMS);
                bar.set_message(format!("loss {loss:.3}, {rate:.0} {items}/s"));
            }
            Event::Epoch {
                epoch,
                epochs,
                loss,
                validation,
                best,
            } => {
                let told = L::tell(&validation, &best);
                let line = format!("epoch {epoch} of {epochs}: loss {loss:.4}, {told}");
                bar.suspend(|| console::note(&line));
                let line = L::new(epoch, per_second(seen), loss, validation);
                if let Err(failure) = log.add(line) {
                    failed = Some(failure);
                    return ControlFlow::Break(());
                }
            }
            Event::EndsEarly { epoch, best_epoch } => {
                let since = epoch - best_epoch;
                let line = format!(
                    "ends after epoch {epoch}: no better validation for {since} epochs, the recipe's patience"
                );
                bar.suspend(|| console::note(&line));
            }
        }
        go_on()
    });
    let trained = trained.map_err(Failure::input)?;
    bar.finish_and_clear();
    failed.map_or(Ok(trained), Err)
}
