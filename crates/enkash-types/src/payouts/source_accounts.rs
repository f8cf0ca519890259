//! Bank accounts that may fund the payout account.

use serde::{Deserialize, Serialize};

use crate::endpoint::endpoint;
use crate::text::{account_of_letters_and_digits, company_id_of_cek, ifsc_in_either_case};
use crate::unread;
use crate::valid::rules;
use crate::{AccountNumber, CompanyId, Extra, Ifsc};

/// Allows one of the merchant's own bank accounts to fund EnKash's virtual account. One can be
/// active at a time.
///
/// The newest title of the page speaks of adding funds; its fields register an account and move
/// nothing.
///
/// ```
/// use enkash_types::payouts::AddSourceAccount;
/// use enkash_types::Valid;
///
/// assert!(Valid::check(AddSourceAccount::new("123456789012", "KKBK0000432")).is_ok());
/// ```
///
/// EnKash documentation: *Add Funds to EnKash* (older title: *Add Source Bank Account*).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct AddSourceAccount {
    /// Account number: 9 to 36 letters and digits.
    #[cfg_attr(
        feature = "schema",
        schemars(with = "String", regex(pattern = "^[A-Za-z0-9]{9,36}$"))
    )]
    pub account_number: AccountNumber,
    /// IFSC of the account's branch. This page takes small letters as well.
    #[cfg_attr(
        feature = "schema",
        schemars(with = "String", regex(pattern = "^[A-Za-z]{4}0[A-Z0-9a-z]{6}$"))
    )]
    pub ifsc: Ifsc,
    /// The merchant's company: `CEK` and seven capital letters or digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(regex(pattern = "^CEK[A-Z0-9]{7}$")))]
    pub company_id: Option<CompanyId>,
}

rules! {
    AddSourceAccount {
        account_number: skip,
        ifsc: skip,
        company_id: skip,
    }
    also {
        "accountNumber" => |account| account_of_letters_and_digits(account.account_number.as_str()),
        "ifsc" => |account| ifsc_in_either_case(account.ifsc.as_str()),
        "companyId" => |account| account.company_id.as_ref().map_or(Ok(()), company_id_of_cek),
    }
}

impl AddSourceAccount {
    /// A request for one account.
    pub fn new(account_number: impl Into<AccountNumber>, ifsc: impl Into<Ifsc>) -> Self {
        Self {
            account_number: account_number.into(),
            ifsc: ifsc.into(),
            company_id: None,
        }
    }
}

endpoint! {
    AddSourceAccount => SourceAccount {
        name: "add_payout_source_bank_account",
        call: Post "/api/v0/bankDetail/whitelist",
        product: Payouts,
        host: Payouts,
        auth: OAuth,
        sealed: true,
        envelope: Any,
        replay: Never,
        docs: "Add Funds to EnKash",
    }
}

/// What EnKash answers to a source account; nothing but its code was read.
///
/// All of it is in [`extra`](Self::extra), an answer that is no object under `payload`. An account
/// number in it is masked wherever a person may look, if its field's name tells.
///
/// EnKash documentation: *Add Funds to EnKash*.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
#[non_exhaustive]
pub struct SourceAccount {
    /// The fields that EnKash sent.
    #[serde(deserialize_with = "unread::whatever")]
    pub extra: Extra,
}

impl SourceAccount {
    /// An answer with these fields.
    #[must_use]
    pub fn new(extra: Extra) -> Self {
        Self { extra }
    }
}
