//! UPI mandates: through their life, and debits under them.

use enkash_types::Rupees;
use enkash_types::gateway::{
    AmountRule, CreateUpiMandate, ExecuteMandateDebit, GetUpiMandate, MandateId, NewMandatePayer,
    NewMandateRecurrence, NewMandateValidity, RevokeUpiMandate, UpdateUpiMandate, UpiMandate,
};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

use crate::instruments::Outcome;
use crate::model::{Answer, DAY, MINUTE, Model, done};
use crate::ops::{mostly, number, pick};
use crate::payments::{BANK, Teller};
use crate::picture::{Glance, Picture};
use crate::real::{Done, Real, at};

/// What may happen to a mandate.
#[derive(Debug, Clone)]
pub(crate) enum MandateOp {
    Create(NewMandate),
    /// With the merchant's id of one that is there.
    CreateAgain {
        mandate: usize,
    },
    /// The merchant allows himself another sum.
    Update {
        mandate: usize,
        rupees: u64,
    },
    /// The payer says yes or no, or ends it.
    Decide {
        mandate: usize,
        what: &'static str,
    },
    /// The merchant ends it.
    Revoke {
        mandate: usize,
    },
    Execute {
        mandate: usize,
        sum: Sum,
    },
    /// Its debits end like this from now on.
    Debits {
        mandate: usize,
        outcome: Outcome,
    },
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct NewMandate {
    rupees: u64,
    is_exact: bool,
    payer: &'static str,
    /// In how many seconds the payer may not say yes any more, and it begins, and ends.
    expires: u64,
    begins: u64,
    ends: u64,
}

/// Of what a mandate allows.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Sum {
    All,
    Half,
    TooMuch,
}

pub(crate) fn op() -> impl Strategy<Value = MandateOp> {
    let payers = vec![
        "asha@examplebank",
        "asha@examplebank",
        "success@sandbox",
        "success@sandbox",
        "decline@sandbox",
        "pending@sandbox",
        "timeout@sandbox",
        "nobody@sandbox",
    ];
    let outcomes = vec![
        Outcome::Success,
        Outcome::Decline,
        Outcome::Pending,
        Outcome::Timeout,
    ];
    let new = (
        1..=500_u64,
        any::<bool>(),
        select(payers),
        select(vec![DAY, DAY, 5 * MINUTE, BANK / 2]),
        select(vec![0, 0, 0, MINUTE, 60 * MINUTE]),
        select(vec![30 * DAY, 30 * DAY, DAY, 30 * MINUTE]),
    );
    prop_oneof![
        4 => new.prop_map(|(rupees, is_exact, payer, expires, begins, ends)| {
            MandateOp::Create(NewMandate { rupees, is_exact, payer, expires, begins, ends })
        }),
        12 => (number(), select(vec![Sum::All, Sum::All, Sum::All, Sum::Half, Sum::TooMuch]))
            .prop_map(|(mandate, sum)| MandateOp::Execute { mandate, sum }),
        4 => (number(), select(vec!["approve", "approve", "approve", "reject", "revoke"]))
            .prop_map(|(mandate, what)| MandateOp::Decide { mandate, what }),
        4 => (number(), select(outcomes))
            .prop_map(|(mandate, outcome)| MandateOp::Debits { mandate, outcome }),
        2 => number().prop_map(|mandate| MandateOp::Revoke { mandate }),
        1 => (number(), 1..=500_u64)
            .prop_map(|(mandate, rupees)| MandateOp::Update { mandate, rupees }),
        1 => number().prop_map(|mandate| MandateOp::CreateAgain { mandate }),
    ]
}

impl MandateOp {
    pub(crate) fn aim(&mut self, model: &Model) -> Option<()> {
        let all = model.mandates.len();
        let that_are = |status: &str| {
            let numbers = (0..all).filter(|number| model.mandates[*number].status == status);
            numbers.collect::<Vec<_>>()
        };
        match self {
            // With a few at a time, more happens to each.
            Self::Create(_) if that_are("CREATED").len() + that_are("ACTIVE").len() > 2 => {
                return None;
            }
            Self::Create(_) => {}
            Self::CreateAgain { mandate }
            | Self::Update { mandate, .. }
            | Self::Revoke { mandate } => {
                *mandate = pick(*mandate, all)?;
            }
            Self::Decide {
                mandate,
                what: "revoke",
            }
            | Self::Execute { mandate, .. }
            | Self::Debits { mandate, .. } => {
                *mandate = mostly(*mandate, &that_are("ACTIVE"), all)?
            }
            Self::Decide { mandate, .. } => *mandate = mostly(*mandate, &that_are("CREATED"), all)?,
        }
        Some(())
    }
}

pub(crate) struct Mandate {
    status: &'static str,
    rupees: u64,
    is_exact: bool,
    /// When a payer answers who does so by himself, and whether with a yes.
    answers: Option<(u64, bool)>,
    expires: u64,
    begins: u64,
    ends: u64,
    /// How its debits end.
    outcome: Outcome,
}

