//! The program of the schedule: one descriptor per pass.

use crate::kit::prelude::*;
use tern_compile::bits::index_bits;
use tern_compile::shape::{Pass, PassSource, Shape};

/// A pass as the schedule sees it.
#[derive(Clone, Copy, Debug, Default)]
struct Descriptor {
    /// The pass sums a hidden state, not a plane of x.
    hidden: bool,
    /// The hidden state is that of this step, not of the step before.
    fresh: bool,
    /// The pass begins when the hidden state is in memory.
    waits: bool,
    /// The pass belongs to the head.
    head: bool,
    /// The pass belongs to the last recurrent layer.
    top: bool,
    /// The pass completes a block.
    ends_block: bool,
    /// The pass completes a part of a candidate's sum.
    ends_part: bool,
    /// The part that leaves last is the input's.
    swap: bool,
    /// The pass is the last plane of x.
    last_plane: bool,
    /// The pass is the first plane of x; the others begin at the same weights.
    first_plane: bool,
    /// The pass is a later plane of x.
    later_plane: bool,
    /// The sums shift at its end.
    shifts: bool,
    /// The pass belongs to the last section.
    last_section: bool,
    /// First chunk in the hidden memory.
    chunk: usize,
    /// Beats after the first.
    left: usize,
    /// Beats at its end that only shift.
    gaps: usize,
    /// The pass that follows in a section's last block, or inside a block.
    after: usize,
    /// The pass that follows when the section has more blocks.
    again: usize,
    /// Blocks of the section after the first.
    blocks: usize,
    /// Rows of the section's last block after the first.
    tail: usize,
    /// The recurrent layer.
    layer: usize,
    /// Cycles to wait for the section's hidden state, less the two that pass before the timer counts.
    settle: usize,
    /// Trit plane of the hidden state.
    plane: usize,
    /// From the weight word of the pass's last chunk to that of the next hidden pass's first, modulo the memory's addresses.
    step: usize,
}

/// The descriptors of a shape, packed, with the place of each field.
#[derive(Clone, Debug)]
pub struct Descriptors {
    /// One word per pass.
    pub words: Vec<Vector>,
    /// Bits of a word.
    pub width: usize,
    /// Place of each flag, in the order of [`Flag`].
    pub flags: [Slice; Flag::COUNT],
    /// Place of each number, in the order of [`Number`].
    pub numbers: [Slice; Number::COUNT],
    /// Any pass has beats that only shift.
    pub gaps: bool,
}

/// The flags of a descriptor.
#[derive(Clone, Copy, Debug)]
pub enum Flag {
    /// The pass sums a hidden state.
    Hidden,
    /// The hidden state is that of this step.
    Fresh,
    /// The pass waits for the hidden state.
    Waits,
    /// The pass belongs to the head.
    Head,
    /// The pass belongs to the last recurrent layer.
    Top,
    /// The pass completes a block.
    EndsBlock,
    /// The pass completes a part of a candidate's sum.
    EndsPart,
    /// The part that leaves last is the input's.
    Swap,
    /// Last plane of x.
    LastPlane,
    /// First plane of x.
    FirstPlane,
    /// Later plane of x.
    LaterPlane,
    /// The sums shift at its end.
    Shifts,
    /// The pass belongs to the last section.
    LastSection,
    /// The pass has one beat.
    OneBeat,
    /// The section has one block.
    OneBlock,
}

impl Flag {
    /// Number of flags.
    pub const COUNT: usize = 15;
}

/// The numbers of a descriptor.
#[derive(Clone, Copy, Debug)]
pub enum Number {
    /// First chunk in the hidden memory.
    Chunk,
    /// Beats after the first.
    Left,
    /// Beats that only shift.
    Gaps,
    /// Next pass in a section's last block, or inside a block.
    After,
    /// Next pass when the section has more blocks.
    Again,
    /// Blocks after the first.
    Blocks,
    /// Rows of the last block after the first.
    Tail,
    /// Recurrent layer.
    Layer,
    /// Cycles to wait for the hidden state.
    Settle,
    /// Trit plane of the hidden state; no bits where hidden states are trits.
    Plane,
    /// Way to the next hidden pass's weight words; no bits where they follow each other.
    Step,
}

impl Number {
    /// Number of numbers.
    pub const COUNT: usize = 11;
}

