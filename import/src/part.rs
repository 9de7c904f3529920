//! What a file holds: its recurrent parts, and the network that it is as a whole.

use std::fmt;

use tern_model::network::Output;

use crate::error::{ImportError, refuse};
use crate::network::{Head, Layer, Network, Scaling};

/// A recurrent node of a graph, module of a state dict or layer of a model.
#[derive(Clone, Debug)]
pub struct Part {
    /// Name in the file; no other part has the same.
    pub name: String,
    /// Kind in the words of the file, such as `LSTM`.
    pub kind: String,
    /// Inputs X and units H, where the file says them.
    pub sizes: Option<[usize; 2]>,
    /// The layers that it is, from the input up, or why it is refused.
    pub layers: Result<Vec<Layer>, ImportError>,
    /// What is taken for granted, one clause each.
    pub notes: Vec<String>,
}

/// The recurrent parts of a file in its order, and how they are one network.
#[derive(Clone, Debug)]
pub struct Contents {
    /// The parts, whether taken or refused.
    pub parts: Vec<Part>,
    /// The network that the file is, or why it is more, or other, than a network of Tern.
    pub whole: Result<Whole, ImportError>,
}

/// How parts are one network.
#[derive(Clone, Debug)]
pub struct Whole {
    /// The parts from the input up, as positions in [`Contents::parts`].
    pub chain: Vec<usize>,
    /// What is done to the input first.
    pub scaling: Option<Scaling>,
    /// The head.
    pub head: Option<Head>,
    /// Which time steps have outputs.
    pub output: Output,
}

/// The line of a list: name, kind, sizes, and whether it is taken.
impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = tern_model::error::one_line(&self.name);
        write!(f, "{name}  {}", self.kind)?;
        match self.sizes {
            Some([inputs, units]) => write!(f, " {inputs} -> {units}")?,
            None => f.write_str(" of unknown size")?,
        }
        match &self.layers {
            Err(error) => write!(f, "  refused: {error}"),
            Ok(layers) => {
                if layers.len() > 1 {
                    write!(f, ", {} layers", layers.len())?;
                }
                f.write_str("  taken")?;
                match self.notes.is_empty() {
                    true => Ok(()),
                    false => write!(f, ": {}", self.notes.join("; ")),
                }
            }
        }
    }
}

impl Contents {
    /// The network that the file is, or its part `node` alone.
    ///
    /// # Errors
    /// When there is no such part, it is refused, or the file as a whole is.
    pub fn network(self, node: Option<&str>) -> Result<Network, ImportError> {
        match node {
            Some(name) => self.part(name),
            None => self.whole_network(),
        }
    }

    fn part(self, name: &str) -> Result<Network, ImportError> {
        let names: Vec<String> = self.parts.iter().map(|part| part.name.clone()).collect();
        let Some(part) = self.parts.into_iter().find(|part| part.name == name) else {
            return refuse(match names.is_empty() {
                true => format!("there is no node {name}: the file has no LSTM and no GRU"),
                false => format!(
                    "there is no node {name}, expected one of {}",
                    names.join(", ")
                ),
            });
        };
        Ok(Network {
            scaling: None,
            layers: part.taken()?,
            head: None,
            output: Output::Every,
        })
    }

    fn whole_network(self) -> Result<Network, ImportError> {
        let Whole {
            chain,
            scaling,
            head,
            output,
        } = self.whole?;
        let mut parts: Vec<Option<Part>> = self.parts.into_iter().map(Some).collect();
        let mut layers = Vec::new();
        for place in chain {
            let part = parts.get_mut(place).and_then(Option::take);
            let part = part.ok_or_else(|| ImportError::new("its parts form no chain"))?;
            layers.extend(part.taken()?);
        }
        Ok(Network {
            scaling,
            layers,
            head,
            output,
        })
    }
}

impl Part {
    /// The layers.
    ///
    /// # Errors
    /// When the part is refused.
    pub fn taken(self) -> Result<Vec<Layer>, ImportError> {
        let Part { name, kind, .. } = &self;
        let place = format!("node {name} ({kind})");
        self.layers.map_err(|error| error.at(place))
    }
}
