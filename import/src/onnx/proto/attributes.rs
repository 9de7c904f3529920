//! The attributes of a node, by name and type.

use std::str::from_utf8;

use super::schema::{Attribute, Node};
use crate::error::{ImportError, refuse};

impl<'a> Node<'a> {
    /// The attribute of a name.
    pub fn attribute(&self, name: &str) -> Option<&Attribute<'a>> {
        self.attributes.iter().find(|known| known.name == name)
    }

    /// An integer, or its default.
    pub fn int(&self, name: &str, default: i64) -> i64 {
        self.attribute(name)
            .and_then(|attribute| attribute.int)
            .unwrap_or(default)
    }

    /// A real number, or its default.
    pub fn float(&self, name: &str, default: f32) -> f32 {
        self.attribute(name)
            .and_then(|attribute| attribute.float)
            .unwrap_or(default)
    }

    /// A list of integers.
    pub fn ints(&self, name: &str) -> Option<&[i64]> {
        Some(&self.attribute(name)?.ints)
    }

    /// A text, or its default.
    ///
    /// # Errors
    /// When it is not UTF-8.
    pub fn text(&self, name: &str, default: &'static str) -> Result<&'a str, ImportError> {
        let Some(text) = self.attribute(name).and_then(|attribute| attribute.text) else {
            return Ok(default);
        };
        from_utf8(text).or_else(|_| refuse(format!("{name} is not UTF-8")))
    }

    /// A list of texts; those that are not UTF-8 are shown as what they are not.
    pub fn texts(&self, name: &str) -> Vec<&'a str> {
        let list = self.attribute(name).map(|attribute| &attribute.texts);
        let text = |bytes: &&'a [u8]| from_utf8(bytes).unwrap_or("?");
        list.into_iter().flatten().map(text).collect()
    }

    /// The node in words: its name, or that of its first output, and its operator.
    pub fn shown(&self) -> String {
        format!("node {} ({})", self.title(), self.operator)
    }

    /// Its name, or that of its first output.
    pub fn title(&self) -> &'a str {
        match self.name {
            "" => self
                .outputs
                .iter()
                .find(|name| !name.is_empty())
                .copied()
                .unwrap_or(""),
            name => name,
        }
    }

    /// The name of an input, empty where it is left out.
    pub fn input(&self, index: usize) -> &'a str {
        self.inputs.get(index).copied().unwrap_or("")
    }
}
