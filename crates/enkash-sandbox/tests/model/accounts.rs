//! Virtual accounts: opened and paid into.

use enkash_types::Rupees;
use enkash_types::gateway::{CreateVirtualAccount, GetVirtualAccountByCustomerReference};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::json;

use crate::model::{Answer, DAY, MINUTE, Model, done};
use crate::ops::{number, pick};
use crate::picture::{Glance, Picture};
use crate::real::{Done, Real, in_india, paise};

/// What may happen to a virtual account.
#[derive(Debug, Clone)]
pub(crate) enum AccountOp {
    /// It closes after so many seconds.
    Open {
        closes: Option<u64>,
    },
    /// With the merchant's reference of one that is there.
    OpenAgain {
        account: usize,
    },
    Credit {
        account: usize,
        paise: i32,
    },
}

pub(crate) fn op() -> impl Strategy<Value = AccountOp> {
    prop_oneof![
        2 => select(vec![None, Some(5 * MINUTE), Some(DAY)])
            .prop_map(|closes| AccountOp::Open { closes }),
        4 => (number(), 1..=1_000_000)
            .prop_map(|(account, paise)| AccountOp::Credit { account, paise }),
        1 => number().prop_map(|account| AccountOp::OpenAgain { account }),
    ]
}

impl AccountOp {
    pub(crate) fn aim(&mut self, model: &Model) -> Option<()> {
        match self {
            Self::Open { .. } => {}
            Self::OpenAgain { account } | Self::Credit { account, .. } => {
                *account = pick(*account, model.accounts.len())?;
            }
        }
        Some(())
    }
}

pub(crate) struct Account {
    paise: i64,
    closes: Option<u64>,
}

impl Account {
    fn status(&self, now: u64) -> &'static str {
        match self.closes.is_some_and(|end| end <= now) {
            true => "CLOSED",
            false => "ACTIVE",
        }
    }

    fn shown(&self, number: usize, now: u64) -> String {
        format!("account {number} {} {}", self.status(now), self.paise)
    }
}

impl Model {
    pub(crate) fn obey_account(&mut self, op: &AccountOp) -> Answer {
        match op {
            AccountOp::Open { closes } => {
                let closes = closes.map(|seconds| self.now + seconds);
                self.accounts.push(Account { paise: 0, closes });
                self.done_to_account(self.accounts.len() - 1)
            }
            AccountOp::OpenAgain { .. } => {
                self.refuse(409, "a reference of a virtual account that was used")
            }
            AccountOp::Credit { account, paise } => {
                if self.accounts[*account].status(self.now) == "CLOSED" {
                    return self.refuse(409, "a credit to a virtual account that is closed");
                }
                self.accounts[*account].paise += i64::from(*paise);
                self.note("virtual account: credited");
                self.done_to_account(*account)
            }
        }
    }

    fn done_to_account(&self, account: usize) -> Answer {
        done(self.accounts[account].shown(account, self.now))
    }

    pub(crate) fn see_accounts(&self, picture: &mut Picture) {
        for (number, account) in self.accounts.iter().enumerate() {
            picture.see(format!("account {number}"), account.shown(number, self.now));
        }
    }
}

impl Real {
    pub(crate) async fn obey_account(&mut self, op: &AccountOp, model: &Model) -> Done {
        match op {
            AccountOp::Open { closes } => {
                let mut request = CreateVirtualAccount::new(reference(self.accounts));
                request.close_by = closes.map(|seconds| in_india(model.now + seconds).into());
                self.call(request).await?;
                self.accounts += 1;
                self.account(self.accounts - 1).await
            }
            AccountOp::OpenAgain { account } => {
                let opened = self
                    .call(CreateVirtualAccount::new(reference(*account)))
                    .await?;
                Ok(format!("{:?}", opened.virtual_account_id))
            }
            AccountOp::Credit { account, paise } => {
                let path = format!("virtual-accounts/{}/credit", reference(*account));
                let sum = Rupees::from_paise(*paise);
                self.control(&path, json!({"amount": sum})).await?;
                self.account(*account).await
            }
        }
    }

    async fn account(&self, number: usize) -> Done {
        let request = GetVirtualAccountByCustomerReference::new(reference(number));
        let account = self.call(request).await?;
        let (status, sum) = (account.status.unwrap(), paise(account.amount_paid));
        Ok(format!("account {number} {status} {sum}"))
    }

    pub(crate) async fn look_at_accounts(
        &self,
        seen: &mut Picture,
        glance: &Glance<'_>,
    ) -> Done<()> {
        for number in glance.of(seen, "account", self.accounts) {
            seen.see(format!("account {number}"), self.account(number).await?);
        }
        Ok(())
    }
}

/// The merchant's reference of an account.
fn reference(account: usize) -> String {
    format!("RENT{account}")
}
