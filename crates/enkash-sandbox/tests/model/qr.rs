//! UPI QR codes: made, paid and cancelled.

use enkash_types::Rupees;
use enkash_types::gateway::{CancelUpiQr, CreateUpiQr, SearchUpiQrs, UpiQr};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, json};

use crate::instruments::Outcome;
use crate::model::{Answer, DAY, MINUTE, Model, done};
use crate::ops::{number, pick};
use crate::payments::Teller;
use crate::picture::{Glance, Picture};
use crate::real::{Done, Real, at};

/// What may happen to a QR code.
#[derive(Debug, Clone)]
pub(crate) enum QrOp {
    Create {
        paise: Option<i32>,
        is_fixed: Option<bool>,
        is_for_many: bool,
        seconds: Option<u64>,
    },
    /// Somebody pays this sum, or scans and looks at none.
    Pay {
        code: usize,
        paise: Option<Sum>,
    },
    Cancel {
        code: usize,
    },
}

/// What a payer types.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Sum {
    /// That of the code, or a rupee.
    Right,
    Other(i32),
}

pub(crate) fn op() -> impl Strategy<Value = QrOp> {
    let sum = prop_oneof![Just(Sum::Right), (1..=100_000).prop_map(Sum::Other)];
    let paise = prop::option::of(1..=100_000);
    let is_fixed = select(vec![None, Some(true), Some(false)]);
    let seconds = select(vec![None, None, Some(MINUTE), Some(DAY)]);
    prop_oneof![
        4 => (paise, is_fixed, any::<bool>(), seconds).prop_map(
            |(paise, is_fixed, is_for_many, seconds)| QrOp::Create { paise, is_fixed, is_for_many, seconds }
        ),
        7 => (number(), prop::option::of(sum)).prop_map(|(code, paise)| QrOp::Pay { code, paise }),
        2 => number().prop_map(|code| QrOp::Cancel { code }),
    ]
}

impl QrOp {
    pub(crate) fn aim(&mut self, model: &Model) -> Option<()> {
        match self {
            // With a few at a time, more happens to each.
            Self::Create { .. } if model.active_codes() > 2 => return None,
            Self::Create { .. } => {}
            Self::Pay { code, .. } | Self::Cancel { code } => {
                *code = pick(*code, model.codes.len())?;
            }
        }
        Some(())
    }
}

pub(crate) struct Code {
    paise: Option<i64>,
    is_fixed: bool,
    is_for_many: bool,
    ends: Option<u64>,
    is_cancelled: bool,
    is_paid: bool,
}

impl Code {
    /// Why it takes no payment any more.
    fn closed(&self, now: u64) -> Option<&'static str> {
        match self {
            _ if self.is_cancelled => Some("is cancelled"),
            _ if self.ends.is_some_and(|end| end <= now) => Some("has run out"),
            _ if self.is_paid && !self.is_for_many => Some("is paid"),
            _ => None,
        }
    }

    fn status(&self, now: u64) -> &'static str {
        self.closed(now).map_or("ACTIVE", |_| "CANCELLED")
    }
}

impl Model {
    pub(crate) fn obey_qr(&mut self, op: &QrOp) -> Answer {
        match op {
            QrOp::Create {
                paise: None,
                is_fixed: Some(true),
                ..
            } => self.refuse(422, "a QR code that fixes no sum"),
            QrOp::Create {
                paise,
                is_fixed,
                is_for_many,
                seconds,
            } => {
                self.codes.push(Code {
                    paise: paise.map(i64::from),
                    // A sum that is given is fixed, if nothing else is said.
                    is_fixed: paise.is_some() && *is_fixed != Some(false),
                    is_for_many: *is_for_many,
                    ends: seconds.map(|seconds| self.now + seconds),
                    is_cancelled: false,
                    is_paid: false,
                });
                done(format!("code {} ACTIVE", self.codes.len() - 1))
            }
            QrOp::Pay { code, paise } => self.pay_qr(*code, *paise),
            QrOp::Cancel { code } => {
                if self.codes[*code].closed(self.now).is_none() {
                    self.note("QR code: cancelled");
                    self.codes[*code].is_cancelled = true;
                }
                done(format!("code {code} CANCELLED"))
            }
        }
    }

