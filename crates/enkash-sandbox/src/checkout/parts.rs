//! What several pages have.

use enkash_types::Rupees;
use maud::{Markup, PreEscaped, Render, html};
use qrcode::{Color, EcLevel, QrCode};

use crate::html::rupees;

use super::sheet::{Data, Look};
use super::window::Window;

/// What is to be paid, as every page shows it.
pub(super) struct Bill {
    pub(super) merchant: &'static str,
    pub(super) amount: Rupees,
    pub(super) merchant_order_id: String,
    pub(super) order_id: String,
    pub(super) description: Option<String>,
    /// Who pays.
    pub(super) payer: Option<String>,
    /// Whether it still has to be paid.
    pub(super) is_due: bool,
}

impl Bill {
    /// The address of the order's page.
    pub(super) fn page(&self) -> String {
        format!("/v1/pay/{}", self.order_id)
    }

    /// The bill beside the content of a page.
    pub(super) fn beside(&self, content: &Markup) -> Markup {
        html! {
            div.shell {
                header.bill {
                    p.to {
                        span.tile aria-hidden="true" { (self.merchant.chars().next().unwrap_or('₹')) }
                        (self.merchant)
                    }
                    h1 { small { (if self.is_due { "To pay" } else { "Amount" }) } " " (rupees(self.amount)) }
                    @if let Some(description) = &self.description { p.for { (description) } }
                    dl {
                        div { dt { "Order" } dd { (self.merchant_order_id) } }
                        div { dt { "EnKash order" } dd { (self.order_id) } }
                        @if let Some(payer) = &self.payer { div { dt { "Payer" } dd { (payer) } } }
                    }
                }
                main #main { (content) }
            }
        }
    }

    /// A page with the bill on it.
    pub(super) fn page_with<'a>(
        &self,
        window: &'a Window,
        title: &str,
        data: Data,
        content: &Markup,
    ) -> super::sheet::Sheet<'a> {
        super::sheet::Sheet {
            title: format!("{title} - {} to {}", rupees(self.amount), self.merchant),
            window,
            look: Look::Bill,
            data,
            content: self.beside(content),
        }
    }
}

/// A field of a form, with its label and what is wrong with it.
pub(super) struct Field<'a> {
    /// Its id and its name.
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) hint: Option<&'static str>,
    pub(super) wrong: Option<&'a str>,
    /// What was typed, where that may be shown.
    pub(super) value: Option<&'a str>,
    pub(super) kind: Kind,
    pub(super) focus: Focus,
}

/// Whether something has the focus when the page comes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Focus {
    No,
    Yes,
    /// In a frame, where browsers leave it to the script.
    ByScript,
}

impl Focus {
    /// For the one thing on a page that is to have it.
    pub(super) fn of(window: &Window) -> Self {
        match window.parent() {
            Some(_) => Self::ByScript,
            None => Self::Yes,
        }
    }
}

/// What a field is for.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Vpa,
    CardNumber,
    Expiry,
    Cvv,
    Holder,
    Otp,
}

struct Typing {
    kind: &'static str,
    mode: &'static str,
    fill: &'static str,
    longest: u32,
    example: &'static str,
}

impl Kind {
    fn typing(self) -> Typing {
        let (kind, mode, fill, longest, example) = match self {
            Self::Vpa => ("text", "email", "off", 255, "name@bank"),
            Self::CardNumber => ("text", "numeric", "cc-number", 23, "1234 5678 9012 3456"),
            Self::Expiry => ("text", "numeric", "cc-exp", 7, "MM/YY"),
            Self::Cvv => ("password", "numeric", "cc-csc", 4, "123"),
            Self::Holder => ("text", "text", "cc-name", 100, ""),
            Self::Otp => ("text", "numeric", "one-time-code", 10, ""),
        };
        Typing {
            kind,
            mode,
            fill,
            longest,
            example,
        }
    }
}

impl Render for Field<'_> {
    fn render(&self) -> Markup {
        let typing = self.kind.typing();
        let said_by: Vec<String> = [
            self.hint.map(|_| format!("{}-hint", self.name)),
            self.wrong.map(|_| format!("{}-wrong", self.name)),
        ]
        .into_iter()
        .flatten()
        .collect();
        html! {
            div.field {
                label for=(self.name) { (self.label) }
                @if let Some(hint) = self.hint { p.hint id={ (self.name) "-hint" } { (hint) } }
                @if let Some(wrong) = self.wrong {
                    p.wrong id={ (self.name) "-wrong" } { span.away { "Error: " } (wrong) }
                }
                input
                    id=(self.name)
                    name=(self.name)
                    type=(typing.kind)
                    inputmode=(typing.mode)
                    autocomplete=(typing.fill)
                    maxlength=(typing.longest)
                    placeholder=[(!typing.example.is_empty()).then_some(typing.example)]
                    value=[self.value]
                    autocapitalize="none"
                    spellcheck="false"
                    required
                    autofocus[self.focus == Focus::Yes]
                    data-focus[self.focus == Focus::ByScript]
                    aria-invalid=[self.wrong.map(|_| "true")]
                    aria-describedby=[(!said_by.is_empty()).then(|| said_by.join(" "))];
            }
        }
    }
}

