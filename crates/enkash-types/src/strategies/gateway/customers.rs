//! Customers for QR codes.

use proptest::collection::vec;
use proptest::prelude::*;

use crate::gateway::{
    CreateQrCustomer, CustomerKeyContact, CustomerReminder, QrCustomer, ReminderType,
    SearchQrCustomers,
};
use crate::strategies::text::{any_text, documented_values, like};
use crate::strategies::{InvalidValues, ValidValues, at_the_end, extra, maybe, page_rules};
use crate::{AccountNumber, Direction, Email, Ifsc, MobileNumber};

documented_values! { ReminderType }

impl ValidValues for CreateQrCustomer {
    fn valid() -> BoxedStrategy<Self> {
        let no_account = Just(AccountNumber::new(""));
        let no_ifsc = Just(Ifsc::new(""));
        each!(CreateQrCustomer {
            account_number: maybe(prop_oneof![3 => page_rules::account(), 1 => no_account]),
            address: maybe(any_text()),
            company_id: maybe(page_rules::company_id()),
            contact_number: maybe(MobileNumber::valid()),
            customer_company_id: maybe(any_text()),
            customer_key_contacts: vec(CustomerKeyContact::valid(), 0..3),
            customer_reminders: maybe(vec(CustomerReminder::valid(), 0..3)),
            external_source: maybe(any::<bool>()),
            ifsc: maybe(prop_oneof![3 => page_rules::ifsc(), 1 => no_ifsc]),
            extra: extra(),
        })
    }
}

impl InvalidValues for CreateQrCustomer {
    fn invalid() -> BoxedStrategy<Self> {
        let contacts = (
            vec(CustomerKeyContact::valid(), 0..2),
            CustomerKeyContact::invalid(),
        );
        let reminders = (
            vec(CustomerReminder::valid(), 0..2),
            CustomerReminder::invalid(),
        );
        spoilt!(Self::valid() => {
            account_number: page_rules::wrong_account(),
            company_id: page_rules::wrong_company_id(),
            contact_number: MobileNumber::invalid(),
            customer_key_contacts: contacts.prop_map(at_the_end),
            customer_reminders: reminders.prop_map(at_the_end),
            ifsc: page_rules::wrong_ifsc(),
        })
    }
}

impl ValidValues for CustomerKeyContact {
    fn valid() -> BoxedStrategy<Self> {
        each!(CustomerKeyContact {
            deleted: any::<bool>(),
            email: maybe(Email::valid()),
            key_contact_person_id: maybe(any_text()),
            legal_name: any_text(),
            mail_enabled: maybe(any::<bool>()),
            mobile: MobileNumber::valid(),
            name: any_text(),
            sms_enabled: maybe(any::<bool>()),
            via: maybe(any_text()),
            whatsapp_enabled: maybe(any::<bool>()),
        })
    }
}

impl InvalidValues for CustomerKeyContact {
    fn invalid() -> BoxedStrategy<Self> {
        spoilt!(Self::valid() => {
            email: Email::invalid(),
            mobile: MobileNumber::invalid(),
        })
    }
}

impl ValidValues for CustomerReminder {
    fn valid() -> BoxedStrategy<Self> {
        let time = prop_oneof![
            like("([01][0-9]|2[0-3]):[0-5][0-9]").prop_map(serde_json::Value::from),
            extra().prop_map(serde_json::Value::from),
        ];
        each!(CustomerReminder {
            customer_reminder_id: maybe(any_text()),
            due_date_difference: maybe(any::<i32>()),
            reminder_interval: maybe(any::<i32>()),
            reminder_time: maybe(time),
            reminder_type: maybe(ReminderType::valid()),
            stage: maybe(any_text()),
        })
    }
}

impl InvalidValues for CustomerReminder {
    fn invalid() -> BoxedStrategy<Self> {
        spoilt!(Self::valid() => {
            reminder_type: ReminderType::invalid(),
        })
    }
}

impl ValidValues for SearchQrCustomers {
    fn valid() -> BoxedStrategy<Self> {
        each!(SearchQrCustomers {
            direction: maybe(Direction::valid()),
            limit: maybe(any::<u32>()),
            account_number: maybe(AccountNumber::valid()),
            assigned_agent: maybe(any_text()),
            extra: extra(),
        })
    }
}

impl InvalidValues for SearchQrCustomers {
    fn invalid() -> BoxedStrategy<Self> {
        spoilt!(Self::valid() => {
            direction: Direction::invalid(),
        })
    }
}

impl ValidValues for QrCustomer {
    fn valid() -> BoxedStrategy<Self> {
        each!(QrCustomer {
            customer_id: maybe(like("KC[A-Z0-9]{14}")),
            account_number: maybe(AccountNumber::valid()),
            ifsc: maybe(Ifsc::valid()),
            contact_number: maybe(MobileNumber::valid()),
            extra: extra(),
        })
    }
}
