//! The check of a bank account.

use serde::{Deserialize, Serialize};

use crate::endpoint::endpoint;
use crate::text::{not_empty, shown_text};
use crate::valid::rules;
use crate::{AccountNumber, Extra, Ifsc};

shown_text! {
    /// The merchant's own id of a check, minted by the merchant: unique for each request.
    ///
    /// Neither an alphabet nor a limit of length is documented, nor what EnKash answers to an id
    /// that was used before.
    ///
    /// EnKash documentation: *Bank Account Verification PennyLess/PennyDrop*, field
    /// `customerRequestId`.
    VerificationRequestId,
    check: not_empty,
    schema: {"type": "string"}
}

/// Checks that a bank account exists and learns its holder's name, with a small deposit (a penny
/// drop) or without.
///
/// ```
/// use enkash_types::verification::VerifyBankAccount;
/// use enkash_types::Valid;
///
/// let check = VerifyBankAccount::penny_less("CHECK1", "123456789012", "KKBK0000432");
/// assert!(Valid::check(check).is_ok());
/// ```
///
/// The page shows neither a host nor an authorization, and plain JSON both ways. How much a penny
/// drop deposits and how long a check takes is not documented.
///
/// EnKash documentation: *Bank Account Verification PennyLess/PennyDrop*.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct VerifyBankAccount {
    /// The account.
    pub beneficiary_account_number: AccountNumber,
    /// The merchant's own unique id of this check.
    pub customer_request_id: VerificationRequestId,
    /// IFSC of the account's branch. The page gives no pattern; the rule is that of *Create Order*.
    pub beneficiary_ifsc_code: Ifsc,
    /// Whether the check is made without a deposit.
    pub penny_less: bool,
}

rules! {
    VerifyBankAccount {
        beneficiary_account_number: "beneficiaryAccountNumber",
        customer_request_id: "customerRequestId",
        beneficiary_ifsc_code: "beneficiaryIfscCode",
        penny_less: skip,
    }
}

impl VerifyBankAccount {
    /// A check without a deposit.
    pub fn penny_less(
        customer_request_id: impl Into<VerificationRequestId>,
        account_number: impl Into<AccountNumber>,
        ifsc: impl Into<Ifsc>,
    ) -> Self {
        Self {
            beneficiary_account_number: account_number.into(),
            customer_request_id: customer_request_id.into(),
            beneficiary_ifsc_code: ifsc.into(),
            penny_less: true,
        }
    }

    /// A check by a small deposit into the account.
    pub fn penny_drop(
        customer_request_id: impl Into<VerificationRequestId>,
        account_number: impl Into<AccountNumber>,
        ifsc: impl Into<Ifsc>,
    ) -> Self {
        Self {
            penny_less: false,
            ..Self::penny_less(customer_request_id, account_number, ifsc)
        }
    }
}

endpoint! {
    VerifyBankAccount => VerifiedBankAccount {
        name: "verify_bank_account",
        call: Post "/api/v0/pennyDrop",
        product: Verification,
        host: Verification,
        auth: Unknown,
        envelope: Standard,
        replay: ByMerchantId("customerRequestId"),
        docs: "Bank Account Verification PennyLess/PennyDrop",
    }
}

/// The result of a check.
///
/// EnKash also repeats the request's fields beside the payload; they are not kept.
///
/// EnKash documentation: *Bank Account Verification PennyLess/PennyDrop*.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct VerifiedBankAccount {
    /// IFSC of the account's branch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ifsc: Option<Ifsc>,
    /// An id of the request; whether the merchant's own or EnKash's is not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// EnKash's id of the check.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enkash_unique_id: Option<String>,
    /// The bank's reference of the deposit. It is marked required, though a check without a deposit
    /// has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub utr: Option<String>,
    /// How the check went. Its values are not listed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// The holder's name, as the bank has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub beneficiary_name: Option<String>,
    /// Fields that EnKash sent and that are not typed here.
    #[serde(flatten)]
    pub extra: Extra,
}
