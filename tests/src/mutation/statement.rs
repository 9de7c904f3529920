//! Single changes of a line of a combinational block.

use super::expression::{Scope, changes};

/// An assignment `target = value;`.
pub(super) struct Assignment<'a> {
    pub target: &'a str,
    pub value: &'a str,
    /// Whether it stands below `if (clear)`.
    pub in_reset: bool,
    /// Whether another assignment to the target comes before it.
    pub again: bool,
    /// The register's next value has its final value, where the value is a register.
    pub next_is_final: bool,
}

impl Assignment<'_> {
    /// Every single change: its kind and the statements that stand in the assignment's place.
    pub fn changes(&self, scope: &Scope) -> Vec<(&'static str, String)> {
        let Assignment { target, value, .. } = self;
        let assign = |value: &str| format!("{target} = {value};");
        if self.in_reset {
            let mut all = vec![("no reset", String::new())];
            match *value {
                "1'b0" => all.push(("wrong reset value", assign("1'b1"))),
                "1'b1" => all.push(("wrong reset value", assign("1'b0"))),
                _ => {}
            }
            return all;
        }
        let expression = changes(value, scope).into_iter();
        let mut all: Vec<_> = expression
            .map(|(kind, value)| (kind, assign(&value)))
            .collect();
        let next = value
            .strip_suffix("_q")
            .map(|register| format!("{register}_d"));
        if let Some(next) =
            next.filter(|next| self.next_is_final && scope.widths.contains_key(next))
        {
            all.push(("missing register", assign(&next)));
        }
        if self.again {
            all.push(("dropped assignment", String::new()));
        }
        if !["1'b0", "1'b1"].contains(value) && !value.contains("'d") {
            let width = scope.widths.get(*target).copied().unwrap_or(0);
            let bits = [
                ("lowest bit stuck", 0),
                ("highest bit stuck", width.max(1) - 1),
            ];
            for (kind, bit) in bits.into_iter().take(width.min(2)) {
                for level in 0..2 {
                    let index = if width > 1 {
                        format!("[{bit}]")
                    } else {
                        String::new()
                    };
                    let stuck = format!("{} {target}{index} = 1'b{level};", assign(value));
                    all.push((kind, stuck));
                }
            }
        }
        all
    }
}

/// Every single change of a condition.
pub(super) fn condition(text: &str, scope: &Scope) -> Vec<(&'static str, String)> {
    let mut all = changes(text, scope);
    all.push(("stuck condition", "1'b0".to_owned()));
    all.push(("stuck condition", "1'b1".to_owned()));
    all
}
