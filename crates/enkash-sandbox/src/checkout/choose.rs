//! The page on which the payer chooses how to pay.

use maud::{Markup, html};

use super::parts::{Bill, Field, Focus, Kind, Wrong, error_summary, icon, qr, wrong_with};
use super::sheet::Data;
use super::window::Window;
use crate::html::rupees;

/// The ways to pay, as this order offers them.
pub(super) struct Ways {
    pub(super) upi: Option<Upi>,
    pub(super) card: Option<Card>,
    pub(super) banks: Vec<Choice>,
    pub(super) wallets: Vec<Choice>,
}

pub(super) struct Upi {
    /// What the code holds.
    pub(super) intent: String,
    /// Where the sandbox's own UPI app is.
    pub(super) app: String,
    pub(super) tests: Vec<Test>,
}

pub(super) struct Card {
    /// The kinds that are taken.
    pub(super) kinds: String,
    /// The kinds and schemes that are taken, in words; `None` where all are.
    pub(super) limits: Option<String>,
    pub(super) tests: Vec<Test>,
    pub(super) otp: &'static str,
}

/// A bank or a wallet.
pub(super) struct Choice {
    pub(super) code: String,
    pub(super) name: String,
    /// What it does.
    pub(super) does: &'static str,
}

/// A test instrument: what is typed, what comes of it, and the fields that a press fills.
pub(super) struct Test {
    pub(super) typed: String,
    pub(super) does: String,
    pub(super) fill: String,
}

/// The way that is open when the page comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Upi,
    Card,
    NetBanking,
    Wallet,
}

/// What became of the form that was sent before, if one was.
#[derive(Default)]
pub(super) struct Before<'a> {
    pub(super) way: Option<Way>,
    pub(super) wrongs: Vec<Wrong>,
    /// The UPI address that was typed; nothing else that was typed is shown again.
    pub(super) vpa: Option<&'a str>,
}

/// What the page shows.
pub(super) struct Choose<'a> {
    pub(super) bill: &'a Bill,
    pub(super) window: &'a Window,
    pub(super) ways: &'a Ways,
    /// Where a payment stands that was begun before and is not over.
    pub(super) on_its_way: Option<String>,
    pub(super) before: Before<'a>,
}

