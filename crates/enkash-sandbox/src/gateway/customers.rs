//! Customers for QR codes: stored and found.

use std::sync::Arc;

use enkash_types::gateway::{CreateQrCustomer, QrCustomer, SearchQrCustomers};
use enkash_types::{Direction, Page, Valid, read};
use serde::{Deserialize, Serialize};

use super::searches::{only_known, page};
use crate::hash::Hash;
use crate::router::Instead;
use crate::table::Record;
use crate::world::World;

/// A customer, as the sandbox keeps it.
#[derive(Serialize, Deserialize)]
pub(crate) struct Customer {
    id: String,
    request: CreateQrCustomer,
    /// Of its account number, of which the file holds the last four characters alone: it is
    /// unique, and found by.
    account: Option<Hash>,
}

impl Record for Customer {
    const KIND: &'static str = "customer";

    fn id(&self) -> &str {
        &self.id
    }
}

impl Customer {
    /// The customer as it was given, with its id.
    pub(crate) fn answer(&self) -> QrCustomer {
        let given = serde_json::to_value(&self.request).ok();
        let mut customer: QrCustomer = given
            .and_then(|given| read::value(given).ok())
            .unwrap_or_default();
        customer.customer_id = Some(self.id.clone());
        customer
    }
}

/// `create_qr_customer`.
pub(crate) fn create(
    world: &Arc<World>,
    request: Valid<CreateQrCustomer>,
) -> Result<QrCustomer, Instead> {
    let mut state = world.state();
    let state = &mut *state;
    if request.extra.contains_key("customerId") {
        return Err(Instead::refuse(422, "customerId: is given out by EnKash"));
    }
    let number = request
        .account_number
        .as_ref()
        .map(|number| number.as_str());
    // A text that is empty is no number.
    let account = number.filter(|number| !number.is_empty()).map(Hash::of);
    let customer = Customer {
        id: state.ids.other("CUS", state.now),
        request: request.into_inner(),
        account,
    };
    let mut others = state.customers.iter();
    if account.is_some() && others.any(|other| other.account == account) {
        return Err(Instead::refuse(
            409,
            "accountNumber: is another customer's; it is unique",
        ));
    }
    let answer = customer.answer();
    state.customers.insert(customer);
    Ok(answer)
}

/// `search_qr_customers`.
pub(crate) fn search(
    world: &Arc<World>,
    search: Valid<SearchQrCustomers>,
) -> Result<Page<QrCustomer>, Instead> {
    only_known(&search.extra, &["accountNumber", "assignedAgent"])?;
    let state = world.state();
    let number = search.account_number.as_ref();
    let account = number.map(|number| Hash::of(number.as_str()));
    let fits = |customer: &&Customer| {
        let agent = search.assigned_agent.as_deref();
        (account.is_none() || customer.account == account)
            && agent.is_none_or(|agent| {
                let given = customer.request.extra.get("assignedAgent");
                given.and_then(|given| given.as_str()) == Some(agent)
            })
    };
    let mut found: Vec<_> = state.customers.iter().filter(fits).collect();
    if search.direction == Some(Direction::Desc) {
        found.reverse();
    }
    Ok(page(found, None, search.limit, Customer::answer))
}
