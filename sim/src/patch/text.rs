//! The block RAMs in the text of a routed design.

use std::collections::BTreeMap;

use super::ram::{LINES, RamContents};
use crate::eda::error::ToolError;

/// The line that begins the contents of a block RAM, before its column and row.
const SECTION: &str = ".ram_data ";

/// Where a block RAM is on the device: column and row.
pub(super) type Place = (usize, usize);

/// A routed iCE40 design as nextpnr writes it and icepack reads it (`.asc`).
pub struct RoutedText<'t> {
    lines: Vec<&'t str>,
    /// The first line of each block RAM's contents.
    rams: BTreeMap<Place, usize>,
}

impl<'t> RoutedText<'t> {
    /// Finds the block RAMs of `text`.
    ///
    /// # Errors
    /// When a block RAM is not 16 lines of 64 hexadecimal digits, or there are two at one place.
    pub fn parse(text: &'t str) -> Result<RoutedText<'t>, ToolError> {
        let lines: Vec<&str> = text.lines().collect();
        let mut rams = BTreeMap::new();
        for (at, line) in lines.iter().enumerate() {
            let Some(place) = line.strip_prefix(SECTION) else {
                continue;
            };
            let place = place_of(place).filter(|_| contents(&lines, at + 1).is_some());
            let twice = |place| rams.insert(place, at + 1).is_some();
            if place.is_none_or(twice) {
                return Err(ToolError::new(format!(
                    "line {} of the routed design is \"{line}\", expected a block RAM of its own with {LINES} lines of 64 hexadecimal digits",
                    at + 1
                )));
            }
        }
        Ok(RoutedText { lines, rams })
    }

    /// The contents of the block RAM in this column and row.
    ///
    /// # Errors
    /// When the design has none there.
    pub fn ram(&self, place: (usize, usize)) -> Result<RamContents, ToolError> {
        let at = self.rams.get(&place);
        at.and_then(|at| contents(&self.lines, *at)).ok_or_else(|| {
            ToolError::new(format!(
                "the routed design has no block RAM at column {}, row {}",
                place.0, place.1
            ))
        })
    }

    /// The text with other contents for some of its block RAMs.
    ///
    /// # Errors
    /// When the design has no block RAM at a place.
    pub fn with(&self, rams: &BTreeMap<(usize, usize), RamContents>) -> Result<String, ToolError> {
        let mut replaced = BTreeMap::new();
        for (place, ram) in rams {
            self.ram(*place)?;
            replaced.extend((self.rams[place]..).zip(ram.lines()));
        }
        let mut text = String::new();
        for (at, line) in self.lines.iter().enumerate() {
            text += replaced.get(&at).map_or(*line, String::as_str);
            text.push('\n');
        }
        Ok(text)
    }
}

fn place_of(text: &str) -> Option<Place> {
    let (column, row) = text.split_once(' ')?;
    Some((column.parse().ok()?, row.parse().ok()?))
}

fn contents(lines: &[&str], at: usize) -> Option<RamContents> {
    RamContents::from_lines(lines.get(at..at + LINES)?.iter().copied())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{RamContents, RoutedText};

    fn section(place: &str, digit: &str) -> String {
        format!(
            ".ram_data {place}\n{}",
            (digit.repeat(64) + "\n").repeat(16)
        )
    }

    #[test]
    fn one_ram_is_replaced() {
        let (first, second) = (section("8 1", "3"), section("25 31", "c"));
        let text = format!(".comment x\n.device 8k\n{first}\n{second}\n.sym 1 a\n");
        let routed = RoutedText::parse(&text).expect("a routed design");
        let mut rams = BTreeMap::new();
        assert_eq!(routed.with(&rams).expect("the same"), text);
        let zero = RamContents::zero();
        rams.insert((25, 31), zero.clone());
        let expected = text.replace(&second, &section("25 31", "0"));
        let changed = routed.with(&rams).expect("patched");
        assert_eq!(changed, expected);
        let changed = RoutedText::parse(&changed).expect("a routed design");
        assert!(changed.ram((25, 31)).expect("a RAM") == zero);
        assert!(changed.ram((8, 1)).expect("a RAM") == routed.ram((8, 1)).expect("a RAM"));
        rams.insert((8, 3), zero);
        let message = routed.with(&rams).expect_err("no such RAM").to_string();
        assert!(message.contains("column 8, row 3"), "{message}");
    }

    #[test]
    fn damaged_designs_are_refused() {
        let good = section("8 1", "0");
        let cut: String = good
            .lines()
            .take(16)
            .map(|line| format!("{line}\n"))
            .collect();
        for bad in [
            cut,
            good.replacen('0', "g", 1),
            good.replace("8 1", "8"),
            format!("{good}{good}"),
        ] {
            let message = RoutedText::parse(&bad).err().expect("refused").to_string();
            assert!(
                message.contains(".ram_data") && message.starts_with("line "),
                "{message}"
            );
        }
    }
}
