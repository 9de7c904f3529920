//! Which bit of which memory lies where.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tern_hdl::images::MemoryImage;
use tern_model::file::read_text;

use super::netlist::{Cell, cells};
use super::ram::{RamContents, RamShape};
use super::text::RoutedText;
use crate::eda::error::ToolError;
use crate::synth::place::Placement;
use crate::synth::synthesis::Synthesis;

/// The memories of a routed core that are in block RAM.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemoryMap {
    /// In the order of the core's memory images.
    pub memories: Vec<PlacedMemory>,
}

/// A memory in block RAM.
///
/// The RAMs are equally deep. A memory that is deeper is cut into segments of that depth; the bits of all segments, those of
/// the first segment first, fill the words of the RAMs one after the other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlacedMemory {
    /// Instance path, as in [`MemoryImage`].
    pub instance: String,
    /// Words.
    pub words: usize,
    /// Bits of a word, at most 128.
    pub width: usize,
    /// `READ_MODE` of its RAMs: `16 >> mode` bits per word, `256 << mode` words.
    pub mode: usize,
    /// Its block RAMs.
    pub rams: Vec<PlacedRam>,
}

/// Where a block RAM is on the device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlacedRam {
    /// Column of tiles.
    pub x: usize,
    /// Row of tiles.
    pub y: usize,
}

impl MemoryMap {
    /// Derives the map of a placed core that was synthesized with the contents `images`, in which no bit of a memory is the
    /// same in all words, and verifies it against the netlist and the routed design.
    ///
    /// # Errors
    /// When files are missing or the map does not reproduce every bit of the block RAMs.
    pub fn derive(
        synthesis: &Synthesis,
        placement: &Placement,
        images: &[MemoryImage],
    ) -> Result<MemoryMap, ToolError> {
        let cells = cells(synthesis, placement)?;
        let mut memories = Vec::new();
        for image in images {
            let prefix = format!("{}.mem.0.", image.instance);
            let count = cells
                .keys()
                .filter(|name| name.starts_with(&prefix))
                .count();
            let rams = (0..count).map(|index| cells.get(&format!("{prefix}{index}")));
            let Some(rams) = rams.collect::<Option<Vec<&Cell>>>() else {
                return Err(unmapped(&image.instance));
            };
            if let Some(first) = rams.first() {
                let memory = PlacedMemory::of(image, first.mode, &rams);
                let same_mode = rams.iter().all(|ram| ram.mode == first.mode);
                if !same_mode
                    || memory
                        .contents(image)?
                        .iter()
                        .ne(rams.iter().map(|ram| &ram.contents))
                {
                    return Err(unmapped(&image.instance));
                }
                memories.push(memory);
            }
        }
        let map = MemoryMap { memories };
        let path = &placement.routed;
        let text = read_text(path).map_err(|e| ToolError::file("read", path, e))?;
        let routed = RoutedText::parse(&text)?;
        match map.unlike(&routed, images)? {
            None => Ok(map),
            Some(instance) => Err(unmapped(instance)),
        }
    }

    /// The instances of `images` that are not in block RAM.
    pub fn in_logic<'i>(&self, images: &'i [MemoryImage]) -> Vec<&'i MemoryImage> {
        let mapped = |image: &&MemoryImage| {
            !self
                .memories
                .iter()
                .any(|memory| memory.instance == image.instance)
        };
        images.iter().filter(mapped).collect()
    }

    /// The first memory whose block RAMs in `routed` do not hold its words in `images`.
    ///
    /// # Errors
    /// When a block RAM is missing in `routed`, or a memory in `images`.
    pub fn unlike(
        &self,
        routed: &RoutedText,
        images: &[MemoryImage],
    ) -> Result<Option<&str>, ToolError> {
        for memory in &self.memories {
            let expected = memory.contents(memory.image(images)?)?;
            for (ram, expected) in memory.rams.iter().zip(expected) {
                if routed.ram((ram.x, ram.y))? != expected {
                    return Ok(Some(&memory.instance));
                }
            }
        }
        Ok(None)
    }

    /// The text of the routed design with the contents `images`.
    ///
    /// # Errors
    /// When a block RAM is missing in `routed`, a memory in `images`, or a memory has another size there.
    pub fn write(&self, routed: &RoutedText, images: &[MemoryImage]) -> Result<String, ToolError> {
        let mut rams = BTreeMap::new();
        for memory in &self.memories {
            let contents = memory.contents(memory.image(images)?)?;
            let places = memory.rams.iter().map(|ram| (ram.x, ram.y));
            rams.extend(places.zip(contents));
        }
        routed.with(&rams)
    }

    /// The words of every memory in block RAM, as `routed` has them.
    ///
    /// # Errors
    /// When a block RAM is missing in `routed`.
    pub fn read(&self, routed: &RoutedText) -> Result<Vec<MemoryImage>, ToolError> {
        self.memories
            .iter()
            .map(|memory| memory.read(routed))
            .collect()
    }
}

