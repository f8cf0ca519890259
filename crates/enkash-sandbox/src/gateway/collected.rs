//! Payments of which the merchant made no order: of a QR code, and under a mandate. The sandbox
//! makes one for each, so that it is read, refunded and settled as any other.

use enkash_types::Rupees;
use enkash_types::gateway::CreateOrder;

use super::attempts::Refused;
use super::orders::Placed;
use crate::router::Instead;
use crate::state::State;

/// Makes an order; gives its row. The prefix says of what kind it is, where the merchant's own id
/// would stand.
pub(crate) fn order(
    state: &mut State,
    prefix: &str,
    amount: Rupees,
    description: Option<String>,
) -> Result<u32, Refused> {
    let now = state.now;
    let mut request = CreateOrder::new(state.ids.other(prefix, now), amount);
    request.description = description;
    let placed = Placed::new(state.ids.order(now), request, now);
    // Ids that the sandbox mints do not come twice.
    state.orders.place(placed).ok_or(Refused::NoOrder)
}

/// The rule of a sum that is paid: one paisa or more, and no fraction of a paisa.
pub(crate) fn check_payable(sum: Rupees) -> Result<(), Instead> {
    let paise = sum.decimal();
    match sum > Rupees::ZERO && paise == paise.trunc_with_scale(2) {
        true => Ok(()),
        false => Err(Instead::refuse(
            422,
            "amount: must be at least 0.01 rupees, and whole paise",
        )),
    }
}
