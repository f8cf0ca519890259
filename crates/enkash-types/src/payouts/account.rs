//! The payout account: its balance and its statement.

use std::fmt;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{self, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::transfers::TransferId;
use crate::endpoint::endpoint;
use crate::text::{not_empty, shown_text};
use crate::valid::rules;
use crate::{AccountNumber, DateTime, Extra, Rupees, Timestamp};

shown_text! {
    /// EnKash's id of a fund source, which transfers are paid from; minted by EnKash (`EKCI4XTWKC`
    /// in an example). No shape is promised.
    ///
    /// EnKash documentation: *Retrieve Account Balance*, field `fundSourceId`.
    FundSourceId,
    check: not_empty,
    schema: {"type": "string"}
}

/// Reads the balance of a fund source.
///
/// ```
/// use enkash_types::payouts::GetBalance;
/// use enkash_types::Valid;
///
/// let mut balance = GetBalance::new("EKCI4XTWKC");
/// balance.debit_account_number = Some("123456789012".into()); // for connected banking
/// assert!(Valid::check(balance).is_ok());
/// ```
///
/// The account number travels in the query of the address, as the page has it.
///
/// EnKash documentation: *Retrieve Account Balance*.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct GetBalance {
    /// The fund source.
    pub fund_source_id: FundSourceId,
    /// The account behind it; needed for connected banking.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub debit_account_number: Option<AccountNumber>,
}

rules! {
    GetBalance {
        fund_source_id: "fundSourceId",
        debit_account_number: "debitAccountNumber",
    }
}

impl GetBalance {
    /// A request for the balance of one fund source.
    pub fn new(fund_source_id: impl Into<FundSourceId>) -> Self {
        Self {
            fund_source_id: fund_source_id.into(),
            debit_account_number: None,
        }
    }
}

endpoint! {
    GetBalance => Balance {
        name: "get_payout_account_balance",
        call: Get "/api/v0/payout-account/balance",
        product: Payouts,
        host: Payouts,
        auth: OAuth,
        sealed: true,
        envelope: None,
        replay: Safe,
        docs: "Retrieve Account Balance",
    }
}

/// The balance of a fund source.
///
/// EnKash documentation: *Retrieve Account Balance*.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Balance {
    /// What is in it. The page states no currency; the payout pages speak of rupees alone.
    pub total_balance: Rupees,
    /// Fields that EnKash sent and that are not typed here.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Balance {
    /// A balance of so much.
    #[must_use]
    pub fn new(total_balance: Rupees) -> Self {
        Self {
            total_balance,
            extra: Extra::new(),
        }
    }
}

/// Reads the statement of a debit account between two times.
///
/// ```
/// use enkash_types::payouts::FetchStatement;
/// use enkash_types::Valid;
///
/// let (from, to) = ("2026-04-01T00:00:00+05:30", "2026-04-02T00:00:00+05:30");
/// assert!(Valid::check(FetchStatement::new("EKCI4XTWKC", "123456789012", from, to)).is_ok());
/// ```
///
/// No limit of the span and no paging is documented, nor whether the ends belong to it.
///
/// EnKash documentation: *Fetch Bank Statement* (newer title: *Fetch Statement*).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct FetchStatement {
    /// The fund source.
    pub fund_source_id: FundSourceId,
    /// The account behind it. Required here, unlike for the balance.
    pub debit_account_number: AccountNumber,
    /// Begin of the time that is looked at.
    pub from_date: Timestamp,
    /// End of it.
    pub to_date: Timestamp,
}

rules! {
    FetchStatement {
        fund_source_id: "fundSourceId",
        debit_account_number: "debitAccountNumber",
        from_date: "fromDate",
        to_date: "toDate",
    }
}

impl FetchStatement {
    /// A request for what happened between two times.
    pub fn new(
        fund_source_id: impl Into<FundSourceId>,
        debit_account_number: impl Into<AccountNumber>,
        from_date: impl Into<Timestamp>,
        to_date: impl Into<Timestamp>,
    ) -> Self {
        Self {
            fund_source_id: fund_source_id.into(),
            debit_account_number: debit_account_number.into(),
            from_date: from_date.into(),
            to_date: to_date.into(),
        }
    }
}

endpoint! {
    FetchStatement => Statement {
        name: "fetch_payout_statement",
        call: Post "/api/v0/payout-account/statement",
        product: Payouts,
        host: Payouts,
        auth: OAuth,
        sealed: true,
        envelope: Data,
        replay: Safe,
        docs: "Fetch Bank Statement",
    }
}

