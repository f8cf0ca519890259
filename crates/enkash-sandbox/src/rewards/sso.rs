//! Single sign-on.

use std::sync::Arc;

use enkash_types::Valid;
use enkash_types::rewards::{CreateRewardSsoToken, RewardSsoToken};

use crate::router::Instead;
use crate::tokens::Kind;
use crate::world::World;

/// `create_reward_sso_token`. Account, company and card are taken as they come: there are no
/// reward accounts in the sandbox yet.
pub(crate) fn create(
    world: &Arc<World>,
    _: Valid<CreateRewardSsoToken>,
) -> Result<RewardSsoToken, Instead> {
    let mut state = world.state();
    let state = &mut *state;
    let token = state.ids.token("sso");
    let life = world.config.oauth_token_life;
    state.tokens.add(Kind::SignOn, &token, life, state.now);
    Ok(RewardSsoToken::new(token))
}
