//! The proof that the generated hardware is the network, one file a topic.

mod broken_pe;
mod byte_streams;
mod converters;
mod coverage;
mod digits;
mod documents;
mod expressions;
mod formal;
mod large;
mod leaves;
mod lint;
mod load;
mod matrix;
mod mutation;
mod netlist;
mod patch;
mod random_networks;
mod random_shapes;
mod readable;
mod resources;
mod rust_hdl;
mod silicon;
mod single_port;
mod stream;
mod tidy;
mod verification;
