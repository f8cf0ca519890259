//! The bytes on the wire, both ways. A property test that fails prints its seed;
//! `PROPTEST_RNG_SEED=<seed> cargo test -p enkash-transport --all-features` repeats the run.
#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests are tests as well.

mod answers;
mod envelopes;
mod properties;
mod requests;
mod server;

use bytes::Bytes;
use enkash_transport::wire;
use enkash_types::{Endpoint, Valid};
use http::{Request, Response};

/// Calls a function for each endpoint.
macro_rules! each_endpoint {
    ($function:ident $arguments:tt) => {
        enkash_types::each_request!($function $arguments);
        enkash_types::each_request_without_rules!($function $arguments);
    };
}

use each_endpoint;

fn encoded<E: Endpoint>(request: E) -> Request<Bytes> {
    let base = "https://host.example.in/base".parse().unwrap();
    let request = Valid::check(request).unwrap();
    wire::encode(&base, &request).unwrap()
}

/// What a server makes of an HTTP request.
fn received<E: Endpoint>(request: &Request<Bytes>) -> Result<E, enkash_types::read::ReadError> {
    let path = request.uri().path().strip_prefix("/base").unwrap();
    let fields = wire::path_fields(E::OPERATION, path).unwrap();
    wire::read(&fields, request.uri().query(), request.body())
}

fn answer(status: u16, body: impl Into<Bytes>) -> Response<Bytes> {
    let mut answer = Response::new(body.into());
    *answer.status_mut() = status.try_into().unwrap();
    answer
}

#[test]
fn every_declared_call_is_tested_here() {
    fn name<E: Endpoint>(names: &mut Vec<&str>) {
        names.push(E::OPERATION.name);
    }
    let mut names = Vec::new();
    each_endpoint!(name(&mut names));
    let mut declared: Vec<_> = enkash_types::operations()
        .filter(|declared| !declared.is_webhook)
        .map(|declared| declared.operation.name)
        .collect();
    names.sort_unstable();
    declared.sort_unstable();
    assert_eq!(names, declared);
}
