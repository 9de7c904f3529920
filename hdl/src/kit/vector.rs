//! A value as a Verilog expression sees it: exact integer, self-determined width, signedness.

use std::cmp::Ordering;
use std::ops::{Add, BitAnd, BitOr, BitXor, Mul, Not, Shl, Shr, Sub};

use ethnum::I256;

/// The value of a signal or expression.
///
/// Values are kept as exact integers; a width applies only where Verilog applies one: when a signal
/// is assigned ([`Vector::fit`]), compared, reduced or sliced. `+ - * & | ^ ~ <<` commute with
/// reduction modulo a power of two, so exact integers followed by one truncation at the assignment
/// give what Verilog's context-determined widths give (IEEE 1364-2005 section 5.4).
#[derive(Clone, Copy, Debug)]
pub struct Vector {
    value: I256,
    width: u32,
    signed: bool,
}

/// A field of a signal: `width` bits from bit `offset` up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slice {
    /// Lowest bit of the field.
    pub offset: usize,
    /// Bits in the field, at least 1.
    pub width: usize,
}

/// A signal seen through a [`Slice`]; `get_value_bits` reads the field.
#[derive(Clone, Copy, Debug)]
pub struct Sliced {
    vector: Vector,
    slice: Slice,
}

impl Vector {
    /// Widest signal: a 256-bit stream.
    pub const MAX_WIDTH: u32 = 256;

    /// An unsigned value of `width` bits, truncated to them.
    pub fn unsigned(value: u128, width: u32) -> Self {
        Vector {
            value: I256::from(value),
            width,
            signed: false,
        }
        .fit(width, false)
    }

    /// A value of `width` bits from 64-bit words, lowest first.
    pub fn from_words(words: &[u64; 4], width: u32) -> Self {
        let value = words
            .iter()
            .rev()
            .fold(I256::new(0), |acc, word| (acc << 64) | I256::from(*word));
        Vector {
            value,
            width,
            signed: false,
        }
        .fit(width, false)
    }

    /// A two's complement value of `width` bits, truncated to them.
    pub fn signed(value: i128, width: u32) -> Self {
        Vector {
            value: I256::from(value),
            width,
            signed: true,
        }
        .fit(width, true)
    }

    /// Two's complement or not.
    pub fn is_signed(&self) -> bool {
        self.signed
    }

    /// The same value; both of the width and signedness of one signal, which compares to see whether it changed.
    #[inline]
    pub fn identical(&self, other: &Self) -> bool {
        match self.width {
            1..=64 => self.value.as_u64() == other.value.as_u64(),
            _ => self.value == other.value,
        }
    }

    /// Bits of the expression, self-determined.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// The bits as 64-bit words, lowest first.
    pub fn words(&self) -> [u64; 4] {
        let bits = self.fit(self.width, false).value;
        std::array::from_fn(|k| (bits >> (64 * k as u32)).as_u64())
    }

    /// The value as an integer.
    ///
    /// # Panics
    /// When it does not fit 128 bits; no arithmetic signal of the core is that wide.
    pub fn integer(&self) -> i128 {
        i128::try_from(self.value).expect("an arithmetic signal is at most 127 bits wide")
    }

    /// What a signal of `width` bits holds after this value is assigned to it.
    #[inline]
    pub fn fit(self, width: u32, signed: bool) -> Self {
        let value = match width {
            0 => I256::new(0),
            // Nearly all signals: 64-bit shifts are many times faster, and simulation does little else.
            1..=64 => {
                let (spare, low) = (64 - width, self.value.as_u64());
                match signed {
                    true => I256::from((low << spare) as i64 >> spare),
                    false => I256::from(low << spare >> spare),
                }
            }
            _ => {
                let (spare, bits) = (256 - width, self.value);
                match signed {
                    true => bits << spare >> spare,
                    false => ((bits << spare).as_u256() >> spare).as_i256(),
                }
            }
        };
        Vector {
            value,
            width,
            signed,
        }
    }

