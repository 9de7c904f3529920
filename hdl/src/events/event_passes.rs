//! The program of the event schedule: one word per pass.

use crate::kit::prelude::*;
use tern_compile::bits::index_bits;
use tern_compile::shape::{PassSource, Shape};

/// A pass over a list, as the schedule sees it.
#[derive(Clone, Copy, Debug, Default)]
struct EventPassWord {
    /// The list is that of the inputs.
    input: bool,
    /// The list is the layer's own, of the step before.
    own: bool,
    /// The pass ends a block.
    closes: bool,
    /// The pass belongs to the head.
    head: bool,
    /// The pass belongs to the last recurrent layer.
    top: bool,
    /// The pass belongs to the last section.
    last_section: bool,
    /// The section has one block.
    one_block: bool,
    /// Which layer's list, one-hot.
    list: usize,
    /// The recurrent layer, one-hot.
    layer: usize,
    /// Where the list begins.
    base: usize,
    /// Weight words of the pass.
    words: usize,
    /// The pass that follows in a section's last block, or inside a block.
    after: usize,
    /// The pass that follows when the section has more blocks.
    again: usize,
    /// Blocks of the section after the first.
    blocks: usize,
    /// Results of the section's last block after the first.
    tail: usize,
    /// Number of the pass's shift among [`EventPasses::shifts`].
    shift: usize,
}

/// The passes of a shape, packed, with the place of each field.
#[derive(Clone, Debug)]
pub struct EventPasses {
    /// One word per pass.
    pub words: Vec<Vector>,
    /// Bits of a word.
    pub width: usize,
    /// Place of each field, in the order of [`Field`].
    pub fields: [Slice; Field::COUNT],
    /// The shifts of values that occur.
    pub shifts: Vec<usize>,
}

/// The fields of a pass.
#[derive(Clone, Copy, Debug)]
pub enum Field {
    /// The inputs' list.
    Input,
    /// The layer's own list.
    Own,
    /// Ends a block.
    Closes,
    /// The head's.
    Head,
    /// The last recurrent layer's.
    Top,
    /// The last section's.
    LastSection,
    /// The section has one block.
    OneBlock,
    /// Layer of the list, one-hot.
    List,
    /// Layer, one-hot.
    Layer,
    /// Beginning of the list.
    Base,
    /// Weight words.
    Words,
    /// Next pass in a section's last block, or inside a block.
    After,
    /// Next pass when the section has more blocks.
    Again,
    /// Blocks after the first.
    Blocks,
    /// Results of the last block after the first.
    Tail,
    /// Number of the shift.
    Shift,
}

impl Field {
    /// Number of fields.
    pub const COUNT: usize = 16;
}

impl EventPasses {
    /// The passes of the shape.
    pub fn of(shape: &Shape) -> Self {
        let (all, shifts) = passes(shape);
        let values = |pass: &EventPassWord| -> [usize; Field::COUNT] {
            let flags = [
                pass.input,
                pass.own,
                pass.closes,
                pass.head,
                pass.top,
                pass.last_section,
                pass.one_block,
            ];
            let [a, b, c, d, e, f, g] = flags.map(usize::from);
            [
                a,
                b,
                c,
                d,
                e,
                f,
                g,
                pass.list,
                pass.layer,
                pass.base,
                pass.words,
                pass.after,
                pass.again,
                pass.blocks,
                pass.tail,
                pass.shift,
            ]
        };
        let widths = Self::widths(shape, all.len(), shifts.len());
        let mut offset = 0;
        let fields = widths.map(|width| {
            offset += width;
            Slice {
                offset: offset - width,
                width,
            }
        });
        let pack = |pass: &EventPassWord| {
            let values = values(pass).into_iter().zip(fields);
            let word = values.fold(0u128, |word, (value, field)| {
                word | (value as u128) << field.offset
            });
            Vector::unsigned(word, offset as u32)
        };
        EventPasses {
            words: all.iter().map(pack).collect(),
            width: offset,
            fields,
            shifts,
        }
    }

    /// Bits of each field.
    fn widths(shape: &Shape, passes: usize, shifts: usize) -> [usize; Field::COUNT] {
        let sections = 0..shape.sections();
        let blocks = sections.clone().map(|section| shape.blocks(section)).max();
        let results = sections.map(|section| shape.block_results(section)).max();
        let (layers, pass) = (shape.layers.len(), index_bits(passes));
        [
            1,
            1,
            1,
            1,
            1,
            1,
            1,
            layers,
            layers,
            index_bits(shape.list_words()),
            index_bits(shape.weight_words() + 1),
            pass,
            pass,
            index_bits(blocks.unwrap_or(1)),
            index_bits(results.unwrap_or(1)),
            index_bits(shifts),
        ]
    }

    /// Place of a field.
    pub fn field(&self, field: Field) -> Slice {
        self.fields[field as usize]
    }

    /// Bits of a field.
    pub fn bits(&self, field: Field) -> usize {
        self.field(field).width
    }
}

/// The passes in order, and the shifts that occur.
fn passes(shape: &Shape) -> (Vec<EventPassWord>, Vec<usize>) {
    let (mut words, mut shifts): (Vec<EventPassWord>, Vec<usize>) = (vec![], vec![]);
    let (layers, sections) = (shape.layers.len(), shape.sections());
    let total: usize = (0..sections).map(|s| shape.event_passes(s).len()).sum();
    for section in 0..sections {
        let (passes, first) = (shape.event_passes(section), words.len());
        for (k, pass) in passes.iter().enumerate() {
            let closes = k + 1 == passes.len();
            let list = match pass.source {
                PassSource::Input => 0,
                PassSource::Own => section + 1,
                PassSource::Below => section,
            };
            let shift = shifts.iter().position(|shift| *shift == pass.shift);
            let shift = shift.unwrap_or_else(|| {
                shifts.push(pass.shift);
                shifts.len() - 1
            });
            words.push(EventPassWord {
                input: pass.source == PassSource::Input,
                own: pass.source == PassSource::Own,
                closes,
                head: shape.is_head(section),
                top: section + 1 == layers,
                last_section: section + 1 == sections,
                one_block: shape.blocks(section) == 1,
                list: if list == 0 { 0 } else { 1 << (list - 1) },
                layer: if section < layers { 1 << section } else { 0 },
                base: shape.list_base(list),
                words: pass.words,
                after: (first + k + 1) % total,
                again: if closes { first } else { 0 },
                blocks: shape.blocks(section) - 1,
                tail: shape.tail_rows(section) - 1,
                shift,
            });
        }
    }
    (words, shifts)
}
