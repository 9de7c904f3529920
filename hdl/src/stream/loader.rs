//! The loader: a byte stream into the memories of the core.

use crate::kit::prelude::*;
use tern_compile::bits::index_bits;
use tern_compile::shape::{LoadGroup, Shape};

/// Fills every memory that holds a network, one after the other, from a stream of bytes.
///
/// ```text
/// w_axis ─▶[ earlier bytes ]─▶[word]─────▶ weights of the selected column and row, one bias memory, one LUT
///          [position] [index]  ─▶[address]─▶
///          [column] [row] [other]  one-hot: the memory that is being filled
/// ```
///
/// Timing: one byte per cycle; a word is written the cycle after its last byte. Before the first byte, and between two memories,
/// `tready` is low for `rows` + 8 cycles, in which the array empties.
///
/// Contract:
/// 1. A byte is taken when `tvalid` and `tready` are high; `tready` depends on registers alone. The first `tvalid` after
///    a load or a reset begins the next load; a core that has no complete network begins it by itself and waits with
///    `tready` high.
/// 2. The bytes are those of `Program::load_image`: after `Shape::load_bytes` of them, and a cycle more for the last write, the
///    load is complete.
/// 3. `closed` is high from the beginning of a load to its end, and before the first one where the weights have no initial
///    contents. `clear` ends a load. Where nothing was written the memories hold the network of before, and the core opens
///    again; otherwise it stays closed until a load is complete.
/// 4. Outside a load nothing is written, not even before the first reset, and `word`, `row` are zero.
///
/// Not here: any check of what is loaded, and networks of another shape.
#[derive(Clone, Debug, LogicBlock)]
pub struct Loader {
    /// Rising edge.
    pub clock: Signal<In, Clock>,
    /// Abort the load.
    pub clear: Wire<In>,
    /// Byte of a network.
    pub tdata: Wire<In>,
    /// Byte valid.
    pub tvalid: Wire<In>,
    /// Ready for a byte.
    pub tready: Wire<Out>,
    /// The core must not run.
    pub closed: Wire<Out>,
    /// Word for the weight memories.
    pub weight: Wire<Out>,
    /// Address of the weight word.
    pub weight_address: Wire<Out>,
    /// Columns to write the weight word to, one-hot or zero.
    pub weight_write: Wire<Out>,
    /// Row to write the weight word to, one-hot or zero.
    pub row: Wire<Out>,
    /// Word for the bias memories.
    pub bias: Wire<Out>,
    /// Address of the bias.
    pub bias_address: Wire<Out>,
    /// Word for the LUTs.
    pub entry: Wire<Out>,
    /// Address of the LUT entry.
    pub entry_address: Wire<Out>,
    /// Memories to write the bias or entry to: the four biases, then the LUTs.
    pub other_write: Wire<Out>,
    changed: Reg,
    busy: Reg,
    starting: Reg,
    pause: Reg,
    ready: Reg,
    earlier: Reg,
    position: Reg,
    index: Reg,
    word: Reg,
    address: Reg,
    strobe: Reg,
    column_q: Reg,
    row_q: Reg,
    other_q: Reg,
    incomplete: Wire<Local>,
    take: Wire<Local>,
    collected: Wire<Local>,
    last_byte: Wire<Local>,
    last_index: Wire<Local>,
    column_end: Wire<Local>,
    row_end: Wire<Local>,
    other_end: Wire<Local>,
    byte_bits: Const,
    settle: Const,
    weight_bytes: Const,
    weight_words: Const,
    bias_bytes: Const,
    bias_words: Const,
    entry_bytes: Const,
    entry_words: Const,
    bias_memories: Const,
    needs_load: Const,
    has_contents: Const,
    _weight: Slice,
    _weight_address: Slice,
    _bias: Slice,
    _bias_address: Slice,
    _entry: Slice,
    _entry_address: Slice,
    _last_column: Slice,
    _last_row: Slice,
    _last_other: Slice,
}

/// Cycles, without the rows, after which a written word has reached its memory and an interrupted core is at rest.
const SETTLE: usize = 8;