impl Descriptors {
    /// The descriptors of the shape.
    pub fn of(shape: &Shape) -> Self {
        let all = passes(shape);
        let largest = |number: fn(&Descriptor) -> usize| all.iter().map(number).max().unwrap_or(0);
        let bits = |number: fn(&Descriptor) -> usize| index_bits(largest(number) + 1);
        let mut width = 0;
        let mut slice = |bits: usize| {
            width += bits;
            Slice {
                offset: width - bits,
                width: bits,
            }
        };
        let flags = std::array::from_fn(|_| slice(1));
        let if_planes = |bits: usize| usize::from(shape.has_hidden_planes()) * bits;
        let numbers = [
            slice(bits(|d| d.chunk).max(index_bits(shape.bank_words()))),
            slice(bits(|d| d.left)),
            slice(bits(|d| d.left)),
            slice(index_bits(all.len())),
            slice(index_bits(all.len())),
            slice(bits(|d| d.blocks)),
            slice(index_bits(shape.design.rows)),
            slice(index_bits(shape.layers.len())),
            slice(bits(|d| d.settle)),
            slice(if_planes(bits(|d| d.plane))),
            slice(if_planes(index_bits(shape.weight_words()))),
        ];
        let words = all
            .iter()
            .map(|descriptor| pack(descriptor, width, &flags, &numbers));
        Descriptors {
            words: words.collect(),
            width,
            flags,
            numbers,
            gaps: largest(|d| d.gaps) > 0,
        }
    }

    /// Bits of a number.
    pub fn bits(&self, number: Number) -> usize {
        self.numbers[number as usize].width
    }
}

/// One word of a descriptor.
fn pack(
    of: &Descriptor,
    width: usize,
    flags: &[Slice; Flag::COUNT],
    numbers: &[Slice; Number::COUNT],
) -> Vector {
    let set = [
        of.hidden,
        of.fresh,
        of.waits,
        of.head,
        of.top,
        of.ends_block,
        of.ends_part,
        of.swap,
        of.last_plane,
        of.first_plane,
        of.later_plane,
        of.shifts,
        of.last_section,
        of.left == 0,
        of.blocks == 0,
    ];
    let values = [
        of.chunk, of.left, of.gaps, of.after, of.again, of.blocks, of.tail, of.layer, of.settle,
        of.plane, of.step,
    ];
    let flags = flags.iter().zip(set.map(u128::from));
    let numbers = numbers.iter().zip(values.map(|value| value as u128));
    let word = flags
        .chain(numbers)
        .fold(0, |word, (slice, value)| word | value << slice.offset);
    Vector::unsigned(word, width as u32)
}

/// From the weight word of the last chunk of the first of `passes`, the rest of a block's, to that of the first chunk of the hidden pass
/// that follows, in this block or the next: the words of a block lie source by source, whatever the order of their planes.
fn weight_step(shape: &Shape, section: usize, passes: &[Pass]) -> usize {
    let start = |source: PassSource| -> usize {
        let sources = shape.hidden_sources(section).into_iter();
        let before = sources.take_while(|other| *other != source);
        before.map(|before| shape.chunks(section, before)).sum()
    };
    let hidden = |pass: &&Pass| pass.source != PassSource::Input;
    let next = passes[1..].iter().find(hidden);
    let to = next.map_or(shape.hidden_words(section), |next| start(next.source));
    let addresses = 1 << index_bits(shape.weight_words());
    match passes[0].source {
        PassSource::Input => 0,
        source => (addresses + to + 1 - start(source) - passes[0].chunks) % addresses,
    }
}

/// The passes of all sections in the order in which they run.
fn passes(shape: &Shape) -> Vec<Descriptor> {
    let mut all = vec![];
    for section in 0..shape.sections() {
        let (passes, first) = (shape.passes(section), all.len());
        let planes = passes
            .iter()
            .filter(|pass| pass.source == PassSource::Input)
            .count();
        let mut plane = 0;
        for (k, pass) in passes.iter().enumerate() {
            let is_input = pass.source == PassSource::Input;
            plane += usize::from(is_input);
            let next = passes.get(k + 1);
            let other_part = |next: &Pass| next.source.part() != pass.source.part();
            let chunk = match pass.source {
                PassSource::Input => 0,
                PassSource::Own => shape.first_chunk(section),
                PassSource::Below => shape.first_chunk(section - 1),
            };
            let head = shape.is_head(section);
            all.push(Descriptor {
                hidden: !is_input,
                fresh: pass.source == PassSource::Below,
                waits: shape.waits(section, pass.source),
                head,
                top: section + 1 == shape.layers.len(),
                ends_block: next.is_none(),
                ends_part: next.is_none_or(other_part),
                swap: !head
                    && passes
                        .last()
                        .is_some_and(|last| last.source != PassSource::Own),
                last_plane: is_input && plane == planes,
                first_plane: is_input && plane == 1,
                later_plane: is_input && plane > 1,
                shifts: pass.shift_after > 0,
                last_section: section + 1 == shape.sections(),
                chunk,
                left: shape.pass_beats(pass) - 1,
                gaps: shape.shift_beats(pass).saturating_sub(1),
                after: all.len() + 1,
                again: first,
                plane: if is_input { 0 } else { pass.plane },
                step: if shape.has_hidden_planes() {
                    weight_step(shape, section, &passes[k..])
                } else {
                    0
                },
                blocks: shape.blocks(section) - 1,
                tail: shape.tail_rows(section) - 1,
                layer: if head { 0 } else { section },
                settle: if head {
                    0
                } else {
                    shape.settle_cycles(section) - 2
                },
            });
        }
    }
    if let Some(last) = all.last_mut() {
        last.after = 0;
    }
    all
}
