//! What a Verilog module declares.

use std::collections::{HashMap, HashSet};

/// What a module declares.
#[derive(Default)]
pub(super) struct Scope {
    /// Bits of each signal.
    pub widths: HashMap<String, usize>,
    /// Named constants, whose off-by-one is a change worth making.
    pub bounds: Vec<String>,
    /// Width and value of those that are written in decimal.
    constants: HashMap<String, (u32, u128)>,
    /// Bits of signals that the module says it does not read.
    pub unread: HashSet<(String, usize)>,
}

/// An end of a value.
#[derive(Clone, Copy)]
pub(super) enum End {
    /// Its lowest bit.
    Low,
    /// Its highest bit.
    High,
}

impl Scope {
    /// The declarations of a module's lines.
    pub fn of(lines: &[&str]) -> Scope {
        let mut scope = Scope::default();
        for line in lines {
            let line = line.trim().trim_end_matches([';', ',']);
            let (declaration, value) = match line.split_once(" = ") {
                Some((declaration, value)) => (declaration, value),
                None => (line.trim_end_matches(" ="), ""),
            };
            let mut words = declaration.split_whitespace();
            let kinds = ["input", "output", "reg", "wire", "localparam"];
            if !words.next().is_some_and(|word| kinds.contains(&word)) || line.contains("mem [") {
                continue;
            }
            let Some(name) = words.next_back() else {
                continue;
            };
            let range = words.find(|word| word.starts_with('['));
            let high = range.and_then(|word| word.strip_prefix('[')?.strip_suffix(":0]"));
            let width = match (range, high.and_then(|high| high.parse::<usize>().ok())) {
                (None, _) => Some(1),
                (_, high) => high.map(|high| high + 1),
            };
            // What parameters give is not known here.
            if let Some(width) = width {
                scope.widths.insert(name.to_owned(), width);
            }
            if line.starts_with("localparam") {
                scope.bounds.push(name.to_owned());
                let constant = literal(value);
                scope
                    .constants
                    .extend(constant.map(|constant| (name.to_owned(), constant)));
            }
        }
        scope.unread = unread(lines);
        scope
    }

    /// The value of the bit at that end of `value`, where the text shows it.
    pub fn stuck(&self, value: &str, end: End) -> Option<bool> {
        let value = value.trim();
        let parts = value.strip_prefix('{').and_then(|v| v.strip_suffix('}'));
        if let Some(parts) = parts.filter(|parts| !parts.contains(['{', '}'])) {
            let part = match end {
                End::Low => parts.rsplit(',').next(),
                End::High => parts.split(',').next(),
            };
            return self.stuck(part?, end);
        }
        let (width, constant) = match value {
            "1'b0" => (1, 0),
            "1'b1" => (1, 1),
            _ => literal(value).or_else(|| self.constants.get(value).copied())?,
        };
        let bit = match end {
            End::Low => 0,
            End::High => width - 1,
        };
        Some(constant >> bit & 1 == 1)
    }

    pub fn alike(&self, a: &str, b: &str) -> bool {
        self.widths.contains_key(a) && self.widths.get(a) == self.widths.get(b)
    }
}

/// The bits that `wire unused = &{…};` gathers.
fn unread(lines: &[&str]) -> HashSet<(String, usize)> {
    let start = |line: &&&str| !line.trim().starts_with("wire unused = ");
    let gathered: String = lines
        .iter()
        .skip_while(start)
        .take_while({
            let mut open = true;
            move |line| std::mem::replace(&mut open, !line.ends_with(';'))
        })
        .flat_map(|line| line.chars())
        .collect();
    let parts = gathered.split(['{', ',', '}']);
    let bits = parts.filter_map(|part| {
        let (name, range) = part.trim().strip_suffix(']')?.split_once('[')?;
        let (high, low) = range.split_once(':').unwrap_or((range, range));
        let (low, high): (usize, usize) = (low.parse().ok()?, high.parse().ok()?);
        Some((low..=high).map(|bit| (name.to_owned(), bit)))
    });
    bits.flatten().collect()
}

/// Width and value of a sized decimal number.
pub(super) fn literal(text: &str) -> Option<(u32, u128)> {
    let (width, value) = text.split_once("'d")?;
    let (width, value) = (width.parse().ok()?, value.parse().ok()?);
    (width < 128).then_some((width, value))
}

#[cfg(test)]
mod tests {
    use super::{End, Scope};

    #[test]
    fn bits_that_are_constant_or_not_read() {
        let lines = [
            "    localparam [1:0] rows = 2'd2;",
            "    wire [3:0] row;",
            "    wire unused = &{1'b0, row[3:2],",
            "        other[7]};",
            "    wire later = &{row[0]};",
        ];
        let scope = Scope::of(&lines);
        let mut unread: Vec<_> = scope.unread.iter().cloned().collect();
        unread.sort();
        let unread: Vec<_> = unread.iter().map(|(n, bit)| (n.as_str(), *bit)).collect();
        assert_eq!(unread, [("other", 7), ("row", 2), ("row", 3)]);
        for (value, low, high) in [
            ("rows", Some(false), Some(true)),
            ("{row[0], 2'd1}", Some(true), None),
            ("{1'b0, row}", None, Some(false)),
            ("{1'b0, row} + {row, 1'b0}", None, None),
            ("row", None, None),
        ] {
            assert_eq!(scope.stuck(value, End::Low), low, "{value}");
            assert_eq!(scope.stuck(value, End::High), high, "{value}");
        }
    }
}
