//! The hosted page: what a payer's browser asks for, and what comes of it.
//!
//! | address | |
//! |---|---|
//! | `GET /v1/pay/{order}` | how to pay |
//! | `POST …/upi`, `…/upi-app`, `…/card`, `…/net-banking`, `…/wallet` | the payer has chosen |
//! | `POST …/cancel` | the payer gives the order up |
//! | `GET …/{payment}` | where a payment stands: its next page, or the way back to the merchant |
//! | `GET …/{payment}/app` | the sandbox's UPI app, for a code that was scanned |
//! | `GET …/{payment}/state` | the same in JSON, for a page that waits |
//! | `POST …/{payment}/otp`, `…/resend`, `…/approve`, `…/decline`, `…/cancel` | the payer's answer |

use std::sync::Arc;

use enkash_types::gateway::{OrderStatus, PaymentMode, PaymentStatus};
use enkash_types::{Secret, Vpa};
use http::request::Parts;
use http::{Method, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use super::Answer;
use super::card::Typed;
use super::choose::{APPS, Before, Choose, Way};
use super::parts::Wrong;
use super::sheet::Data;
use super::shown::{self, bill, facts, offer, path, with};
use super::steps::{End, Step, Waiting, note};
use super::ways::Offer;
use super::window::{NoFrame, Window};
use crate::gateway::attempts::{self, OtpWas, Refused, Waits};
use crate::gateway::instruments::{Instrument, NO_VPA, OTP, Used};
use crate::gateway::{notifications, orders, upi};
use crate::html::see_other;
use crate::router::{json_answer, other_method};
use crate::state::State;
use crate::time::Moment;
use crate::world::World;

/// Answers a request to the page; `path` is what stands below its prefix.
pub(super) fn handle(world: &Arc<World>, head: &Parts, path: &str, form: &[u8]) -> Answer {
    let segments: Vec<&str> = path.split('/').collect();
    let allowed = match segments[..] {
        [
            _,
            "upi" | "upi-app" | "card" | "net-banking" | "wallet" | "cancel",
        ]
        | [_, _, "otp" | "resend" | "approve" | "decline" | "cancel"] => "POST",
        [_] | [_, _] | [_, _, "app" | "state"] => "GET",
        _ => return no_page(),
    };
    if head.method != allowed {
        return other_method(&[allowed]);
    }
    let window = match Window::of(head.uri.query(), &world.config.checkout_origins) {
        Ok(window) => window,
        Err(no_frame) => return not_framed(&no_frame),
    };
    let mut state = world.state();
    let order = segments.first().and_then(|id| state.orders.by_id(id));
    let mut visit = Visit {
        state: &mut state,
        window: &window,
    };
    let found = order.ok_or(Refused::NoOrder);
    let answer = found.and_then(|order| match segments[..] {
        [_] => visit.show(order),
        [
            _,
            step @ ("upi" | "upi-app" | "card" | "net-banking" | "wallet"),
        ] => visit.choose(order, step, form),
        [_, "cancel"] => visit.give_up(order),
        [_, payment, ref step @ ..] => {
            let row = payment_of(visit.state, order, payment)?;
            match step {
                [] => visit.step(row),
                ["app"] => visit.app(row),
                [step, ..] => visit.act(row, step, form),
            }
        }
        [] => Err(Refused::NoOrder),
    });
    answer.unwrap_or_else(|refused| match (refused, order) {
        (Refused::OrderOver(_), Some(order)) => visit.end_of_order(order, StatusCode::CONFLICT),
        (refused, _) => visit.refused(&refused),
    })
}

fn payment_of(state: &State, order: u32, id: &str) -> Result<u32, Refused> {
    let row = attempts::find(state, id)?;
    match state.attempts[row].order == order {
        true => Ok(row),
        false => Err(Refused::NoPayment),
    }
}

/// One request of a browser.
struct Visit<'a> {
    state: &'a mut State,
    window: &'a Window,
}

type Answered = Result<Answer, Refused>;

