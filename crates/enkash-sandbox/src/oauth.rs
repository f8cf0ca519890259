//! The OAuth token that all products but the payment gateway share.

use std::sync::Arc;

use enkash_crypto::constant_time_eq;
use enkash_types::oauth::{OAuthToken, PasswordGrant, RefreshGrant};
use enkash_types::{Valid, masked};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::config::Spelling;
use crate::router::{Instead, Route, serve};
use crate::state::State;
use crate::tokens::Kind;
use crate::world::World;

/// The one user of a sandbox.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct User {
    /// Wrong passwords in a row.
    wrong_passwords: u32,
}

impl User {
    /// So many wrong passwords in a row lock the account (rewards, *User Authentication*).
    const WRONG_PASSWORDS: u32 = 3;

    fn is_locked(&self) -> bool {
        self.wrong_passwords >= Self::WRONG_PASSWORDS
    }

    /// Unlocks the account; says whether it was locked.
    pub(crate) fn unlock(&mut self) -> bool {
        std::mem::take(&mut self.wrong_passwords) >= Self::WRONG_PASSWORDS
    }
}

/// The operations, with the functions that behave like them.
pub(crate) fn routes() -> Vec<Route> {
    vec![serve(refresh).only_if(is_refresh), serve(password)]
}

/// Whether a form asks for a token with a refresh token. `grant_type` says so; where it is neither
/// of the two that there are, the other fields show what was meant, and so what is to be refused.
fn is_refresh(form: &[u8]) -> bool {
    let fields: Vec<(String, String)> = serde_urlencoded::from_bytes(form).unwrap_or_default();
    let field = |name: &str| {
        let mut fields = fields.iter();
        fields.find(|(field, _)| field == name)
    };
    match field("grant_type").map(|(_, value)| value.as_str()) {
        Some("refresh_token") => true,
        Some("password") => false,
        _ => field("refresh_token").is_some(),
    }
}

/// `generate_payout_token` and its siblings.
fn password(world: &Arc<World>, grant: Valid<PasswordGrant>) -> Result<OAuthToken, Instead> {
    let known = &world.config.credentials;
    // The documentation does not say which of the two ids `clientId` is.
    let id = grant.client_id.as_str();
    if id != known.client_id && id != known.company_id {
        return Err(Instead::refuse(422, "clientId: is not this account's"));
    }
    let mut state = world.state();
    let state = &mut *state;
    refuse_if_locked(&state.user)?;
    if grant.username != known.username {
        return Err(invalid_grant("no such user, or the password is wrong"));
    }
    let given = grant.password.expose().as_bytes();
    if !constant_time_eq(given, known.password.expose().as_bytes()) {
        state.user.wrong_passwords += 1;
        return Err(invalid_grant("no such user, or the password is wrong"));
    }
    if state.user.wrong_passwords > 0 {
        state.user.wrong_passwords = 0;
    }
    issue(world, state)
}

/// `refresh_oauth_token`.
fn refresh(world: &Arc<World>, grant: Valid<RefreshGrant>) -> Result<OAuthToken, Instead> {
    let mut state = world.state();
    let state = &mut *state;
    refuse_if_locked(&state.user)?;
    if !state.tokens.use_refresh(grant.refresh_token.expose()) {
        return Err(invalid_grant(
            "the refresh token was used, was revoked, or never was",
        ));
    }
    issue(world, state)
}

fn issue(world: &World, state: &mut State) -> Result<OAuthToken, Instead> {
    let life = world.config.oauth_token_life;
    let access = state.ids.token("oauth");
    let refresh = state.ids.token("refresh");
    state.tokens.add(Kind::OAuth, &access, life, state.now);
    state.tokens.add_refresh(&refresh, state.now);

    let mut token = OAuthToken::new(access);
    token.token_type = Some("bearer".to_owned());
    token.refresh_token = Some(refresh.into());
    token.expires_in = Some(life.as_secs());
    match world.config.oauth_spelling {
        Spelling::Snake => {
            token.scope = Some("read write trust".to_owned());
            Ok(token)
        }
        Spelling::Camel => {
            let body = json!({
                "accessToken": token.access_token,
                "tokenType": token.token_type,
                "expiresIn": token.expires_in,
                "refreshToken": token.refresh_token,
            });
            let shown = masked(&token).unwrap_or_default();
            Err(Instead::Json(StatusCode::OK, body, shown))
        }
    }
}

fn refuse_if_locked(user: &User) -> Result<(), Instead> {
    if user.is_locked() {
        return Err(invalid_grant(
            "the account is locked after three wrong passwords; POST /_sandbox/oauth/unlock unlocks it",
        ));
    }
    Ok(())
}

/// As OAuth 2.0 refuses a password or a refresh token (RFC 6749, section 5.2).
fn invalid_grant(why: &str) -> Instead {
    Instead::json(
        StatusCode::BAD_REQUEST,
        json!({"error": "invalid_grant", "error_description": why}),
    )
}
