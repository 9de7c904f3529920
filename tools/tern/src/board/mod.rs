//! Boards at the other end of a serial line, and the one that is simulated.

#[cfg(unix)]
mod simulated;

use std::path::Path;
use std::time::Duration;

use clap::Args;
use tern_compile::link::{HASH_BYTES, Identity};
use tern_gen_verilog::artifacts::design_json;
use tern_gen_verilog::choice::Choice;
use tern_gen_verilog::console;
use tern_gen_verilog::failure::Failure;
use tern_host::link::Patience;
use tern_host::serial::{self, Serial};
use tern_host::session::Session;
use tern_model::network::Model;
use tern_sim::serial::board::hash;

/// The serial line of a board.
#[derive(Args, Clone, Debug)]
pub struct Line {
    /// Serial port of a board that runs the core: a path such as /dev/ttyUSB0, auto for the first board that answers, or sim for one that Verilator simulates
    #[arg(long, value_name = "NAME")]
    pub port: Option<String>,
    /// Rate of the serial port, in bits per second, as the board's bitstream has it
    #[arg(long, value_name = "N", requires = "port", default_value = "115200", value_parser = clap::value_parser!(u32).range(50..=12_000_000))]
    baud: u32,
}

/// A board that has said who it is, and what stands in for it where it is simulated.
pub struct Board {
    /// The session with it.
    pub session: Session<Serial>,
    #[cfg(unix)]
    _simulated: Option<simulated::Simulated>,
}

impl Line {
    /// Opens the port called `name` and asks the board behind it who it is.
    ///
    /// # Errors
    /// When there is no such port, it cannot be used, or what is behind it does not answer.
    pub fn open(&self, name: &str, choice: &Choice) -> Result<Board, Failure> {
        match name {
            "sim" => simulated(choice),
            "auto" => self.first(),
            path => self.board(path),
        }
    }

    fn board(&self, path: &str) -> Result<Board, Failure> {
        let port = Serial::open(path, self.baud).map_err(Failure::input)?;
        let session = Session::open(port, self.baud, Patience::default());
        Ok(Board {
            session: session.map_err(Failure::input)?,
            #[cfg(unix)]
            _simulated: None,
        })
    }

    /// The first board that answers.
    fn first(&self) -> Result<Board, Failure> {
        let paths = serial::boards().map_err(Failure::input)?;
        let mut last = None;
        for path in &paths {
            match self.board(path) {
                Ok(board) => {
                    console::note(&format!("note: {path} answers"));
                    return Ok(board);
                }
                Err(failure) => last = Some(failure),
            }
        }
        Err(last.unwrap_or_else(|| {
            Failure::input(
                "--port is auto, but no serial port with a board's USB bridge is there, expected its path",
            )
        }))
    }
}

#[cfg(unix)]
fn simulated(choice: &Choice) -> Result<Board, Failure> {
    let (simulated, baud) = simulated::Simulated::start(choice)?;
    let port = Serial::open(simulated.path(), baud).map_err(Failure::input)?;
    // The clock of a simulation runs as fast as it can, which is not known.
    let patience = Patience {
        timeout: Duration::from_secs(10),
        ..Patience::default()
    };
    Ok(Board {
        session: Session::open(port, baud, patience).map_err(Failure::input)?,
        _simulated: Some(simulated),
    })
}

#[cfg(not(unix))]
fn simulated(_: &Choice) -> Result<Board, Failure> {
    let _ = Duration::ZERO;
    Err(Failure::input(
        "--port is sim, which needs pseudo-terminals, expected the path of a serial port",
    ))
}

/// Refuses a board whose core was made from another network, or from another array where one was asked for.
///
/// A core that loads its network may hold any of its sizes; there is a note where it was made from another.
pub fn admit(
    identity: &Identity,
    port: &str,
    choice: &Choice,
    model: &Model,
) -> Result<(), Failure> {
    let hex = |bytes: &[u8; HASH_BYTES]| -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    };
    let expected = hash(&choice.model_bytes()?);
    let name = &identity.name;
    if identity.model != expected {
        let sizes = (identity.input.elements, identity.output.elements);
        let same = sizes == (model.input_size, model.output_size())
            && identity.input.element_bits == model.input_bits as usize;
        if !(identity.loads && same) {
            return Err(Failure::input(format!(
                "{port}: the core {name} was made from another model, whose SHA-256 begins with {}, expected {} of {}",
                hex(&identity.model),
                hex(&expected),
                model_name(choice.model.as_deref())
            )));
        }
        console::note(&format!(
            "note: {port}: the core {name} was made from another model; what it answers is that of the network loaded last"
        ));
    }
    if choice.design.is_none() && choice.device.is_none() {
        return Ok(());
    }
    let expected = hash(&design_json(&choice.core()?)?);
    match identity.design == expected {
        true => Ok(()),
        false => Err(Failure::input(format!(
            "{port}: the core {name} was made from another design, whose SHA-256 begins with {}, expected {} of the design that was asked for",
            hex(&identity.design),
            hex(&expected)
        ))),
    }
}

fn model_name(path: Option<&Path>) -> String {
    path.map_or("the bundled model".to_owned(), |path| {
        path.display().to_string()
    })
}
