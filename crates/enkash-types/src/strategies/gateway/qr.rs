//! UPI QR codes that stand on their own.

use proptest::prelude::*;

use crate::gateway::{CancelUpiQr, CreateUpiQr, GetUpiQr, QrCodeId, QrStatus, SearchUpiQrs, UpiQr};
use crate::strategies::rupees::stated_sum;
use crate::strategies::text::{any_text, documented_values, like, path_ids};
use crate::strategies::{InvalidValues, ValidValues, extra, maybe};
use crate::{DateTime, Email};

documented_values! { QrStatus }

path_ids! {
    QrCodeId: "QR[A-Z0-9]{8}",
}

/// Fields of any name, since none was read.
impl ValidValues for CreateUpiQr {
    fn valid() -> BoxedStrategy<Self> {
        each!(CreateUpiQr { fields: extra() })
    }
}

impl ValidValues for GetUpiQr {
    fn valid() -> BoxedStrategy<Self> {
        each!(GetUpiQr {
            qr_code_id: QrCodeId::valid(),
        })
    }
}

impl InvalidValues for GetUpiQr {
    fn invalid() -> BoxedStrategy<Self> {
        each!(GetUpiQr {
            qr_code_id: QrCodeId::invalid(),
        })
    }
}

impl ValidValues for SearchUpiQrs {
    fn valid() -> BoxedStrategy<Self> {
        each!(SearchUpiQrs {
            offset: maybe(any::<u32>()),
            limit: maybe(prop_oneof![0..=5000_u32, Just(5000)]),
            filters: extra(),
        })
    }
}

impl InvalidValues for SearchUpiQrs {
    fn invalid() -> BoxedStrategy<Self> {
        spoilt!(Self::valid() => {
            limit: prop_oneof![Just(5001), 5001..=u32::MAX],
        })
    }
}

impl ValidValues for CancelUpiQr {
    fn valid() -> BoxedStrategy<Self> {
        each!(CancelUpiQr {
            qr_code_id: QrCodeId::valid(),
        })
    }
}

impl InvalidValues for CancelUpiQr {
    fn invalid() -> BoxedStrategy<Self> {
        each!(CancelUpiQr {
            qr_code_id: QrCodeId::invalid(),
        })
    }
}

impl ValidValues for UpiQr {
    fn valid() -> BoxedStrategy<Self> {
        each!(UpiQr {
            qr_code_id: maybe(QrCodeId::valid()),
            qr_name: maybe(any_text()),
            multiple_use: maybe(any::<bool>()),
            fixed_amount: maybe(any::<bool>()),
            amount: maybe(stated_sum()),
            description: maybe(any_text()),
            expiry: maybe(any_text()),
            custom_params: maybe(extra()),
            status: maybe(prop_oneof![4 => QrStatus::valid(), 1 => QrStatus::invalid()]),
            qr_code_base64: maybe(like("[A-Za-z0-9+/]{16,64}={0,2}")),
            created_on: maybe(DateTime::valid()),
            modified_on: maybe(DateTime::valid()),
            customer_name: maybe(any_text()),
            customer_email: maybe(Email::valid()),
            customer_mobile: maybe(any_text()),
            customer_id: maybe(like("KC[A-Z0-9]{14}")),
            reference_number: maybe(any_text()),
            extra: extra(),
        })
    }
}
