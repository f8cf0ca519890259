//! Whatever has an id.

use maud::{Markup, html};

use super::page::Content;
use super::sections;
use super::view::View;

/// Something that was found.
pub(super) struct Hit {
    what: String,
    address: String,
}

impl Hit {
    pub(super) fn new(what: impl Into<String>, address: String) -> Self {
        Self {
            what: what.into(),
            address,
        }
    }
}

/// The page with all that has an id; the address of the only one where there is one.
pub(super) fn page(view: &View<'_>, id: &str) -> Result<Content, String> {
    let mut hits: Vec<Hit> = sections()
        .flat_map(|section| (section.find)(view.state, id))
        .collect();
    hits.dedup_by(|one, other| one.address == other.address);
    match hits.as_slice() {
        [only] => Err(only.address.clone()),
        hits => Ok(Content::fixed("Find", list(id, hits))),
    }
}

fn list(id: &str, hits: &[Hit]) -> Markup {
    html! {
        h1 { "Find " q { (id) } }
        @if hits.is_empty() {
            p.lead {
                "Nothing has this id. Ids are found whole, EnKash's and the merchant's, and the "
                "numbers of calls and webhooks."
            }
        } @else {
            p.lead { "Several things have this id:" }
            ul.hits.sheet {
                @for hit in hits { li { a href=(hit.address) { (hit.what) } } }
            }
        }
    }
}