    /// True when any bit is set (Verilog's reduction `|`).
    #[inline]
    pub fn any(self) -> bool {
        match self.width {
            1..=64 => self.value.as_u64() << (64 - self.width) != 0,
            width => self.fit(width, false).value != 0,
        }
    }

    /// True when every bit is set (Verilog's reduction `&`).
    #[inline]
    pub fn all(self) -> bool {
        match self.width {
            1..=64 => !self.value.as_u64() << (64 - self.width) == 0,
            width => self.fit(width, true).value == -1,
        }
    }

    /// Bit `index` as a one-bit value.
    pub fn get_bit(self, index: usize) -> Vector {
        Vector {
            value: (self.value >> index as u32) & 1,
            width: 1,
            signed: false,
        }
    }

    /// The signal seen through a field.
    pub fn index(self, slice: Slice) -> Sliced {
        Sliced {
            vector: self,
            slice,
        }
    }

    fn binary(self, other: Self, value: I256) -> Self {
        assert_eq!(
            self.signed, other.signed,
            "Verilog reads an expression of mixed signedness as unsigned"
        );
        Vector {
            value,
            width: self.width.max(other.width),
            signed: self.signed,
        }
    }
}

impl Sliced {
    /// The field's bits, unsigned.
    pub fn get_value_bits(self) -> Vector {
        let shifted = Vector {
            value: self.vector.value >> self.slice.offset as u32,
            ..self.vector
        };
        shifted.fit(self.slice.width as u32, false)
    }

    /// The field's width, for the generated part-select.
    pub fn get_my_width_bits(self) -> usize {
        self.slice.width
    }

    /// The field's lowest bit, for the generated part-select.
    pub fn get_my_offset_bits(self) -> usize {
        self.slice.offset
    }
}

macro_rules! operator {
    ($trait: ident, $method: ident, $op: tt) => {
        impl $trait for Vector {
            type Output = Vector;
            #[inline]
            fn $method(self, other: Vector) -> Vector {
                self.binary(other, self.value $op other.value)
            }
        }
    };
}

operator!(Add, add, +);
operator!(Sub, sub, -);
operator!(Mul, mul, *);
operator!(BitAnd, bitand, &);
operator!(BitOr, bitor, |);
operator!(BitXor, bitxor, ^);

impl Not for Vector {
    type Output = Vector;
    fn not(self) -> Vector {
        Vector {
            value: !self.value,
            ..self
        }
    }
}

impl Shl for Vector {
    type Output = Vector;
    fn shl(self, amount: Vector) -> Vector {
        Vector {
            value: self.value << amount.integer() as u32,
            ..self
        }
    }
}

/// Logical shift, as Verilog's `>>` of an unsigned operand.
impl Shr for Vector {
    type Output = Vector;
    fn shr(self, amount: Vector) -> Vector {
        assert!(
            !self.signed,
            "Verilog's >> is a logical shift, even of a signed operand"
        );
        Vector {
            value: self.fit(self.width, false).value >> amount.integer() as u32,
            ..self
        }
    }
}

impl From<bool> for Vector {
    fn from(bit: bool) -> Vector {
        Vector::unsigned(bit.into(), 1)
    }
}

/// Comparison at the wider operand's width, as Verilog compares.
impl PartialOrd for Vector {
    #[inline]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        let both = self.binary(*other, self.value);
        let (a, b) = (
            self.fit(both.width, both.signed).value,
            other.fit(both.width, both.signed).value,
        );
        Some(match (both.width, both.signed) {
            (1..=64, true) => a.as_i64().cmp(&b.as_i64()),
            (1..=64, false) => a.as_u64().cmp(&b.as_u64()),
            _ => a.cmp(&b),
        })
    }
}

impl PartialEq for Vector {
    fn eq(&self, other: &Self) -> bool {
        self.partial_cmp(other) == Some(Ordering::Equal)
    }
}
