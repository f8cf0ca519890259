//! OAuth tokens.

use std::time::Duration;

use enkash_sandbox::{Config, Spelling};
use enkash_types::oauth::{PasswordGrant, RefreshGrant};
use enkash_types::rewards::CreateRewardSsoToken;
use http::header::CONTENT_TYPE;
use serde_json::{Value, json};

use crate::client::{Client, does, refusal, set, start, start_with};

fn sign_on() -> CreateRewardSsoToken {
    CreateRewardSsoToken::new("CAQL8YCV3", "CEK1PU9AOO", "EKCDM5AVZY")
}

/// The names of an answer's fields, and those fields that are no tokens.
async fn spelled(config: Config) -> (Vec<String>, Value) {
    let sandbox = start_with(config).await;
    let client = Client::new(&sandbox).await;
    let right = sandbox.credentials().password.clone();
    let request = client.request(client.password(right));
    let response = client.send(request).await.unwrap();
    assert_eq!(response.headers()[CONTENT_TYPE], "application/json");
    let mut answer: Value = serde_json::from_slice(response.body()).unwrap();
    let fields = answer.as_object_mut().unwrap();
    let names = fields.keys().cloned().collect();
    fields.retain(|_, value| {
        !value
            .as_str()
            .is_some_and(|text| text.starts_with("sandbox-"))
    });
    (names, answer)
}

#[tokio::test]
async fn a_password_gives_a_token_in_either_spelling() {
    let (names, rest) = spelled(Config::new()).await;
    let snake = [
        "access_token",
        "expires_in",
        "refresh_token",
        "scope",
        "token_type",
    ];
    assert_eq!(names, snake);
    assert_eq!(
        rest,
        json!({"expires_in": 86399, "scope": "read write trust", "token_type": "bearer"})
    );

    let camel = Config::new()
        .with_oauth_spelling(Spelling::Camel)
        .with_oauth_token_life(Duration::from_secs(300));
    let (names, rest) = spelled(camel).await;
    let camel = ["accessToken", "expiresIn", "refreshToken", "tokenType"];
    assert_eq!(names, camel);
    assert_eq!(rest, json!({"expiresIn": 300, "tokenType": "bearer"}));
}

#[tokio::test]
async fn the_token_opens_calls_until_it_expires() {
    let sandbox = start_with(Config::new().with_oauth_spelling(Spelling::Camel)).await;
    let client = Client::new(&sandbox).await;
    sandbox.clock().advance(Duration::from_secs(86_398));
    client.call(sign_on()).await.unwrap();
    sandbox.clock().advance(Duration::from_secs(1));
    let refusal = refusal(client.call(sign_on()).await);
    assert_eq!((refusal.status, refusal.code), (401, Some(401)));
    assert!(refusal.is_of_token());
}

#[tokio::test]
async fn the_client_must_be_the_right_one() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let right = sandbox.credentials().password.clone();
    for authorization in ["Basic c2FuZGJveA==", "Basic !", "Bearer x", ""] {
        let mut request = client.request(client.password(right.clone()));
        set(&mut request, "authorization", authorization);
        let refusal = client.refused::<PasswordGrant>(request).await;
        assert_eq!(refusal.status, 401, "{authorization}");
    }

    let known = sandbox.credentials();
    let by_company = PasswordGrant::new(&*known.username, right.clone(), &*known.company_id);
    client.call(by_company).await.unwrap();
    let by_another = PasswordGrant::new(&*known.username, right, "COTHER");
    let refusal = refusal(client.call(by_another).await);
    assert_eq!(refusal.status, 422);
    assert_eq!(refusal.message, "clientId: is not this account's");
}

#[tokio::test]
async fn three_wrong_passwords_in_a_row_lock_the_account() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let right = sandbox.credentials().password.clone();
    let refresh = client.oauth_token().await.refresh_token.unwrap();
    let wrong = async || {
        let refusal = refusal(client.call(client.password("wrong")).await);
        assert_eq!(refusal.status, 400);
        refusal.message
    };
    assert!(wrong().await.contains("the password is wrong"));
    wrong().await;
    client.call(client.password(right.clone())).await.unwrap();
    wrong().await;
    wrong().await;
    wrong().await;

    let refused = refusal(client.call(client.password(right.clone())).await);
    assert_eq!(refused.status, 400);
    assert!(refused.message.contains("locked"), "{}", refused.message);
    let refused = refusal(client.call(RefreshGrant::new(refresh)).await);
    assert!(refused.message.contains("locked"), "{}", refused.message);

    let answer = does(&sandbox, "oauth/unlock", Value::Null).await;
    assert_eq!(answer, json!({"wasLocked": true}));
    client.call(client.password(right)).await.unwrap();
}

#[tokio::test]
async fn an_unknown_user_is_refused_and_locks_nobody() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let known = sandbox.credentials();
    for _ in 0..4 {
        let other = PasswordGrant::new("other@example.in", "wrong", &*known.client_id);
        assert_eq!(refusal(client.call(other).await).status, 400);
    }
    client.oauth_token().await;
}

#[tokio::test]
async fn a_refresh_token_works_once() {
    let sandbox = start().await;
    let mut client = Client::new(&sandbox).await;
    let first = client.oauth_token().await.refresh_token.unwrap();
    let second = client.call(RefreshGrant::new(first.clone())).await.unwrap();
    client.oauth = second.access_token;
    client.call(sign_on()).await.unwrap();

    let refused = refusal(client.call(RefreshGrant::new(first)).await);
    assert_eq!(refused.status, 400);
    let third = second.refresh_token.unwrap();
    client.call(RefreshGrant::new(third)).await.unwrap();
}

#[tokio::test]
async fn refresh_tokens_can_be_revoked() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let refresh = client.oauth_token().await.refresh_token.unwrap();
    let answer = does(&sandbox, "oauth/revoke", Value::Null).await;
    assert_eq!(answer, json!({"revoked": 2}));
    let request = client.request(RefreshGrant::new(refresh));
    let response = client.send(request).await.unwrap();
    assert_eq!(response.status(), 400);
    let answer: Value = serde_json::from_slice(response.body()).unwrap();
    assert_eq!(answer["error"], "invalid_grant");
}

#[tokio::test]
async fn other_grants_are_refused() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    for (form, status) in [
        (
            "grant_type=client_credentials&username=a&password=b&clientId=c",
            422,
        ),
        ("grant_type=password", 400),
        ("grant_type=refresh_token", 400),
        ("", 400),
        ("%ff=%fe", 400),
    ] {
        let mut request = client.request(client.password("x"));
        *request.body_mut() = form.into();
        let refusal = client.refused::<PasswordGrant>(request).await;
        assert_eq!(refusal.status, status, "{form}: {}", refusal.message);
    }
}
