//! Payment gateway: orders, payments, refunds, settlements and all around them.
//!
//! A request is made by its `new` with what is required, and sent as it is or after
//! [`Valid::check`](crate::Valid::check); it names its answer ([`Endpoint::Answer`](crate::Endpoint)).
//!
//! | about | requests | answers |
//! |---|---|---|
//! | tokens | [`CreateMerchantToken`] | [`MerchantToken`] |
//! | orders | [`CreateOrder`], [`GetOrderStatus`] | [`CreatedOrder`], [`Order`] |
//! | payments on your own page | [`SubmitPayment`] with a [`PaymentDetail`], [`GetTransactionStatus`] | [`SubmittedPayment`], [`Payment`] |
//! | the OTP of a card | [`ValidatePaymentOtp`], [`ResendPaymentOtp`] | [`OtpValidated`], [`OtpResent`] |
//! | UPI | [`GetDynamicUpiQr`], [`GetUpiIntentLinks`], [`GetUpiTransactionStatus`], [`VerifyUpiVpa`] | [`DynamicUpiQr`], [`UpiIntentLinks`], [`UpiTransaction`], [`VerifiedVpa`] |
//! | refunds | [`RefundPayment`] | [`Refund`] |
//! | settlements | [`SearchSettlementPayouts`], [`GetSettlementPayout`] | [`SettlementPayoutSummary`], [`SettlementPayout`] |
//! | split settlement | [`CreateSplitAccount`], [`UpdateSplitAccount`], [`ActivateSplitAccount`]; [`SubmitPaymentWithSplit`], [`EditSplitSettlement`] with a [`SplitSettlement`] | [`SplitAccount`]; [`SubmittedPayment`], [`EditedSplitSettlement`] |
//! | QR codes without an order | [`CreateUpiQr`], [`GetUpiQr`], [`SearchUpiQrs`], [`CancelUpiQr`] | [`UpiQr`] |
//! | customers for them | [`CreateQrCustomer`], [`SearchQrCustomers`] | [`QrCustomer`] |
//! | mandates | [`CreateUpiMandate`], [`UpdateUpiMandate`], [`RevokeUpiMandate`], [`GetUpiMandate`]; [`NotifyMandateDebit`], [`ExecuteMandateDebit`] | [`UpiMandate`]; [`MandateNotice`], [`Order`] |
//! | virtual accounts | [`CreateVirtualAccount`], [`GetVirtualAccountByCustomerReference`] | [`VirtualAccount`] |
//!
//! What EnKash posts to you: [`PaymentNotification`], [`UpiMandateCallback`],
//! [`MandateDebitCallback`], [`PaymentLinkEvent`].

mod customers;
mod mandates;
mod notifications;
mod orders;
mod otp;
mod payment_links;
mod payments;
mod qr;
mod refunds;
mod settlements;
mod split;
mod token;
mod upi;
mod virtual_accounts;

pub use customers::{
    CreateQrCustomer, CustomerKeyContact, CustomerReminder, QrCustomer, ReminderType,
    SearchQrCustomers,
};
pub use mandates::{
    AmountRule, CreateUpiMandate, ExecuteMandateDebit, GetUpiMandate, MandateDebitCallback,
    MandateId, MandateNotice, MandatePause, MandatePayee, MandatePayer, MandateRecurrence,
    MandateReferenceId, MandateTime, MandateValidity, NewMandatePayer, NewMandateRecurrence,
    NewMandateValidity, NotifyMandateDebit, RevokeUpiMandate, UpdateUpiMandate, UpiMandate,
    UpiMandateCallback,
};
pub use notifications::PaymentNotification;
pub use orders::{
    Address, Amount, CreateOrder, CreatedOrder, Currency, CustomerDetail, GetOrderStatus,
    MerchantOrderId, Order, OrderId, OrderPaymentDetail, OrderStatus, RestrictedPaymentOptions,
};
pub use otp::{OtpResent, OtpValidated, ResendPaymentOtp, ValidatePaymentOtp};
pub use payment_links::{PaymentLinkEvent, PaymentLinkEventType, PaymentLinkPaymentStatus};
pub use payments::{
    GetTransactionStatus, Payment, PaymentDetail, PaymentMode, PaymentStatus, SubmitPayment,
    SubmittedPayment, TransactionId,
};
pub use qr::{CancelUpiQr, CreateUpiQr, GetUpiQr, QrCodeId, QrStatus, SearchUpiQrs, UpiQr};
pub use refunds::{Refund, RefundPayment, RefundRequestId};
pub use settlements::{
    GetSettlementPayout, PayoutSplitAccount, SearchSettlementPayouts, SettlementPayout,
    SettlementPayoutId, SettlementPayoutSummary, SettlementTransaction,
};
pub use split::{
    ActivateSplitAccount, AmountSplitType, CreateSplitAccount, EditSplitSettlement,
    EditedSplitSettlement, SettlementCycle, SplitAccount, SplitAccountId, SplitSettlement,
    SplitShare, SplitValue, SubmitPaymentWithSplit, UpdateSplitAccount,
};
pub use token::{CreateMerchantToken, MerchantToken};
pub use upi::{
    DynamicUpiQr, GetDynamicUpiQr, GetUpiIntentLinks, GetUpiTransactionStatus, UpiIntentLinks,
    UpiStatus, UpiTransaction, VerifiedVpa, VerifyUpiVpa,
};
pub use virtual_accounts::{
    CreateVirtualAccount, CustomerReferenceId, GetVirtualAccountByCustomerReference,
    VirtualAccount, VirtualAccountStatus,
};