impl Visit<'_> {
    /// The page on which the payer chooses.
    fn show(&mut self, order: u32) -> Answered {
        let placed = &self.state.orders[order];
        if placed.still_open().is_err() {
            return Ok(self.end_of_order(order, StatusCode::OK));
        }
        if placed.status == OrderStatus::Created {
            let now = self.state.now;
            self.state.orders.at_mut(order).render(now);
        }
        self.chooser(order, Before::default(), StatusCode::OK)
    }

    fn chooser(&mut self, order: u32, before: Before<'_>, status: StatusCode) -> Answered {
        let row = attempts::open(self.state, order)?;
        let bill = bill(self.state, order);
        let ways = shown::ways(self.state, row);
        let choose = Choose {
            bill: &bill,
            window: self.window,
            ways: &ways,
            on_its_way: shown::on_its_way(self.state, order),
            before,
        };
        // A code that is scanned elsewhere takes the page on.
        Ok(choose.page(self.waits(row)).answer(status))
    }

    /// The payer has chosen, and filled a form in.
    fn choose(&mut self, order: u32, step: &str, form: &[u8]) -> Answered {
        self.state.orders[order].still_open()?;
        let offer = offer(self.state, order);
        let Some(chosen) = chosen(step, form, &offer, self.state.now) else {
            return Ok(unreadable(self.window));
        };
        let (way, typed, by) = chosen;
        let wrongs = match by {
            Err(wrongs) => wrongs,
            Ok(by) => {
                let row = attempts::open(self.state, order)?;
                match attempts::charge(self.state, row, &by) {
                    Ok(()) => return Ok(self.to_step(row)),
                    Err(Refused::Invalid(_)) => vec![not_taken(way)],
                    Err(refused) => return Err(refused),
                }
            }
        };
        let before = Before {
            way: Some(way),
            wrongs,
            vpa: typed.as_deref(),
        };
        self.chooser(order, before, StatusCode::UNPROCESSABLE_ENTITY)
    }

    fn give_up(&mut self, order: u32) -> Answered {
        orders::cancel(self.state, order)?;
        Ok(self.leave(order))
    }

    /// Where a payment stands.
    fn step(&mut self, row: u32) -> Answered {
        let attempt = &self.state.attempts[row];
        let bill = bill(self.state, attempt.order);
        let path = path(self.state, row);
        let step = Step {
            bill: &bill,
            window: self.window,
            path: &path,
            with: with(attempt),
        };
        let page = match attempt.waits {
            Waits::Choice | Waits::Scan => {
                return Ok(see_other(&self.window.link(&bill.page())));
            }
            Waits::Otp { .. } => step.otp(OTP, &[], false),
            Waits::Payer if shown::is_upi(attempt) => {
                let app = Some(format!("{path}/app"));
                step.wait(&self.waiting(row, app), self.waits_by_itself(row))
            }
            Waits::Payer => step.approve(&shown::house(attempt)),
            Waits::Bank => step.wait(&self.waiting(row, None), self.waits_by_itself(row)),
            Waits::Nothing => return Ok(self.end_of_payment(row)),
        };
        Ok(page.answer(StatusCode::OK))
    }

    /// The sandbox's UPI app.
    fn app(&mut self, row: u32) -> Answered {
        let attempt = &self.state.attempts[row];
        if !matches!(attempt.waits, Waits::Choice | Waits::Scan | Waits::Payer) {
            return Ok(self.to_step(row));
        }
        let bill = bill(self.state, attempt.order);
        let step = Step {
            bill: &bill,
            window: self.window,
            path: &path(self.state, row),
            with: with(attempt),
        };
        Ok(step.approve(&shown::upi_app()).answer(StatusCode::OK))
    }

    /// The payer has answered.
    fn act(&mut self, row: u32, step: &str, form: &[u8]) -> Answered {
        let done = match step {
            "otp" => return self.otp(row, form),
            "resend" => return self.resend(row),
            "approve" => self
                .scanned(row)
                .and_then(|()| attempts::approve(self.state, row)),
            "decline" => self
                .scanned(row)
                .and_then(|()| attempts::decline(self.state, row)),
            "cancel" => match attempts::cancel(self.state, row) {
                Ok(()) => {
                    let order = self.state.attempts[row].order;
                    let page = bill(self.state, order).page();
                    return Ok(see_other(&self.window.link(&page)));
                }
                refused => refused,
            },
            _ => Ok(()),
        };
        match done {
            // Where it stands now says more than that it could not be done.
            Ok(()) | Err(Refused::PaymentOver(_) | Refused::NotNow(_)) => Ok(self.to_step(row)),
            Err(refused) => Err(refused),
        }
    }

    /// Who answers in the UPI app without having chosen it has scanned the code.
    fn scanned(&mut self, row: u32) -> Result<(), Refused> {
        match self.state.attempts[row].waits {
            Waits::Choice | Waits::Scan => attempts::charge(self.state, row, &Instrument::UpiApp),
            _ => Ok(()),
        }
    }

    fn otp(&mut self, row: u32, form: &[u8]) -> Answered {
        #[derive(Deserialize)]
        struct Form {
            otp: Option<Secret>,
        }
        let Some(Form { otp }) = read(form) else {
            return Ok(unreadable(self.window));
        };
        let otp = otp.as_ref().map_or("", Secret::expose).trim();
        let wrong = match (otp, self.state.attempts[row].waits) {
            ("", Waits::Otp { .. }) => "Enter the one-time password",
            _ => match attempts::authorise(self.state, row, otp) {
                Ok(OtpWas::Wrong { left: 2.. }) => {
                    "This is not the right one; you can try twice more"
                }
                Ok(OtpWas::Wrong { left: 1 }) => "This is not the right one; you can try once more",
                Ok(_) | Err(Refused::PaymentOver(_) | Refused::NotNow(_)) => {
                    return Ok(self.to_step(row));
                }
                Err(refused) => return Err(refused),
            },
        };
        Ok(self.ask_otp(
            row,
            &[("otp", wrong)],
            false,
            StatusCode::UNPROCESSABLE_ENTITY,
        ))
    }

    fn resend(&mut self, row: u32) -> Answered {
        match self.state.attempts[row].waits {
            Waits::Otp { .. } => Ok(self.ask_otp(row, &[], true, StatusCode::OK)),
            _ => Ok(self.to_step(row)),
        }
    }

    fn ask_otp(&self, row: u32, wrongs: &[Wrong], resent: bool, status: StatusCode) -> Answer {
        let attempt = &self.state.attempts[row];
        let bill = bill(self.state, attempt.order);
        let step = Step {
            bill: &bill,
            window: self.window,
            path: &path(self.state, row),
            with: with(attempt),
        };
        step.otp(OTP, wrongs, resent).answer(status)
    }

    fn to_step(&self, row: u32) -> Answer {
        see_other(&self.window.link(&path(self.state, row)))
    }

    /// What a page needs that waits for a payment.
    fn waits(&self, row: u32) -> Data {
        let path = path(self.state, row);
        Data {
            poll: Some(self.window.link(&format!("{path}/state"))),
            state: Some(shown::state_of(&self.state.attempts[row])),
            ..Data::default()
        }
    }

    /// The same for a page on which there is nothing else to do.
    fn waits_by_itself(&self, row: u32) -> Data {
        Data {
            look_again_at: Some(self.window.link(&path(self.state, row))),
            ..self.waits(row)
        }
    }

    fn waiting(&self, row: u32, app: Option<String>) -> Waiting {
        let attempt = &self.state.attempts[row];
        let (title, text) = match (attempt.waits, &app) {
            (Waits::Bank, _) => (
                "Waiting for the bank",
                "The bank has not confirmed yet. You can wait here; this page goes on by itself.",
            ),
            _ => (
                "Approve in your UPI app",
                "You were asked for your approval. This page goes on by itself once you gave it.",
            ),
        };
        let by_app =
            attempt.waits == Waits::Payer && attempt.used.as_ref().is_some_and(Used::is_upi_app);
        Waiting {
            title,
            text,
            intent: by_app.then(|| upi::link(self.state, row)),
            app,
            ends: attempt.ends.map(shown::time),
            can_be_cancelled: attempt.waits != Waits::Bank,
        }
    }

    /// The payment is over: back to the merchant, or on to another try.
    fn end_of_payment(&self, row: u32) -> Answer {
        let attempt = &self.state.attempts[row];
        if attempt.has_paid() || self.state.orders[attempt.order].still_open().is_err() {
            return self.leave(attempt.order);
        }
        let bill = bill(self.state, attempt.order);
        let placed = &self.state.orders[attempt.order];
        let fields = notifications::return_fields(placed, Some(attempt));
        let (title, text) = match attempt.status {
            PaymentStatus::Cancelled => ("Payment cancelled", "You have cancelled this payment."),
            _ => ("Payment failed", attempt.message()),
        };
        let end = End {
            bill: &bill,
            window: self.window,
            is_good: false,
            title,
            text,
            facts: facts(attempt),
            again: Some(bill.page()),
            back: self.back(attempt.order, &fields),
        };
        let data = Data {
            result: Some(shown::result(&fields)),
            ..Data::default()
        };
        end.page(data).answer(StatusCode::OK)
    }

    /// The order is over: the browser goes back to the merchant, where there is one to go to.
    fn leave(&self, order: u32) -> Answer {
        match (self.window, notifications::returns_to(self.state, order)) {
            (Window::Whole, Some((url, fields))) => see_other(&shown::with_fields(&url, &fields)),
            _ => self.end_of_order(order, StatusCode::OK),
        }
    }

    fn end_of_order(&self, order: u32, status: StatusCode) -> Answer {
        let placed = &self.state.orders[order];
        let attempt = placed.tells_of(&self.state.attempts);
        let fields = notifications::return_fields(placed, attempt);
        let bill = bill(self.state, order);
        let (title, text) = match placed.status {
            OrderStatus::Paid => ("Paid", "The payment has come through. Thank you."),
            OrderStatus::Cancelled => (
                "Order cancelled",
                "This order was cancelled; nothing was paid.",
            ),
            _ => ("Order expired", "The time to pay this order is over."),
        };
        let mut facts = attempt.map(facts).unwrap_or_default();
        facts.push(("Order is", placed.status.to_string()));
        let end = End {
            bill: &bill,
            window: self.window,
            is_good: placed.status == OrderStatus::Paid,
            title,
            text,
            facts,
            again: None,
            back: self.back(order, &fields),
        };
        let data = Data {
            result: Some(shown::result(&fields)),
            is_over: true,
            ..Data::default()
        };
        end.page(data).answer(status)
    }

    fn back(&self, order: u32, fields: &[(&'static str, String)]) -> Option<String> {
        let url = self.state.orders[order].return_url.as_deref()?;
        Some(shown::with_fields(url, fields))
    }

    fn refused(&self, refused: &Refused) -> Answer {
        let status = StatusCode::from_u16(refused.status()).unwrap_or(StatusCode::CONFLICT);
        let (title, text) = match refused {
            Refused::NoOrder => (
                "There is no such order",
                "Check the address, or go back to the shop and order again.",
            ),
            Refused::NoPayment => ("There is no such payment", "Check the address."),
            Refused::OrderOver(_) => ("This order is over", "Nothing was done."),
            Refused::PaymentOver(_) => ("This payment is over", "Nothing was done."),
            Refused::NotNow(why) => ("Not now", *why),
            Refused::Invalid(why) => ("Not possible", *why),
        };
        note(self.window, status, title, text)
    }
}

/// Answers a page that waits for a payment: how it stands, and where the page goes on. To look is
/// to change nothing.
pub(super) fn look(world: &World, head: &Parts) -> Option<Answer> {
    let path = head.uri.path().strip_prefix("/v1/pay/")?;
    let segments: Vec<&str> = path.split('/').collect();
    let [order, payment, "state"] = segments[..] else {
        return None;
    };
    if head.method != Method::GET {
        return None;
    }
    let window = Window::of(head.uri.query(), &world.config.checkout_origins).ok()?;
    let state = world.state();
    let order = state.orders.by_id(order).ok_or(Refused::NoOrder);
    let row = order.and_then(|order| payment_of(&state, order, payment));
    Some(match row {
        Ok(row) => json_answer(
            StatusCode::OK,
            &json!({
                "state": shown::state_of(&state.attempts[row]),
                "next": window.link(&shown::path(&state, row)),
            }),
        ),
        Err(refused) => json_answer(
            StatusCode::NOT_FOUND,
            &json!({"error": refused.to_string()}),
        ),
    })
}

/// A form that was filled in: the way it is of, the UPI address in it, and what it pays with or
/// what is wrong with it.
type Chosen = (Way, Option<String>, Result<Instrument, Vec<Wrong>>);

/// Reads what the payer has chosen; `None` where it is no form.
fn chosen(step: &str, form: &[u8], offer: &Offer, now: Moment) -> Option<Chosen> {
    #[derive(Deserialize)]
    struct Upi {
        #[serde(default)]
        vpa: String,
    }
    #[derive(Deserialize)]
    struct App {
        #[serde(default)]
        app: String,
    }
    #[derive(Deserialize)]
    struct Bank {
        #[serde(default)]
        code: String,
    }
    let bank = |way, mode, field, say| {
        let Bank { code } = read(form)?;
        let by = match code.is_empty() {
            true => Err(vec![(field, say)]),
            false => Ok(Instrument::Bank { mode, code }),
        };
        Some((way, None, by))
    };
    match step {
        "upi" => {
            let Upi { vpa } = read(form)?;
            let vpa = vpa.trim().to_owned();
            let by = check_vpa(&vpa).map(Instrument::Upi);
            Some((
                Way::Upi,
                Some(vpa),
                by.map_err(|wrong| vec![("vpa", wrong)]),
            ))
        }
        "upi-app" => {
            let App { app } = read(form)?;
            let is_known = APPS.iter().any(|(known, _)| *known == app);
            is_known.then_some((Way::Upi, None, Ok(Instrument::UpiApp)))
        }
        "card" => {
            let typed: Typed = read(form)?;
            let by = typed.check(now).and_then(|card| {
                let mode = offer.mode_of(&card.number);
                let mode = mode.ok_or_else(|| vec![not_taken(Way::Card)])?;
                Ok(Instrument::Card {
                    mode,
                    number: card.number,
                    holder: card.holder,
                })
            });
            Some((Way::Card, None, by))
        }
        "net-banking" => bank(
            Way::NetBanking,
            PaymentMode::NetBanking,
            "bank",
            "Choose your bank",
        ),
        _ => bank(
            Way::Wallet,
            PaymentMode::Wallet,
            "wallet",
            "Choose your wallet",
        ),
    }
}

/// Longer than any that can be typed in.
const LONGEST_VPA: usize = 255;

fn check_vpa(typed: &str) -> Result<Vpa, &'static str> {
    let vpa = Vpa::new(typed);
    if typed.is_empty() {
        Err("Enter your UPI address")
    } else if vpa.check().is_err() || typed.len() > LONGEST_VPA {
        Err("A UPI address is a name, one @ and a handle, like name@bank")
    } else if typed.eq_ignore_ascii_case(NO_VPA) {
        Err("There is no such UPI address")
    } else {
        Ok(vpa)
    }
}

