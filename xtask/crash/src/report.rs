//! What `enkash payouts report --csv` says of each row.

use std::path::Path;

use anyhow::Context as _;
use enkash_types::Rupees;
use enkash_types::payouts::TransferMode;
use serde::Deserialize;

/// A row of the report, as far as it is looked at here.
#[derive(Debug, Deserialize)]
pub(crate) struct Reported {
    #[serde(rename = "transaction_id")]
    pub(crate) id: String,
    #[serde(deserialize_with = "in_rupees")]
    pub(crate) amount: Rupees,
    pub(crate) mode: TransferMode,
    pub(crate) state: String,
    #[serde(rename = "enkash_transaction_id")]
    pub(crate) enkash_id: Option<String>,
    pub(crate) utr: Option<String>,
}

/// An amount is a text in a CSV file, whatever it looks like.
fn in_rupees<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Rupees, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map_err(serde::de::Error::custom)
}

impl Reported {
    /// Whether the journal knows that EnKash has the transfer. After a lost answer it may know no
    /// more than that: what became of a transfer, no documented call tells.
    pub(crate) fn is_with_enkash(&self) -> bool {
        ["PAID", "TAKEN"].contains(&self.state.as_str())
    }

    /// Whether the run has something left to do for it.
    pub(crate) fn is_to_do(&self) -> bool {
        ["PLANNED", "SENT"].contains(&self.state.as_str())
    }
}

/// Reads a report.
pub(crate) fn read(path: &Path) -> anyhow::Result<Vec<Reported>> {
    let reader = csv::Reader::from_path(path).context("the report cannot be opened")?;
    let rows = reader.into_deserialize().collect::<Result<_, _>>();
    rows.context("the report cannot be read")
}
