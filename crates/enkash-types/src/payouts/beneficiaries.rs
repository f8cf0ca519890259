//! Payees that are registered, to be paid by their id.

use serde::{Deserialize, Serialize};

use crate::endpoint::endpoint;
use crate::text::{ifsc_in_either_case, is_letter, letters_and_digits, shown_text};
use crate::unread;
use crate::valid::{Broken, given_if, goes_with, rules};
use crate::{AccountNumber, DateTime, Extra, Ifsc, Vpa};

shown_text! {
    /// The merchant's own id of a payee, minted by the merchant: letters and digits, unique among
    /// the merchant's payees. EnKash answers 409 to one that it knows.
    ///
    /// EnKash documentation: *Add Beneficiary*, field `beneficiaryId`.
    BeneficiaryId,
    check: letters_and_digits,
    schema: {"type": "string", "pattern": "^[A-Za-z0-9]+$"}
}

shown_text! {
    /// The name of a payee: letters and white space, at most 100 characters.
    ///
    /// The documentation does not say which alphabet. Of ASCII only letters and white space pass;
    /// of all else digits and control characters are refused. A name of white space alone is none.
    ///
    /// ```
    /// use enkash_types::payouts::BeneficiaryName;
    ///
    /// assert!("Asha Stores".parse::<BeneficiaryName>().is_ok());
    /// assert!("=1+1".parse::<BeneficiaryName>().is_err());
    /// ```
    ///
    /// EnKash documentation: *Add Beneficiary*, field `beneficiaryName`.
    BeneficiaryName,
    check: beneficiary_name,
    // What is refused of ASCII; the rest cannot be said in every dialect of patterns.
    schema: {
        "type": "string",
        "pattern": "^[^\\x00-\\x08\\x0E-\\x1F!-@\\[-`{-\\x7F]+$",
        "maxLength": 100
    }
}

fn beneficiary_name(text: &str) -> Result<(), Broken> {
    if text.trim().is_empty() {
        return Err(Broken::EMPTY);
    }
    if !text.chars().all(|c| is_letter(c) || c.is_whitespace()) {
        return Err(Broken("must be letters and white space only"));
    }
    if text.chars().count() > 100 {
        return Err(Broken("must be at most 100 characters"));
    }
    Ok(())
}

shown_text! {
    /// The postal code of a payee's address: up to six digits.
    ///
    /// EnKash documentation: *Add Beneficiary*, field `beneficiaryPincode`.
    Pincode,
    check: |text| match text.len() {
        1..=6 if text.bytes().all(|b| b.is_ascii_digit()) => Ok(()),
        _ => Err(Broken("must be one to six digits")),
    },
    schema: {"type": "string", "pattern": "^[0-9]+$", "maxLength": 6}
}

/// Registers a payee with a bank account or a UPI address.
///
/// ```
/// use enkash_types::payouts::CreateBeneficiary;
/// use enkash_types::Valid;
///
/// let mut payee =
///     CreateBeneficiary::to_account("ASHA1", "Asha Stores", "123456789012", "KKBK0000432");
/// payee.beneficiary_pincode = Some("411001".into());
/// assert!(Valid::check(payee).is_ok());
/// assert!(Valid::check(CreateBeneficiary::to_vpa("RAVI1", "Ravi", "ravi@examplebank")).is_ok());
///
/// let mut both = CreateBeneficiary::to_vpa("RAVI1", "Ravi", "ravi@examplebank");
/// both.beneficiary_account_number = Some("123456789012".into());
/// both.beneficiary_ifsc = Some("KKBK0000432".into());
/// assert_eq!(
///     Valid::check(both).unwrap_err().to_string(),
///     "vpaHandle: must not be given beside a bank account",
/// );
/// ```
///
/// The page also has fields for e-mail address, phone number, city, state and a checksum, whose
/// names were not read; put them into [`extra`](Self::extra) by the names that EnKash gives you. A
/// note on the page counts e-mail address and phone number among the required ones.
///
/// EnKash documentation: *Add Beneficiary*; for what goes together and what does not, *Payout API
/// Response Codes*.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CreateBeneficiary {
    /// The merchant's own unique id of the payee.
    pub beneficiary_id: BeneficiaryId,
    /// Name of the payee.
    pub beneficiary_name: BeneficiaryName,
    /// Number of the payee's bank account; together with the IFSC, and not with a UPI address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub beneficiary_account_number: Option<AccountNumber>,
    /// IFSC of that account's branch. This page, unlike the gateway's, takes small letters as well.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(
            with = "Option<String>",
            regex(pattern = "^[A-Za-z]{4}0[A-Z0-9a-z]{6}$")
        )
    )]
    pub beneficiary_ifsc: Option<Ifsc>,
    /// The payee's UPI address, in place of a bank account. On this page: letters, digits, dots,
    /// hyphens and underscores, and no hyphen after the `@`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(regex(pattern = "^[A-Za-z0-9._-]+@[A-Za-z0-9._]+$"))
    )]
    pub vpa_handle: Option<Vpa>,
    /// The payee's address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub beneficiary_address: Option<String>,
    /// The payee's postal code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub beneficiary_pincode: Option<Pincode>,
    /// Further fields, whose names were not read.
    #[serde(flatten)]
    pub extra: Extra,
}

