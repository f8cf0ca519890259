//! Every text that a user of this crate can read when something went wrong.

use enkash_transport::wire::{EncodeError, Refusal};
use enkash_transport::{BaseUrlError, Failure, Sent, TransportError};

#[test]
fn transport_errors_say_whether_the_request_left() {
    let texts: Vec<String> = [
        Failure::Setup,
        Failure::Connect,
        Failure::Tls,
        Failure::Timeout,
        Failure::BodyTooLarge,
        Failure::Connection,
    ]
    .into_iter()
    .flat_map(|failure| [(failure, Sent::No), (failure, Sent::Maybe)])
    .map(|(failure, sent)| TransportError::new(failure, sent).to_string())
    .collect();
    insta::assert_snapshot!(texts.join("\n"), @"
    the request could not be sent as it is; the request did not leave
    the request could not be sent as it is; the request may have arrived
    EnKash could not be reached; the request did not leave
    EnKash could not be reached; the request may have arrived
    no secure connection to EnKash could be made; the request did not leave
    no secure connection to EnKash could be made; the request may have arrived
    no answer came in time; the request did not leave
    no answer came in time; the request may have arrived
    the answer was larger than allowed; the request did not leave
    the answer was larger than allowed; the request may have arrived
    the connection to EnKash broke; the request did not leave
    the connection to EnKash broke; the request may have arrived
    ");
}

#[test]
fn wrong_addresses_say_what_is_allowed() {
    let texts = [
        BaseUrlError::NotAnAddress,
        BaseUrlError::NotEncrypted,
        BaseUrlError::MoreThanABase,
    ]
    .map(|error| error.to_string());
    insta::assert_snapshot!(texts.join("\n"), @"
    not an address; write it as https://host, for example https://olympus-pg-uat.enkash.in, or as http://127.0.0.1:4010 for a server on this machine
    http:// is allowed to this machine only (127.0.0.1, [::1], localhost); use https://
    the base address takes a host and a path alone, without user name, query or fragment
    ");
}

#[test]
fn requests_that_cannot_be_written_name_the_field() {
    let texts = [
        EncodeError::PathField("orderId"),
        EncodeError::NotPlain("filter".to_owned()),
        EncodeError::Header("merchantAccessKey"),
        EncodeError::Other("it is not an object".to_owned()),
    ]
    .map(|error| error.to_string());
    insta::assert_snapshot!(texts.join("\n"), @r#"
    orderId: stands in the address, so it must be a text and not empty, "." or ".."
    filter: must be a text, a number, true or false
    merchantAccessKey: goes into a header, so it must be printable ASCII
    the request cannot be encoded: it is not an object
    "#);
}

#[test]
fn refusals_repeat_what_enkash_said() {
    let texts = [
        Refusal::new(200, Some(1), "no such company"),
        Refusal::new(503, None, ""),
        Refusal::new(401, Some(401), ""),
    ]
    .map(|refusal| refusal.to_string());
    insta::assert_snapshot!(texts.join("\n"), @"
    EnKash refused (HTTP 200, code 1): no such company
    EnKash refused (HTTP 503)
    EnKash refused (HTTP 401, code 401)
    ");
}