impl PlacedMemory {
    fn of(image: &MemoryImage, mode: usize, rams: &[&Cell]) -> PlacedMemory {
        let used = image.words.iter().fold(0, |used, word| used | word);
        let place = |ram: &&Cell| PlacedRam {
            x: ram.place.0,
            y: ram.place.1,
        };
        PlacedMemory {
            instance: image.instance.clone(),
            words: image.words.len(),
            width: (u128::BITS - used.leading_zeros()) as usize,
            mode,
            rams: rams.iter().map(place).collect(),
        }
    }

    fn image<'i>(&self, images: &'i [MemoryImage]) -> Result<&'i MemoryImage, ToolError> {
        let found = images.iter().find(|image| image.instance == self.instance);
        found.ok_or_else(|| ToolError::new(format!("the network has no memory {}", self.instance)))
    }

    fn shape(&self) -> Result<RamShape, ToolError> {
        RamShape::of_mode(self.mode).ok_or_else(|| {
            let (instance, mode) = (&self.instance, self.mode);
            ToolError::new(format!(
                "field `mode` of memory {instance} is {mode}, expected 0 to 3"
            ))
        })
    }

    /// Where bit `bit` of word `word` lies: the RAM's number, and word and bit in it.
    fn position(&self, shape: RamShape, word: usize, bit: usize) -> (usize, usize, usize) {
        let segment = word / shape.depth();
        let column = segment * self.width + bit;
        (
            column / shape.width(),
            word % shape.depth(),
            column % shape.width(),
        )
    }

    /// What the RAMs hold when the memory holds `image`.
    fn contents(&self, image: &MemoryImage) -> Result<Vec<RamContents>, ToolError> {
        let shape = self.shape()?;
        let fits = |word: &u128| self.width >= 128 || word >> self.width == 0;
        let columns = self.width * self.words.div_ceil(shape.depth());
        if image.words.len() != self.words
            || !image.words.iter().all(fits)
            || columns.div_ceil(shape.width()) != self.rams.len()
        {
            return Err(ToolError::new(format!(
                "memory {} has {} words of {} bits in {} block RAMs, which is not the size of its contents",
                self.instance,
                self.words,
                self.width,
                self.rams.len()
            )));
        }
        let mut rams = vec![RamContents::zero(); self.rams.len()];
        for (address, word) in image.words.iter().enumerate() {
            for bit in (0..self.width).filter(|bit| word >> bit & 1 == 1) {
                let (ram, row, column) = self.position(shape, address, bit);
                rams[ram].set(shape, row, column, true);
            }
        }
        Ok(rams)
    }

    fn read(&self, routed: &RoutedText) -> Result<MemoryImage, ToolError> {
        let shape = self.shape()?;
        let rams: Result<Vec<RamContents>, ToolError> = self
            .rams
            .iter()
            .map(|ram| routed.ram((ram.x, ram.y)))
            .collect();
        let rams = rams?;
        let word = |address| {
            (0..self.width).fold(0, |word, bit| {
                let (ram, row, column) = self.position(shape, address, bit);
                let value = rams.get(ram).is_some_and(|ram| ram.bit(shape, row, column));
                word | u128::from(value) << bit
            })
        };
        Ok(MemoryImage {
            instance: self.instance.clone(),
            words: (0..self.words).map(word).collect(),
        })
    }
}

fn unmapped(instance: &str) -> ToolError {
    ToolError::new(format!(
        "memory {instance} does not lie in its block RAMs as this version of Tern expects Yosys and nextpnr to place it, so that its contents cannot be set"
    ))
}
