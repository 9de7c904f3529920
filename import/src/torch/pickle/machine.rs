//! The stack machine of pickles, protocols 2 to 5, as far as state dicts use it.

use std::collections::HashMap;
use std::str::from_utf8;

use super::value::{Global, Heap, Id, Value};
use crate::budget::Budget;
use crate::error::{ImportError, refuse};

/// Runs a program; returns its objects and the one that it makes.
///
/// # Errors
/// When it does anything that a state dict needs not.
pub(super) fn run<'b>(program: &[u8], budget: &'b Budget) -> Result<(Heap<'b>, Id), ImportError> {
    let mut machine = Machine {
        rest: program,
        heap: Heap::new(budget),
        stack: Vec::new(),
        marks: Vec::new(),
        memo: HashMap::new(),
        budget,
    };
    loop {
        let [code] = machine.bytes()?;
        if code == b'.' {
            let root = machine.pop()?;
            return Ok((machine.heap, root));
        }
        machine.step(code)?;
    }
}

struct Machine<'p, 'b> {
    rest: &'p [u8],
    heap: Heap<'b>,
    stack: Vec<Id>,
    /// Heights of the stack that were marked.
    marks: Vec<usize>,
    memo: HashMap<u32, Id>,
    budget: &'b Budget,
}

impl<'p> Machine<'p, '_> {
    fn step(&mut self, code: u8) -> Result<(), ImportError> {
        match code {
            // PROTO and FRAME tell what is known already.
            0x80 => self.bytes::<1>().map(|_| ()),
            0x95 => self.bytes::<8>().map(|_| ()),
            b'(' => {
                self.budget.take(4)?;
                self.marks.push(self.stack.len());
                Ok(())
            }
            b'0' => self.pop().map(|_| ()),
            b'1' => self.marked().map(|_| ()),
            b'2' => {
                let top = self.top()?;
                self.budget.take(2)?;
                self.stack.push(top);
                Ok(())
            }
            b'N' | 0x88 | 0x89 => self.push(Value::Nothing),
            b'J' => {
                let bytes = self.bytes()?;
                self.push(Value::Int(i32::from_le_bytes(bytes).into()))
            }
            b'K' => {
                let [byte] = self.bytes()?;
                self.push(Value::Int(byte.into()))
            }
            b'M' => {
                let bytes = self.bytes()?;
                self.push(Value::Int(u16::from_le_bytes(bytes).into()))
            }
            0x8a => self.long(),
            b'G' => {
                self.bytes::<8>()?;
                self.push(Value::Nothing)
            }
            b'X' => self.text(4),
            0x8c => self.text(1),
            0x8d => self.text(8),
            // Strings and bytes of Python 2 and 3.
            b'T' | b'B' => self.skip(4),
            b'U' | b'C' => self.skip(1),
            0x8e => self.skip(8),
            b'}' => self.push(Value::Dict(vec![])),
            b']' | b')' => self.push(Value::Tuple(vec![])),
            b't' | b'l' => {
                let items = self.marked()?;
                self.push(Value::Tuple(items))
            }
            0x85..=0x87 => {
                let count = usize::from(code - 0x84);
                let start = self.stack.len().checked_sub(count);
                let start = start.map_or_else(empty, Ok)?;
                let items = self.stack.split_off(start);
                self.push(Value::Tuple(items))
            }
            b'd' => {
                let pairs = self.marked()?;
                self.push(Value::Dict(vec![]))?;
                let dict = self.top()?;
                self.heap.extend_dict(dict, &pairs)
            }
            b's' => {
                let (value, key) = (self.pop()?, self.pop()?);
                let dict = self.top()?;
                self.heap.extend_dict(dict, &[key, value])
            }
            b'u' => {
                let pairs = self.marked()?;
                let dict = self.top()?;
                self.heap.extend_dict(dict, &pairs)
            }
            b'a' => {
                let item = self.pop()?;
                let list = self.top()?;
                self.heap.extend_list(list, &[item])
            }
            b'e' => {
                let items = self.marked()?;
                let list = self.top()?;
                self.heap.extend_list(list, &items)
            }
            b'q' => {
                let [place] = self.bytes()?;
                self.remember(place.into())
            }
            b'r' => {
                let place = u32::from_le_bytes(self.bytes()?);
                self.remember(place)
            }
            0x94 => self.remember(self.memo.len() as u32),
            b'h' => {
                let [place] = self.bytes()?;
                self.recall(place.into())
            }
            b'j' => {
                let place = u32::from_le_bytes(self.bytes()?);
                self.recall(place)
            }
            b'c' => {
                let (module, name) = (self.line()?, self.line()?);
                self.push(Value::Global(Global::named(module, name)?))
            }
            0x93 => {
                let (name, module) = (self.pop()?, self.pop()?);
                match (self.heap.get(module), self.heap.get(name)) {
                    (Value::Text(module), Value::Text(name)) => {
                        let global = Global::named(module, name)?;
                        self.push(Value::Global(global))
                    }
                    _ => refuse("its pickle names a function by what is no text"),
                }
            }
            b'R' => {
                let (arguments, function) = (self.pop()?, self.pop()?);
                let value = self.heap.call(function, arguments)?;
                self.push(value)
            }
            // The state of an ordered dictionary is the versions of the modules.
            b'b' => {
                self.pop()?;
                match self.heap.get(self.top()?) {
                    Value::Dict(_) => Ok(()),
                    _ => refuse("its pickle sets the state of what is no dictionary"),
                }
            }
            b'Q' => {
                let id = self.pop()?;
                let storage = self.heap.storage(id)?;
                self.push(storage)
            }
            code => refuse(format!(
                "its pickle has the instruction {code:#04x}, expected those of a state dict alone"
            )),
        }
    }

    fn push(&mut self, value: Value) -> Result<(), ImportError> {
        let id = self.heap.add(value)?;
        self.stack.push(id);
        Ok(())
    }

    fn pop(&mut self) -> Result<Id, ImportError> {
        self.stack.pop().map_or_else(empty, Ok)
    }

    fn top(&self) -> Result<Id, ImportError> {
        self.stack.last().copied().map_or_else(empty, Ok)
    }

    /// What was pushed since the last mark.
    fn marked(&mut self) -> Result<Vec<Id>, ImportError> {
        match self.marks.pop() {
            Some(height) if height <= self.stack.len() => Ok(self.stack.split_off(height)),
            _ => empty(),
        }
    }

    fn remember(&mut self, place: u32) -> Result<(), ImportError> {
        let top = self.top()?;
        self.budget.take(8)?;
        self.memo.insert(place, top);
        Ok(())
    }

    fn recall(&mut self, place: u32) -> Result<(), ImportError> {
        match self.memo.get(&place) {
            Some(id) => {
                self.budget.take(2)?;
                self.stack.push(*id);
                Ok(())
            }
            None => refuse("its pickle recalls what it does not have"),
        }
    }

    fn bytes<const N: usize>(&mut self) -> Result<[u8; N], ImportError> {
        match self.rest.split_first_chunk::<N>() {
            Some((bytes, rest)) => {
                self.rest = rest;
                Ok(*bytes)
            }
            None => refuse("its pickle ends before its end"),
        }
    }

    /// As many bytes as a length of `width` bytes says.
    fn counted(&mut self, width: usize) -> Result<&'p [u8], ImportError> {
        let mut length = [0; 8];
        for byte in &mut length[..width] {
            [*byte] = self.bytes()?;
        }
        let length = usize::try_from(u64::from_le_bytes(length)).unwrap_or(usize::MAX);
        match self.rest.split_at_checked(length) {
            Some((bytes, rest)) => {
                self.rest = rest;
                Ok(bytes)
            }
            None => refuse("its pickle ends before its end"),
        }
    }

    fn text(&mut self, width: usize) -> Result<(), ImportError> {
        let bytes = self.counted(width)?;
        match from_utf8(bytes) {
            Ok(text) => self.push(Value::Text(text.to_owned())),
            Err(_) => refuse("its pickle has a text that is not UTF-8"),
        }
    }

    fn skip(&mut self, width: usize) -> Result<(), ImportError> {
        self.counted(width)?;
        self.push(Value::Nothing)
    }

    /// An integer of up to 8 bytes; a longer one is nothing that a tensor needs.
    fn long(&mut self) -> Result<(), ImportError> {
        let bytes = self.counted(1)?;
        if bytes.len() > 8 {
            return self.push(Value::Nothing);
        }
        let is_negative = bytes.last().is_some_and(|byte| *byte >= 0x80);
        let mut all = [if is_negative { 0xff } else { 0 }; 8];
        all[..bytes.len()].copy_from_slice(bytes);
        self.push(Value::Int(i64::from_le_bytes(all)))
    }

    fn line(&mut self) -> Result<&'p str, ImportError> {
        let end = self.rest.iter().position(|byte| *byte == b'\n');
        let line = end.and_then(|end| from_utf8(&self.rest[..end]).ok());
        match (line, end) {
            (Some(line), Some(end)) => {
                self.rest = &self.rest[end + 1..];
                Ok(line)
            }
            _ => refuse("its pickle ends before its end"),
        }
    }
}

fn empty<T>() -> Result<T, ImportError> {
    refuse("its pickle takes more from its stack than it has")
}