/// What is said of an instrument that the order does not take.
fn not_taken(way: Way) -> Wrong {
    match way {
        Way::Upi => ("vpa", "This order does not take this UPI address"),
        Way::Card => ("number", "This order does not take this card"),
        Way::NetBanking => ("bank", "This order does not take this bank"),
        Way::Wallet => ("wallet", "This order does not take this wallet"),
    }
}

fn read<T: DeserializeOwned>(form: &[u8]) -> Option<T> {
    serde_urlencoded::from_bytes(form).ok()
}

fn unreadable(window: &Window) -> Answer {
    note(
        window,
        StatusCode::BAD_REQUEST,
        "The form could not be read",
        "Go back and try again.",
    )
}

fn no_page() -> Answer {
    note(
        &Window::Whole,
        StatusCode::NOT_FOUND,
        "There is no such page",
        "Check the address.",
    )
}

fn not_framed(no_frame: &NoFrame) -> Answer {
    match no_frame {
        NoFrame::NoParent => note(
            &Window::Whole,
            StatusCode::BAD_REQUEST,
            "Whose page is it in?",
            "embedded=true goes with parentOrigin, the origin of the page around it, like http://localhost:3000.",
        ),
        // Its own note alone is shown in it.
        NoFrame::Barred(parent) => note(
            &Window::Frame(parent.clone()),
            StatusCode::FORBIDDEN,
            "This page may not frame the checkout",
            "Pages of this machine may. To let others, start the sandbox with their origins (Config::with_checkout_origins).",
        ),
    }
}
