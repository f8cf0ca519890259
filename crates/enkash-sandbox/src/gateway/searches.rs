//! What a search finds, page by page.

use enkash_types::{Extra, Page, read};

use crate::router::Instead;

/// One page of what was found. How long a page is where no limit is given is not documented.
pub(crate) fn page<T, A>(
    found: Vec<T>,
    offset: Option<u32>,
    limit: Option<u32>,
    answer: impl Fn(T) -> A,
) -> Page<A> {
    const USUAL: u32 = 100;
    /// What the documented searches give at most.
    const MOST: u32 = 5000;
    let count = found.len() as u64;
    let (offset, limit) = (offset.unwrap_or(0), limit.unwrap_or(USUAL).min(MOST));
    let page = found.into_iter().skip(offset as usize).take(limit as usize);
    let mut page = Page::new(page.map(answer).collect());
    page.records_count = Some(count);
    page
}

/// Refuses fields whose names were not read. To do nothing about a filter, or about a field that
/// says how money goes, would be worse.
pub(crate) fn only_known(given: &Extra, known: &[&str]) -> Result<(), Instead> {
    match given.keys().find(|name| !known.contains(&name.as_str())) {
        None => Ok(()),
        Some(name) => {
            let known = known.join("`, `");
            let message = format!("unknown field `{name}`, expected one of `{known}`");
            Err(read::wrong_shape(name, &message).into())
        }
    }
}
