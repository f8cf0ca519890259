//! What every page of the checkout has.

use std::sync::LazyLock;

use http::StatusCode;
use maud::{Markup, html};

use super::Answer;
use super::window::{Origin, Window};
use crate::html::{Frame, Page, strip};

/// Forms lead to the sandbox and from there to the merchant's `returnUrl`, which may lead on to
/// anywhere.
static FRAME: LazyLock<Frame> = LazyLock::new(|| {
    let style = include_str!("style.css");
    Frame::new(style, include_str!("page.js"), "http: https:")
});

/// A page, all but what surrounds it.
pub(super) struct Sheet<'a> {
    pub(super) title: String,
    pub(super) window: &'a Window,
    pub(super) look: Look,
    pub(super) data: Data,
    pub(super) content: Markup,
}

/// How a page is laid out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// The bill beside the content.
    Bill,
    /// The content alone.
    Alone,
    /// As of another house than the checkout's.
    Bank,
}

/// What the script of a page is told.
#[derive(Default)]
pub(super) struct Data {
    /// Where it asks how things stand.
    pub(super) poll: Option<String>,
    /// How they stand now.
    pub(super) state: Option<String>,
    /// Where a browser without scripts looks again by itself.
    pub(super) look_again_at: Option<String>,
    /// How the payment ended, for the page around it.
    pub(super) result: Option<String>,
    /// Whether that is told at once, or when the payer goes.
    pub(super) is_over: bool,
}

impl Sheet<'_> {
    /// The page as an answer.
    pub(super) fn answer(self, status: StatusCode) -> Answer {
        let framed_by = self.window.parent().map(Origin::as_str);
        let closes = self.window.closes(&self.data);
        let class = match self.look {
            Look::Bill => "",
            Look::Alone => "alone",
            Look::Bank => "alone bank",
        };
        let class = format!("{class}{}", framed_by.map_or("", |_| " framed"));
        let data = &self.data;
        FRAME.answer(Page {
            status,
            title: &self.title,
            head: html! {
                @if let Some(address) = &data.look_again_at {
                    noscript { meta http-equiv="refresh" content={ "3; url=" (address) }; }
                }
            },
            body: html! {
                body
                    class=(class)
                    data-parent=[framed_by]
                    data-poll=[&data.poll]
                    data-state=[&data.state]
                    data-result=[&data.result]
                    data-over=[data.is_over.then_some("yes")]
                    data-close=[closes.then_some("yes")]
                {
                    a.skip href="#main" { "Skip to the payment" }
                    (strip())
                    (self.content)
                }
            },
            framed_by,
        })
    }
}

impl Window {
    /// Whether a page in it closes, since the payment has ended.
    pub(super) fn closes(&self, data: &Data) -> bool {
        *self == Self::Popup && data.result.is_some()
    }
}
