//! Executors of a compiled network and the EDA tools behind them.