rules! {
    CreateBeneficiary {
        beneficiary_id: "beneficiaryId",
        beneficiary_name: "beneficiaryName",
        beneficiary_account_number: "beneficiaryAccountNumber",
        beneficiary_ifsc: skip,
        vpa_handle: skip,
        beneficiary_address: skip,
        beneficiary_pincode: "beneficiaryPincode",
        extra: skip,
    }
    also {
        "beneficiaryIfsc" => |payee| payee.beneficiary_ifsc.as_ref().map_or(Ok(()), |ifsc| {
            ifsc_in_either_case(ifsc.as_str())
        }),
        "vpaHandle" => |payee| payee.vpa_handle.as_ref().map_or(Ok(()), vpa_handle),
        "beneficiaryIfsc" => |payee| goes_with(
            &payee.beneficiary_ifsc,
            &payee.beneficiary_account_number,
            "must be given, since beneficiaryAccountNumber is",
        ),
        "beneficiaryAccountNumber" => |payee| given_if(
            payee.beneficiary_ifsc.is_some() && payee.vpa_handle.is_none(),
            payee.beneficiary_account_number.is_some(),
            "must be given, since beneficiaryIfsc is",
        ),
        "vpaHandle" => |payee| one_kind_of_payee(payee),
        "beneficiaryAccountNumber" => |payee| given_if(
            payee.vpa_handle.is_none() && payee.beneficiary_ifsc.is_none(),
            payee.beneficiary_account_number.is_some(),
            "must be given with its IFSC, or else vpaHandle",
        ),
        "extra" => |payee| payee.extra.has_none_of(CreateBeneficiary::FIELDS),
    }
}

fn one_kind_of_payee(payee: &CreateBeneficiary) -> Result<(), Broken> {
    let has_account =
        payee.beneficiary_account_number.is_some() || payee.beneficiary_ifsc.is_some();
    if has_account && payee.vpa_handle.is_some() {
        Err(Broken("must not be given beside a bank account"))
    } else {
        Ok(())
    }
}

/// The alphabet that this page has for a UPI address.
fn vpa_handle(vpa: &Vpa) -> Result<(), Broken> {
    let common = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_');
    let kept = vpa.as_str().split_once('@').is_some_and(|(name, handle)| {
        !name.is_empty()
            && !handle.is_empty()
            && name.bytes().all(|b| common(b) || b == b'-')
            && handle.bytes().all(common)
    });
    if kept {
        Ok(())
    } else {
        Err(Broken(
            "must be a UPI address: letters, digits, dots, hyphens and underscores, one @, and no hyphen after it",
        ))
    }
}

impl CreateBeneficiary {
    /// The names on the wire of the typed fields.
    const FIELDS: &[&str] = &[
        "beneficiaryId",
        "beneficiaryName",
        "beneficiaryAccountNumber",
        "beneficiaryIfsc",
        "vpaHandle",
        "beneficiaryAddress",
        "beneficiaryPincode",
    ];

    fn named(id: BeneficiaryId, name: BeneficiaryName) -> Self {
        Self {
            beneficiary_id: id,
            beneficiary_name: name,
            beneficiary_account_number: None,
            beneficiary_ifsc: None,
            vpa_handle: None,
            beneficiary_address: None,
            beneficiary_pincode: None,
            extra: Extra::new(),
        }
    }

    /// A payee with a bank account.
    pub fn to_account(
        id: impl Into<BeneficiaryId>,
        name: impl Into<BeneficiaryName>,
        account_number: impl Into<AccountNumber>,
        ifsc: impl Into<Ifsc>,
    ) -> Self {
        Self {
            beneficiary_account_number: Some(account_number.into()),
            beneficiary_ifsc: Some(ifsc.into()),
            ..Self::named(id.into(), name.into())
        }
    }

    /// A payee with a UPI address.
    pub fn to_vpa(
        id: impl Into<BeneficiaryId>,
        name: impl Into<BeneficiaryName>,
        vpa: impl Into<Vpa>,
    ) -> Self {
        Self {
            vpa_handle: Some(vpa.into()),
            ..Self::named(id.into(), name.into())
        }
    }
}

endpoint! {
    CreateBeneficiary => Beneficiary {
        name: "create_payout_beneficiary",
        call: Post "/api/v0/beneficiary-detail",
        product: Payouts,
        host: Payouts,
        auth: OAuth,
        sealed: true,
        checksum: Body,
        envelope: Any,
        replay: ByMerchantId("beneficiaryId"),
        docs: "Add Beneficiary",
        lacks: lacks,
    }
}

/// A field of the payee has to be there: one that was read of the answer, or of the request.
fn lacks(payee: &Beneficiary) -> Option<&'static str> {
    let Beneficiary {
        beneficiary_account_number,
        beneficiary_address,
        beneficiary_pincode,
        created_on,
        extra,
    } = payee;
    let says = beneficiary_account_number.is_some()
        || beneficiary_address.is_some()
        || beneficiary_pincode.is_some()
        || created_on.is_some()
        || CreateBeneficiary::FIELDS
            .iter()
            .any(|name| extra.get(*name).is_some_and(|value| !value.is_null()));
    (!says).then_some("no field of a payee is there")
}

/// A payee that was registered.
///
/// Four fields of the answer were read, and not in which envelope they stand. What EnKash sends
/// beyond them is kept in [`extra`](Self::extra).
///
/// EnKash documentation: *Add Beneficiary*.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Beneficiary {
    /// Number of the payee's bank account; its last four characters are shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub beneficiary_account_number: Option<AccountNumber>,
    /// The payee's address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub beneficiary_address: Option<String>,
    /// The payee's postal code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub beneficiary_pincode: Option<Pincode>,
    /// When it was registered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_on: Option<DateTime>,
    /// Fields that EnKash sent and that are not typed here.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Beneficiary {
    /// The merchant's own id of the payee, if it stands under `beneficiaryId`, as in the request.
    #[must_use]
    pub fn id(&self) -> Option<BeneficiaryId> {
        unread::text(&self.extra, &["beneficiaryId"]).map(BeneficiaryId::from)
    }
}
