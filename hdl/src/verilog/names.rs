//! Names as Rust-HDL refers to them, and as the Verilog has them.

/// The declared name behind a reference in a loop: `pe[i - 1].act.next` is `pe$2$act` where `i` is 3.
pub fn resolve(reference: &str, loops: &[(String, usize)]) -> Result<String, String> {
    let plain = reference.trim_start_matches('.');
    let plain = plain.replace('.', "$").replace("::", "$");
    let plain = plain.trim_end_matches("$next");
    match (plain.find('['), plain.find(']')) {
        (Some(open), Some(close)) if open < close => {
            let number = index(&plain[open + 1..close], loops)
                .ok_or_else(|| format!("the index of `{reference}` is not a number"))?;
            Ok(format!(
                "{}${number}{}",
                &plain[..open],
                &plain[close + 1..]
            ))
        }
        _ => Ok(plain.to_owned()),
    }
}

/// The value of an index: sums and products of numbers and loop variables.
fn index(text: &str, loops: &[(String, usize)]) -> Option<usize> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let text = text
        .trim_matches(|c| c == '(' || c == ')')
        .replace('-', "+-");
    let factor = |word: &str| -> Option<i64> {
        let known = loops.iter().rev().find(|(name, _)| name == word);
        match known {
            Some((_, value)) => Some(*value as i64),
            None => word.trim_end_matches("usize").parse().ok(),
        }
    };
    let term = |term: &str| -> Option<i64> {
        let (sign, term) = match term.strip_prefix('-') {
            Some(term) => (-1, term),
            None => (1, term),
        };
        term.split('*')
            .try_fold(sign, |product, word| Some(product * factor(word)?))
    };
    let sum = text
        .split('+')
        .try_fold(0, |sum, word| Some(sum + term(word)?));
    sum.and_then(|sum: i64| sum.try_into().ok())
}

/// `pe$3$sum_q$d` becomes `pe_3_sum_d`: a register's field name may end in `_q` already.
pub fn spelt(path: &str) -> String {
    let (path, port) = match path.rsplit_once('$') {
        Some((register, port @ ("d" | "q"))) => (register, Some(port)),
        _ => (path, None),
    };
    let Some(port) = port else {
        return path.replace('$', "_");
    };
    let (field, number) = match path.rsplit_once('$') {
        Some((field, number)) if number.parse::<usize>().is_ok() => (field, format!("_{number}")),
        _ => (path, String::new()),
    };
    let field = field.strip_suffix("_q").unwrap_or(field);
    format!("{}{number}_{port}", field.replace('$', "_"))
}

#[cfg(test)]
mod tests {
    use super::{resolve, spelt};

    #[test]
    fn references_in_loops() {
        let loops = [("i".to_owned(), 3)];
        for (reference, name) in [
            ("pe[i - 1].act.next", "pe$2$act"),
            (".pair[i * 2 + 1].q", "pair$7$q"),
            ("ring[0].d.next", "ring$0$d"),
            ("act.next", "act"),
        ] {
            assert_eq!(resolve(reference, &loops), Ok(name.to_owned()));
        }
        assert!(resolve("pe[self._n]", &loops).is_err());
    }

    #[test]
    fn registers_have_one_ending() {
        assert_eq!(spelt("head_q$q"), "head_q");
        assert_eq!(spelt("act_q$2$q"), "act_2_q");
        assert_eq!(spelt("pe$3$act"), "pe_3_act");
    }
}