/// What was wrong with a form: the field and the words.
pub(super) type Wrong = (&'static str, &'static str);

/// The words about one field.
pub(super) fn wrong_with<'a>(wrongs: &'a [Wrong], field: &str) -> Option<&'a str> {
    let found = wrongs.iter().find(|(of, _)| *of == field);
    found.map(|(_, words)| *words)
}

/// All that is wrong, each leading to its field.
pub(super) fn error_summary(wrongs: &[Wrong], window: &Window) -> Markup {
    let focus = Focus::of(window);
    html! {
        @if !wrongs.is_empty() {
            div.errors
                role="alert"
                tabindex="-1"
                autofocus[focus == Focus::Yes]
                data-focus[focus == Focus::ByScript]
            {
                h3 { "Please look again" }
                ul {
                    @for (field, words) in wrongs { li { a href={ "#" (field) } { (words) } } }
                }
            }
        }
    }
}

/// A drawing that means nothing to those who can't see it.
pub(super) fn icon(name: &str, size: u32) -> Markup {
    let lines = match name {
        "note" => {
            "M12 9v4m0 3.5v.01M10.6 4.3 2.9 17.5A1.6 1.6 0 0 0 4.3 20h15.4a1.6 1.6 0 0 0 1.4-2.5L13.4 4.3a1.6 1.6 0 0 0-2.8 0Z"
        }
        "upi" => {
            "M8 3h8a2 2 0 0 1 2 2v14a2 2 0 0 1-2 2H8a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2Zm3 15h2M10 9l2-2 2 2m0 3-2 2-2-2"
        }
        "card" => {
            "M4 5h16a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2ZM2 10h20M6 15h4"
        }
        "bank" => "M3 10 12 4l9 6M5 10v8m4.7-8v8m4.6-8v8m4.7-8v8M3 20.5h18",
        "wallet" => {
            "M19 8V6a2 2 0 0 0-2-2H5a2 2 0 0 0 0 4h14a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V6m13.5 8v.01"
        }
        "turn" => "m6 9 6 6 6-6",
        "good" => "m5 12.5 4.5 4.5L19 7.5",
        "bad" => "m7 7 10 10M17 7 7 17",
        "wait" => "M12 3a9 9 0 1 1-9 9",
        _ => "",
    };
    html! {
        svg.icon width=(size) height=(size) viewBox="0 0 24 24" fill="none" stroke="currentColor"
            stroke-width="1.9" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"
            focusable="false" { path d=(lines) {} }
    }
}

/// A code to scan, drawn black on white in the dark as well. `None` where the text is too long.
pub(super) fn qr(text: &str, label: &str) -> Option<Markup> {
    const MARGIN: usize = 4;
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let width = code.width();
    let mut lines = String::new();
    for (y, row) in code.to_colors().chunks(width).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|left, right| left == right) {
            if run.first() == Some(&Color::Dark) {
                let (x, y, length) = (x + MARGIN, y + MARGIN, run.len());
                lines.push_str(&format!("M{x} {y}h{length}v1h-{length}z"));
            }
            x += run.len();
        }
    }
    let side = width + 2 * MARGIN;
    Some(html! {
        svg role="img" aria-label=(label) viewBox={ "0 0 " (side) " " (side) } shape-rendering="crispEdges" {
            path fill="#fff" d={ "M0 0h" (side) "v" (side) "H0z" } {}
            path fill="#000" d=(PreEscaped(lines)) {}
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Draws the lines of a path as the page's code has them: `M x y h length v 1 h -length z`.
    fn drawn(path: &str, side: usize) -> Vec<bool> {
        let mut dark = vec![false; side * side];
        for run in path.split_terminator('z') {
            let numbers: Vec<usize> = run
                .split(|c: char| !c.is_ascii_digit())
                .filter_map(|number| number.parse().ok())
                .collect();
            let [x, y, length, 1, back] = numbers[..] else {
                panic!("{run}");
            };
            assert_eq!(length, back);
            for x in x..x + length {
                assert!(!dark[y * side + x], "nothing is drawn twice");
                dark[y * side + x] = true;
            }
        }
        dark
    }

    #[test]
    fn a_code_is_drawn_as_it_is_with_its_border() {
        let text = "upi://pay?pa=merchant%40sandbox&tr=EK1767225600000WlXoE&am=499.50&cu=INR";
        let code = QrCode::with_error_correction_level(text, EcLevel::M).unwrap();
        let svg = qr(text, "A \"code\"").unwrap().into_string();
        assert!(svg.contains("aria-label=\"A &quot;code&quot;\""), "{svg}");
        let (_, path) = svg.split_once("fill=\"#000\" d=\"").unwrap();
        let path = path.split_once('"').unwrap().0;
        let side = code.width() + 8;
        assert!(svg.contains(&format!("viewBox=\"0 0 {side} {side}\"")));
        for (index, is_dark) in drawn(path, side).into_iter().enumerate() {
            let at = |pixel: usize| pixel.checked_sub(4).filter(|at| *at < code.width());
            let module = at(index % side).zip(at(index / side));
            let expected = module.is_some_and(|(x, y)| code[(x, y)] == Color::Dark);
            assert_eq!(is_dark, expected, "{index}");
        }
        assert!(qr(&"x".repeat(10_000), "").is_none());
    }
}