impl<'a> Choose<'a> {
    pub(super) fn page(self, data: Data) -> super::sheet::Sheet<'a> {
        let title = match self.before.wrongs.is_empty() {
            true => "Pay",
            false => "Error: please look again",
        };
        self.bill
            .page_with(self.window, title, data, &self.content())
    }

    fn content(&self) -> Markup {
        let ways = self.ways;
        let banks = Banks {
            way: Way::NetBanking,
            path: "net-banking",
            icon: "bank",
            name: "Net banking",
            hint: "Log in at your bank",
            legend: "Your bank",
        };
        let wallets = Banks {
            way: Way::Wallet,
            path: "wallet",
            icon: "wallet",
            name: "Wallet",
            hint: "Pay from a wallet's balance",
            legend: "Your wallet",
        };
        html! {
            h2 #how { "How do you want to pay?" }
            @if let Some(on_its_way) = &self.on_its_way {
                p.told { (icon("wait", 22)) span { "A payment that you began is not over yet. " a href=(self.window.link(on_its_way)) { "Go on with it" } ", or pay another way." } }
            }
            (error_summary(&self.before.wrongs, self.window))
            @if self.first().is_none() {
                p.told { (icon("note", 22)) "This order is restricted to ways to pay that the sandbox does not have." }
            } @else {
                div.ways {
                    @if let Some(upi) = &ways.upi { (self.way(Way::Upi, "upi", "UPI", "UPI app, UPI address or QR code", &self.upi(upi))) }
                    @if let Some(card) = &ways.card { (self.way(Way::Card, "card", "Card", &card.kinds, &self.card(card))) }
                    @if !ways.banks.is_empty() { (self.banks(&banks, &ways.banks)) }
                    @if !ways.wallets.is_empty() { (self.banks(&wallets, &ways.wallets)) }
                }
            }
            div.foot {
                form method="post" action=(self.to("cancel")) {
                    button.plain { "Cancel this order" }
                }
                button.plain type="button" data-dismiss hidden { "Close" }
            }
        }
    }

    fn to(&self, step: &str) -> String {
        self.window.link(&format!("{}/{step}", self.bill.page()))
    }

    /// The first way that the order offers.
    fn first(&self) -> Option<Way> {
        [
            (Way::Upi, self.ways.upi.is_some()),
            (Way::Card, self.ways.card.is_some()),
            (Way::NetBanking, !self.ways.banks.is_empty()),
            (Way::Wallet, !self.ways.wallets.is_empty()),
        ]
        .into_iter()
        .find_map(|(way, is_offered)| is_offered.then_some(way))
    }

    fn way(&self, way: Way, drawing: &str, name: &str, hint: &str, inside: &Markup) -> Markup {
        let is_open = self.before.way.or_else(|| self.first()) == Some(way);
        html! {
            details.way name="way" open[is_open] {
                summary aria-labelledby={ (drawing) "-name" } aria-describedby={ (drawing) "-hint" } {
                    (icon(drawing, 26))
                    span {
                        strong id={ (drawing) "-name" } { (name) }
                        span.small id={ (drawing) "-hint" } { (hint) }
                    }
                    span.turn { (icon("turn", 20)) }
                }
                div.inside { (inside) }
            }
        }
    }

    fn upi(&self, upi: &Upi) -> Markup {
        let vpa = Field {
            name: "vpa",
            label: "UPI address",
            hint: Some("You are asked to approve on your phone."),
            wrong: wrong_with(&self.before.wrongs, "vpa"),
            value: self.before.vpa,
            kind: Kind::Vpa,
            focus: Focus::No,
        };
        html! {
            div.upi {
                div {
                    form method="post" action=(self.to("upi")) novalidate {
                        (vpa)
                        button.button { "Pay " (rupees(self.bill.amount)) }
                    }
                    p.or { "or open an app" }
                    form.apps method="post" action=(self.to("upi-app")) {
                        @for (app, name) in APPS {
                            button.button.second name="app" value=(app) { (name) }
                        }
                    }
                }
                @if let Some(code) = qr(&upi.intent, "QR code to pay this order by UPI") {
                    div.qr {
                        (code)
                        p { strong { "Scan with a UPI app" } }
                        p.quiet { "Real apps refuse it, so the sandbox has one of its own: " a href=(self.window.link(&upi.app)) { "open the sandbox's UPI app" } }
                    }
                }
            }
            (tests("Test UPI addresses", &upi.tests, "Any other address waits for you to approve in the sandbox's UPI app."))
        }
    }

    fn card(&self, card: &Card) -> Markup {
        let field = |name, label, kind| Field {
            name,
            label,
            hint: None,
            wrong: wrong_with(&self.before.wrongs, name),
            value: None,
            kind,
            focus: Focus::No,
        };
        html! {
            form method="post" action=(self.to("card")) novalidate {
                @if let Some(limits) = &card.limits { p.hint { "This order takes " (limits) "." } }
                (field("number", "Card number", Kind::CardNumber))
                div.pair {
                    (field("expiry", "Expiry", Kind::Expiry))
                    (field("cvv", "CVV", Kind::Cvv))
                }
                (field("holder", "Name on the card", Kind::Holder))
                button.button { "Pay " (rupees(self.bill.amount)) }
            }
            (tests("Test cards", &card.tests, &format!("Any month to come, any CVV, any name; the OTP is {}. Any other card succeeds as well.", card.otp)))
        }
    }

    fn banks(&self, of: &Banks, choices: &[Choice]) -> Markup {
        let field = match of.way {
            Way::Wallet => "wallet",
            _ => "bank",
        };
        let wrong = wrong_with(&self.before.wrongs, field);
        let inside = html! {
            form method="post" action=(self.to(of.path)) novalidate {
                fieldset aria-describedby=[wrong.map(|_| format!("{field}-wrong"))] {
                    legend { (of.legend) }
                    @if let Some(wrong) = wrong {
                        p.wrong id={ (field) "-wrong" } { span.away { "Error: " } (wrong) }
                    }
                    div.choices {
                        @for (index, choice) in choices.iter().enumerate() {
                            label.choice {
                                input type="radio" name="code" value=(choice.code) required
                                    id=[(index == 0).then_some(field)]
                                    aria-labelledby={ (field) "-" (index) "-name" }
                                    aria-describedby={ (field) "-" (index) "-does" };
                                span {
                                    strong id={ (field) "-" (index) "-name" } { (choice.name) }
                                    span.small.quiet id={ (field) "-" (index) "-does" } {
                                        (choice.does) " · " code { (choice.code) }
                                    }
                                }
                            }
                        }
                    }
                }
                button.button { "Pay " (rupees(self.bill.amount)) }
            }
        };
        self.way(of.way, of.icon, of.name, of.hint, &inside)
    }
}

/// The apps that EnKash's checkout knows, and what they are called.
pub(super) const APPS: [(&str, &str); 4] = [
    ("gpay", "Google Pay"),
    ("phonepe", "PhonePe"),
    ("paytm", "Paytm"),
    ("upi", "Other app"),
];

struct Banks {
    way: Way,
    path: &'static str,
    icon: &'static str,
    name: &'static str,
    hint: &'static str,
    legend: &'static str,
}

fn tests(title: &str, tests: &[Test], others: &str) -> Markup {
    html! {
        details.tests {
            summary { (title) }
            ul {
                @for test in tests {
                    li {
                        code { (test.typed) }
                        span { (test.does) }
                        button type="button" data-fill=(test.fill) hidden {
                            "Fill in" span.away { " " (test.typed) }
                        }
                    }
                }
            }
            p { (others) }
        }
    }
}
