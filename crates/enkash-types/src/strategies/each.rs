//! All request types, for tests of what holds for each of them.

/// Calls a generic function for each request type that has rules: `each_request!(test(arguments))`.
#[macro_export]
macro_rules! each_request {
    ($function:ident $arguments:tt) => {
        $function::<$crate::oauth::PasswordGrant> $arguments;
        $function::<$crate::oauth::RefreshGrant> $arguments;
        $function::<$crate::gateway::CreateMerchantToken> $arguments;
        $function::<$crate::gateway::CreateOrder> $arguments;
        $function::<$crate::gateway::GetOrderStatus> $arguments;
        $function::<$crate::gateway::GetDynamicUpiQr> $arguments;
        $function::<$crate::gateway::GetUpiIntentLinks> $arguments;
        $function::<$crate::gateway::SubmitPayment> $arguments;
        $function::<$crate::gateway::GetTransactionStatus> $arguments;
        $function::<$crate::gateway::ValidatePaymentOtp> $arguments;
        $function::<$crate::gateway::ResendPaymentOtp> $arguments;
        $function::<$crate::gateway::GetUpiTransactionStatus> $arguments;
        $function::<$crate::gateway::VerifyUpiVpa> $arguments;
        $function::<$crate::gateway::RefundPayment> $arguments;
        $function::<$crate::gateway::GetSettlementPayout> $arguments;
        $function::<$crate::gateway::SearchSettlementPayouts> $arguments;
        $function::<$crate::gateway::UpdateSplitAccount> $arguments;
        $function::<$crate::gateway::ActivateSplitAccount> $arguments;
        $function::<$crate::gateway::SubmitPaymentWithSplit> $arguments;
        $function::<$crate::gateway::EditSplitSettlement> $arguments;
        $function::<$crate::gateway::GetUpiQr> $arguments;
        $function::<$crate::gateway::SearchUpiQrs> $arguments;
        $function::<$crate::gateway::CancelUpiQr> $arguments;
        $function::<$crate::gateway::CreateQrCustomer> $arguments;
        $function::<$crate::gateway::SearchQrCustomers> $arguments;
        $function::<$crate::gateway::CreateUpiMandate> $arguments;
        $function::<$crate::gateway::RevokeUpiMandate> $arguments;
        $function::<$crate::gateway::GetUpiMandate> $arguments;
        $function::<$crate::gateway::NotifyMandateDebit> $arguments;
        $function::<$crate::gateway::ExecuteMandateDebit> $arguments;
        $function::<$crate::gateway::CreateVirtualAccount> $arguments;
        $function::<$crate::gateway::GetVirtualAccountByCustomerReference> $arguments;
        $function::<$crate::payouts::CreateBeneficiary> $arguments;
        $function::<$crate::payouts::CreateTransfer> $arguments;
        $function::<$crate::payouts::CreateTransferBatch> $arguments;
        $function::<$crate::payouts::GetBalance> $arguments;
        $function::<$crate::payouts::FetchStatement> $arguments;
        $function::<$crate::payouts::AddSourceAccount> $arguments;
        $function::<$crate::payouts::ConfigureWebhook> $arguments;
        $function::<$crate::verification::VerifyBankAccount> $arguments;
        $function::<$crate::rewards::CreateRewardSsoToken> $arguments;
    };
}

/// As [`each_request`](crate::each_request), for the types whose fields the documentation read does
/// not show, and which have no rules.
#[macro_export]
macro_rules! each_request_without_rules {
    ($function:ident $arguments:tt) => {
        $function::<$crate::gateway::CreateSplitAccount> $arguments;
        $function::<$crate::gateway::CreateUpiQr> $arguments;
        $function::<$crate::gateway::UpdateUpiMandate> $arguments;
    };
}
