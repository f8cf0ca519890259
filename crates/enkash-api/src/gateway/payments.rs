//! Payments on the merchant's own page, server to server.

use enkash_types::IntoValid;
use enkash_types::gateway::{
    GetTransactionStatus, OtpResent, OtpValidated, Payment, ResendPaymentOtp, SubmitPayment,
    SubmittedPayment, TransactionId, ValidatePaymentOtp,
};

use crate::{Client, Error};

/// Payments of a client.
#[derive(Debug, Clone, Copy)]
pub struct Payments<'a> {
    pub(super) client: &'a Client,
}

impl Payments<'_> {
    /// Starts a payment on an order. What the documentation read does not show of the answer is
    /// in its `extra`.
    ///
    /// # Errors
    ///
    /// [`Error`]. After [`Error::OutcomeUnknown`] the payer may have been charged: read the order,
    /// whose attempts show it, before another attempt. It was not sent again.
    pub async fn submit(
        self,
        payment: impl IntoValid<SubmitPayment>,
    ) -> Result<SubmittedPayment, Error> {
        self.client.call(payment).await
    }

    /// Reads one payment by EnKash's id of it.
    ///
    /// # Errors
    ///
    /// [`Error`]; [`ApiErrorKind::NotFound`](crate::ApiErrorKind::NotFound) where there is none.
    pub async fn get(self, transaction_id: impl Into<TransactionId>) -> Result<Payment, Error> {
        self.client
            .call(GetTransactionStatus::new(transaction_id))
            .await
    }

    /// Hands in the OTP that the payer typed.
    ///
    /// # Errors
    ///
    /// [`Error`]. After [`Error::OutcomeUnknown`] read the payment: a wrong OTP that is sent twice
    /// counts twice.
    pub async fn validate_otp(
        self,
        otp: impl IntoValid<ValidatePaymentOtp>,
    ) -> Result<OtpValidated, Error> {
        self.client.call(otp).await
    }

    /// Has the OTP sent again. It is a GET that does something, so it is not repeated by itself.
    ///
    /// # Errors
    ///
    /// [`Error`].
    pub async fn resend_otp(
        self,
        transaction_id: impl Into<TransactionId>,
    ) -> Result<OtpResent, Error> {
        self.client
            .call(ResendPaymentOtp::new(transaction_id))
            .await
    }
}
