//! The columns of a file.

use std::fmt;

use serde::{Serialize, Serializer};

/// A column of a CSV file, or a name in a line of JSON.
///
/// The order of columns is free, and those that no row needs may be left out. Upper and lower case
/// of a name don't matter in a CSV file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Column {
    /// `transaction_id`, needed: the merchant's own id of the transfer, once in a file.
    TransactionId,
    /// `amount`, needed: rupees, written like `1250.50`.
    Amount,
    /// `mode`, needed: `IMPS`, `NEFT`, `RTGS` or `UPI`, in upper or lower case.
    Mode,
    /// `beneficiary_id`: the merchant's own id of the payee. It may be left out where a `vpa` is
    /// paid.
    BeneficiaryId,
    /// `beneficiary_name`: needed to add a payee that EnKash does not know yet. If one row of a file
    /// describes a payee, all rows that name him do.
    BeneficiaryName,
    /// `account_number` of a payee who is added.
    AccountNumber,
    /// `ifsc`, the bank's branch; it goes with the account.
    Ifsc,
    /// `vpa`, the UPI address of a payee; not together with an account.
    Vpa,
    /// `remark`, which goes with the transfer.
    Remark,
    /// `reference`, the merchant's own.
    Reference,
    /// `problem`, which is not looked at: it stands in the files of refused rows, so that they can
    /// be corrected and read as they are.
    Problem,
}

impl Column {
    /// Every column.
    pub const ALL: [Self; 11] = [
        Self::TransactionId,
        Self::Amount,
        Self::Mode,
        Self::BeneficiaryId,
        Self::BeneficiaryName,
        Self::AccountNumber,
        Self::Ifsc,
        Self::Vpa,
        Self::Remark,
        Self::Reference,
        Self::Problem,
    ];

    /// Those that every row fills.
    pub const NEEDED: [Self; 3] = [Self::TransactionId, Self::Amount, Self::Mode];

    /// The name, as it stands in a file.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::TransactionId => "transaction_id",
            Self::Amount => "amount",
            Self::Mode => "mode",
            Self::BeneficiaryId => "beneficiary_id",
            Self::BeneficiaryName => "beneficiary_name",
            Self::AccountNumber => "account_number",
            Self::Ifsc => "ifsc",
            Self::Vpa => "vpa",
            Self::Remark => "remark",
            Self::Reference => "reference",
            Self::Problem => "problem",
        }
    }

    /// The column of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|column| column.name().eq_ignore_ascii_case(name))
    }

    /// The column that fills a field of a request, by the field's path on the wire.
    pub(crate) fn of_field(path: &str) -> Option<Self> {
        let field = path.rsplit_once('.').map_or(path, |(_, field)| field);
        Some(match field {
            "transactionId" => Self::TransactionId,
            "transferAmount" => Self::Amount,
            "transferMode" => Self::Mode,
            "beneficiaryId" => Self::BeneficiaryId,
            "beneficiaryName" => Self::BeneficiaryName,
            "beneficiaryAccountNumber" => Self::AccountNumber,
            "beneficiaryIfsc" => Self::Ifsc,
            "vpaHandle" => Self::Vpa,
            "transferRemark" => Self::Remark,
            "reference" => Self::Reference,
            _ => return None,
        })
    }
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Column {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
