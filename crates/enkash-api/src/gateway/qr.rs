//! UPI QR codes that stand on their own.

use enkash_types::gateway::{CancelUpiQr, CreateUpiQr, GetUpiQr, QrCodeId, SearchUpiQrs, UpiQr};
use enkash_types::{IntoValid, Page};

use crate::pages::paged_by_offset;
use crate::{Client, Error, Pages};

/// QR codes of a client.
#[derive(Debug, Clone, Copy)]
pub struct QrCodes<'a> {
    pub(super) client: &'a Client,
}

impl QrCodes<'_> {
    /// Makes a QR code.
    ///
    /// # Errors
    ///
    /// [`Error`]. After [`Error::OutcomeUnknown`] a search shows whether it was made.
    pub async fn create(self, qr: impl IntoValid<CreateUpiQr>) -> Result<UpiQr, Error> {
        self.client.call(qr).await
    }

    /// Reads a QR code.
    ///
    /// # Errors
    ///
    /// [`Error`]; [`ApiErrorKind::NotFound`](crate::ApiErrorKind::NotFound) where there is none.
    pub async fn get(self, qr_code_id: impl Into<QrCodeId>) -> Result<UpiQr, Error> {
        self.client.call(GetUpiQr::new(qr_code_id)).await
    }

    /// Cancels a QR code; it takes no payment afterwards.
    ///
    /// # Errors
    ///
    /// [`Error`].
    pub async fn cancel(self, qr_code_id: impl Into<QrCodeId>) -> Result<UpiQr, Error> {
        self.client.call(CancelUpiQr::new(qr_code_id)).await
    }

    /// One page of the QR codes that a search finds.
    ///
    /// # Errors
    ///
    /// [`Error`].
    pub async fn search(self, search: impl IntoValid<SearchUpiQrs>) -> Result<Page<UpiQr>, Error> {
        self.client.call(search).await
    }

    /// Every QR code that a search finds, fetched page after page. The search's `limit` is the
    /// length of a page; its `offset` is not looked at.
    #[must_use]
    pub fn all(self, search: SearchUpiQrs) -> Pages<SearchUpiQrs> {
        Pages::new(self.client.clone(), search)
    }
}

paged_by_offset!(SearchUpiQrs => UpiQr);
