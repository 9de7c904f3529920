//! `tern-results`: measures the figures of the documents and writes their tables.

use std::process::ExitCode;

use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use tern_gen_verilog::arguments::parse;
use tern_gen_verilog::failure::Failure;
use tern_results::figures::Figures;
use tern_results::measure::measure;
use tern_results::pages::{changed, check, enter_root};
use tern_results::row::{Group, Records, Row, Rows, read_records, write_records};
use tern_results::setup::shell;
use tern_results::source::hash;

/// Measures what docs/results/rows.toml lists, where its sources have changed since, and writes the tables of README and docs.
#[derive(Parser)]
#[command(name = "tern-results", version)]
struct Arguments {
    /// Measure rows of minutes to an hour too
    #[arg(long)]
    long: bool,
    /// Measure these rows alone, of training too
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    only: Vec<String>,
    /// Measure rows whose sources have not changed too
    #[arg(long)]
    again: bool,
    /// Measure nothing, write the tables
    #[arg(long)]
    tables: bool,
    /// Measure and write nothing; exit code 1 if a figure is not of the present sources or a table not what would be written
    #[arg(long)]
    check: bool,
}

fn main() -> ExitCode {
    match parse::<Arguments>().map(|arguments| run(&arguments)) {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(failure)) => failure.report(),
        Err(code) => code,
    }
}

fn run(arguments: &Arguments) -> Result<(), Failure> {
    enter_root()?;
    if arguments.check {
        return check();
    }
    let (rows, mut records) = (Rows::read()?, read_records()?);
    if !arguments.tables {
        measure_rows(arguments, &rows, &mut records)?;
    }
    let figures = Figures::new(rows, records)?;
    for (page, text) in changed(&figures)? {
        std::fs::write(&page, text).map_err(|error| Failure::input(format!("{page}: {error}")))?;
        Failure::print(&format!("wrote    {page}\n"))?;
    }
    Failure::print(&format!(
        "to do    {} rows are of earlier sources: {}\n",
        figures.to_measure().len(),
        figures.to_measure().join(", ")
    ))
}

/// Measures the rows that were chosen, writing each result as it comes.
fn measure_rows(arguments: &Arguments, rows: &Rows, records: &mut Records) -> Result<(), Failure> {
    let chosen = |row: &&Row| match (&arguments.only[..], row.group) {
        ([], Group::Cheap) => true,
        ([], Group::Long) => arguments.long,
        (ids, _) => ids.contains(&row.id),
    };
    let chosen: Vec<&Row> = rows.row.iter().filter(chosen).collect();
    if chosen.len() < arguments.only.len() {
        let ids: Vec<&str> = rows.row.iter().map(|row| &row.id[..]).collect();
        return Err(Failure::input(format!(
            "--only is {}, expected some of {}",
            arguments.only.join(","),
            ids.join(", ")
        )));
    }
    shell("cargo build --quiet --release --bin tern --bin gen-verilog")?;
    let style = ProgressStyle::with_template("{pos}/{len} {wide_msg} {elapsed_precise}");
    let bar = ProgressBar::new(chosen.len() as u64).with_style(style.map_err(Failure::input)?);
    for row in chosen {
        bar.set_message(format!("{}: {}", row.id, row.what));
        let hash = hash(row)?;
        if arguments.again
            || records
                .get(&row.id)
                .is_none_or(|record| record.hash != hash)
        {
            let record = measure(rows, row, hash)?;
            let values = serde_json::json!(record.values);
            records.insert(row.id.clone(), record);
            write_records(records)?;
            bar.suspend(|| Failure::print(&format!("measured {}: {values}\n", row.id)))?;
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(())
}
