//! Where a transfer stands, and why one was refused.

crate::open_enum::open_enum! {
    /// Where a transfer stands. [`standing`](Self::standing) says what that means for whoever
    /// waits for it.
    ///
    /// EnKash documentation: *Payouts API - Transfer Status Lifecycle*, and for the last three its
    /// older form *Payouts Status Codes*. The text of the lifecycle page was cut after `REVERSED`,
    /// so more may follow.
    TransferStatus {
        /// Taken and queued, not yet with the bank. By the older page it is seen in batches alone.
        Pending = "PENDING",
        /// Refused by validation. It is corrected and sent again with the same transaction id.
        Rejected = "REJECTED",
        /// With the bank, which has not said how it went.
        Processing = "PROCESSING",
        /// Done and confirmed by the bank.
        Success = "SUCCESS",
        /// Failed at the bank.
        Failed = "FAILED",
        /// Done by the bank and given back later; set after reconciliation.
        Reversed = "REVERSED",
        /// As [`Processing`](Self::Processing), by IMPS.
        ImpsCallMade = "IMPS_CALL_MADE",
        /// As [`Processing`](Self::Processing), by NEFT.
        NeftCallMade = "NEFT_CALL_MADE",
        /// As [`Processing`](Self::Processing), by UPI.
        UpiCallMade = "UPI_CALL_MADE",
    }
}

/// What the status of a transfer means for whoever waits for it.
///
/// | | statuses | changes by itself | send it again |
/// |---|---|---|---|
/// | [`UnderWay`](Self::UnderWay) | `PENDING`, `PROCESSING`, `…_CALL_MADE` | yes | no |
/// | [`Paid`](Self::Paid) | `SUCCESS` | to `REVERSED` at most | no |
/// | [`NotPaid`](Self::NotPaid) | `FAILED`, `REVERSED` | no | as a new transfer, with a new id |
/// | [`SendAgain`](Self::SendAgain) | `REJECTED` | no | corrected, with the same id |
/// | [`Unknown`](Self::Unknown) | any other | not known | no |
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Standing {
    /// Neither paid nor failed yet: wait.
    UnderWay,
    /// The payee has the money. It may still come back (`REVERSED`).
    Paid,
    /// The payee does not have the money, and this transfer will not bring it.
    NotPaid,
    /// Nothing was paid; it may be corrected and sent again with the same id.
    SendAgain,
    /// The documentation read does not name this status. Take it as not final.
    Unknown,
}

impl TransferStatus {
    /// What it means for whoever waits.
    ///
    /// ```
    /// use enkash_types::payouts::{Standing, TransferStatus};
    ///
    /// assert_eq!(TransferStatus::from("IMPS_CALL_MADE").standing(), Standing::UnderWay);
    /// assert_eq!(TransferStatus::from("ON_HOLD").standing(), Standing::Unknown);
    /// ```
    #[must_use]
    pub const fn standing(&self) -> Standing {
        match self {
            Self::Pending
            | Self::Processing
            | Self::ImpsCallMade
            | Self::NeftCallMade
            | Self::UpiCallMade => Standing::UnderWay,
            Self::Success => Standing::Paid,
            Self::Failed | Self::Reversed => Standing::NotPaid,
            Self::Rejected => Standing::SendAgain,
            Self::Unknown(_) => Standing::Unknown,
        }
    }

    /// Whether nothing comes after it, whatever anybody does: `FAILED` and `REVERSED`.
    ///
    /// `SUCCESS` is not among them, since `REVERSED` may come after it, nor is `REJECTED`, since
    /// the same transfer may be sent again. To ask whether there is still something to wait for,
    /// compare [`standing`](Self::standing) with [`Standing::UnderWay`].
    #[must_use]
    pub const fn is_final(&self) -> bool {
        matches!(self.standing(), Standing::NotPaid)
    }

    /// Whether EnKash may still change it by itself: everything under way, `SUCCESS` (to
    /// `REVERSED`), and a status that is not documented.
    #[must_use]
    pub const fn may_still_turn(&self) -> bool {
        match self.standing() {
            Standing::UnderWay | Standing::Paid | Standing::Unknown => true,
            Standing::NotPaid | Standing::SendAgain => false,
        }
    }
}

