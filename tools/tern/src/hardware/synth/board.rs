//! A core behind the serial line of a board.

use std::path::Path;

use tern_compile::device::Device;
use tern_compile::link::Identity;
use tern_gen_verilog::artifacts::design_json;
use tern_gen_verilog::choice::{Choice, Core};
use tern_gen_verilog::failure::Failure;
use tern_hdl::board::top::Top;
use tern_model::file::plain_number;
use tern_sim::serial::board::{board_verilog, hash};
use tern_sim::synth::board::Board;
use tern_sim::synth::implement::Implementation;

/// LUT4s and block RAMs of the link around the core.
const LINK: [usize; 2] = [640, 3];

/// The board of a name, or that of a folder.
pub fn find(board: &Path) -> Result<Board, Failure> {
    let name = board.to_string_lossy();
    let found = match Board::names().contains(&name.as_ref()) || !board.is_dir() {
        true => Board::named(&name),
        false => Board::read(board),
    };
    found.map_err(Failure::input)
}

/// The choice with what a board with a serial line decides, where the user did not: its device, and room for the link.
pub fn choice(choice: &Choice, board: Option<&Board>) -> Choice {
    let mut choice = choice.clone();
    let Some(board) = board.filter(|board| board.serial.is_some() && choice.design.is_none())
    else {
        return choice;
    };
    let device = choice.device.get_or_insert_with(|| board.device.clone());
    if let (None, Some(device)) = (choice.reserve, Device::named(device)) {
        let [luts, rams] = LINK;
        let percent = |part: usize, all: usize| (100 * part).div_ceil(all.max(1));
        let percent = percent(luts, device.luts).max(percent(rams, device.block_rams));
        choice.reserve = u8::try_from(percent).ok();
    }
    choice
}

/// A core with its link and the board's top module.
pub struct OnBoard {
    identity: Identity,
    top: String,
    text: String,
}

impl OnBoard {
    /// The link of `core` for `board` at its clock or at `mhz`; nothing where the board has no serial line.
    pub fn new(
        choice: &Choice,
        core: &Core,
        board: &Board,
        mhz: Option<f64>,
    ) -> Result<Option<OnBoard>, Failure> {
        let Some(serial) = &board.serial else {
            return match mhz {
                Some(_) => Err(Failure::input(format!(
                    "--clock is for a board with a serial line, and {} has none",
                    board.name
                ))),
                None => Ok(None),
            };
        };
        let mhz = mhz.unwrap_or(serial.core_mhz);
        if !(1.0..=1000.0).contains(&mhz) {
            return Err(Failure::input(format!(
                "--clock is {}, expected 1 to 1000",
                plain_number(mhz)
            )));
        }
        let identity = Identity {
            model: hash(&choice.model_bytes()?),
            design: hash(&design_json(core)?),
            clock_hz: (mhz * 1e6) as u32,
            baud: serial.baud,
            ..Identity::of(&core.model.name, &core.program.shape)
        };
        let top = board.top(&core.design.prefix, identity.clock_hz);
        let Some(top) = top.map_err(Failure::input)? else {
            return Ok(None);
        };
        let text = board_verilog(&core.program, &identity, &top).map_err(Failure::input)?;
        Ok(Some(OnBoard {
            top: Top::name(&top),
            identity,
            text,
        }))
    }

    /// The name of the top module.
    pub fn top(&self) -> &str {
        &self.top
    }

    /// The Verilog of the whole board.
    pub fn verilog(&self) -> &str {
        &self.text
    }

    /// The clock of the core in MHz.
    pub fn mhz(&self) -> f64 {
        f64::from(self.identity.clock_hz) / 1e6
    }

    /// Refuses a design that is slower than its clock.
    pub fn admit(&self, board: &Board, done: &Implementation) -> Result<(), Failure> {
        let (reached, needed) = (done.fastest().fmax_mhz, self.mhz());
        match reached >= needed {
            true => Ok(()),
            false => Err(Failure::input(format!(
                "the core on the {} reaches {reached:.2} MHz and its clock is {needed} MHz, expected --clock of at most that, more seeds or a smaller array",
                board.name
            ))),
        }
    }

    /// What a person does next.
    pub fn say(&self, board: &Board, bitstream: &Path) -> String {
        let command = board.serial.as_ref().map(|serial| serial.program.join(" "));
        format!(
            "clock       {:>7.2} MHz of the core, {} baud of the line\nto program  {} {}\n",
            self.mhz(),
            self.identity.baud,
            command.unwrap_or_default(),
            bitstream.display()
        )
    }
}
