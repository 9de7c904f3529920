//! Single changes of what the golden model computes: of the constants and tensors that are its program.

use tern_model::network::{Layer, Model};

/// A network with one change, and what it is.
pub type Changed = (String, Model);

/// Every single change of the network: each constant of a layer a step away, each gate's part of each tensor in the place of
/// the next one's, and each with the other sign (a table: read backwards).
pub fn changes(model: &Model) -> Vec<Changed> {
    let mut all = vec![];
    for (number, layer) in model.layers.iter().enumerate() {
        let mut add = |what: String, change: &dyn Fn(&mut Layer)| {
            let mut changed = model.clone();
            change(&mut changed.layers[number]);
            // A layer has a threshold or hidden bits, and a gate's table must not leave its range.
            if changed == *model || changed.validate().is_err() {
                return;
            }
            all.push((format!("layer {number}: {what}"), changed));
        };
        for (what, change) in constants(layer) {
            add(what.to_owned(), &change);
        }
        for (name, parts, reach) in tensors(layer) {
            for part in 0..parts {
                if part + 1 < parts {
                    let what = format!("{name}: parts {part} and {} swapped", part + 1);
                    add(what, &|layer| {
                        reach(layer).into_iter().for_each(|t| t.swap(parts, part))
                    });
                }
                let what = format!("{name}: part {part} with the other sign");
                add(what, &|layer| {
                    reach(layer).into_iter().for_each(|t| t.negate(parts, part))
                });
            }
        }
    }
    all
}

/// What a change is, and the change.
type Step = (&'static str, fn(&mut Layer));

/// The constants of a layer, one step away from what they are.
fn constants(layer: &Layer) -> Vec<Step> {
    macro_rules! change {
        ($kind: ident, $layer: ident, $change: expr) => {
            |layer| {
                if let Layer::$kind($layer) = layer {
                    $change
                }
            }
        };
    }
    match layer {
        Layer::Lstm(_) => vec![
            (
                "threshold up",
                change!(Lstm, l, l.threshold = l.threshold.map(|theta| theta + 1)),
            ),
            ("state_bits down", change!(Lstm, l, l.state_bits -= 1)),
            (
                "hidden_bits down",
                change!(Lstm, l, l.hidden_bits = l.hidden_bits.map(|bits| bits - 1)),
            ),
            (
                "hidden_round up",
                change!(
                    Lstm,
                    l,
                    l.hidden_round = l.hidden_round.map(|shift| shift + 1)
                ),
            ),
            ("input_shift up", change!(Lstm, l, l.input_shift += 1)),
            ("hidden_shift up", change!(Lstm, l, l.hidden_shift += 1)),
            ("lut_shift of i up", change!(Lstm, l, l.lut_shift[0] += 1)),
            ("lut_shift of f up", change!(Lstm, l, l.lut_shift[1] += 1)),
            ("lut_shift of g up", change!(Lstm, l, l.lut_shift[2] += 1)),
            ("lut_shift of o up", change!(Lstm, l, l.lut_shift[3] += 1)),
            (
                "state_lut_shift up",
                change!(Lstm, l, l.state_lut_shift += 1),
            ),
        ],
        Layer::Gru(_) => vec![
            (
                "threshold up",
                change!(Gru, l, l.threshold = l.threshold.map(|theta| theta + 1)),
            ),
            ("state_bits down", change!(Gru, l, l.state_bits -= 1)),
            (
                "hidden_bits down",
                change!(Gru, l, l.hidden_bits = l.hidden_bits.map(|bits| bits - 1)),
            ),
            (
                "hidden_round up",
                change!(
                    Gru,
                    l,
                    l.hidden_round = l.hidden_round.map(|shift| shift + 1)
                ),
            ),
            ("input_shift up", change!(Gru, l, l.input_shift += 1)),
            ("hidden_shift up", change!(Gru, l, l.hidden_shift += 1)),
            ("lut_shift of r up", change!(Gru, l, l.lut_shift[0] += 1)),
            ("lut_shift of z up", change!(Gru, l, l.lut_shift[1] += 1)),
            ("lut_shift of n up", change!(Gru, l, l.lut_shift[2] += 1)),
        ],
        Layer::Linear(_) => vec![],
    }
}

/// A tensor of a layer.
enum Tensor<'a> {
    Trits(&'a mut [i8]),
    Biases(&'a mut [i32]),
    Table(&'a mut [i16]),
}

/// Swaps two neighbouring parts of `parts`.
fn swap<T>(values: &mut [T], parts: usize, first: usize) {
    let length = values.len() / parts;
    let (before, after) = values.split_at_mut((first + 1) * length);
    before[first * length..].swap_with_slice(&mut after[..length]);
}

impl Tensor<'_> {
    fn swap(self, parts: usize, first: usize) {
        match self {
            Tensor::Trits(values) => swap(values, parts, first),
            Tensor::Biases(values) => swap(values, parts, first),
            Tensor::Table(values) => swap(values, parts, first),
        }
    }

    /// Changes the sign of one part.
    fn negate(self, parts: usize, part: usize) {
        fn of<T>(values: &mut [T], parts: usize, part: usize) -> &mut [T] {
            let length = values.len() / parts;
            &mut values[part * length..(part + 1) * length]
        }
        match self {
            Tensor::Trits(values) => of(values, parts, part).iter_mut().for_each(|v| *v = -*v),
            Tensor::Biases(values) => of(values, parts, part).iter_mut().for_each(|v| *v = -*v),
            Tensor::Table(values) => of(values, parts, part).reverse(),
        }
    }
}

/// The tensors of a layer: name, number of its parts, and how to reach it.
type Access = (&'static str, usize, fn(&mut Layer) -> Option<Tensor<'_>>);

fn tensors(layer: &Layer) -> Vec<Access> {
    macro_rules! tensor {
        ($kind: ident, $tensor: ident, $field: ident) => {
            |layer| match layer {
                Layer::$kind(layer) => Some(Tensor::$tensor(&mut layer.$field)),
                _ => None,
            }
        };
    }
    match layer {
        Layer::Lstm(_) => vec![
            ("weight_ih", 4, tensor!(Lstm, Trits, weight_ih)),
            ("weight_hh", 4, tensor!(Lstm, Trits, weight_hh)),
            ("bias", 4, tensor!(Lstm, Biases, bias)),
            ("lut", 4, tensor!(Lstm, Table, lut)),
            ("state_lut", 1, tensor!(Lstm, Table, state_lut)),
        ],
        Layer::Gru(_) => vec![
            ("weight_ih", 3, tensor!(Gru, Trits, weight_ih)),
            ("weight_hh", 3, tensor!(Gru, Trits, weight_hh)),
            ("bias", 4, tensor!(Gru, Biases, bias)),
            ("lut", 3, tensor!(Gru, Table, lut)),
        ],
        Layer::Linear(linear) => vec![
            ("weight", linear.output_size, tensor!(Linear, Trits, weight)),
            ("bias", linear.output_size, tensor!(Linear, Biases, bias)),
        ],
    }
}
