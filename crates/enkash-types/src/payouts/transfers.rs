//! Transfers: money to one payee each.

use serde::{Deserialize, Serialize};

use super::account::FundSourceId;
use super::beneficiaries::BeneficiaryId;
use super::beneficiary_detail::BeneficiaryDetail;
use super::status::{RejectReason, TransferStatus};
use crate::endpoint::endpoint;
use crate::rupees::payable;
use crate::text::{is_letter, not_empty, shown_text};
use crate::unread;
use crate::valid::{Broken, given_if, rules};
use crate::{AccountNumber, Extra, Rupees};

shown_text! {
    /// The merchant's own id of a transfer, minted by the merchant: unique for each transfer, and
    /// kept when a rejected transfer is sent again. EnKash answers 409 to one that it knows.
    ///
    /// Neither an alphabet nor a limit of length is documented.
    ///
    /// EnKash documentation: *Initiate Transfer*, field `transactionId`.
    TransferId,
    check: not_empty,
    schema: {"type": "string"}
}

shown_text! {
    /// EnKash's id of a transfer, minted by EnKash. No shape is promised.
    ///
    /// EnKash documentation: *Initiate Transfer*, field `enkashTransactionId`.
    EnkashTransactionId,
    check: not_empty,
    schema: {"type": "string"}
}

shown_text! {
    /// What a transfer is for: letters, digits and white space. It is rejected if it is too long,
    /// and how long it may be is not documented.
    ///
    /// Nor is the alphabet: of ASCII only letters, digits and white space pass; of all else control
    /// characters are refused.
    ///
    /// EnKash documentation: *Initiate Transfer*, field `transferRemark`.
    TransferRemark,
    check: |text| {
        not_empty(text)?;
        if text.chars().all(|c| is_letter(c) || c.is_whitespace() || c.is_numeric()) {
            Ok(())
        } else {
            Err(Broken("must be letters, digits and white space only"))
        }
    },
    // What is refused of ASCII; the rest cannot be said in every dialect of patterns.
    schema: {"type": "string", "pattern": "^[^\\x00-\\x08\\x0E-\\x1F!-/:-@\\[-`{-\\x7F]+$"}
}

crate::open_enum::open_enum! {
    /// The way that a transfer takes from bank to bank.
    ///
    /// EnKash documentation: *Payout Methods*. It names IMPS as the default and the transfer's page
    /// NEFT; since the latter marks the mode required, it is always sent.
    TransferMode {
        /// At once, at any hour of any day, up to 2 lakh (200,000) rupees a transfer.
        Imps = "IMPS",
        /// Within two hours, in batches, on NEFT's working days and hours.
        Neft = "NEFT",
        /// Its hours and limits were not read.
        Rtgs = "RTGS",
        /// At any hour of any day; its limit was not read.
        Upi = "UPI",
    }
}

impl TransferMode {
    /// The most that one transfer may be, where a limit is documented: 200,000 rupees by IMPS.
    #[must_use]
    pub fn most(&self) -> Option<Rupees> {
        (*self == Self::Imps).then(|| Rupees::from_paise(20_000_000))
    }
}

/// Sends money to one payee: one that is registered, or one that is given with the transfer.
///
/// ```
/// use enkash_types::payouts::{CreateTransfer, TransferMode};
/// use enkash_types::Valid;
///
/// let mut transfer =
///     CreateTransfer::new("SALARY2041", "15000.50".parse()?, TransferMode::Imps, "ASHA1");
/// transfer.transfer_remark = Some("Salary April".into());
/// transfer.fund_source_id = Some("EKCI4XTWKC".into());
/// let transfer = Valid::check(transfer)?;
///
/// let wrong = CreateTransfer::new("", "200000.01".parse()?, TransferMode::Imps, "ASHA 1");
/// assert_eq!(
///     Valid::check(wrong).unwrap_err().to_string(),
///     "beneficiaryId: must be letters and digits only; \
///      transactionId: must not be empty; \
///      transferAmount: must be at most 200000.00 rupees by IMPS",
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// After an answer was lost, **do not send it with another id**: the same id is refused with 409
/// where EnKash has the transfer. A rejected transfer keeps its id as well.
///
/// The page does not say whether a payee is needed and of which kind; a transfer to nobody is not
/// sent, nor is one to two. It also has a checksum, whose name was not read.
///
/// EnKash documentation: *Initiate Transfer*, *Payout Methods*.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CreateTransfer {
    /// The merchant's own id of a payee that is registered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub beneficiary_id: Option<BeneficiaryId>,
    /// The merchant's own unique id of the transfer. Keep it before the transfer is sent: it is
    /// what tells one transfer from two.
    pub transaction_id: TransferId,
    /// Sum to pay, at least one rupee. Decimals are allowed, and how many is not documented; less
    /// than a paisa cannot be paid, so more than two are refused here.
    #[cfg_attr(feature = "schema", schemars(range(min = 1.0)))]
    pub transfer_amount: Rupees,
    /// The way that it takes.
    pub transfer_mode: TransferMode,
    /// What it is for. It is optional by the page, and yet a missing one is a documented reason to
    /// reject a transfer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transfer_remark: Option<TransferRemark>,
    /// Another reference of the merchant's own, unique for each transfer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The fund source to pay from. It is optional by the page, and yet a missing one is a
    /// documented reason to reject a transfer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fund_source_id: Option<FundSourceId>,
    /// The payee, if it is not registered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub beneficiary_detail: Option<BeneficiaryDetail>,
    /// The account to pay from; needed for connected banking.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub debit_account_number: Option<AccountNumber>,
    /// Further fields, whose names were not read.
    #[serde(flatten)]
    pub extra: Extra,
}

