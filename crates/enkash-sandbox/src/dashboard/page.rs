//! The frame of every page of the dashboard.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::LazyLock;

use bytes::Bytes;
use http::header::ETAG;
use http::{HeaderValue, Response, StatusCode};
use maud::{Markup, html};

use super::parts::clock;
use super::view::View;
use super::{ROOT, SECTIONS, Section};
use crate::html::{Frame, Page, strip};

static FRAME: LazyLock<Frame> = LazyLock::new(|| {
    let (style, script) = (include_str!("style.css"), include_str!("live.js"));
    Frame::new(style, script, "'self'")
});

/// What is particular to a page.
pub(super) struct Content {
    status: StatusCode,
    title: String,
    main: Markup,
    /// Whether it follows what happens.
    is_live: bool,
}

impl Content {
    /// A page that follows what happens. Nothing in it may follow from the time alone, or it
    /// would always be new.
    pub(super) fn live(title: impl Into<String>, main: Markup) -> Self {
        Self {
            status: StatusCode::OK,
            title: title.into(),
            main,
            is_live: true,
        }
    }

    /// A page that stays as it is.
    pub(super) fn fixed(title: impl Into<String>, main: Markup) -> Self {
        Self {
            is_live: false,
            ..Self::live(title, main)
        }
    }

    pub(super) fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }
}

/// A page as it is answered.
pub(super) struct Answer {
    pub(super) response: Response<Bytes>,
    /// Another one shows something else; none for a page that stays as it is.
    pub(super) version: Option<HeaderValue>,
}

impl Answer {
    pub(super) fn fixed(response: Response<Bytes>) -> Self {
        Self {
            response,
            version: None,
        }
    }
}

/// The answer to a browser that has the page as it is.
pub(super) fn not_modified() -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = StatusCode::NOT_MODIFIED;
    response
}

pub(super) fn answer(view: &View<'_>, content: Content) -> Answer {
    let nav = nav(view);
    let version = content.is_live.then(|| {
        let mut hasher = DefaultHasher::new();
        (&nav.0, &content.main.0, view.state.moved.0).hash(&mut hasher);
        format!("\"{:016x}\"", hasher.finish())
    });
    let title = format!("{} · EnKash sandbox", content.title);
    let body = html! {
        body data-version=[&version] {
            a.skip href="#main" { "Skip to the content" }
            (strip())
            header.top {
                a.brand href="/" { span.tile aria-hidden="true" { "₹" } "EnKash sandbox" }
                form.find role="search" action={ (ROOT) "/find" } {
                    label.away for="find" { "Find by id" }
                    input #find type="search" name="id" required placeholder="Find any id"
                        autocomplete="off" autocapitalize="none" spellcheck="false"
                        aria-keyshortcuts="/";
                    button.button type="submit" { "Find" }
                }
                a.now href={ (ROOT) "/time" } { span.away { "The sandbox's time: " } (clock(view)) }
                span.live #live role="status" hidden { "Live" }
                noscript { a.live href=(view.here) { "Reload" } }
            }
            div.frame {
                (nav)
                main #main tabindex="-1" { (content.main) }
            }
            p.say #say role="status" {}
        }
    };
    let mut response = FRAME.answer(Page {
        status: content.status,
        title: &title,
        head: html! {},
        body,
        framed_by: None,
    });
    let version = version.and_then(|version| HeaderValue::try_from(version).ok());
    if let Some(version) = &version {
        response.headers_mut().insert(ETAG, version.clone());
    }
    Answer { response, version }
}

fn nav(view: &View<'_>) -> Markup {
    let path = view.here.split('?').next().unwrap_or_default();
    let is_here = |section: &Section| {
        super::below(path).is_some_and(|rest| {
            let rest = rest.trim_start_matches('/');
            rest.split('/').next() == Some(section.path)
        })
    };
    html! {
        nav.sections #sections aria-label="Sections" {
            ul { li { a href="/" aria-current=[(path == "/").then_some("page")] { "Overview" } } }
            @for group in SECTIONS {
                ul {
                    @for section in *group {
                        li {
                            a href={ (ROOT) "/" (section.path) }
                                aria-current=[is_here(section).then_some("page")] {
                                (section.name)
                                @match (section.count)(view.state) {
                                    0 => {}
                                    count => { span.count { (grouped(count)) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A number with a comma after each three digits.
fn grouped(number: usize) -> String {
    let text = number.to_string();
    let mut grouped = String::with_capacity(text.len() + text.len() / 3);
    for (index, digit) in text.chars().enumerate() {
        if index > 0 && (text.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}