impl Loader {
    /// The loader of the shape.
    pub fn new(shape: &Shape) -> Self {
        let groups = shape.load_groups();
        let [weights, biases, tables] = groups;
        let (columns, rows) = (shape.design.columns, shape.design.rows);
        let others = biases.memories + tables.memories;
        let most = |of: fn(&LoadGroup) -> usize| groups.iter().map(of).max().unwrap_or(1);
        let (bytes, words) = (most(LoadGroup::bytes), most(|group| group.words));
        let (byte_bits, index) = (index_bits(bytes), index_bits(words));
        let wait = rows + SETTLE;
        let needs_load = usize::from(shape.weights_in_single_port_rams());
        let bit = || Reg::new(1);
        let last_byte = |group: LoadGroup| Const::new(group.bytes() - 1, byte_bits);
        let last_index = |group: LoadGroup| Const::new(group.words - 1, index);
        let top = |bits: usize| Slice {
            offset: bits - 1,
            width: 1,
        };
        let low = |width| Slice { offset: 0, width };
        let address = |group: LoadGroup| index_bits(group.words);
        Loader {
            clock: Signal::default(),
            clear: Wire::new(1),
            tdata: Wire::new(8),
            tvalid: Wire::new(1),
            tready: Wire::new(1),
            closed: Wire::new(1),
            weight: Wire::new(weights.bits),
            weight_address: Wire::new(address(weights)),
            weight_write: Wire::new(columns),
            row: Wire::new(rows),
            bias: Wire::new(biases.bits),
            bias_address: Wire::new(address(biases)),
            entry: Wire::new(tables.bits),
            entry_address: Wire::new(address(tables)),
            other_write: Wire::new(others),
            changed: Reg::zero_at_power_up(1),
            busy: Reg::zero_at_power_up(1),
            starting: bit(),
            pause: Reg::new(index_bits(wait + 1)),
            ready: Reg::zero_at_power_up(1),
            earlier: Reg::new(8 * bytes),
            position: Reg::new(byte_bits),
            index: Reg::new(index),
            word: Reg::new(8 * bytes),
            address: Reg::new(index),
            strobe: Reg::zero_at_power_up(1),
            column_q: Reg::new(columns),
            row_q: Reg::new(rows),
            other_q: Reg::new(others),
            incomplete: Wire::new(1),
            take: Wire::new(1),
            collected: Wire::new(8 * bytes),
            last_byte: Wire::new(byte_bits),
            last_index: Wire::new(index),
            column_end: Wire::new(1),
            row_end: Wire::new(1),
            other_end: Wire::new(1),
            byte_bits: Const::new(8, 8),
            settle: Const::new(wait, index_bits(wait + 1)),
            weight_bytes: last_byte(weights),
            weight_words: last_index(weights),
            bias_bytes: last_byte(biases),
            bias_words: last_index(biases),
            entry_bytes: last_byte(tables),
            entry_words: last_index(tables),
            bias_memories: Const::new((1 << biases.memories) - 1, others),
            needs_load: Const::new(needs_load, 1),
            has_contents: Const::new(1 - needs_load, 1),
            _weight: low(weights.bits),
            _weight_address: low(address(weights)),
            _bias: low(biases.bits),
            _bias_address: low(address(biases)),
            _entry: low(tables.bits),
            _entry_address: low(address(tables)),
            _last_column: top(columns),
            _last_row: top(rows),
            _last_other: top(others),
        }
    }
}

inputs!(Loader: clear, tdata, tvalid);

impl Logic for Loader {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("@name tern_loader");
        comment!("@about Takes a network as bytes and writes it into the");
        comment!("@about memories.");
        dff_setup!(
            self, clock, changed, busy, starting, pause, ready, earlier, position, index, word,
            address, strobe, column_q, row_q, other_q
        );

        self.incomplete.next = self.changed.q.val() ^ self.needs_load.val();

        // The memory that is being filled.
        self.last_byte.next = self.entry_bytes.val();
        self.last_index.next = self.entry_words.val();
        if (self.other_q.q.val() & self.bias_memories.val()).any() {
            self.last_byte.next = self.bias_bytes.val();
            self.last_index.next = self.bias_words.val();
        }
        if self.column_q.q.val().any() {
            self.last_byte.next = self.weight_bytes.val();
            self.last_index.next = self.weight_words.val();
        }

