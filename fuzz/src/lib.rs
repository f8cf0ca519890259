//! What the fuzz targets share; `cargo xtask fuzz` runs them.
//!
//! Nothing here is a list of operations: a target walks over what is declared, and values are made
//! up from the JSON Schemas, so an operation is fuzzed from the day on which it is declared.

#![forbid(unsafe_code)]

pub mod choices;
pub mod declared;
pub mod fitting;
pub mod known;
pub mod sandbox;
pub mod seeds;
