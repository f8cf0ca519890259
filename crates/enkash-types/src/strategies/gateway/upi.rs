//! UPI.

use proptest::prelude::*;

use crate::gateway::{
    DynamicUpiQr, GetDynamicUpiQr, GetUpiIntentLinks, GetUpiTransactionStatus, MerchantOrderId,
    OrderId, TransactionId, UpiIntentLinks, UpiStatus, UpiTransaction, VerifiedVpa, VerifyUpiVpa,
};
use crate::strategies::text::{any_text, documented_values, like};
use crate::strategies::{InvalidValues, ValidValues, extra, maybe};
use crate::{Secret, Vpa};

documented_values! { UpiStatus }

/// A UPI intent.
fn link() -> BoxedStrategy<String> {
    like(
        "(upi|phonepe|gpay|paytmmp)://pay\\?pa=[a-z]{1,8}@[a-z]{3,8}&am=[1-9][0-9]{0,4}&tr=EK[0-9]{13}",
    )
}

impl ValidValues for GetDynamicUpiQr {
    fn valid() -> BoxedStrategy<Self> {
        each!(GetDynamicUpiQr {
            order_id: OrderId::valid(),
        })
    }
}

impl InvalidValues for GetDynamicUpiQr {
    fn invalid() -> BoxedStrategy<Self> {
        each!(GetDynamicUpiQr {
            order_id: OrderId::invalid(),
        })
    }
}

impl ValidValues for DynamicUpiQr {
    fn valid() -> BoxedStrategy<Self> {
        each!(DynamicUpiQr {
            qr_code: maybe(like("iVBORw0KGgo[A-Za-z0-9+/]{8,40}={0,2}")),
            qr_url: maybe(link()),
            ek_pay_id: maybe(TransactionId::valid()),
            extra: extra(),
        })
    }
}

impl ValidValues for GetUpiIntentLinks {
    fn valid() -> BoxedStrategy<Self> {
        each!(GetUpiIntentLinks {
            transaction_id: TransactionId::valid(),
        })
    }
}

impl InvalidValues for GetUpiIntentLinks {
    fn invalid() -> BoxedStrategy<Self> {
        each!(GetUpiIntentLinks {
            transaction_id: TransactionId::invalid(),
        })
    }
}

impl ValidValues for UpiIntentLinks {
    fn valid() -> BoxedStrategy<Self> {
        each!(UpiIntentLinks {
            transaction_id: maybe(TransactionId::valid()),
            gpay: maybe(link()),
            phonepe: maybe(link()),
            paytm: maybe(link()),
            upi: maybe(link()),
            extra: extra(),
        })
    }
}

impl ValidValues for GetUpiTransactionStatus {
    fn valid() -> BoxedStrategy<Self> {
        each!(GetUpiTransactionStatus {
            transaction_id: TransactionId::valid(),
        })
    }
}

impl InvalidValues for GetUpiTransactionStatus {
    fn invalid() -> BoxedStrategy<Self> {
        each!(GetUpiTransactionStatus {
            transaction_id: TransactionId::invalid(),
        })
    }
}

impl ValidValues for UpiTransaction {
    fn valid() -> BoxedStrategy<Self> {
        each!(UpiTransaction {
            status: maybe(prop_oneof![4 => UpiStatus::valid(), 1 => UpiStatus::invalid()]),
            transaction_message: maybe(any_text()),
            order_id: maybe(OrderId::valid()),
            extra: extra(),
        })
    }
}

impl ValidValues for VerifyUpiVpa {
    fn valid() -> BoxedStrategy<Self> {
        each!(VerifyUpiVpa {
            merchant_order_id: MerchantOrderId::valid(),
            merchant_identifier_key: Secret::valid(),
            vpa: Vpa::valid(),
        })
    }
}

impl InvalidValues for VerifyUpiVpa {
    fn invalid() -> BoxedStrategy<Self> {
        spoilt!(Self::valid() => {
            merchant_order_id: MerchantOrderId::invalid(),
            merchant_identifier_key: Secret::invalid(),
            vpa: Vpa::invalid(),
        })
    }
}

impl ValidValues for VerifiedVpa {
    fn valid() -> BoxedStrategy<Self> {
        each!(VerifiedVpa {
            name: maybe(any_text()),
            extra: extra(),
        })
    }
}