    fn pay_qr(&mut self, number: usize, sum: Option<Sum>) -> Answer {
        let code = &self.codes[number];
        let typed = sum.map(|sum| code.typed(sum));
        if let Some(why) = code.closed(self.now) {
            return self.refuse(409, &format!("a payment of a QR code that {why}"));
        }
        let paise = match (code.paise.filter(|_| code.is_fixed), typed) {
            (Some(fixed), Some(other)) if other != fixed => {
                return self.refuse(422, "another sum than the QR code's");
            }
            (Some(fixed), _) => fixed,
            (None, Some(typed)) => typed,
            (None, None) => return self.refuse(422, "no sum for a QR code that fixes none"),
        };
        self.note("QR code: paid");
        self.codes[number].is_paid = true;
        let status = self.codes[number].status(self.now);
        let payment = self.collect(paise, Teller::Nobody, Outcome::Success);
        done(format!("code {number} {status}, {payment}"))
    }

    fn active_codes(&self) -> usize {
        let codes = self.codes.iter();
        codes.filter(|code| code.closed(self.now).is_none()).count()
    }

    pub(crate) fn see_codes(&self, picture: &mut Picture) {
        for (number, code) in self.codes.iter().enumerate() {
            picture.see(format!("code {number}"), code.status(self.now));
        }
    }
}

impl Code {
    fn typed(&self, sum: Sum) -> i64 {
        match sum {
            Sum::Right => self.paise.unwrap_or(100),
            Sum::Other(paise) => paise.into(),
        }
    }
}

impl Real {
    pub(crate) async fn obey_qr(&mut self, op: &QrOp, model: &Model) -> Done {
        match op {
            QrOp::Create {
                paise,
                is_fixed,
                is_for_many,
                seconds,
            } => {
                let mut fields = Map::new();
                fields.insert("multipleUse".to_owned(), json!(is_for_many));
                if let Some(paise) = paise {
                    fields.insert("amount".to_owned(), json!(Rupees::from_paise(*paise)));
                }
                if let Some(is_fixed) = is_fixed {
                    fields.insert("fixedAmount".to_owned(), json!(is_fixed));
                }
                if let Some(seconds) = seconds {
                    fields.insert("expiry".to_owned(), json!(at(model.now + seconds)));
                }
                let code = self.call(CreateUpiQr::new(fields.into())).await?;
                self.codes.push(code.qr_code_id.clone().unwrap());
                Ok(self.code(&code))
            }
            QrOp::Pay { code, paise } => {
                let path = format!("qr-codes/{}/pay", self.codes[*code]);
                let sum = paise.map(|sum| model.codes[*code].typed(sum));
                let body = sum.map(|sum| json!({"amount": rupees(sum)}));
                let paid = self.control(&path, body.unwrap_or_default()).await?;
                let text = |name: &str| paid[name].as_str().unwrap().to_owned();
                self.collected(&text("orderId")).await?;
                let payment = self.paid(&text("transactionId"), &text("transactionStatus"));
                Ok(format!("code {code} {}, {payment}", text("status")))
            }
            QrOp::Cancel { code } => {
                let cancel = CancelUpiQr::new(self.codes[*code].clone());
                let code = self.call(cancel).await?;
                Ok(self.code(&code))
            }
        }
    }

    fn code(&self, code: &UpiQr) -> String {
        let id = code.qr_code_id.as_ref().unwrap();
        let status = code.status.as_ref().unwrap();
        let number = self.codes.iter().position(|known| known == id);
        format!("code {} {status}", number.unwrap())
    }

    pub(crate) async fn look_at_codes(&self, seen: &mut Picture, glance: &Glance<'_>) -> Done<()> {
        if !glance.looks_at(seen, "code") {
            return Ok(());
        }
        let mut search = SearchUpiQrs::new();
        search.limit = Some(5000);
        for (number, code) in self.call(search).await?.data.into_iter().enumerate() {
            assert_eq!(code.qr_code_id.as_ref(), self.codes.get(number));
            seen.see(format!("code {number}"), code.status.unwrap().as_str());
        }
        Ok(())
    }
}

fn rupees(paise: i64) -> Rupees {
    Rupees::from_paise(i32::try_from(paise).unwrap())
}