/// The statement of a debit account.
///
/// The page shows the list under `data`, beside the code and the `requestId`. A list that comes
/// alone, as the payload of another envelope would be, is read as well. Where no list is, it is not
/// taken for an empty one.
///
/// EnKash documentation: *Fetch Bank Statement*.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Statement {
    /// EnKash's id of this request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// The lines; in which order is not documented.
    #[serde(rename = "data")]
    pub lines: Vec<StatementLine>,
    /// Fields that EnKash sent and that are not typed here.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Statement {
    /// A statement of these lines.
    #[must_use]
    pub fn new(lines: Vec<StatementLine>) -> Self {
        Self {
            lines,
            ..Self::default()
        }
    }
}

impl<'de> Deserialize<'de> for Statement {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Fields {
            request_id: Option<String>,
            // One without a list is none: in an empty one a transfer would count as not seen.
            #[serde(deserialize_with = "Option::deserialize")]
            data: Option<Vec<StatementLine>>,
            #[serde(flatten)]
            extra: Extra,
        }

        struct ObjectOrList;

        impl<'de> Visitor<'de> for ObjectOrList {
            type Value = Statement;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a statement")
            }

            fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<Statement, A::Error> {
                let mut fields = Fields::deserialize(MapAccessDeserializer::new(fields))?;
                // `null` stands for an empty list only beside what else a statement holds.
                let is_enveloped =
                    fields.request_id.is_some() || fields.extra.contains_key("response_code");
                if fields.data.is_none() && !is_enveloped {
                    return Err(de::Error::custom(
                        "`data` is null, and nothing else is there",
                    ));
                }
                // What is of the envelope; it stands among the fields.
                for name in ["response_code", "response_message"] {
                    fields.extra.remove(name);
                }
                Ok(Statement {
                    request_id: fields.request_id,
                    lines: fields.data.unwrap_or_default(),
                    extra: fields.extra,
                })
            }

            fn visit_seq<A: SeqAccess<'de>>(self, lines: A) -> Result<Statement, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(lines)).map(Statement::new)
            }
        }

        deserializer.deserialize_any(ObjectOrList)
    }
}

/// One line of a statement.
///
/// EnKash documentation: *Fetch Bank Statement*, schema `StatementResponseModel`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct StatementLine {
    /// An id of the transaction. Whether it is the merchant's own or EnKash's is not documented:
    /// compare it with both.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transaction_id: Option<TransferId>,
    /// When it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transaction_date: Option<DateTime>,
    /// When it counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value_date: Option<DateTime>,
    /// Whether money came or went, by its name; its values are not listed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transaction_type: Option<String>,
    /// What it was for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remarks: Option<String>,
    /// The bank's reference (UTR), by its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transaction_reference_number: Option<String>,
    /// The way that it took; its values are not listed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transaction_mode: Option<String>,
    /// The sum. The page types it as a whole number, while the balance beside it may have decimals,
    /// and states no unit; it is taken for rupees. **Compare one with a transfer of yours before
    /// you rely on it**: were it paise, it would be a hundred times as much.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transaction_amount: Option<Rupees>,
    /// The balance after it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub running_balance: Option<Rupees>,
    /// Fields that EnKash sent and that are not typed here.
    #[serde(flatten)]
    pub extra: Extra,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_is_read_in_each_form() {
        const LINE: &str = r#"{"transactionType":"DEBIT","transactionReferenceNumber":"N1",
            "transactionAmount":"150","runningBalance":49.5}"#;
        for statement in [
            format!(
                r#"{{"response_code":"0","response_message":"","requestId":"R1","data":[{LINE}]}}"#
            ),
            format!(r#"{{"requestId":"R1","data":[{LINE}]}}"#),
            format!("[{LINE}]"),
        ] {
            let read: Statement = serde_json::from_str(&statement).unwrap();
            let [line] = read.lines.as_slice() else {
                panic!("one line, not {:?}", read.lines);
            };
            assert_eq!(line.transaction_amount, "150".parse().ok());
            assert_eq!(line.running_balance, "49.50".parse().ok());
            assert!(read.extra.is_empty(), "{:?}", read.extra);
        }
        for no_lines in [
            "[]",
            r#"{"data":[]}"#,
            r#"{"response_code":"0","data":null}"#,
        ] {
            let read: Statement = serde_json::from_str(no_lines).unwrap();
            assert_eq!(read, Statement::default());
        }
    }

    /// In an empty statement a transfer counts as not seen.
    #[test]
    fn what_says_nothing_is_no_statement() {
        for nothing in [
            "{}",
            "null",
            r#"{"message":"Under maintenance"}"#,
            r#"{"message":"Under maintenance","data":null}"#,
            r#"{"response_code":"0","response_message":"Success","requestId":"R1"}"#,
        ] {
            let read = serde_json::from_str::<Statement>(nothing);
            assert!(read.is_err(), "{nothing}: {read:?}");
        }
    }
}
