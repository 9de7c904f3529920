//! `tern_core`, or another top module with its streams, simulated by Verilator.
//!
//! [`Simulator::build`] turns Verilog into a shared library behind a small C interface (`harness.cpp`), and
//! [`Simulator::instance`] makes independent cores of it. The memories of the core can be overwritten after the build
//! ([`VerilatorDut::load_memory`]), so that one build serves every network that fits the same hardware: each Verilog
//! module whose name begins with `tern_rom` or `tern_memory` and that has an array `mem` is such a memory.

mod build;
mod cache;
mod compile;
pub mod lint;
pub mod options;
mod ports;

use std::ffi::{CStr, CString, c_char};
use std::fs;
use std::path::Path;
use std::sync::Arc;

use libloading::Library;

use crate::dut::{Dut, Inputs, Outputs};
use crate::eda::error::ToolError;
use options::Options;
use ports::Ports;

/// The widest memory word that can be loaded, in bits.
pub const MAX_WORD_BITS: u32 = 128;

/// What the library's simulation object is to Rust: an address.
#[repr(C)]
struct Handle {
    _opaque: [u8; 0],
}

struct Functions {
    new: unsafe extern "C" fn(*const c_char) -> *mut Handle,
    close: unsafe extern "C" fn(*mut Handle),
    delete: unsafe extern "C" fn(*mut Handle),
    cycle: unsafe extern "C" fn(*mut Handle, *const Inputs, *mut Outputs),
    fault: unsafe extern "C" fn(*const Handle) -> *const c_char,
    memory: unsafe extern "C" fn(*mut Handle, usize, *mut u32, *mut u32) -> *const c_char,
    write: unsafe extern "C" fn(*mut Handle, usize, u32, *const u64),
    read: unsafe extern "C" fn(*mut Handle, usize, u32, *mut u64),
    _library: Library,
}

/// A memory of the core.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadableMemory {
    /// The path of its instance below the top module, such as `array.weights_0`.
    pub instance: String,
    /// Bits per word.
    pub width: u32,
    /// Words.
    pub depth: u32,
}

/// A core compiled by Verilator, of which instances can be made.
#[derive(Clone)]
pub struct Simulator {
    functions: Arc<Functions>,
    ports: Ports,
    top: Arc<str>,
    trace: bool,
}

impl Simulator {
    /// Compiles the Verilog texts `sources`, whose top module is that of `options`; a build of the same content in `folder` is reused.
    ///
    /// Safe to call from several processes and threads with the same folder. Errors: no Verilator or C++ compiler, faulty
    /// Verilog, a port that is missing or too wide.
    pub fn build(
        sources: &[&str],
        options: &Options,
        folder: impl AsRef<Path>,
    ) -> Result<Simulator, ToolError> {
        let folder = folder.as_ref();
        let built = build::build(sources, options, folder)?;
        let header = built.join("Vtern_core.h");
        let ports = ports::read(
            &fs::read_to_string(&header).map_err(|e| ToolError::file("read", &header, e))?,
            options.top,
        )?;
        let library = built.join("libtern_core.so");
        let functions = load(&library).map_err(|e| ToolError::file("load", &library, e))?;
        Ok(Simulator {
            functions: Arc::new(functions),
            ports,
            top: options.top.into(),
            trace: options.trace,
        })
    }

    /// A new core, before its reset, with the memories as the Verilog initialises them.
    pub fn instance(&self) -> VerilatorDut {
        self.start(None)
    }

    /// A new core that writes a waveform (VCD) to `path` until it is dropped; the build must have had [`Options::trace`].
    pub fn traced_instance(&self, path: impl AsRef<Path>) -> Result<VerilatorDut, ToolError> {
        let path = path.as_ref();
        if !self.trace {
            return Err(ToolError::new(
                "this simulator was built without tracing, expected a build with the option trace",
            ));
        }
        fs::File::create(path).map_err(|e| ToolError::file("write", path, e))?;
        let name = CString::new(path.as_os_str().as_encoded_bytes())
            .map_err(|e| ToolError::file("write", path, e))?;
        Ok(self.start(Some(&name)))
    }

    fn start(&self, trace: Option<&CStr>) -> VerilatorDut {
        let functions = self.functions.clone();
        // SAFETY: the library was built from harness.cpp, whose functions have these types; the name outlives the call.
        let handle = unsafe { (functions.new)(trace.map_or(std::ptr::null(), CStr::as_ptr)) };
        let mut memories = Vec::new();
        loop {
            let (mut width, mut depth) = (0, 0);
            // SAFETY: the handle is live and both numbers are writable.
            let name =
                unsafe { (functions.memory)(handle, memories.len(), &mut width, &mut depth) };
            if name.is_null() {
                break;
            }
            // SAFETY: not null, hence a C string that lives as long as the handle.
            let instance = unsafe { CStr::from_ptr(name) }
                .to_string_lossy()
                .into_owned();
            memories.push(LoadableMemory {
                instance,
                width,
                depth,
            });
        }
        VerilatorDut {
            functions,
            handle,
            ports: self.ports,
            top: self.top.clone(),
            memories,
        }
    }
}

