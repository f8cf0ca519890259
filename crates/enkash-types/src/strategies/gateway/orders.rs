//! Orders.

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;

use crate::gateway::{
    Address, Amount, CreateOrder, CreatedOrder, Currency, CustomerDetail, GetOrderStatus,
    MerchantOrderId, Order, OrderId, OrderPaymentDetail, OrderStatus, Payment,
    RestrictedPaymentOptions,
};
use crate::strategies::rupees::stated_sum;
use crate::strategies::text::{any_text, documented_values, like, path_ids, text_values};
use crate::strategies::{InvalidValues, ValidValues, extra, maybe, near_misses};
use crate::{
    AccountNumber, DateTime, Email, Ifsc, PersonName, PhoneNumber, Rupees, Secret, WebAddress,
};

documented_values! { Currency, OrderStatus }

path_ids! {
    OrderId: "ORD[0-9]{13}[A-Za-z0-9]{5}",
}

text_values! {
    MerchantOrderId {
        valid: prop_oneof![like("INV[0-9]{1,6}"), like("[A-Za-z0-9]"), like("[A-Za-z0-9]{1,40}")],
        invalid: prop_oneof![
            Just(String::new()),
            near_misses(like("[A-Za-z0-9]{0,8}")),
            like("[A-Z]{1,4}[ ._/#\n\0éआ०²][0-9]{1,4}"),
            any_text(),
        ],
    }
}

impl ValidValues for CreateOrder {
    fn valid() -> BoxedStrategy<Self> {
        each!(CreateOrder {
            order_id: MerchantOrderId::valid(),
            amount: Amount::valid(),
            return_url: maybe(WebAddress::valid()),
            notify_url: maybe(WebAddress::valid()),
            customer_info: maybe(CustomerDetail::valid()),
            custom_parameters: maybe(btree_map(any_text(), any_text(), 0..4)),
            description: maybe(any_text()),
            payment_detail: maybe(OrderPaymentDetail::valid()),
            restricted_payment_options: maybe(RestrictedPaymentOptions::valid()),
        })
    }
}

impl InvalidValues for CreateOrder {
    fn invalid() -> BoxedStrategy<Self> {
        spoilt!(Self::valid() => {
            order_id: MerchantOrderId::invalid(),
            amount: Amount::invalid(),
            return_url: WebAddress::invalid(),
            notify_url: WebAddress::invalid(),
            customer_info: CustomerDetail::invalid(),
            payment_detail: OrderPaymentDetail::invalid(),
        })
    }
}

impl ValidValues for Amount {
    fn valid() -> BoxedStrategy<Self> {
        each!(Amount {
            value: Rupees::valid(),
            currency: Currency::valid(),
        })
    }
}

impl InvalidValues for Amount {
    fn invalid() -> BoxedStrategy<Self> {
        spoilt!(Self::valid() => {
            value: Rupees::invalid(),
            currency: Currency::invalid(),
        })
    }
}

impl ValidValues for CustomerDetail {
    fn valid() -> BoxedStrategy<Self> {
        each!(CustomerDetail {
            first_name: maybe(PersonName::valid()),
            last_name: maybe(PersonName::valid()),
            address: maybe(Address::valid()),
            email: maybe(Email::valid()),
            phone_number: maybe(PhoneNumber::valid()),
        })
    }
}

impl InvalidValues for CustomerDetail {
    fn invalid() -> BoxedStrategy<Self> {
        spoilt!(Self::valid() => {
            first_name: PersonName::invalid(),
            last_name: PersonName::invalid(),
            email: Email::invalid(),
            phone_number: PhoneNumber::invalid(),
        })
    }
}

impl ValidValues for Address {
    fn valid() -> BoxedStrategy<Self> {
        each!(Address {
            street_name: maybe(any_text()),
            city: maybe(any_text()),
            state: maybe(any_text()),
            country: maybe(any_text()),
            zipcode: maybe(like("[1-9][0-9]{5}")),
        })
    }
}

/// Both fields, or none.
impl ValidValues for OrderPaymentDetail {
    fn valid() -> BoxedStrategy<Self> {
        prop_oneof![
            1 => Just(Self::default()),
            3 => both(AccountNumber::valid(), Ifsc::valid()),
        ]
        .boxed()
    }
}

/// One field without the other, or a wrong one.
impl InvalidValues for OrderPaymentDetail {
    fn invalid() -> BoxedStrategy<Self> {
        prop_oneof![
            each!(OrderPaymentDetail {
                account_number: AccountNumber::valid().prop_map(Some),
                ifsc: Just(None),
            }),
            each!(OrderPaymentDetail {
                account_number: Just(None),
                ifsc: Ifsc::valid().prop_map(Some),
            }),
            spoilt!(both(AccountNumber::valid(), Ifsc::valid()) => {
                account_number: AccountNumber::invalid(),
                ifsc: Ifsc::invalid(),
            }),
        ]
        .boxed()
    }
}

fn both(
    account_number: BoxedStrategy<AccountNumber>,
    ifsc: BoxedStrategy<Ifsc>,
) -> BoxedStrategy<OrderPaymentDetail> {
    each!(OrderPaymentDetail {
        account_number: account_number.prop_map(Some),
        ifsc: ifsc.prop_map(Some),
    })
}

impl ValidValues for RestrictedPaymentOptions {
    fn valid() -> BoxedStrategy<Self> {
        let codes = || maybe(vec(like("[A-Z]{2,8}"), 0..3));
        let schemes = || maybe(vec(like("MASTERCARD|VISA|RUPAY|DINERS|AMEX"), 0..3));
        each!(RestrictedPaymentOptions {
            net_banking: codes(),
            credit_card: schemes(),
            debit_card: schemes(),
            prepaid_card: schemes(),
            corporate_card: schemes(),
            upi: any::<bool>(),
            wallet: codes(),
        })
    }
}

impl ValidValues for CreatedOrder {
    fn valid() -> BoxedStrategy<Self> {
        each!(CreatedOrder {
            redirection_url: maybe(WebAddress::valid()),
            order_id: maybe(OrderId::valid()),
        })
    }
}

impl ValidValues for GetOrderStatus {
    fn valid() -> BoxedStrategy<Self> {
        each!(GetOrderStatus {
            order_id: OrderId::valid(),
        })
    }
}

impl InvalidValues for GetOrderStatus {
    fn invalid() -> BoxedStrategy<Self> {
        each!(GetOrderStatus {
            order_id: OrderId::invalid(),
        })
    }
}

impl ValidValues for Order {
    fn valid() -> BoxedStrategy<Self> {
        each!(Order {
            order_id: maybe(OrderId::valid()),
            created: maybe(DateTime::valid()),
            last_modified: maybe(DateTime::valid()),
            merchant_order_id: maybe(MerchantOrderId::valid()),
            merchant_identifier_key: maybe(Secret::valid()),
            amount: maybe(stated_sum()),
            currency: maybe(Just("INR".to_owned())),
            return_url: maybe(any_text()),
            notify_url: maybe(any_text()),
            status: maybe(prop_oneof![4 => OrderStatus::valid(), 1 => OrderStatus::invalid()]),
            customer_info: maybe(CustomerDetail::valid()),
            order_message: maybe(any_text()),
            order_date: maybe(DateTime::valid()),
            custom_parameters: maybe(extra()),
            transactions: maybe(vec(Payment::valid(), 0..3)),
            merchant_name: maybe(any_text()),
            payment_detail: maybe(OrderPaymentDetail::valid()),
            extra: extra(),
        })
    }
}
