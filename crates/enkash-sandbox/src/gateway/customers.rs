//! Customers for QR codes: stored and found.

use std::sync::Arc;

use enkash_types::gateway::{CreateQrCustomer, QrCustomer, SearchQrCustomers};
use enkash_types::{AccountNumber, Direction, Page, Valid, read};
use serde::{Deserialize, Serialize};

use super::searches::{only_known, page};
use crate::router::Instead;
use crate::table::Record;
use crate::world::World;

/// A customer, as the sandbox keeps it.
#[derive(Serialize, Deserialize)]
pub(crate) struct Customer {
    id: String,
    request: CreateQrCustomer,
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

    /// Its account number; a text that is empty is none.
    fn account_number(&self) -> Option<&AccountNumber> {
        self.request
            .account_number
            .as_ref()
            .filter(|number| !number.as_str().is_empty())
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
    let customer = Customer {
        id: state.ids.other("CUS", state.now),
        request: request.into_inner(),
    };
    let number = customer.account_number();
    let mut numbers = state.customers.iter().filter_map(Customer::account_number);
    if number.is_some() && numbers.any(|other| Some(other) == number) {
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
    let fits = |customer: &&Customer| {
        let number = search.account_number.as_ref();
        let agent = search.assigned_agent.as_deref();
        number.is_none_or(|number| customer.account_number() == Some(number))
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
