//! The front end, and the recordings that it hears.

mod front_end;
mod recordings;
mod wav;