crate::open_enum::open_enum! {
    /// Why a transfer was refused by validation ([`TransferStatus::Rejected`]).
    ///
    /// The field that carries it was not read; [`Transfer::reject_reason`](super::Transfer::reject_reason)
    /// knows it by its form.
    ///
    /// EnKash documentation: *Payouts API - Transfer Status Lifecycle*.
    RejectReason {
        /// The payee's id is missing or wrong.
        BeneficiaryId = "REJECT_BENEF_ID",
        /// The transfer's id is missing or wrong.
        TransactionId = "REJECT_TXN_ID",
        /// The amount is wrong.
        TransferAmount = "REJECT_TRF_AMT",
        /// The mode is wrong or not supported.
        TransferMode = "REJECT_TRF_MODE",
        /// The remark is missing or too long.
        TransferRemark = "REJECT_TRF_RMK",
        /// The fund source's id is missing or wrong.
        FundSourceId = "REJECT_FND_SRC_ID",
        /// The id in the payee's details is wrong.
        BeneficiaryDetailId = "REJECT_BENEF_DET_ID",
        /// The payee's name is missing or wrong.
        BeneficiaryName = "REJECT_BENEF_NAME",
        /// The payee's account number is wrong; by the older page, missing or wrong.
        BeneficiaryAccount = "REJECT_BENEF_ACC",
        /// The payee's IFSC is missing or wrong.
        BeneficiaryIfsc = "REJECT_BENEF_IFSC",
        /// The payee's e-mail address is missing or wrong.
        BeneficiaryEmail = "REJECT_BENEF_EMAIL",
        /// The checksum is missing or wrong.
        Checksum = "REJECT_CHKSUM",
    }
}

impl RejectReason {
    /// What all codes begin with.
    pub(super) const PREFIX: &str = "REJECT_";

    /// What it means, in words; `None` for one that is not documented.
    #[must_use]
    pub const fn meaning(&self) -> Option<&'static str> {
        Some(match self {
            Self::BeneficiaryId => "the beneficiary id is missing or invalid",
            Self::TransactionId => "the transaction id is missing or invalid",
            Self::TransferAmount => "the transfer amount is invalid",
            Self::TransferMode => "the transfer mode is invalid or not supported",
            Self::TransferRemark => "the transfer remark is missing or too long",
            Self::FundSourceId => "the fund source id is missing or invalid",
            Self::BeneficiaryDetailId => "the beneficiary detail id is invalid",
            Self::BeneficiaryName => "the beneficiary name is missing or invalid",
            Self::BeneficiaryAccount => "the beneficiary account number is missing or invalid",
            Self::BeneficiaryIfsc => "the beneficiary IFSC is missing or invalid",
            Self::BeneficiaryEmail => "the beneficiary e-mail address is missing or invalid",
            Self::Checksum => "the checksum is missing or invalid",
            Self::Unknown(_) => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of the contract, read the other way round.
    #[test]
    fn every_status_has_its_place() {
        let with = |standing| {
            TransferStatus::DOCUMENTED
                .iter()
                .filter(|status| status.standing() == standing)
                .map(TransferStatus::as_str)
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(
            with(Standing::UnderWay),
            "PENDING PROCESSING IMPS_CALL_MADE NEFT_CALL_MADE UPI_CALL_MADE"
        );
        assert_eq!(with(Standing::Paid), "SUCCESS");
        assert_eq!(with(Standing::NotPaid), "FAILED REVERSED");
        assert_eq!(with(Standing::SendAgain), "REJECTED");
        assert_eq!(with(Standing::Unknown), "");
    }

    #[test]
    fn what_is_final_does_not_turn() {
        for (status, is_final, may_still_turn) in [
            ("PROCESSING", false, true),
            ("SUCCESS", false, true),
            ("FAILED", true, false),
            ("REVERSED", true, false),
            ("REJECTED", false, false),
            ("ON_HOLD", false, true),
        ] {
            let status = TransferStatus::from(status);
            assert_eq!(
                (status.is_final(), status.may_still_turn()),
                (is_final, may_still_turn),
                "{status}"
            );
        }
    }

    #[test]
    fn every_reason_has_words_and_the_prefix() {
        for reason in RejectReason::DOCUMENTED {
            assert!(reason.meaning().is_some(), "{reason}");
            assert!(
                reason.as_str().starts_with(RejectReason::PREFIX),
                "{reason}"
            );
        }
        assert_eq!(RejectReason::from("REJECT_MOOD").meaning(), None);
    }
}
