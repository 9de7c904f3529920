//! The network: model file, golden model, design, compilation to memory images, schedule and cycle model.
