//! Virtual accounts.

use proptest::prelude::*;

use crate::gateway::{
    CreateVirtualAccount, CustomerReferenceId, GetVirtualAccountByCustomerReference,
    VirtualAccount, VirtualAccountStatus,
};
use crate::strategies::rupees::stated_sum;
use crate::strategies::text::{any_text, documented_values, like, path_ids};
use crate::strategies::{InvalidValues, ValidValues, extra, maybe};
use crate::{AccountNumber, DateTime, Email, Ifsc, LocalDateTime, Rupees, Vpa};

documented_values! { VirtualAccountStatus }

path_ids! {
    CustomerReferenceId: "CUST[0-9]{7}",
}

impl ValidValues for CreateVirtualAccount {
    fn valid() -> BoxedStrategy<Self> {
        each!(CreateVirtualAccount {
            merchant_detail_id: maybe(like("MD[A-Z0-9]{11}")),
            customer_reference_id: CustomerReferenceId::valid(),
            customer_id: maybe(any_text()),
            customer_name: maybe(any_text()),
            customer_email: maybe(Email::valid()),
            customer_phone: maybe(like("[6-9][0-9]{9}")),
            description: maybe(any_text()),
            notes: maybe(extra()),
            expected_amount: maybe(Rupees::valid()),
            close_by: maybe(LocalDateTime::valid()),
        })
    }
}

impl InvalidValues for CreateVirtualAccount {
    fn invalid() -> BoxedStrategy<Self> {
        spoilt!(Self::valid() => {
            customer_reference_id: CustomerReferenceId::invalid(),
            customer_email: Email::invalid(),
            expected_amount: Rupees::invalid(),
            close_by: LocalDateTime::invalid(),
        })
    }
}

impl ValidValues for GetVirtualAccountByCustomerReference {
    fn valid() -> BoxedStrategy<Self> {
        each!(GetVirtualAccountByCustomerReference {
            customer_reference_id: CustomerReferenceId::valid(),
        })
    }
}

impl InvalidValues for GetVirtualAccountByCustomerReference {
    fn invalid() -> BoxedStrategy<Self> {
        each!(GetVirtualAccountByCustomerReference {
            customer_reference_id: CustomerReferenceId::invalid(),
        })
    }
}

impl ValidValues for VirtualAccount {
    fn valid() -> BoxedStrategy<Self> {
        let status = prop_oneof![
            4 => VirtualAccountStatus::valid(),
            1 => VirtualAccountStatus::invalid(),
        ];
        each!(VirtualAccount {
            virtual_account_id: maybe(like("va_[a-z0-9]{6}")),
            merchant_detail_id: maybe(like("MD[A-Z0-9]{11}")),
            customer_reference_id: maybe(CustomerReferenceId::valid()),
            customer_id: maybe(any_text()),
            customer_name: maybe(any_text()),
            customer_email: maybe(Email::valid()),
            customer_phone: maybe(any_text()),
            virtual_account_number: maybe(AccountNumber::valid()),
            virtual_account_ifsc_code: maybe(Ifsc::valid()),
            bank_name: maybe(any_text()),
            customer_account_number: maybe(AccountNumber::valid()),
            customer_upi_handle: maybe(Vpa::valid()),
            customer_ifsc_code: maybe(Ifsc::valid()),
            status: maybe(status),
            closed_on: maybe(DateTime::valid()),
            description: maybe(any_text()),
            amount_paid: maybe(stated_sum()),
            notes: maybe(extra()),
            expected_amount: maybe(stated_sum()),
            extra: extra(),
        })
    }
}
