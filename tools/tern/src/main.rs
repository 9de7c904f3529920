//! tern

fn main() {}
