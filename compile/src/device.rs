//! The devices a core can be generated for.

use std::fmt;

use serde::{Serialize, Serializer};

/// FPGAs of one architecture, which need the same tools.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceFamily {
    /// Lattice iCE40 (LP, HX and UltraPlus).
    Ice40,
    /// Lattice ECP5 and ECP5-5G.
    Ecp5,
}

/// An FPGA and what it offers.
#[derive(Debug, PartialEq, Eq)]
pub struct Device {
    /// Name in a design file: family and size as `nextpnr` spells them.
    pub name: &'static str,
    /// The architecture; `None` for the one that is no FPGA.
    pub family: Option<DeviceFamily>,
    /// Block RAMs.
    pub block_rams: usize,
    /// Shapes of one block RAM with a port of its own for reading and for writing: (words, bits per word).
    pub ram_shapes: &'static [(usize, usize)],
    /// Four-input look-up tables.
    pub luts: usize,
    /// RAMs of 16384 words of 16 bits with one port for reading or writing, without initial contents.
    pub single_port_rams: usize,
    /// Packages as nextpnr names them and the inputs and outputs that each brings out, the usual board's first; none
    /// where pins are no limit.
    pub packages: &'static [(&'static str, usize)],
}

/// SB_RAM40_4K (Lattice FPGA-DS-02029, iCE40 LP/HX family data sheet).
const ICE40_RAM: &[(usize, usize)] = &[(256, 16), (512, 8), (1024, 4), (2048, 2)];
/// DP16KD, pseudo dual port (Lattice FPGA-DS-02012, ECP5 family data sheet).
const ECP5_RAM: &[(usize, usize)] = &[
    (512, 36),
    (1024, 18),
    (2048, 9),
    (4096, 4),
    (8192, 2),
    (16384, 1),
];

/// Streams are bytes by default where a package has fewer pins than a head's 32 bits and an input as wide need.
const WIDE_PINS: usize = 72;

/// The largest of the iCE40s. Pins as nextpnr-ice40 counts them; those of the ECP5s are of FPGA-DS-02012, since nextpnr-ecp5
/// counts the pads of the die.
const ICE40_HX8K: Device = Device {
    name: "ice40-hx8k",
    family: Some(DeviceFamily::Ice40),
    block_rams: 32,
    ram_shapes: ICE40_RAM,
    luts: 7_680,
    single_port_rams: 0,
    packages: &[
        ("ct256", 206),
        ("cm225", 178),
        ("cb132", 95),
        ("bg121", 93),
        ("cm121", 93),
        ("cm81", 63),
    ],
};

/// The smallest of the ECP5s.
const ECP5_25K: Device = Device {
    name: "ecp5-25k",
    family: Some(DeviceFamily::Ecp5),
    block_rams: 56,
    ram_shapes: ECP5_RAM,
    luts: 24_288,
    packages: &[
        ("CABGA381", 197),
        ("CABGA256", 197),
        ("CSFBGA285", 118),
        ("TQFP144", 98),
    ],
    ..ICE40_HX8K
};

/// Every supported device, smallest first; `simulation` is none: any core fits it, and none is made of it.
pub const DEVICES: &[Device] = &[
    // Counts as nextpnr-ice40 reports them for --up5k.
    Device {
        name: "ice40-up5k",
        block_rams: 30,
        luts: 5_280,
        single_port_rams: 4,
        packages: &[("sg48", 39), ("uwg30", 21)],
        ..ICE40_HX8K
    },
    ICE40_HX8K,
    ECP5_25K,
    Device {
        name: "ecp5-45k",
        block_rams: 108,
        luts: 43_848,
        packages: &[
            ("CABGA381", 203),
            ("CABGA554", 245),
            ("CABGA256", 197),
            ("CSFBGA285", 118),
            ("TQFP144", 98),
        ],
        ..ECP5_25K
    },
    Device {
        name: "ecp5-85k",
        block_rams: 208,
        luts: 83_640,
        packages: &[
            ("CABGA381", 205),
            ("CABGA554", 259),
            ("CABGA756", 365),
            ("CSFBGA285", 118),
        ],
        ..ECP5_25K
    },
    Device {
        name: "simulation",
        family: None,
        block_rams: 1_000_000,
        luts: 100_000_000,
        packages: &[],
        ..ECP5_25K
    },
];

/// The boards of `constraints/`, each with the name of its device.
pub const BOARDS: [(&str, &str); 15] = [
    ("alchitry-cu", "ice40-hx8k"),
    ("colorlight-i5", "ecp5-25k"),
    ("colorlight-i9", "ecp5-45k"),
    ("ecp5-25k", "ecp5-25k"),
    ("ecp5-45k", "ecp5-45k"),
    ("ecp5-85k", "ecp5-85k"),
    ("ecp5-vip", "ecp5-85k"),
    ("hx8k-breakout", "ice40-hx8k"),
    ("ice40-hx8k", "ice40-hx8k"),
    ("ice40-up5k", "ice40-up5k"),
    ("icebreaker", "ice40-up5k"),
    ("orangecrab", "ecp5-25k"),
    ("ulx3s-12f", "ecp5-25k"),
    ("ulx3s-85f", "ecp5-85k"),
    ("upduino3", "ice40-up5k"),
];

impl Device {
    /// Name of the device that a core is made for unless another is asked for.
    pub const DEFAULT: &str = "ice40-hx8k";

    /// The device of that name.
    pub fn named(name: &str) -> Option<&'static Device> {
        DEVICES.iter().find(|device| device.name == name)
    }

    /// Inputs and outputs that the named package brings out; `None` for one that is not listed.
    pub fn pins_of(&self, package: &str) -> Option<usize> {
        let of = |(name, pins): &(&str, usize)| (*name == package).then_some(*pins);
        self.packages.iter().find_map(of)
    }

    /// Inputs and outputs of the usual board's package.
    pub fn pins(&self) -> usize {
        self.packages.first().map_or(usize::MAX, |(_, pins)| *pins)
    }

    /// Whether the usual package has too few pins for wide streams.
    pub fn few_pins(&self) -> bool {
        self.pins() < WIDE_PINS
    }

    /// All names, for error messages.
    pub fn names() -> String {
        DEVICES
            .iter()
            .map(|device| device.name)
            .collect::<Vec<_>>()
            .join(", ")
    }

    /// The names of the boards that have the device.
    pub fn boards(&self) -> Vec<&'static str> {
        let has_it = |(_, device): &&(&str, &str)| *device == self.name;
        BOARDS
            .iter()
            .filter(has_it)
            .map(|(name, _)| *name)
            .collect()
    }

    /// Block RAMs that a memory of `words` words of `bits` bits takes, in the best of the shapes.
    ///
    /// ```
    /// use tern_compile::device::Device;
    ///
    /// let ice40 = Device::named("ice40-hx8k").unwrap();
    /// assert_eq!(ice40.rams(1024, 16), 4);
    /// ```
    pub fn rams(&self, words: usize, bits: usize) -> usize {
        self.ram_shapes
            .iter()
            .map(|(depth, width)| words.div_ceil(*depth) * bits.div_ceil(*width))
            .min()
            .unwrap_or(0)
    }
}

/// Writes the name.
impl fmt::Display for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// As its name, which is what a design file has.
impl Serialize for Device {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name)
    }
}
