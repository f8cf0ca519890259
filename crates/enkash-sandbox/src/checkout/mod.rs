//! The checkout: the page on which a payer pays an order, and the calls by which EnKash's own
//! script does the same from a merchant's page.
//!
//! Whatever happens to an order or a payment happens in `crate::gateway::attempts`; here it is
//! shown, and asked for.

mod calls;
mod card;
mod choose;
mod cors;
mod page;
mod parts;
mod sheet;
mod shown;
mod steps;
mod ways;
mod window;

use std::sync::Arc;

use bytes::Bytes;
use http::Response;
use http::request::Parts;

use crate::router::Done;
use crate::world::World;

pub(crate) use cors::after;

/// What a browser is answered.
type Answer = Response<Bytes>;

/// Answers what a browser asks again and again without being told to, and what it asks about the
/// pages of a merchant. Nobody looks for these in the log.
pub(crate) fn at_once(world: &World, head: &Parts) -> Option<Answer> {
    cors::before(world, head).or_else(|| page::look(world, head))
}

/// Answers a request to the page or one of the calls, if it is one.
pub(crate) fn handle(world: &Arc<World>, head: &Parts, body: &[u8]) -> Option<Done> {
    match head.uri.path().strip_prefix("/v1/pay/") {
        // What is sent to the page is not logged: it may be a card.
        Some(path) => Some(Done::open(page::handle(world, head, path, body))),
        None => calls::handle(world, head, body),
    }
}
