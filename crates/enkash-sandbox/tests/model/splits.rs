//! Split settlement: accounts, and payments that are divided over them.

use enkash_types::Rupees;
use enkash_types::gateway::{
    ActivateSplitAccount, CreateSplitAccount, EditSplitSettlement, SplitAccount, SplitSettlement,
    SplitShare, SplitValue, SubmitPaymentWithSplit,
};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::instruments::Instrument;
use crate::model::{Answer, Model, done};
use crate::ops::{instrument, mostly, number, pick};
use crate::payments::Order;
use crate::real::{Done, Real};

/// What may happen to split accounts and divided payments.
#[derive(Debug, Clone)]
pub(crate) enum SplitOp {
    Open,
    Deactivate {
        account: usize,
    },
    Activate {
        account: usize,
    },
    /// A payment that is there is divided.
    Divide {
        payment: usize,
        rule: Rule,
    },
    /// One is handed in with the rule that divides it.
    Submit {
        order: usize,
        by: &'static Instrument,
        rule: Rule,
    },
}

/// How a payment is divided.
#[derive(Debug, Clone)]
pub(crate) enum Rule {
    /// So many percent to each account.
    Percent(Vec<(usize, u8)>),
    /// Such a sum, as a percentage of the order's.
    Sums(Vec<(usize, u8)>),
}

pub(crate) fn op() -> impl Strategy<Value = SplitOp> {
    prop_oneof![
        3 => Just(SplitOp::Open),
        8 => (number(), rule()).prop_map(|(payment, rule)| SplitOp::Divide { payment, rule }),
        3 => (number(), instrument(), rule())
            .prop_map(|(order, by, rule)| SplitOp::Submit { order, by, rule }),
        5 => number().prop_map(|account| SplitOp::Deactivate { account }),
        2 => number().prop_map(|account| SplitOp::Activate { account }),
    ]
}

fn rule() -> impl Strategy<Value = Rule> {
    let shares = || vec((number(), 1..=70_u8), 1..=2);
    prop_oneof![
        shares().prop_map(Rule::Percent),
        shares().prop_map(Rule::Sums)
    ]
}

impl SplitOp {
    pub(crate) fn aim(&mut self, model: &Model) -> Option<()> {
        let accounts = model.split_accounts.len();
        match self {
            // With two, more happens to each.
            Self::Open if accounts > 1 => return None,
            Self::Open => {}
            Self::Deactivate { account } => *account = pick(*account, accounts)?,
            Self::Activate { account } => {
                let inactive: Vec<_> = (0..accounts)
                    .filter(|one| !model.split_accounts[*one])
                    .collect();
                *account = mostly(*account, &inactive, accounts)?;
            }
            Self::Divide { payment, rule } => {
                let mut open = model.payments_that(|_| true);
                open.retain(|payment| !model.ledger.is_settled(*payment));
                *payment = mostly(*payment, &open, model.payments.len())?;
                rule.aim(accounts)?;
            }
            Self::Submit { order, rule, .. } => {
                *order = mostly(
                    *order,
                    &model.orders_that(Order::is_open),
                    model.orders.len(),
                )?;
                rule.aim(accounts)?;
            }
        }
        Some(())
    }
}

impl Rule {
    fn shares(&self) -> &[(usize, u8)] {
        match self {
            Self::Percent(shares) | Self::Sums(shares) => shares,
        }
    }

    fn aim(&mut self, accounts: usize) -> Option<()> {
        let (Self::Percent(shares) | Self::Sums(shares)) = self;
        for (account, _) in shares {
            *account = pick(*account, accounts)?;
        }
        Some(())
    }

    /// What each account gets of what is left of a payment, where it gets anything: percentages
    /// are rounded down, sums are served as long as there is something.
    pub(crate) fn divide(&self, of: i64, left: i64) -> Vec<(usize, i64)> {
        let mut rest = left;
        let mut shares = Vec::new();
        for (account, value) in self.shares() {
            let share = match self {
                Self::Percent(_) => left * i64::from(*value) / 100,
                Self::Sums(_) => sum(of, *value),
            };
            let share = share.min(rest);
            if share > 0 {
                rest -= share;
                shares.push((*account, share));
            }
        }
        shares
    }

    /// As a merchant says it.
    fn as_given(&self, of: i64, real: &Real) -> SplitSettlement {
        let shares = self.shares().iter().map(|(account, value)| {
            let value = match self {
                Self::Percent(_) => SplitValue::percent(*value),
                Self::Sums(_) => Rupees::from_paise(sum(of, *value).try_into().unwrap()).into(),
            };
            SplitShare::new(real.split_accounts[*account].clone(), value)
        });
        match self {
            Self::Percent(_) => SplitSettlement::percentage(shares.collect()),
            Self::Sums(_) => SplitSettlement::flat(shares.collect()),
        }
    }
}

