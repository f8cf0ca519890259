//! What it costs to check an order, against the `jsonschema` crate on our own schema.

use std::hint::black_box;

use anyhow::Context as _;
use enkash_types::Valid;
use enkash_types::gateway::{Address, CreateOrder, CustomerDetail, OrderPaymentDetail};

use crate::report::{Report, Row, Target, nanoseconds};

pub(crate) fn measure(report: &mut Report) -> anyhow::Result<()> {
    let order = order()?;
    let value = serde_json::to_value(&order)?;
    let declared = enkash_types::operation("create_order").context("create_order is declared")?;
    // Formats are checked too: ours checks the e-mail address.
    let schema = jsonschema::options()
        .should_validate_formats(true)
        .build((declared.schema)().as_value())?;
    anyhow::ensure!(schema.is_valid(&value) && Valid::check(&order).is_ok());

    // By turns, so that both see the same machine.
    let mut ours = Vec::new();
    let mut theirs = Vec::new();
    for _ in 0..9 {
        ours.push(nanoseconds(3, 20_000, || {
            black_box(Valid::check(black_box(&order)).is_ok());
        }));
        theirs.push(nanoseconds(3, 5_000, || {
            black_box(schema.is_valid(black_box(&value)));
        }));
    }
    let (ours, theirs) = (crate::report::median(ours), crate::report::median(theirs));
    report.add(Row {
        what: "checking a `CreateOrder` with every field",
        target: Target::AtMost(300.0),
        measured: ours,
        unit: " ns",
        behind: "the value is typed already".to_owned(),
    });
    report.add(Row {
        what: "the same, against the `jsonschema` crate on our schema",
        target: Target::AtLeast(10.0),
        measured: theirs / ours,
        unit: "× faster",
        behind: format!("{ours:.0} ns and {theirs:.0} ns, formats included"),
    });
    Ok(())
}

fn order() -> anyhow::Result<CreateOrder> {
    let mut address = Address::default();
    address.street_name = Some("12 Market Road".to_owned());
    address.city = Some("Pune".to_owned());
    address.state = Some("Maharashtra".to_owned());
    address.country = Some("India".to_owned());
    address.zipcode = Some("411001".to_owned());
    let mut customer = CustomerDetail::default();
    customer.first_name = Some("Asha".into());
    customer.last_name = Some("Rao".into());
    customer.email = Some("asha.rao@example.in".into());
    customer.phone_number = Some("0000000000".into());
    customer.address = Some(address);

    let mut order = CreateOrder::new("INV20411787584522462", "499.50".parse()?);
    order.return_url = Some("https://shop.example.in/thanks?cart=81".into());
    order.notify_url = Some("https://shop.example.in/enkash/notify".into());
    order.customer_info = Some(customer);
    order.custom_parameters = Some([("cart".to_owned(), "81".to_owned())].into());
    order.description = Some("Two notebooks".to_owned());
    order.payment_detail = Some(OrderPaymentDetail::new("123456789012", "KKBK0000432"));
    Ok(order)
}
