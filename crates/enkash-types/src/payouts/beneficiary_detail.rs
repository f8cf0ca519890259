//! A payee that is given with a transfer instead of being registered.

use serde::{Deserialize, Serialize};

use super::beneficiaries::{BeneficiaryId, Pincode};
use crate::text::ifsc_in_either_case;
use crate::valid::{Broken, given_if, rules};
use crate::{AccountNumber, Extra, Vpa};

/// A payee that is given with a transfer instead of being registered.
///
/// **The name of the field that holds the IFSC was not read**, nor those of e-mail address and
/// phone number. They go into [`extra`](Self::extra) by the names that EnKash gives you. A bank
/// account is not sent without an IFSC in one of those fields, since EnKash documents that the two
/// go together.
///
/// ```
/// use enkash_types::payouts::{BeneficiaryDetail, CreateTransfer, TransferMode};
/// use enkash_types::Valid;
///
/// // The second text is the name that EnKash gave you.
/// let payee = BeneficiaryDetail::to_account("123456789012", "ifscCode", "KKBK0000432");
/// let transfer =
///     CreateTransfer::inline("SALARY2041", "15000".parse()?, TransferMode::Neft, payee);
/// assert!(Valid::check(transfer).is_ok());
///
/// let payee = BeneficiaryDetail::to_vpa("asha@examplebank");
/// let transfer = CreateTransfer::inline("SALARY2042", "15000".parse()?, TransferMode::Upi, payee);
/// assert!(Valid::check(transfer).is_ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// EnKash documentation: *Initiate Transfer*, field `beneficiaryDetail`; for what goes together and
/// what does not, *Payout API Response Codes*.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct BeneficiaryDetail {
    /// The payee's UPI address, in place of a bank account. Its alphabet here is not quite that of
    /// a payee that is registered: `%` and `+` pass, and so does a hyphen after the `@`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(regex(pattern = "^[a-zA-Z0-9._%+-]+@[a-zA-Z0-9.-]+$"))
    )]
    pub vpa_handle: Option<Vpa>,
    /// The merchant's own id of the payee. Whether it has to be given was not read, nor whether the
    /// payee is registered by it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub beneficiary_id: Option<BeneficiaryId>,
    /// Number of the payee's bank account; not together with a UPI address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub beneficiary_account_number: Option<AccountNumber>,
    /// The payee's address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub beneficiary_address: Option<String>,
    /// The payee's postal code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub beneficiary_pincode: Option<Pincode>,
    /// The IFSC and further fields, whose names were not read.
    #[serde(flatten)]
    pub extra: Extra,
}

rules! {
    BeneficiaryDetail {
        vpa_handle: skip,
        beneficiary_id: "beneficiaryId",
        beneficiary_account_number: "beneficiaryAccountNumber",
        beneficiary_address: skip,
        beneficiary_pincode: "beneficiaryPincode",
        extra: skip,
    }
    also {
        "vpaHandle" => |payee| payee.vpa_handle.as_ref().map_or(Ok(()), vpa_handle),
        "vpaHandle" => |payee| match (&payee.vpa_handle, &payee.beneficiary_account_number) {
            (Some(_), Some(_)) => Err(Broken("must not be given beside a bank account")),
            _ => Ok(()),
        },
        "beneficiaryAccountNumber" => |payee| given_if(
            payee.vpa_handle.is_none() && payee.beneficiary_id.is_none(),
            payee.beneficiary_account_number.is_some(),
            "must be given, or else vpaHandle or beneficiaryId",
        ),
        "beneficiaryAccountNumber" => |payee| given_if(
            payee.beneficiary_account_number.is_some(),
            payee.holds_an_ifsc(),
            "must come with the IFSC of its branch, in the field that EnKash names for it",
        ),
        "extra" => |payee| payee.extra.has_none_of(BeneficiaryDetail::FIELDS),
    }
}

/// The pattern that this page has for a UPI address.
fn vpa_handle(vpa: &Vpa) -> Result<(), Broken> {
    let common = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-');
    let kept = vpa.as_str().split_once('@').is_some_and(|(name, handle)| {
        !name.is_empty()
            && !handle.is_empty()
            && name
                .bytes()
                .all(|b| common(b) || matches!(b, b'_' | b'%' | b'+'))
            && handle.bytes().all(common)
    });
    if kept {
        Ok(())
    } else {
        Err(Broken(
            "must be a UPI address: letters, digits and ._%+- before one @, letters, digits, dots and hyphens after it",
        ))
    }
}

impl BeneficiaryDetail {
    /// The names on the wire of the typed fields.
    const FIELDS: &[&str] = &[
        "vpaHandle",
        "beneficiaryId",
        "beneficiaryAccountNumber",
        "beneficiaryAddress",
        "beneficiaryPincode",
    ];

    /// A payee with a bank account. `ifsc_field` is the name of the field for the IFSC, as EnKash
    /// told it to you.
    pub fn to_account(
        account_number: impl Into<AccountNumber>,
        ifsc_field: impl Into<String>,
        ifsc: impl Into<String>,
    ) -> Self {
        Self {
            beneficiary_account_number: Some(account_number.into()),
            extra: Extra::from_iter([(ifsc_field.into(), ifsc.into().into())]),
            ..Self::default()
        }
    }

    /// A payee with a UPI address.
    pub fn to_vpa(vpa: impl Into<Vpa>) -> Self {
        Self {
            vpa_handle: Some(vpa.into()),
            ..Self::default()
        }
    }

    /// Whether a field whose name is not known holds what is an IFSC by this page's pattern.
    fn holds_an_ifsc(&self) -> bool {
        let mut texts = self.extra.values().filter_map(|value| value.as_str());
        texts.any(|text| ifsc_in_either_case(text).is_ok())
    }
}
