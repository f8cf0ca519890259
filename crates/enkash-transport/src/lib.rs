#![doc = include_str!("../README.md")]

mod base_url;
#[cfg(any(feature = "reqwest", feature = "hyper", feature = "tower"))]
mod body;
mod clock;
#[cfg(feature = "conformance")]
pub mod conformance;
#[cfg(feature = "hyper")]
mod hyper;
#[cfg(feature = "memory")]
mod memory;
#[cfg(feature = "reqwest")]
mod reqwest;
#[cfg(feature = "tower")]
mod tower;
mod transport;
pub mod wire;

pub use base_url::{BaseUrl, BaseUrlError};
#[cfg(feature = "tokio")]
pub use clock::TokioClock;
pub use clock::{Clock, ManualClock};
#[cfg(feature = "hyper")]
pub use hyper::HyperTransport;
#[cfg(feature = "memory")]
pub use memory::MemoryTransport;
#[cfg(feature = "reqwest")]
pub use reqwest::ReqwestTransport;
#[cfg(feature = "tower")]
pub use tower::TowerTransport;
pub use transport::{BoxFuture, Failure, Limits, MaybeSend, Sent, Transport, TransportError};
