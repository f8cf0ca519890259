//! Who is asking.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use enkash_crypto::constant_time_eq;
use enkash_types::{Auth, Header, Operation};
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::config::{Config, Credentials};
use crate::router::Instead;
use crate::time::Moment;
use crate::tokens::{Kind, Tokens};

/// Checks what a call carries against what its declaration asks for.
pub(crate) fn check(
    config: &Config,
    tokens: &Tokens,
    now: Moment,
    operation: &Operation,
    headers: &HeaderMap,
) -> Result<(), Instead> {
    let credentials = &config.credentials;
    let bearer =
        |kind| after(headers, "Bearer ").is_some_and(|token| tokens.lives(kind, token, now));
    let known = match operation.auth {
        Auth::None => true,
        Auth::Client => client(credentials, headers),
        Auth::Merchant => bearer(Kind::Merchant),
        // What a call of unknown authorization wants is not documented; here it is the token that
        // nearly all others want.
        Auth::OAuth | Auth::Unknown => bearer(Kind::OAuth),
    };
    if !known {
        return Err(match operation.auth {
            Auth::Merchant => Instead::token_refused(),
            Auth::Client => Instead::refuse(
                401,
                "the Authorization header must be Basic and the base64 of clientId:clientSecret",
            ),
            _ => Instead::refuse(401, "the Authorization header carries no live token"),
        });
    }
    for header in operation.headers {
        let (name, right) = match header {
            Header::MerchantAccessKey => (
                HeaderName::from_static("merchantaccesskey"),
                credentials.access_key.expose(),
            ),
            Header::PartnerId => (
                HeaderName::from_static("partnerid"),
                credentials.partner_id.as_str(),
            ),
        };
        let given = headers.get(name).map(HeaderValue::as_bytes);
        if !given.is_some_and(|given| constant_time_eq(given, right.as_bytes())) {
            let name = header.name();
            return Err(match given {
                None => Instead::refuse(403, format!("the header {name} is missing")),
                Some(_) => Instead::refuse(403, format!("the header {name} is not this account's")),
            });
        }
    }
    Ok(())
}

fn client(credentials: &Credentials, headers: &HeaderMap) -> bool {
    let right = format!(
        "{}:{}",
        credentials.client_id,
        credentials.client_secret.expose()
    );
    after(headers, "Basic ")
        .and_then(|pair| BASE64.decode(pair.trim()).ok())
        .is_some_and(|pair| constant_time_eq(&pair, right.as_bytes()))
}

/// What follows the scheme in `Authorization`. A scheme is written in any case (RFC 9110).
fn after<'a>(headers: &'a HeaderMap, scheme: &str) -> Option<&'a str> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (given, rest) = value.split_at_checked(scheme.len())?;
    given.eq_ignore_ascii_case(scheme).then_some(rest)
}
