//! Payment gateway: tokens, orders and payments.

pub(crate) mod attempts;
pub(crate) mod callbacks;
mod collected;
mod control;
pub(crate) mod customers;
pub(crate) mod instruments;
pub(crate) mod mandates;
pub(crate) mod notifications;
pub(crate) mod orders;
mod otp;
mod payment_links;
mod payments;
pub(crate) mod qr;
pub(crate) mod refunds;
mod searches;
pub(crate) mod settlements;
pub(crate) mod split;
mod token;
pub(crate) mod upi;
mod upi_code;
pub(crate) mod virtual_accounts;

use crate::control::Act;
use crate::router::{Route, serve};

/// The operations, with the functions that behave like them.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        serve(token::create),
        serve(orders::create),
        serve(orders::status),
        serve(upi::qr),
        serve(upi::links),
        serve(split::submit).only_if(split::is_flat),
        serve(payments::submit),
        serve(payments::status),
        serve(otp::validate),
        serve(otp::resend),
        serve(upi::status),
        serve(upi::verify),
        serve(refunds::refund),
        serve(settlements::get),
        serve(settlements::search),
        serve(qr::create),
        serve(qr::get),
        serve(qr::search),
        serve(qr::cancel),
        serve(customers::create),
        serve(customers::search),
        serve(mandates::create),
        serve(mandates::get),
        serve(mandates::update),
        serve(mandates::revoke),
        serve(mandates::notify),
        serve(mandates::execute),
        serve(virtual_accounts::create),
        serve(virtual_accounts::get),
        serve(split::create),
        serve(split::update),
        serve(split::activate),
        serve(split::edit),
    ]
}

/// What the control surface can do with all of it.
pub(crate) fn acts() -> impl Iterator<Item = &'static Act> {
    [
        control::ACTS,
        qr::ACTS,
        mandates::ACTS,
        virtual_accounts::ACTS,
        split::ACTS,
        payment_links::ACTS,
        callbacks::ACTS,
    ]
    .into_iter()
    .flatten()
}
