//! Single changes of a statement and of a value.

use super::expression::changes;
use super::scope::{End, Scope};

/// An assignment `target = value;` or `target <= value;`.
pub(super) struct Assignment<'a> {
    pub target: &'a str,
    pub sign: &'a str,
    pub value: &'a str,
    /// Whether it stands below `if (clear)`.
    pub in_reset: bool,
    /// Whether something remains without it.
    pub dropped: bool,
}

impl Assignment<'_> {
    /// Every single change: its kind and the statements that stand in the assignment's place.
    pub fn changes(&self, scope: &Scope) -> Vec<(&'static str, String)> {
        let Assignment {
            target,
            sign,
            value,
            ..
        } = self;
        let assign = |value: &str| format!("{target} {sign} {value};");
        if self.in_reset {
            let mut all = vec![("no reset", String::new())];
            match *value {
                "1'b0" => all.push(("wrong reset value", assign("1'b1"))),
                "1'b1" => all.push(("wrong reset value", assign("1'b0"))),
                _ => {}
            }
            return all;
        }
        let values = of_value(value, target, scope).into_iter();
        let mut all: Vec<_> = values.map(|(kind, value)| (kind, assign(&value))).collect();
        if self.dropped {
            all.push(("dropped assignment", String::new()));
        }
        all
    }
}

/// Every single change of a value that `target` takes.
pub(super) fn of_value(value: &str, target: &str, scope: &Scope) -> Vec<(&'static str, String)> {
    let mut all = chosen(value);
    all.extend(changes(value, scope));
    let constant = value.chars().next().is_some_and(|c| c.is_ascii_digit());
    let width = scope.widths.get(target).copied().filter(|_| !constant);
    let width = width.unwrap_or(0);
    let ends = [
        ("lowest bit stuck", End::Low, 0),
        ("highest bit stuck", End::High, width.max(1) - 1),
    ];
    for (kind, end, bit) in ends.into_iter().take(width.min(2)) {
        let mask = match bit {
            0 if width == 1 => "1'b1".to_owned(),
            0 => format!("{{{}'d0, 1'b1}}", width - 1),
            _ => format!("{{1'b1, {}'d0}}", width - 1),
        };
        // A bit that nothing reads, or that has the value already, is no change.
        let stuck = scope.stuck(value, end);
        let read = !scope.unread.contains(&(target.to_owned(), bit));
        if read && stuck != Some(false) {
            all.push((kind, format!("({value}) & ~{mask}")));
        }
        if read && stuck != Some(true) {
            all.push((kind, format!("({value}) | {mask}")));
        }
    }
    all
}

/// A choice that always falls one way.
fn chosen(value: &str) -> Vec<(&'static str, String)> {
    let mut depth = 0;
    let top: Vec<usize> = value
        .char_indices()
        .filter(|(_, c)| {
            depth += i32::from("([{".contains(*c)) - i32::from(")]}".contains(*c));
            depth == 0 && (*c == '?' || *c == ':')
        })
        .map(|(at, _)| at)
        .collect();
    let [question, colon, ..] = top[..] else {
        return vec![];
    };
    let (then, otherwise) = (value[question + 1..colon].trim(), value[colon + 1..].trim());
    let before = &value[..=colon];
    let mut all = vec![
        ("stuck condition", then.to_owned()),
        ("stuck condition", otherwise.to_owned()),
    ];
    let inner = chosen(otherwise).into_iter();
    all.extend(inner.map(|(kind, otherwise)| (kind, format!("{before} {otherwise}"))));
    all
}

/// Every single change of a condition.
pub(super) fn condition(text: &str, scope: &Scope) -> Vec<(&'static str, String)> {
    let mut all = changes(text, scope);
    all.push(("stuck condition", "1'b0".to_owned()));
    all.push(("stuck condition", "1'b1".to_owned()));
    all
}
