#![doc = include_str!("../README.md")]

mod base_url;
mod clock;
mod transport;
pub mod wire;

pub use base_url::{BaseUrl, BaseUrlError};
#[cfg(feature = "tokio")]
pub use clock::TokioClock;
pub use clock::{Clock, ManualClock};
pub use transport::{BoxFuture, Failure, Limits, MaybeSend, Sent, Transport, TransportError};