rules! {
    CreateTransfer {
        beneficiary_id: "beneficiaryId",
        transaction_id: "transactionId",
        transfer_amount: skip,
        transfer_mode: "transferMode",
        transfer_remark: "transferRemark",
        reference: skip,
        fund_source_id: "fundSourceId",
        beneficiary_detail: "beneficiaryDetail",
        debit_account_number: "debitAccountNumber",
        extra: skip,
    }
    also {
        "transferAmount" => |transfer| amount(transfer.transfer_amount, &transfer.transfer_mode),
        "beneficiaryId" => |transfer| given_if(
            transfer.beneficiary_detail.is_none(),
            transfer.beneficiary_id.is_some(),
            "must be given, or else beneficiaryDetail",
        ),
        "beneficiaryDetail" => |transfer| match (&transfer.beneficiary_id, &transfer.beneficiary_detail) {
            (Some(_), Some(_)) => Err(Broken("must not be given beside beneficiaryId")),
            _ => Ok(()),
        },
        "extra" => |transfer| transfer.extra.has_none_of(CreateTransfer::FIELDS),
    }
}

fn amount(sum: Rupees, mode: &TransferMode) -> Result<(), Broken> {
    if sum < Rupees::from_paise(100) {
        return Err(Broken("must be at least 1.00 rupees"));
    }
    payable(&sum)?;
    // Only IMPS has a documented limit.
    if mode.most().is_some_and(|most| sum > most) {
        return Err(Broken("must be at most 200000.00 rupees by IMPS"));
    }
    Ok(())
}

impl CreateTransfer {
    /// The names on the wire of the typed fields.
    const FIELDS: &[&str] = &[
        "beneficiaryId",
        "transactionId",
        "transferAmount",
        "transferMode",
        "transferRemark",
        "reference",
        "fundSourceId",
        "beneficiaryDetail",
        "debitAccountNumber",
    ];

    fn to_nobody(id: TransferId, amount: Rupees, mode: TransferMode) -> Self {
        Self {
            beneficiary_id: None,
            transaction_id: id,
            transfer_amount: amount,
            transfer_mode: mode,
            transfer_remark: None,
            reference: None,
            fund_source_id: None,
            beneficiary_detail: None,
            debit_account_number: None,
            extra: Extra::new(),
        }
    }

    /// A transfer to a payee that is registered.
    pub fn new(
        transaction_id: impl Into<TransferId>,
        amount: Rupees,
        mode: TransferMode,
        beneficiary_id: impl Into<BeneficiaryId>,
    ) -> Self {
        Self {
            beneficiary_id: Some(beneficiary_id.into()),
            ..Self::to_nobody(transaction_id.into(), amount, mode)
        }
    }

    /// A transfer to a payee that is given with it.
    pub fn inline(
        transaction_id: impl Into<TransferId>,
        amount: Rupees,
        mode: TransferMode,
        beneficiary_detail: BeneficiaryDetail,
    ) -> Self {
        Self {
            beneficiary_detail: Some(beneficiary_detail),
            ..Self::to_nobody(transaction_id.into(), amount, mode)
        }
    }
}

endpoint! {
    CreateTransfer => Transfer {
        name: "create_payout_transfer",
        call: Post "/api/v0/payout-transaction",
        product: Payouts,
        host: Payouts,
        auth: OAuth,
        sealed: true,
        checksum: Body,
        envelope: Any,
        replay: ByMerchantId("transactionId"),
        docs: "Initiate Transfer",
        lacks: lacks,
    }
}

/// One of the two fields that are documented by name has to be there. The merchant's own id is not
/// enough, as a refusal may repeat it.
fn lacks(transfer: &Transfer) -> Option<&'static str> {
    let says = transfer.enkash_transaction_id.is_some() || transfer.payout_status.is_some();
    (!says).then_some("neither `enkashTransactionId` nor `payoutStatus` is there")
}

/// A transfer that was taken.
///
/// Three of the answer's six fields were read, one of them without its name, and not in which
/// envelope they stand. What EnKash sends beyond them is kept in [`extra`](Self::extra).
///
/// EnKash documentation: *Initiate Transfer*.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Transfer {
    /// EnKash's id of the transfer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enkash_transaction_id: Option<EnkashTransactionId>,
    /// Where it stands. The page's own list of values was not read; these are the lifecycle's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payout_status: Option<TransferStatus>,
    /// The merchant's own id. The page describes such a field; its name was not read and is taken
    /// to be the request's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transaction_id: Option<TransferId>,
    /// Fields that EnKash sent and that are not typed here.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Transfer {
    /// A transfer with the fields that are known.
    pub fn new(
        enkash_transaction_id: impl Into<EnkashTransactionId>,
        payout_status: TransferStatus,
        transaction_id: impl Into<TransferId>,
    ) -> Self {
        Self {
            enkash_transaction_id: Some(enkash_transaction_id.into()),
            payout_status: Some(payout_status),
            transaction_id: Some(transaction_id.into()),
            extra: Extra::new(),
        }
    }

    /// Why it was rejected, if any field holds one of the codes for that. Which one does was not
    /// read; the codes are told from other texts by their beginning.
    #[must_use]
    pub fn reject_reason(&self) -> Option<RejectReason> {
        let mut texts = self.extra.values().filter_map(|value| value.as_str());
        texts
            .find(|text| text.starts_with(RejectReason::PREFIX))
            .map(RejectReason::from)
    }

    /// The bank's reference, if it stands under `utr` or `transactionReferenceNumber`, as on other
    /// pages.
    #[must_use]
    pub fn utr(&self) -> Option<&str> {
        unread::text(&self.extra, &["utr", "transactionReferenceNumber"])
    }
}
