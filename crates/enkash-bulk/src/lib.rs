#![doc = include_str!("../README.md")]

pub mod check;
pub mod file;
pub mod journal;
mod problem;
pub mod report;
pub mod run;

pub use problem::{Problem, Problems};

// The layers below, for those who take this crate alone.
pub use enkash_api as api;
pub use enkash_api::types;