fn load(path: &Path) -> Result<Functions, libloading::Error> {
    // SAFETY: the library runs no code when loaded but C++ constructors of constants, and was built from harness.cpp,
    // which declares the functions with these types; the pointers live no longer than the library beside them.
    unsafe {
        let library = Library::new(path)?;
        Ok(Functions {
            new: *library.get(b"tern_new")?,
            close: *library.get(b"tern_close")?,
            delete: *library.get(b"tern_delete")?,
            cycle: *library.get(b"tern_cycle")?,
            fault: *library.get(b"tern_fault")?,
            memory: *library.get(b"tern_memory")?,
            write: *library.get(b"tern_write")?,
            read: *library.get(b"tern_read")?,
            _library: library,
        })
    }
}

/// One core under simulation.
pub struct VerilatorDut {
    functions: Arc<Functions>,
    handle: *mut Handle,
    ports: Ports,
    top: Arc<str>,
    memories: Vec<LoadableMemory>,
}

impl VerilatorDut {
    /// The memories that can be loaded, ordered by instance path.
    pub fn memories(&self) -> &[LoadableMemory] {
        &self.memories
    }

    /// Overwrites the memory at instance path `instance` with `words`, one for each address.
    ///
    /// Errors: no such memory, another number of words than its depth, a word wider than the memory or a memory wider
    /// than 128 bits.
    pub fn load_memory(&mut self, instance: &str, words: &[u128]) -> Result<(), ToolError> {
        let (index, memory) = self.find(instance)?;
        if words.len() != memory.depth as usize {
            let (depth, len) = (memory.depth, words.len());
            return Err(ToolError::new(format!(
                "memory {instance} has {depth} words, got {len} to load"
            )));
        }
        if let Some(at) = words
            .iter()
            .position(|word| memory.width < MAX_WORD_BITS && word >> memory.width != 0)
        {
            let (width, word) = (memory.width, words[at]);
            return Err(ToolError::new(format!(
                "word {at} for memory {instance} is {word:#x}, expected {width} bits"
            )));
        }
        for (address, word) in (0..).zip(words) {
            let halves = [*word as u64, (word >> 64) as u64];
            // SAFETY: the address is below the depth and the word is not narrower than the memory's, as find() checks.
            unsafe { (self.functions.write)(self.handle, index, address, halves.as_ptr()) };
        }
        Ok(())
    }

    /// Ends the waveform, which is complete then; without one nothing happens.
    ///
    /// Errors: the waveform could not be written, or the simulation has ended before.
    pub fn close_trace(&mut self) -> Result<(), ToolError> {
        // SAFETY: the handle is live.
        unsafe { (self.functions.close)(self.handle) };
        self.fault()
            .map_or(Ok(()), |fault| Err(ToolError::new(fault)))
    }

    /// The words of the memory at instance path `instance` as they are now.
    pub fn read_memory(&self, instance: &str) -> Result<Vec<u128>, ToolError> {
        let (index, memory) = self.find(instance)?;
        let read = |address| {
            let mut halves = [0u64; 2];
            // SAFETY: as in load_memory.
            unsafe { (self.functions.read)(self.handle, index, address, halves.as_mut_ptr()) };
            u128::from(halves[0]) | u128::from(halves[1]) << 64
        };
        Ok((0..memory.depth).map(read).collect())
    }

    fn find(&self, instance: &str) -> Result<(usize, &LoadableMemory), ToolError> {
        let found = self
            .memories
            .iter()
            .enumerate()
            .find(|(_, memory)| memory.instance == instance);
        let (index, memory) = found.ok_or_else(|| {
            let names: Vec<&str> = self
                .memories
                .iter()
                .map(|memory| memory.instance.as_str())
                .collect();
            ToolError::new(format!(
                "{} has no memory {instance}; there are: {}",
                self.top,
                names.join(", ")
            ))
        })?;
        match memory.width <= MAX_WORD_BITS {
            true => Ok((index, memory)),
            false => {
                let width = memory.width;
                Err(ToolError::new(format!(
                    "memory {instance} is {width} bits wide, expected at most {MAX_WORD_BITS}"
                )))
            }
        }
    }
}

impl Dut for VerilatorDut {
    fn name(&self) -> &str {
        "verilator"
    }

    fn input_bits(&self) -> u32 {
        self.ports.input_bits
    }

    fn output_bits(&self) -> u32 {
        self.ports.output_bits
    }

    fn cycle(&mut self, inputs: &Inputs) -> Outputs {
        let mut outputs = Outputs::default();
        // SAFETY: the handle is live, and Inputs and Outputs are laid out as in harness.cpp.
        unsafe { (self.functions.cycle)(self.handle, inputs, &mut outputs) };
        outputs
    }

    fn fault(&mut self) -> Option<String> {
        // SAFETY: the handle is live; what is not null is a C string that lives as long as the handle.
        let fault = unsafe {
            let fault = (self.functions.fault)(self.handle);
            (!fault.is_null()).then(|| CStr::from_ptr(fault).to_string_lossy().into_owned())
        };
        fault.map(|fault| format!("verilator has ended the simulation: {fault}"))
    }
}

impl Drop for VerilatorDut {
    fn drop(&mut self) {
        // SAFETY: the handle came from tern_new and is not used again.
        unsafe { (self.functions.delete)(self.handle) }
    }
}
