//! Searches.

use std::fmt::Debug;

use proptest::collection::vec;
use proptest::prelude::*;

use super::text::documented_values;
use super::{ValidValues, extra, maybe};
use crate::{Direction, Page};

documented_values! { Direction }

impl<T: ValidValues + Debug> ValidValues for Page<T> {
    fn valid() -> BoxedStrategy<Self> {
        each!(Page {
            records_count: maybe(any::<u32>().prop_map(u64::from)),
            data: vec(T::valid(), 0..3),
            extra: extra(),
        })
    }
}
