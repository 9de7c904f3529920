//! Single changes of a Verilog expression.

use super::scope::{Scope, literal};

/// The tokens of an expression; white space is a token of its own.
fn tokens(text: &str) -> Vec<String> {
    let class = |c: char| match c {
        c if c.is_alphanumeric() || c == '_' || c == '\'' => 0,
        c if c.is_whitespace() => 1,
        '<' | '>' | '=' | '!' => 2,
        _ => 3,
    };
    let mut tokens: Vec<String> = vec![];
    let mut before = None;
    for c in text.chars() {
        let now = class(c);
        match tokens.last_mut() {
            Some(token) if Some(now) == before && now != 3 => token.push(c),
            _ => tokens.push(c.to_string()),
        }
        before = Some(now);
    }
    tokens
}

/// Every single change of the expression, with its kind.
pub(super) fn changes(text: &str, scope: &Scope) -> Vec<(&'static str, String)> {
    let tokens = tokens(text);
    let mut changes = vec![];
    let mut change = |kind, at: usize, token: &str| {
        let mut changed = tokens.clone();
        changed[at] = token.to_owned();
        changes.push((kind, changed.concat().trim().to_owned()));
    };
    let word = |at: usize| {
        tokens[..at]
            .iter()
            .rev()
            .find(|token| !token.trim().is_empty())
    };
    let mut brackets = 0;
    for (at, token) in tokens.iter().enumerate() {
        brackets += i32::from(token == "[") - i32::from(token == "]");
        // An operator between two operands, not a reduction or negation.
        let between = word(at).is_some_and(|left| {
            left.ends_with(|c: char| c.is_alphanumeric() || [')', ']', '}', '_'].contains(&c))
        });
        let next = tokens.get(at + 1).map_or("", String::as_str);
        match (token.as_str(), between) {
            ("&", true) => change("swapped gate", at, "|"),
            ("|", true) => change("swapped gate", at, "&"),
            ("^", true) => change("swapped gate", at, "|"),
            // What selects a bit of a leaf is spelled by the generator; another bit is another change.
            ("+" | "-", true)
                if brackets > 0 || word(at).is_some_and(|left| is_parameter(left)) => {}
            ("+", true) => {
                change("dropped carry", at, "^");
                change("changed sign", at, "-");
            }
            ("-", true) => {
                change("dropped borrow", at, "^");
                change("changed sign", at, "+");
            }
            ("~" | "!", false) => change("dropped inversion", at, ""),
            ("==", true) => change("changed comparison", at, "!="),
            (">=", true) => change("off by one", at, ">"),
            ("<=", true) => change("off by one", at, "<"),
            ("<<", true) => change("changed shift", at, ">>"),
            (">>", true) => change("changed shift", at, "<<"),
            (name, false) if scope.bounds.iter().any(|bound| bound == name) => {
                change("off by one", at, &format!("({name} + 1'b1)"));
                change("off by one", at, &format!("({name} - 1'b1)"));
            }
            (number, false) if literal(number).is_some() => {
                if let Some((width, value)) = literal(number).filter(|(_, value)| *value > 1) {
                    let above = (value + 1) % (1u128 << width);
                    change("off by one", at, &format!("{width}'d{above}"));
                    change("off by one", at, &format!("{width}'d{}", value - 1));
                }
            }
            (name, _) if scope.widths.contains_key(name) => {
                if let Some((kind, other)) = neighbour(name, scope) {
                    change(kind, at, &other);
                }
            }
            (number, _) if word(at).is_some_and(|left| left == "[") && next == "]" => {
                if let (Ok(index), Some(name)) = (number.parse::<usize>(), at.checked_sub(2)) {
                    let width = scope.widths.get(&tokens[name]).copied().unwrap_or(0);
                    if index + 1 < width {
                        change("wrong bit", at, &(index + 1).to_string());
                    }
                }
            }
            _ => {}
        }
    }
    changes.extend(rails(text));
    changes
}

/// A parameter's name: its sums are widths.
fn is_parameter(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_uppercase())
}

/// The two rails of a trit swapped in a leaf's text.
fn rails(text: &str) -> Option<(&'static str, String)> {
    let (plus, minus) = ("[2*lane]", "[2*lane+1]");
    let at = text.find(plus)?;
    let mut changed = text.to_owned();
    changed.replace_range(at..at + plus.len(), minus);
    Some(("swapped rails", changed))
}

/// Another signal that could stand in a signal's place: the other rail, or the next or the first of its row.
fn neighbour(name: &str, scope: &Scope) -> Option<(&'static str, String)> {
    for (from, to) in [("plus", "minus"), ("minus", "plus")] {
        let other = name.replacen(from, to, 1);
        if other != name && scope.alike(name, &other) {
            return Some(("swapped rails", other));
        }
    }
    let parts: Vec<&str> = name.split('_').collect();
    let (at, number) =
        (0..parts.len()).find_map(|at| Some((at, parts[at].parse::<usize>().ok()?)))?;
    let with = |number: usize| {
        let number = number.to_string();
        let mut parts = parts.clone();
        parts[at] = &number;
        parts.join("_")
    };
    let others = [Some(number + 1), number.checked_sub(1)];
    let mut others = others.into_iter().flatten().map(with);
    let other = others.find(|other| scope.alike(name, other))?;
    Some(("swapped gates", other))
}

#[cfg(test)]
mod tests {
    use super::{Scope, changes};

    #[test]
    fn operators_operands_and_bounds() {
        let lines = [
            "    input wire [3:0] a_0,",
            "    output reg signed [3:0] a_1",
            "    localparam [3:0] last = 4'h7;",
        ];
        let scope = Scope::of(&lines);
        assert_eq!(scope.bounds, ["last"]);
        let all = |text: &str| {
            changes(text, &scope)
                .into_iter()
                .map(|(_, to)| to)
                .collect::<Vec<_>>()
        };
        assert_eq!(
            all("(a_0 == last)"),
            [
                "(a_1 == last)",
                "(a_0 != last)",
                "(a_0 == (last + 1'b1))",
                "(a_0 == (last - 1'b1))"
            ]
        );
        assert_eq!(
            all("x + 2'd3"),
            ["x ^ 2'd3", "x - 2'd3", "x + 2'd0", "x + 2'd2"]
        );
        assert_eq!(
            all("~|x & a_0[1]"),
            [
                "|x & a_0[1]",
                "~|x | a_0[1]",
                "~|x & a_1[1]",
                "~|x & a_0[2]"
            ]
        );
        assert_eq!(all("w[2*lane] & y"), ["w[2*lane] | y", "w[2*lane+1] & y"]);
        assert_eq!(all("x[a +: 3]"), [""; 0]);
    }
}
