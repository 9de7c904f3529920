//! A serial line, whatever it is made of.

use std::time::Duration;

use crate::error::LinkError;

/// A line to a device.
pub trait Port {
    /// What it is called in sentences, such as `/dev/ttyUSB0`.
    fn name(&self) -> &str;

    /// Sends all of `bytes`.
    ///
    /// # Errors
    /// When the line fails.
    fn write(&mut self, bytes: &[u8]) -> Result<(), LinkError>;

    /// Waits at most `timeout` for bytes and puts what came into `buffer`; 0 when nothing came.
    ///
    /// # Errors
    /// When the line fails.
    fn read(&mut self, buffer: &mut [u8], timeout: Duration) -> Result<usize, LinkError>;
}

impl<P: Port + ?Sized> Port for Box<P> {
    fn name(&self) -> &str {
        (**self).name()
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), LinkError> {
        (**self).write(bytes)
    }

    fn read(&mut self, buffer: &mut [u8], timeout: Duration) -> Result<usize, LinkError> {
        (**self).read(buffer, timeout)
    }
}
