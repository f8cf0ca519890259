//! A suite of tests that any [`Transport`] must pass.
//!
//! For a transport of your own it is one line in a test:
//!
//! ```no_run
//! # use enkash_transport::{Limits, Transport};
//! # async fn test<MyTransport: Transport>(new: fn(Limits) -> MyTransport) {
//! enkash_transport::conformance::run(|limits| new(limits)).await.assert_passed();
//! # }
//! ```
//!
//! The suite starts servers on loopback ports, some of which break connections, stall or send
//! without end. They are threads that use the standard library alone, so the suite runs on any
//! async runtime, or on none. It takes a few seconds; a transport that does not keep its time
//! limits takes longer and fails, since the servers give up after ten seconds.

mod messages;
mod network;
mod report;
mod server;
mod together;

pub use messages::respond;
pub use report::{Case, Report};

use crate::transport::{Limits, Transport};

/// Runs every case. `make` gives a transport that keeps to the limits.
pub async fn run<T: Transport>(make: impl Fn(Limits) -> T) -> Report {
    let mut report = Report::default();
    match server::Server::answering() {
        Ok(server) => messages::run(&mut report, &make, &server.base()).await,
        Err(error) => report.add("a server on a loopback port", Err(error.to_string())),
    }
    network::run(&mut report, &make).await;
    report
}

/// Runs the cases about messages alone, for a transport that has no network. It must answer each
/// request with what [`respond`] gives.
pub async fn run_in_memory<T: Transport>(make: impl Fn(Limits) -> T) -> Report {
    let mut report = Report::default();
    messages::run(&mut report, &make, "http://127.0.0.1").await;
    report
}
