//! Bank accounts from which the merchant may put money into the payout account.

use std::sync::Arc;

use enkash_types::payouts::{AddSourceAccount, SourceAccount};
use enkash_types::{Valid, read};
use serde::{Deserialize, Serialize};

use crate::router::Instead;
use crate::table::Record;
use crate::world::World;

/// A source account, as the sandbox keeps it.
#[derive(Serialize, Deserialize)]
pub(crate) struct Source {
    id: Box<str>,
    request: AddSourceAccount,
}

impl Record for Source {
    const KIND: &'static str = "source account";

    fn id(&self) -> &str {
        &self.id
    }
}

/// `add_payout_source_bank_account`. One can be active at a time, so the last one is. Of the answer
/// nothing was read but its code: it repeats the request.
pub(crate) fn add(
    world: &Arc<World>,
    request: Valid<AddSourceAccount>,
) -> Result<SourceAccount, Instead> {
    let mut state = world.state();
    let state = &mut *state;
    let answer = serde_json::to_value(&*request).unwrap_or_default();
    let answer = read::value(answer)?;
    let source = Source {
        id: state.ids.other("SB", state.now).into(),
        request: request.into_inner(),
    };
    state.payouts.source_accounts.insert(source);
    Ok(SourceAccount::new(answer))
}
