//! Searches that page, as one stream.

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use enkash_transport::BoxFuture;
use enkash_types::{Endpoint, Page};
use futures_core::Stream;

use crate::client::Client;
use crate::error::{Error, Incomplete};

/// A search whose answer comes in pages.
pub trait Paged: Endpoint<Answer = Page<Self::Item>> + Clone + Unpin {
    /// What is searched for.
    type Item: Send + Unpin + 'static;

    /// Whether the documentation shows how to ask for a later page.
    const TURNS: bool;

    /// The length of a page that it asks for, if it does.
    fn length(&self) -> Option<u32>;

    /// Asks for the page of this length that starts after so many items.
    fn turn_to(&mut self, offset: u32, length: u32);
}

/// A search that takes `offset` and `limit`.
macro_rules! paged_by_offset {
    ($search:ty => $item:ty) => {
        impl $crate::Paged for $search {
            type Item = $item;

            const TURNS: bool = true;

            fn length(&self) -> Option<u32> {
                self.limit
            }

            fn turn_to(&mut self, offset: u32, length: u32) {
                self.offset = Some(offset);
                self.limit = Some(length);
            }
        }
    };
}

pub(crate) use paged_by_offset;

/// Asked for where the search does not say how long a page should be.
const LENGTH: u32 = 100;

/// The items of a search, fetched page after page as they are asked for.
///
/// It is a [`Stream`]; without a crate of streams, [`next`](Self::next) does. It ends after an
/// error. A search is no snapshot: what is added or removed at EnKash meanwhile moves the pages,
/// so an item can come twice or be missed.
///
/// ```no_run
/// # async fn example(client: enkash_api::Client) -> Result<(), enkash_api::Error> {
/// use enkash_api::types::gateway::SearchSettlementPayouts;
///
/// let mut payouts = client.gateway().settlements().all(SearchSettlementPayouts::new());
/// while let Some(payout) = payouts.next().await {
///     println!("{:?}", payout?.utr);
/// }
/// # Ok(())
/// # }
/// ```
pub struct Pages<E: Paged> {
    client: Client,
    search: E,
    length: u32,
    /// How many items have come.
    seen: u32,
    waiting: VecDeque<E::Item>,
    next: Next<E>,
}

enum Next<E: Paged> {
    /// The page that starts after the items that have come.
    Page,
    /// The page that was asked for.
    Coming(BoxFuture<'static, Result<Page<E::Item>, Error>>),
    /// There are more, and no way to ask for them.
    OutOfReach(Option<u64>),
    Nothing,
}

impl<E: Paged> Pages<E> {
    pub(crate) fn new(client: Client, search: E) -> Self {
        Self {
            client,
            length: search.length().unwrap_or(LENGTH),
            search,
            seen: 0,
            waiting: VecDeque::new(),
            next: Next::Page,
        }
    }

    /// The next item; `None` after the last one.
    ///
    /// # Errors
    ///
    /// [`Error`] of the call that fetches a page; [`Error::Incomplete`] where there are more items
    /// and the documentation shows no way to ask for them.
    pub async fn next(&mut self) -> Option<Result<E::Item, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    fn ask(&self) -> BoxFuture<'static, Result<Page<E::Item>, Error>> {
        let (client, mut search) = (self.client.clone(), self.search.clone());
        search.turn_to(self.seen, self.length);
        Box::pin(async move { client.call(search).await })
    }

    fn take(&mut self, page: Page<E::Item>) {
        let count = u32::try_from(page.data.len()).unwrap_or(u32::MAX);
        self.seen = self.seen.saturating_add(count);
        self.waiting = page.data.into();
        // Whether `recordsCount` counts the page or all that there is, is not documented. So a
        // page ends the search if it is empty, or shorter than asked for with none left to come.
        let more = page
            .records_count
            .is_some_and(|all| all > u64::from(self.seen));
        self.next = if count == 0 || (count < self.length && !more) {
            Next::Nothing
        } else if E::TURNS {
            Next::Page
        } else {
            Next::OutOfReach(page.records_count)
        };
    }
}

impl<E: Paged> Stream for Pages<E> {
    type Item = Result<E::Item, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        loop {
            if let Some(item) = this.waiting.pop_front() {
                return Poll::Ready(Some(Ok(item)));
            }
            match std::mem::replace(&mut this.next, Next::Nothing) {
                Next::Nothing => return Poll::Ready(None),
                Next::Page => this.next = Next::Coming(this.ask()),
                Next::Coming(mut coming) => match coming.as_mut().poll(context) {
                    Poll::Pending => {
                        this.next = Next::Coming(coming);
                        return Poll::Pending;
                    }
                    Poll::Ready(Ok(page)) => this.take(page),
                    Poll::Ready(Err(error)) => return Poll::Ready(Some(Err(error))),
                },
                Next::OutOfReach(of) => {
                    return Poll::Ready(Some(Err(Error::Incomplete(Incomplete {
                        operation: E::OPERATION.name,
                        seen: this.seen,
                        of: of.filter(|of| *of > u64::from(this.seen)),
                    }))));
                }
            }
        }
    }
}

impl<E: Paged> fmt::Debug for Pages<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("operation", &E::OPERATION.name)
            .field("seen", &self.seen)
            .finish_non_exhaustive()
    }
}
