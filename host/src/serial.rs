//! The serial port of a board.

use std::io::{ErrorKind, Read, Write};
use std::time::Duration;

use serialport::{ClearBuffer, SerialPort, SerialPortInfo, SerialPortType};

use crate::error::LinkError;
use crate::port::Port;

/// Vendor and product of the bridges that the boards of `constraints/` have.
const BRIDGES: [(u16, u16); 4] = [
    (0x0403, 0x6010), // FT2232H: HX8K breakout, Alchitry Cu, iCEBreaker
    (0x0403, 0x6014), // FT232H: UPduino
    (0x0403, 0x6015), // FT231X: ULX3S
    (0x0d28, 0x0204), // DAPLink: Colorlight i5 and i9
];

/// What systems say of a file or a device that has no settings of a serial port.
const NO_PORT: [&str; 2] = ["typewriter", "inappropriate ioctl"];

/// A serial port: 8 data bits, no parity, one stop bit, no flow control.
pub struct Serial {
    name: String,
    port: Box<dyn SerialPort>,
}

impl Serial {
    /// Opens the port of that path, for this program alone.
    ///
    /// # Errors
    /// When there is none, another program has it, it may not be opened, or it is no serial port of that rate.
    pub fn open(path: &str, baud: u32) -> Result<Serial, LinkError> {
        let open = serialport::new(path, baud)
            .timeout(Duration::from_millis(10))
            .open();
        let port = open.map_err(|error| LinkError::Port(sentence(path, baud, &error)))?;
        let serial = Serial {
            name: path.to_owned(),
            port,
        };
        // What came before this program is no answer to it.
        serial
            .port
            .clear(ClearBuffer::All)
            .map_err(|error| LinkError::Port(format!("{path}: cannot be used: {error}")))?;
        Ok(serial)
    }
}

/// The paths of all ports that look like a board's.
///
/// # Errors
/// When the ports cannot be listed.
pub fn boards() -> Result<Vec<String>, LinkError> {
    let ports = serialport::available_ports()
        .map_err(|error| LinkError::Port(format!("serial ports cannot be listed: {error}")))?;
    let is_board = |port: &SerialPortInfo| match &port.port_type {
        SerialPortType::UsbPort(usb) => BRIDGES.contains(&(usb.vid, usb.pid)),
        _ => false,
    };
    let mut paths: Vec<String> = ports
        .iter()
        .filter(|port| is_board(port))
        .map(|port| port.port_name.clone())
        .collect();
    paths.sort();
    Ok(paths)
}

/// Why a port cannot be opened.
fn sentence(path: &str, baud: u32, error: &serialport::Error) -> String {
    let io = match error.kind {
        serialport::ErrorKind::Io(kind) => Some(kind),
        _ => None,
    };
    let there = std::path::Path::new(path).exists();
    let text = error.description.to_lowercase();
    let busy = io == Some(ErrorKind::ResourceBusy) || text.contains("busy");
    match io {
        _ if !there => format!(
            "{path}: there is no such port, expected the path of a serial port, auto or sim"
        ),
        _ if busy => format!("{path}: another program has it open, expected a free port"),
        _ if NO_PORT.iter().any(|words| text.contains(words)) => {
            format!("{path}: is no serial port, expected the path of one, auto or sim")
        }
        Some(ErrorKind::PermissionDenied) => format!(
            "{path}: may not be opened, expected a user of the group {} (sudo usermod -aG {0} $USER, then log in again)",
            group(path)
        ),
        _ => format!(
            "{path}: cannot be opened as a serial port of {baud} baud: {}",
            error.description
        ),
    }
}

/// The group that may use a port.
#[cfg(unix)]
fn group(path: &str) -> String {
    use std::os::unix::fs::MetadataExt;

    let id = std::fs::metadata(path).map(|about| about.gid()).ok();
    let groups = std::fs::read_to_string("/etc/group").unwrap_or_default();
    let named = groups.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)?.parse().ok() == id).then(|| name.to_owned())
    });
    named.unwrap_or_else(|| "dialout".to_owned())
}

#[cfg(not(unix))]
fn group(_: &str) -> String {
    "dialout".to_owned()
}

impl Port for Serial {
    fn name(&self) -> &str {
        &self.name
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), LinkError> {
        let mut left = bytes;
        while !left.is_empty() {
            match self.port.write(left) {
                Ok(count) => left = &left[count..],
                // A full buffer: the line is slower than this program.
                Err(error) if is_wait(&error) => {}
                Err(error) => return Err(self.failed("written", &error)),
            }
        }
        Ok(())
    }

    fn read(&mut self, buffer: &mut [u8], timeout: Duration) -> Result<usize, LinkError> {
        self.port
            .set_timeout(timeout)
            .map_err(|error| LinkError::Port(format!("{}: cannot be used: {error}", self.name)))?;
        match self.port.read(buffer) {
            Ok(0) => Err(LinkError::Port(format!("{}: was taken away", self.name))),
            Ok(count) => Ok(count),
            Err(error) if is_wait(&error) => Ok(0),
            Err(error) => Err(self.failed("read", &error)),
        }
    }
}

impl Serial {
    fn failed(&self, done: &str, error: &std::io::Error) -> LinkError {
        LinkError::Port(format!("{}: cannot be {done}: {error}", self.name))
    }
}

fn is_wait(error: &std::io::Error) -> bool {
    [
        ErrorKind::TimedOut,
        ErrorKind::WouldBlock,
        ErrorKind::Interrupted,
    ]
    .contains(&error.kind())
}
