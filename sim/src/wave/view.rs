//! What a viewer shows of a waveform: which signals, under which names and in which form.

/// How the values of a trace read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// A level.
    Bit,
    /// Unsigned numbers.
    Number,
    /// Two's complement numbers.
    Signed,
    /// Hexadecimal digits.
    Hexadecimal,
    /// Unsigned numbers that stand for names, which GTKWave takes from a file of this name, one line such as `0 lstm` for
    /// each.
    Names(String),
    /// Two-rail trits, one of each lane, whose codes GTKWave takes from a file of this name, see
    /// [`TRITS`](super::gtkwave::TRITS).
    Trits(String),
}

/// A signal to show.
#[derive(Clone, Debug)]
pub struct Trace {
    /// Its name on the screen.
    pub label: String,
    /// Its path below `tern_core`, such as `array.column_0.pe_0.sum_q`.
    pub signal: String,
    /// Its form.
    pub form: Form,
}

/// Signals under one heading.
#[derive(Clone, Debug)]
pub struct Group {
    /// The heading.
    pub name: String,
    /// The signals.
    pub traces: Vec<Trace>,
}