fn sum(of: i64, percent: u8) -> i64 {
    (of * i64::from(percent) / 100).max(1)
}

impl Model {
    pub(crate) fn obey_split(&mut self, op: &SplitOp) -> Answer {
        match op {
            SplitOp::Open => {
                self.split_accounts.push(true);
                self.done_to_split_account(self.split_accounts.len() - 1)
            }
            SplitOp::Deactivate { account } => {
                self.split_accounts[*account] = false;
                self.done_to_split_account(*account)
            }
            SplitOp::Activate { account } => {
                if !self.split_accounts[*account] {
                    self.split_accounts[*account] = true;
                    self.ledger.account_is_active(self.now, *account);
                }
                self.done_to_split_account(*account)
            }
            SplitOp::Divide { payment, rule } => {
                if self.ledger.is_settled(*payment) {
                    return self.refuse(409, "a split of what is settled");
                }
                if !self.payments[*payment].may_still_pay() {
                    return self.refuse(409, "a split of a payment that failed");
                }
                let order = self.payments[*payment].order;
                if !self.can_divide(order, rule) {
                    return self.refuse(422, "a split that is not right");
                }
                self.payments[*payment].split = Some(rule.clone());
                done(format!("payment {payment} divided"))
            }
            SplitOp::Submit { order, by, rule } => {
                if !self.can_divide(*order, rule) {
                    return self.refuse(422, "a split that is not right");
                }
                let answer = self.submit(*order, by);
                if let (Answer::Done(_), Some(payment)) = (&answer, self.payments.last_mut()) {
                    payment.split = Some(rule.clone());
                }
                answer
            }
        }
    }

    fn done_to_split_account(&self, account: usize) -> Answer {
        done(format!(
            "split account {account}, active: {}",
            self.split_accounts[account]
        ))
    }

    /// Each account is named once and receives money, and no more is given out than there is.
    fn can_divide(&self, order: usize, rule: &Rule) -> bool {
        let of = self.orders[order].paise;
        let shares = rule.shares();
        let (values, whole): (i64, _) = match rule {
            Rule::Percent(_) => (shares.iter().map(|(_, value)| i64::from(*value)).sum(), 100),
            Rule::Sums(_) => (shares.iter().map(|(_, value)| sum(of, *value)).sum(), of),
        };
        let is_twice = matches!(shares, [(one, _), (other, _)] if one == other);
        let are_active = shares
            .iter()
            .all(|(account, _)| self.split_accounts[*account]);
        !is_twice && are_active && values <= whole
    }
}

impl Real {
    pub(crate) async fn obey_split(&mut self, op: &SplitOp, model: &Model) -> Done {
        match op {
            SplitOp::Open => {
                let fields = json!({"name": "Asha Stores"});
                let fields = serde_json::from_value(fields).unwrap();
                let account = self.call(CreateSplitAccount::new(fields)).await?;
                self.split_accounts.push(account.id().unwrap());
                Ok(self.split_account(&account))
            }
            SplitOp::Deactivate { account } => {
                let path = format!(
                    "split-accounts/{}/deactivate",
                    self.split_accounts[*account]
                );
                let answer = self.control(&path, Value::Null).await?;
                let account = serde_json::from_value(answer).unwrap();
                Ok(self.split_account(&account))
            }
            SplitOp::Activate { account } => {
                let request = ActivateSplitAccount::new(self.split_accounts[*account].clone());
                let account = self.call(request).await?;
                Ok(self.split_account(&account))
            }
            SplitOp::Divide { payment, rule } => {
                let of = model.orders[model.payments[*payment].order].paise;
                let rule = rule.as_given(of, self);
                let request = EditSplitSettlement::new(&*self.payments[*payment], rule);
                self.call(request).await?;
                Ok(format!("payment {payment} divided"))
            }
            SplitOp::Submit { order, by, rule } => {
                let rule = rule.as_given(model.orders[*order].paise, self);
                let id = self.order_id(*order);
                let mut request = SubmitPaymentWithSplit::new(id, by.detail());
                let split = serde_json::to_value(rule).unwrap();
                request.extra.insert("splitSettlement".to_owned(), split);
                let submitted = self.call(request).await?;
                Ok(self.submitted(&submitted))
            }
        }
    }

    fn split_account(&self, account: &SplitAccount) -> String {
        let number = self.split_account_number(account.id().unwrap().as_str());
        let is_active = account.status() == Some("ACTIVE");
        format!("split account {number}, active: {is_active}")
    }

    pub(crate) fn split_account_number(&self, id: &str) -> usize {
        let mut known = self.split_accounts.iter();
        known.position(|known| known.as_str() == id).unwrap()
    }
}
