//! Paying an order by UPI.

use enkash_types::Vpa;
use enkash_types::gateway::{
    DynamicUpiQr, GetDynamicUpiQr, GetUpiIntentLinks, GetUpiTransactionStatus, MerchantOrderId,
    OrderId, TransactionId, UpiIntentLinks, UpiStatus, UpiTransaction, VerifiedVpa, VerifyUpiVpa,
};

use crate::{Client, Error, Polling};

/// UPI payments of a client.
#[derive(Debug, Clone, Copy)]
pub struct Upi<'a> {
    pub(super) client: &'a Client,
}

impl Upi<'_> {
    /// A QR code for the payer of an order to scan.
    ///
    /// # Errors
    ///
    /// [`Error`].
    pub async fn dynamic_qr(self, order_id: impl Into<OrderId>) -> Result<DynamicUpiQr, Error> {
        self.client.call(GetDynamicUpiQr::new(order_id)).await
    }

    /// Links that open a UPI app on the payer's phone.
    ///
    /// # Errors
    ///
    /// [`Error`].
    pub async fn intent_links(
        self,
        transaction_id: impl Into<TransactionId>,
    ) -> Result<UpiIntentLinks, Error> {
        self.client
            .call(GetUpiIntentLinks::new(transaction_id))
            .await
    }

    /// Where a UPI payment stands.
    ///
    /// # Errors
    ///
    /// [`Error`].
    pub async fn status(
        self,
        transaction_id: impl Into<TransactionId>,
    ) -> Result<UpiTransaction, Error> {
        self.client
            .call(GetUpiTransactionStatus::new(transaction_id))
            .await
    }

    /// Reads where a UPI payment stands until it is over or the time is up, and gives what was
    /// read last. The call carries no token, so what it says is worth a read of the order before
    /// anything is delivered.
    ///
    /// # Errors
    ///
    /// [`Error`] of a read.
    pub async fn poll(
        self,
        transaction_id: impl Into<TransactionId>,
        polling: Polling,
    ) -> Result<UpiTransaction, Error> {
        let transaction_id = transaction_id.into();
        let read = || self.status(transaction_id.clone());
        self.client
            .poll(polling, read, |found| {
                found.status.as_ref().is_some_and(UpiStatus::is_over)
            })
            .await
    }

    /// Whether a UPI address exists, and whose it is. It is asked for one of the merchant's orders;
    /// the access key that goes into the body is the client's. What EnKash answers of an address
    /// that does not exist is not documented.
    ///
    /// # Errors
    ///
    /// [`Error`].
    pub async fn verify_vpa(
        self,
        merchant_order_id: impl Into<MerchantOrderId>,
        vpa: impl Into<Vpa>,
    ) -> Result<VerifiedVpa, Error> {
        let access_key = self.client.merchant()?.access_key.clone();
        let question = VerifyUpiVpa::new(merchant_order_id, access_key, vpa);
        self.client.call(question).await
    }
}
