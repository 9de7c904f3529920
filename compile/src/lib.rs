//! From a network to what its hardware is made from.
//!
//! A [`Design`](design::Design) says how large the array is and for which [`Device`](device::Device); without one,
//! [`sizing`] finds the arrays that fit. [`Program::compile`](program::Program::compile) makes of a network and a design the
//! [`Shape`](shape::Shape) of the core, on which its structure depends, and the images of its memories. The
//! [cycle model](cycles) gives the cycle of every output beat, exactly.
//!
//! ```
//! use tern_compile::cycles::CycleModel;
//! use tern_compile::design::Design;
//! use tern_compile::program::Program;
//! use tern_model::network::CellKind;
//! use tern_model::random::{RandomSpec, random_model};
//!
//! let model = random_model(&RandomSpec::fixed_point(CellKind::Lstm, 20, 64), 1);
//! let design = Design::largest(&model, "ice40-hx8k")?;
//! let program = Program::compile(&model, &design)?;
//! assert_eq!(program.images.weights.len(), design.columns);
//!
//! let shape = &program.shape;
//! assert!(shape.block_rams() <= design.device.block_rams);
//! let timeline = CycleModel::new(shape).run(&[30]);
//! assert_eq!(timeline.step_ends.len(), 30);
//! assert_eq!(timeline.output_beats.len(), 30 * shape.output_chunks());
//! # Ok::<(), tern_compile::error::Error>(())
//! ```

pub mod bits;
pub mod cycles;
pub mod design;
pub mod device;
pub mod error;
pub mod link;
pub mod pll;
pub mod program;
pub mod shape;
pub mod sizing;
pub mod stream_layout;