impl Mandate {
    pub(crate) fn next(&self) -> Option<u64> {
        match self.status {
            "CREATED" => {
                let answers = self.answers.map_or(u64::MAX, |(at, _)| at);
                Some(answers.min(self.expires).min(self.ends))
            }
            "ACTIVE" => Some(self.ends),
            _ => None,
        }
    }

    /// So much of what it allows, in paise.
    fn sum(&self, sum: Sum) -> i32 {
        let all = 100 * i32::try_from(self.rupees).unwrap();
        match sum {
            Sum::All => all,
            Sum::Half => all / 2,
            Sum::TooMuch => all + 1,
        }
    }
}

impl Model {
    pub(crate) fn obey_mandate(&mut self, op: &MandateOp) -> Answer {
        match op {
            MandateOp::Create(new) => self.create_mandate(*new),
            MandateOp::CreateAgain { .. } => self.refuse(409, "an id of a mandate that was used"),
            MandateOp::Update { mandate, rupees } => {
                if !self.is_mandate(*mandate, &["CREATED", "ACTIVE"]) {
                    return self.refuse(409, "a change of a mandate that is over");
                }
                self.mandates[*mandate].rupees = *rupees;
                self.mandate_becomes(*mandate, self.mandates[*mandate].status)
            }
            MandateOp::Decide { mandate, what } => {
                let (from, to) = match *what {
                    "approve" => ("CREATED", "ACTIVE"),
                    "reject" => ("CREATED", "REJECTED"),
                    _ => ("ACTIVE", "REVOKED"),
                };
                match self.is_mandate(*mandate, &[from]) {
                    true => self.mandate_becomes(*mandate, to),
                    false => self.refuse(409, "a decision on a mandate that is decided"),
                }
            }
            MandateOp::Revoke { mandate } => {
                match self.is_mandate(*mandate, &["CREATED", "ACTIVE"]) {
                    true => self.mandate_becomes(*mandate, "REVOKED"),
                    false => self.refuse(409, "an end of a mandate that is over"),
                }
            }
            MandateOp::Execute { mandate, sum } => self.execute(*mandate, *sum),
            MandateOp::Debits { mandate, outcome } => {
                if !self.is_mandate(*mandate, &["ACTIVE"]) {
                    return self.refuse(409, "debits of a mandate that is not active");
                }
                self.mandates[*mandate].outcome = *outcome;
                done(format!("mandate {mandate} ACTIVE"))
            }
        }
    }

    fn is_mandate(&self, mandate: usize, one_of: &[&str]) -> bool {
        one_of.contains(&self.mandates[mandate].status)
    }

    /// It becomes so, and the merchant is told.
    fn mandate_becomes(&mut self, mandate: usize, status: &'static str) -> Answer {
        let before = std::mem::replace(&mut self.mandates[mandate].status, status);
        self.note(format!("mandate: {before} -> {status}"));
        self.told.push(format!("mandate {mandate} {status}"));
        done(format!("mandate {mandate} {status}"))
    }

    fn create_mandate(&mut self, new: NewMandate) -> Answer {
        if new.ends <= new.begins {
            return self.refuse(422, "a mandate that ends before it begins");
        }
        let (answers, outcome) = match new.payer {
            "success@sandbox" => (Some((self.now, true)), Outcome::Success),
            "decline@sandbox" => (Some((self.now, false)), Outcome::Decline),
            "pending@sandbox" => (Some((self.now + BANK, true)), Outcome::Pending),
            "timeout@sandbox" => (None, Outcome::Timeout),
            "nobody@sandbox" => return self.refuse(422, "a mandate of nobody"),
            _ => (None, Outcome::Success),
        };
        let mandate = self.mandates.len();
        self.mandates.push(Mandate {
            status: "CREATED",
            rupees: new.rupees,
            is_exact: new.is_exact,
            answers,
            expires: self.now + new.expires,
            begins: self.now + new.begins,
            ends: self.now + new.ends,
            outcome,
        });
        // A payer who answers at once does so after the merchant has his answer.
        self.mandate_time(mandate);
        done(format!("mandate {mandate} CREATED"))
    }

    /// What happens to a mandate by itself, if it is time for it.
    pub(crate) fn mandate_time(&mut self, mandate: usize) {
        let now = self.now;
        let which = &self.mandates[mandate];
        if which.next().is_none_or(|next| next > now) {
            return;
        }
        let answer = which.answers.filter(|(at, _)| *at <= now);
        let status = match (which.status, answer) {
            ("CREATED", Some((_, true))) => "ACTIVE",
            ("CREATED", Some((_, false))) => "REJECTED",
            _ => "EXPIRED",
        };
        self.mandate_becomes(mandate, status);
    }

