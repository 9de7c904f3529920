//! The first field in which two values of a type differ.

use std::fmt::Debug;

/// The first field in which `found` differs from `expected`, as a part of a sentence: "field `a.b` is 1, expected 2".
///
/// Reads what the values' derived [`Debug`] prints, so that it knows every field of any type.
pub fn difference<T: Debug>(found: &T, expected: &T) -> Option<String> {
    let (found, expected) = (fields(found), fields(expected));
    let count = found.len().max(expected.len());
    (0..count).find_map(|at| {
        let value = |fields: &[(String, String)], name: &str| {
            let field = fields.iter().find(|field| field.0 == name);
            field.map_or("absent".to_owned(), |field| field.1.clone())
        };
        let differs = |name: &String| {
            let (found, expected) = (value(&found, name), value(&expected, name));
            (found != expected).then(|| format!("field `{name}` is {found}, expected {expected}"))
        };
        let names = [expected.get(at), found.get(at)].into_iter().flatten();
        names.map(|field| &field.0).find_map(differs)
    })
}

/// Every field of a value with its path, such as `layers.0.hidden_size`, and what it is.
fn fields(value: &impl Debug) -> Vec<(String, String)> {
    let (mut fields, mut path, mut index) = (vec![], Vec::<String>::new(), vec![0]);
    let text = format!("{value:#?}");
    for line in text.lines().skip(1).map(str::trim) {
        if line.starts_with(['}', ']', ')']) {
            path.pop();
            index.pop();
            continue;
        }
        let (name, value) = match line.split_once(": ") {
            Some((name, value)) => (name.to_owned(), value),
            None => {
                let number = index
                    .last_mut()
                    .map_or(0, |index| std::mem::replace(index, *index + 1));
                (number.to_string(), line)
            }
        };
        path.push(name);
        if value.ends_with(['{', '[', '(']) {
            index.push(0);
        } else {
            fields.push((path.join("."), value.trim_end_matches(',').to_owned()));
            path.pop();
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::difference;

    #[derive(Debug)]
    struct Inner {
        shift: [usize; 2],
        size: Option<usize>,
    }

    #[derive(Debug)]
    struct Outer {
        name: &'static str,
        layers: Vec<Inner>,
        bits: usize,
    }

    fn outer() -> Outer {
        let inner = |size| Inner {
            shift: [1, 2],
            size,
        };
        Outer {
            name: "a: b",
            layers: vec![inner(None), inner(Some(3))],
            bits: 7,
        }
    }

    #[test]
    fn the_first_field_that_differs_is_named() {
        let message = |change: fn(&mut Outer)| {
            let mut found = outer();
            change(&mut found);
            difference(&found, &outer())
        };
        let expected = |text: &str| Some(text.to_owned());
        assert_eq!(message(|_| ()), None);
        assert_eq!(
            message(|o| o.bits = 8),
            expected("field `bits` is 8, expected 7")
        );
        assert_eq!(
            message(|o| (o.layers[1].shift[1], o.bits) = (5, 9)),
            expected("field `layers.1.shift.1` is 5, expected 2")
        );
        assert_eq!(
            message(|o| o.layers[1].size = Some(4)),
            expected("field `layers.1.size.0` is 4, expected 3")
        );
        assert_eq!(
            message(|o| o.layers[1].size = None),
            expected("field `layers.1.size.0` is absent, expected 3")
        );
        assert_eq!(
            message(|o| o.layers.truncate(1)),
            expected("field `layers.1.shift.0` is absent, expected 1")
        );
        assert_eq!(
            message(|o| o.name = "c"),
            expected("field `name` is \"c\", expected \"a: b\"")
        );
    }
}
