//! Nothing secret is shown anywhere.

use std::fmt::Write as _;

use enkash_auth::{Token, TokenProvider};
use serde_json::json;

use crate::server::{
    Reply, Server, assert_hidden, merchant_credentials, minutes, oauth_credentials,
};

#[tokio::test]
async fn debug_shows_no_secret() {
    let server = Server::of_merchant_tokens(minutes(60));
    let tokens = server.merchant();
    tokens.token().await.unwrap();
    let token = Token::new("token-0", std::time::SystemTime::UNIX_EPOCH);
    let shown = format!(
        "{:#?}\n{:#?}\n{token:#?}\n{tokens:#?}",
        merchant_credentials("access-1"),
        oauth_credentials("password-1"),
    );
    assert_hidden(&shown);
    insta::assert_snapshot!(shown, @r#"
    MerchantCredentials {
        access_key: [hidden],
        secret_key: [hidden],
    }
    OAuthCredentials {
        client_id: "client",
        client_secret: [hidden],
        username: "owner@example.in",
        password: [hidden],
        company_id: "CEK1GZBO6A",
    }
    Token {
        secret: [hidden],
        ..
    }
    MerchantTokens {
        cache: Cache {
            current: Some(
                Token {
                    secret: [hidden],
                    ..
                },
            ),
            ..
        },
    }
    "#);
}

#[tokio::test]
async fn errors_show_no_secret_and_say_what_to_do() {
    let mut shown = String::new();
    for reply in [
        || Reply::not_reached(),
        || Reply::Answer(503, "<html>token-1</html>".to_owned()),
        || Reply::json(400, json!({"error_description": "Bad credentials"})),
        || Reply::json(200, json!({"access_token": ["token-1"]})),
    ] {
        let server = Server::new(move |_, _| reply());
        let error = server.oauth().token().await.unwrap_err();
        assert_hidden(&format!("{error:?}"));
        writeln!(shown, "{error}").unwrap();
    }
    assert_hidden(&shown);
    insta::assert_snapshot!(shown, @"
    the request for a token failed: EnKash could not be reached; the request did not leave. Try the call again after a short pause
    the request for a token failed: EnKash refused (HTTP 503). Try the call again after a short pause
    EnKash did not accept the credentials: EnKash refused (HTTP 400): Bad credentials. They are not tried again, as three wrong passwords lock an account; correct them, and give them anew
    EnKash answered with no token, which may be how it refuses the credentials: the answer (HTTP 200) cannot be read: access_token: expected a string, found sequence. They are not tried again, as three wrong passwords lock an account; make sure of them, and give them anew
    ");
}
