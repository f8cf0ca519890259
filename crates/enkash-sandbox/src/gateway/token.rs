//! The bearer token of the payment gateway.

use std::sync::Arc;

use enkash_crypto::constant_time_eq;
use enkash_types::gateway::{CreateMerchantToken, MerchantToken};
use enkash_types::{Secret, Valid};

use crate::router::Instead;
use crate::tokens::Kind;
use crate::world::World;

/// `create_merchant_token`.
pub(crate) fn create(
    world: &Arc<World>,
    keys: Valid<CreateMerchantToken>,
) -> Result<MerchantToken, Instead> {
    let known = &world.config.credentials;
    let same = |given: &Secret, right: &Secret| {
        constant_time_eq(given.expose().as_bytes(), right.expose().as_bytes())
    };
    // Both are looked at, so that the time does not tell which was wrong.
    if !(same(&keys.access_key, &known.access_key) & same(&keys.secret_key, &known.secret_key)) {
        return Err(Instead::refuse(
            401,
            "accessKey and secretKey are not those of this account",
        ));
    }
    let mut state = world.state();
    let state = &mut *state;
    let minted = state.ids.token("merchant");
    let life = world.config.token_life;
    let end = state.tokens.add(Kind::Merchant, &minted, life, state.now);

    let mut token = MerchantToken::new(minted);
    token.expiry = i64::try_from(end.millis()).ok();
    token.result_code = Some(0);
    token.result_message = Some("Success".to_owned());
    Ok(token)
}