    fn execute(&mut self, number: usize, sum: Sum) -> Answer {
        let mandate = &self.mandates[number];
        let (paise, limit) = (mandate.sum(sum), mandate.sum(Sum::All));
        let outcome = mandate.outcome;
        if mandate.status != "ACTIVE" {
            return self.refuse(409, "a debit of a mandate that is not active");
        }
        if self.now < mandate.begins {
            return self.refuse(409, "a debit before the mandate begins");
        }
        if paise > limit {
            return self.refuse(422, "a debit of more than the mandate's");
        }
        if mandate.is_exact && paise != limit {
            return self.refuse(422, "a debit of another sum than the mandate's");
        }
        self.note(format!("debit: {outcome:?}"));
        done(self.collect(paise.into(), Teller::Debits, outcome))
    }

    pub(crate) fn see_mandates(&self, picture: &mut Picture) {
        for (number, mandate) in self.mandates.iter().enumerate() {
            let how = format!("{} {}", mandate.status, mandate.rupees);
            picture.see(format!("mandate {number}"), how);
        }
    }
}

impl Real {
    pub(crate) async fn obey_mandate(&mut self, op: &MandateOp, model: &Model) -> Done {
        match op {
            MandateOp::Create(new) => {
                let created = self
                    .call(request(self.mandates.len(), new, model.now))
                    .await?;
                self.mandates.push(created.mandate_id.clone().unwrap());
                Ok(self.mandate(&created))
            }
            MandateOp::CreateAgain { mandate } => {
                let new = NewMandate {
                    rupees: 1,
                    is_exact: false,
                    payer: "asha@examplebank",
                    expires: DAY,
                    begins: 0,
                    ends: DAY,
                };
                let created = self.call(request(*mandate, &new, model.now)).await?;
                Ok(format!("{:?}", created.mandate_id))
            }
            MandateOp::Update { mandate, rupees } => {
                let fields = Map::from_iter([
                    ("referenceId".to_owned(), reference(*mandate).into()),
                    ("amount".to_owned(), json!(rupees)),
                ]);
                let updated = self.call(UpdateUpiMandate::new(fields.into())).await?;
                Ok(self.mandate(&updated))
            }
            MandateOp::Decide { mandate, what } => {
                let path = format!("mandates/{}/{what}", reference(*mandate));
                self.control_mandate(&path, Value::Null).await
            }
            MandateOp::Revoke { mandate } => {
                let revoked = self
                    .call(RevokeUpiMandate::new(reference(*mandate)))
                    .await?;
                Ok(self.mandate(&revoked))
            }
            MandateOp::Execute { mandate, sum } => {
                let sum = Rupees::from_paise(model.mandates[*mandate].sum(*sum));
                let id = self.mandates[*mandate].clone();
                let order = self
                    .call(ExecuteMandateDebit::new(id, sum, "A debit"))
                    .await?;
                self.collected(order.order_id.unwrap().as_str()).await?;
                let payment = &order.transactions.unwrap()[0];
                let id = payment.transaction_id.as_ref().unwrap();
                Ok(self.paid(id.as_str(), payment.extra["status"].as_str().unwrap()))
            }
            MandateOp::Debits { mandate, outcome } => {
                let path = format!("mandates/{}/debits", reference(*mandate));
                let outcome = format!("{outcome:?}").to_lowercase();
                self.control_mandate(&path, json!({"outcome": outcome}))
                    .await
            }
        }
    }

    async fn control_mandate(&self, path: &str, body: Value) -> Done {
        let answer = self.control(path, body).await?;
        let status = answer["status"].as_str().unwrap();
        let id = MandateId::from(answer["mandateId"].as_str().unwrap());
        Ok(format!("mandate {} {status}", self.mandate_number(&id)))
    }

    fn mandate(&self, mandate: &UpiMandate) -> String {
        let number = self.mandate_number(mandate.mandate_id.as_ref().unwrap());
        format!("mandate {number} {}", mandate.status().unwrap())
    }

    pub(crate) fn mandate_number(&self, id: &MandateId) -> usize {
        self.mandates.iter().position(|known| known == id).unwrap()
    }

    pub(crate) async fn look_at_mandates(
        &self,
        seen: &mut Picture,
        glance: &Glance<'_>,
    ) -> Done<()> {
        for number in glance.of(seen, "mandate", self.mandates.len()) {
            let mandate = self.call(GetUpiMandate::new(reference(number))).await?;
            let how = format!("{} {}", mandate.status().unwrap(), mandate.amount.unwrap());
            seen.see(format!("mandate {number}"), how);
        }
        Ok(())
    }
}

/// The merchant's id of a mandate.
fn reference(mandate: usize) -> String {
    format!("SUB{mandate}")
}

fn request(number: usize, new: &NewMandate, now: u64) -> CreateUpiMandate {
    let rule = match new.is_exact {
        true => AmountRule::Exact,
        false => AmountRule::Max,
    };
    CreateUpiMandate::new(
        reference(number),
        new.rupees,
        rule,
        NewMandatePayer::new("Asha", new.payer, "123456789012"),
        "Magazine",
        at(now + new.expires),
        NewMandateRecurrence::new("MONTHLY", "ON", 5),
        NewMandateValidity::new(at(now + new.begins), at(now + new.ends)),
    )
}
