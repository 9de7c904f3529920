//! `tern run --port`: one sequence through a board.

use std::path::Path;
use std::time::Instant;

use serde_json::{Value, json};
use tern_gen_verilog::choice::Choice;
use tern_gen_verilog::failure::Failure;
use tern_sim::serial::sequence::{input_bytes, output_length, outputs};

use super::Answer;
use crate::board::{Line, admit};
use crate::input;
use crate::progress;

/// Runs `file` through the board behind `port`.
pub fn execute(line: &Line, port: &str, choice: &Choice, file: &Path) -> Result<(), Failure> {
    let model = choice.model()?;
    let input = input::read(file, &model)?;
    progress::note(input.converted.as_deref());
    let mut board = line.open(port, choice)?;
    let session = &mut board.session;
    let identity = session.identity().clone();
    admit(&identity, port, choice, &model)?;
    let bytes = input_bytes(&identity, &input.sequence);
    let length = output_length(&identity, input.sequence.len());
    let bar = progress::bar("byte", bytes.len());
    let started = Instant::now();
    let got = session.run(&bytes, length, &mut |sent| bar.set_position(sent as u64));
    let got = got.map_err(Failure::input)?;
    let milliseconds = started.elapsed().as_secs_f64() * 1e3;
    bar.finish_and_clear();
    let statistics = session.link().statistics();
    let dropped = session.dropped_by_device().map_err(Failure::input)?;
    let answer = Answer {
        model: &model,
        kind: input.kind,
        steps: input.sequence.len(),
        outputs: outputs(&identity, &got),
    };
    let text = format!(
        "core     {} at {} MHz behind {port}, {} baud\nlatency  {milliseconds:.1} ms for {} time steps\n\
         link     {} bytes sent, {} received; {} requests, {} repeated; {} sequences begun anew; {} frames dropped here, {dropped} there\n",
        identity.name,
        f64::from(identity.clock_hz) / 1e6,
        identity.baud,
        answer.steps,
        statistics.sent,
        statistics.received,
        statistics.requests,
        statistics.repeats,
        statistics.restarts,
        statistics.dropped,
    );
    let link: Value = json!({
        "port": port,
        "baud": identity.baud,
        "core_hz": identity.clock_hz,
        "milliseconds": milliseconds,
        "bytes_sent": statistics.sent,
        "bytes_received": statistics.received,
        "requests": statistics.requests,
        "repeats": statistics.repeats,
        "restarts": statistics.restarts,
        "dropped_by_host": statistics.dropped,
        "dropped_by_device": dropped,
    });
    answer.print("board", &text, Some(link))
}
