//! Searches whose answer comes page by page.

use serde::{Deserialize, Deserializer, Serialize};

use crate::Extra;

crate::open_enum::open_enum! {
    /// The order in which a search lists what it finds.
    Direction {
        /// The least or earliest first.
        Asc = "ASC",
        /// The greatest or latest first.
        Desc = "DESC",
    }
}

/// One page of what a search found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", bound(deserialize = "T: Deserialize<'de>"))]
#[non_exhaustive]
pub struct Page<T> {
    /// How many there are. The documentation does not say whether on all pages or on this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub records_count: Option<u64>,
    /// What stands on this page.
    #[serde(default, deserialize_with = "or_none")]
    pub data: Vec<T>,
    /// Fields that EnKash sent and that are not typed here.
    #[serde(flatten)]
    pub extra: Extra,
}

impl<T> Page<T> {
    /// A page that says nothing of other pages.
    pub fn new(data: Vec<T>) -> Self {
        Self {
            records_count: None,
            data,
            extra: Extra::new(),
        }
    }
}

impl<T> Default for Page<T> {
    fn default() -> Self {
        Self::new(Vec::new())
    }
}

/// A list, or `null` for one that holds nothing.
pub(crate) fn or_none<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_without_a_list_is_empty() {
        for page in [
            "{}",
            r#"{"data":null}"#,
            r#"{"data":[],"recordsCount":null}"#,
        ] {
            let page: Page<u8> = serde_json::from_str(page).unwrap();
            assert_eq!(page, Page::default());
        }
        let page: Page<u8> = serde_json::from_str(r#"{"recordsCount":7,"data":[1,2]}"#).unwrap();
        assert_eq!((page.records_count, page.data), (Some(7), vec![1, 2]));
    }
}
