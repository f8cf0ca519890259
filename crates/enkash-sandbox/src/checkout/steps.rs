//! The pages between a choice and its end: the OTP, the bank, the UPI app, and waiting.

use http::StatusCode;
use maud::{Markup, html};

use super::parts::{Bill, Field, Focus, Kind, Wrong, error_summary, icon, wrong_with};
use super::sheet::{Data, Look, Sheet};
use super::window::Window;
use crate::html::rupees;

/// A house that the sandbox stands in for.
pub(super) struct House {
    pub(super) name: String,
    pub(super) icon: &'static str,
    pub(super) stands_for: &'static str,
}

/// A payment that is on its way, as these pages show it.
pub(super) struct Step<'a> {
    pub(super) bill: &'a Bill,
    pub(super) window: &'a Window,
    /// The address of the payment.
    pub(super) path: &'a str,
    /// The card, the UPI address or the bank that pays, as it may be shown.
    pub(super) with: String,
}

impl<'a> Step<'a> {
    fn to(&self, step: &str) -> String {
        self.window.link(&format!("{}/{step}", self.path))
    }

    /// Asks for the OTP.
    pub(super) fn otp(&self, otp: &str, wrongs: &[Wrong], was_resent: bool) -> Sheet<'a> {
        let field = Field {
            name: "otp",
            label: "One-time password",
            hint: Some("Six digits"),
            wrong: wrong_with(wrongs, "otp"),
            value: None,
            kind: Kind::Otp,
            focus: match wrongs.is_empty() {
                true => Focus::of(self.window),
                false => Focus::No,
            },
        };
        let content = html! {
            h2 { "Confirm that it is you" }
            p { "Pay " strong { (rupees(self.bill.amount)) } " to " (self.bill.merchant) " with " strong.keep { (self.with) } ". Your bank has sent you a one-time password." }
            @if was_resent { p.told role="status" { (icon("good", 22)) "It was sent again." } }
            (error_summary(wrongs, self.window))
            p.hush { "The sandbox sends none: " code { (otp) } " is right, anything else is wrong. After the third wrong one the payment fails." }
            form method="post" action=(self.to("otp")) novalidate {
                div.field.code { (field) }
                button.button { "Confirm" }
            }
            div.foot {
                form method="post" action=(self.to("resend")) { button.plain { "Send it again" } }
                form method="post" action=(self.to("cancel")) { button.plain { "Cancel this payment" } }
            }
        };
        let title = if wrongs.is_empty() {
            "OTP"
        } else {
            "Error: OTP"
        };
        let house = House {
            name: "Sandbox card bank".to_owned(),
            icon: "card",
            stands_for: "the bank of the card",
        };
        self.house(&house, title, &content)
    }

    /// The page of a bank, a wallet or a UPI app, which asks for a yes or a no.
    pub(super) fn approve(&self, house: &House) -> Sheet<'a> {
        let content = html! {
            h2 { "Approve this payment?" }
            p.quiet { "The sandbox stands in for " (house.stands_for) "." }
            dl.facts {
                div { dt { "To" } dd { (self.bill.merchant) } }
                div { dt { "Amount" } dd { (rupees(self.bill.amount)) } }
                div { dt { "Order" } dd { (self.bill.merchant_order_id) } }
                @if !self.with.is_empty() && self.with != house.name { div { dt { "From" } dd { (self.with) } } }
            }
            form method="post" action=(self.to("approve")) { button.button { "Approve" } }
            form method="post" action=(self.to("decline")) { button.button.no { "Decline" } }
        };
        self.house(house, "Approve this payment?", &content)
    }

    fn house(&self, house: &House, title: &str, content: &Markup) -> Sheet<'a> {
        Sheet {
            title: format!("{title} - {}", house.name),
            window: self.window,
            look: Look::Bank,
            data: Data::default(),
            content: html! {
                div.shell {
                    header.head { (icon(house.icon, 24)) span { (house.name) } }
                    main #main { (content) }
                }
            },
        }
    }

    /// Waits for the bank, or for the payer in an app of his own.
    pub(super) fn wait(&self, words: &Waiting, data: Data) -> Sheet<'a> {
        let content = html! {
            div.mark.wait { (icon("wait", 34)) }
            h2 { (words.title) }
            p role="status" { (words.text) }
            @if let Some(app) = &words.app {
                a.button href=(self.window.link(app)) { "Open the sandbox's UPI app" }
            }
            @if let Some(link) = &words.intent {
                p.link.small.quiet { "EnKash's checkout would open " code { (link) } }
            }
            dl.facts {
                @if !self.with.is_empty() { div { dt { "With" } dd { (self.with) } } }
                @if let Some(end) = &words.ends { div { dt { "Ends by itself" } dd { (end) } } }
            }
            div.foot {
                a href=(self.window.link(self.path)) { "Look again" }
                @if words.can_be_cancelled {
                    form method="post" action=(self.to("cancel")) { button.plain { "Cancel this payment" } }
                } @else {
                    a href=(self.window.link(&self.bill.page())) { "Pay another way" }
                }
            }
        };
        self.bill
            .page_with(self.window, words.title, data, &content)
    }
}

/// What is waited for.
pub(super) struct Waiting {
    pub(super) title: &'static str,
    pub(super) text: &'static str,
    /// Where the payer can answer.
    pub(super) app: Option<String>,
    /// The link that a phone would open.
    pub(super) intent: Option<String>,
    /// When it ends by itself.
    pub(super) ends: Option<String>,
    /// What is with the bank cannot be called back.
    pub(super) can_be_cancelled: bool,
}

/// How an order, or a payment of it, ended.
pub(super) struct End<'a> {
    pub(super) bill: &'a Bill,
    pub(super) window: &'a Window,
    pub(super) is_good: bool,
    pub(super) title: &'a str,
    pub(super) text: &'a str,
    /// Names and values.
    pub(super) facts: Vec<(&'static str, String)>,
    /// Where the payer can try again.
    pub(super) again: Option<String>,
    /// The merchant's page, with the fields that it gets.
    pub(super) back: Option<String>,
}

impl<'a> End<'a> {
    pub(super) fn page(&self, data: Data) -> Sheet<'a> {
        let (mark, drawing) = match self.is_good {
            true => ("mark good", "good"),
            false => ("mark bad", "bad"),
        };
        let in_frame = self.window.parent().is_some();
        let closes = self.window.closes(&data);
        let content = html! {
            div class=(mark) { (icon(drawing, 34)) }
            h2 { (self.title) }
            p { (self.text) }
            @if closes { p { strong { "You can close this window." } } }
            dl.facts {
                @for (name, value) in &self.facts { div { dt { (name) } dd { (value) } } }
            }
            @if let Some(again) = &self.again {
                a.button href=(self.window.link(again)) { "Try another way" }
            }
            @if !closes && let Some(back) = &self.back {
                a.button.second[self.again.is_some()] href=(back) target=[in_frame.then_some("_top")] data-tell[in_frame] { "Back to the shop" }
            } @else if in_frame && !closes {
                button.button.second type="button" data-tell hidden { "Back to the shop" }
            }
        };
        self.bill.page_with(self.window, self.title, data, &content)
    }
}

/// A page that says something and has nothing to press.
pub(super) fn note(window: &Window, status: StatusCode, title: &str, text: &str) -> super::Answer {
    let page = Sheet {
        title: title.to_owned(),
        window,
        look: Look::Alone,
        data: Data::default(),
        content: html! {
            div.shell {
                main #main {
                    div.mark.bad { (icon("note", 32)) }
                    h2 { (title) }
                    p { (text) }
                }
            }
        },
    };
    page.answer(status)
}