        self.column_end.next = self
            .column_q
            .q
            .val()
            .index(self._last_column)
            .get_value_bits();
        self.row_end.next = self.row_q.q.val().index(self._last_row).get_value_bits();
        self.other_end.next = self
            .other_q
            .q
            .val()
            .index(self._last_other)
            .get_value_bits();

        // Bytes become words.
        self.take.next = self.ready.q.val() & self.tvalid.val();
        self.collected.next = (self.earlier.q.val() << self.byte_bits.val()) | self.tdata.val();
        self.strobe.d.next = false.into();
        if self.strobe.q.val().any() {
            self.changed.d.next = self.has_contents.val();
        }
        if self.pause.q.val().any() {
            self.pause.d.next = self.pause.q.val() - true.into();
        }
        if self.take.val().any() {
            self.earlier.d.next = self.collected.val();
            self.position.d.next = self.position.q.val() + true.into();
            if self.position.q.val() == self.last_byte.val() {
                self.earlier.d.next = false.into();
                self.position.d.next = false.into();
                self.word.d.next = self.collected.val();
                self.address.d.next = self.index.q.val();
                self.strobe.d.next = true.into();
                self.index.d.next = self.index.q.val() + true.into();
                if self.index.q.val() == self.last_index.val() {
                    self.index.d.next = false.into();
                    self.ready.d.next = false.into();
                    if !self.other_end.val().any() {
                        self.pause.d.next = self.settle.val();
                    }
                }
            }
        }

        // The next memory.
        if !self.busy.q.val().any() {
            if (self.tvalid.val() | self.incomplete.val()).any() {
                self.busy.d.next = true.into();
                self.starting.d.next = true.into();
                self.pause.d.next = self.settle.val();
            }
        } else if !(self.ready.q.val() | self.pause.q.val().any().into()).any() {
            self.ready.d.next = true.into();
            self.row_q.d.next = self.row_q.q.val() << true.into();
            self.other_q.d.next = self.other_q.q.val() << true.into();
            if self.row_end.val().any() {
                self.row_q.d.next = true.into();
                self.column_q.d.next = self.column_q.q.val() << true.into();
                if self.column_end.val().any() {
                    self.row_q.d.next = false.into();
                    self.other_q.d.next = true.into();
                }
            }
            if self.other_end.val().any() {
                self.ready.d.next = false.into();
                self.busy.d.next = false.into();
                self.word.d.next = false.into();
                self.changed.d.next = self.needs_load.val();
            }
            if self.starting.q.val().any() {
                self.starting.d.next = false.into();
                self.column_q.d.next = true.into();
                self.row_q.d.next = true.into();
            }
        }
        if self.clear.val().any() {
            self.busy.d.next = false.into();
            self.starting.d.next = false.into();
            self.pause.d.next = false.into();
            self.ready.d.next = false.into();
            self.earlier.d.next = false.into();
            self.position.d.next = false.into();
            self.index.d.next = false.into();
            self.word.d.next = false.into();
            self.strobe.d.next = false.into();
            self.column_q.d.next = false.into();
            self.row_q.d.next = false.into();
            self.other_q.d.next = false.into();
        }

        self.tready.next = self.ready.q.val();
        self.closed.next = self.incomplete.val() | self.busy.q.val();
        self.weight.next = self.word.q.val().index(self._weight).get_value_bits();
        self.weight_address.next = self
            .address
            .q
            .val()
            .index(self._weight_address)
            .get_value_bits();
        self.weight_write.next = false.into();
        self.other_write.next = false.into();
        if self.strobe.q.val().any() {
            self.weight_write.next = self.column_q.q.val();
            self.other_write.next = self.other_q.q.val();
        }
        self.row.next = self.row_q.q.val();
        self.bias.next = self.word.q.val().index(self._bias).get_value_bits();
        self.bias_address.next = self
            .address
            .q
            .val()
            .index(self._bias_address)
            .get_value_bits();
        self.entry.next = self.word.q.val().index(self._entry).get_value_bits();
        self.entry_address.next = self
            .address
            .q
            .val()
            .index(self._entry_address)
            .get_value_bits();
    }
}
