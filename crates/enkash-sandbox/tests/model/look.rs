//! What is to be seen of the sandbox after a step.

use enkash_sandbox::{Delivery, DeliveryState};
use enkash_types::gateway::{
    GetSettlementPayout, GetTransactionStatus, GetUpiTransactionStatus, Payment,
    SearchSettlementPayouts, SettlementPayout, SettlementTransaction,
};

use crate::payments::NO_MODE;
use crate::picture::{Glance, Line, Picture, Totals};
use crate::real::{Done, Real, paise};

impl Real {
    fn shown(&self, payment: &Payment) -> String {
        let id = payment.transaction_id.as_ref().unwrap().as_str();
        let (mode, status) = (mode_of(payment), text(payment, "status"));
        format!("{} {mode} {status}", self.payment(id))
    }

    /// Looks at what should have changed, and at some of the rest, or all of it.
    pub(crate) async fn look(&mut self, glance: &Glance<'_>) -> Done<()> {
        let mut seen = std::mem::take(&mut self.seen);
        let looked = self.look_at(&mut seen, glance).await;
        self.seen = seen;
        looked
    }

    async fn look_at(&self, seen: &mut Picture, glance: &Glance<'_>) -> Done<()> {
        for number in glance.of(seen, "order", self.orders.len()) {
            let order = self.read_order(number).await?;
            let payments = order.transactions.unwrap();
            let shown: Vec<_> = payments.iter().map(|payment| self.shown(payment)).collect();
            let status = order.status.unwrap();
            seen.order(number, paise(order.amount), status.as_str(), &shown);
            let has_paid = |payment: &&Payment| {
                ["SUCCESS", "PARTIALLY_REFUNDED", "REFUNDED"].contains(&text(payment, "status"))
            };
            let paid = payments.iter().filter(has_paid).map(sum_of);
            seen.paid.insert(number, paid.sum());
        }
        for number in glance.of(seen, "payment", self.payments.len()) {
            let payment = GetTransactionStatus::new(&*self.payments[number]);
            let payment = self.call(payment).await?;
            let mut shown = self.shown(&payment);
            if mode_of(&payment) == "UPI" {
                let poll = GetUpiTransactionStatus::new(&*self.payments[number]);
                let polled = self.call(poll).await?.status.unwrap();
                shown += &format!(", polled {polled}");
            }
            let order = self.order(text(&payment, "orderId"));
            seen.payment(number, &order, sum_of(&payment), &shown);
        }
        if glance.looks_at(seen, "webhook") {
            let webhooks = self.sandbox.webhooks();
            seen.see("webhooks", webhooks.len().to_string());
            for (number, webhook) in webhooks.iter().enumerate() {
                assert_eq!(webhook.state, DeliveryState::NotSent);
                seen.see(format!("webhook {number}"), self.told(webhook));
            }
        }
        self.look_at_payouts(seen, glance).await?;
        self.look_at_codes(seen, glance).await?;
        self.look_at_mandates(seen, glance).await?;
        self.look_at_accounts(seen, glance).await
    }

    fn told(&self, webhook: &Delivery) -> String {
        let text = |name: &str| webhook.body[name].as_str().unwrap();
        if webhook.operation == "receive_upi_mandate_callback" {
            let number = self.mandate_number(&text("mandateId").into());
            return format!("mandate {number} {}", text("status"));
        }
        let order = self.order(text("orderId"));
        let payment = self.payment(text("transactionId"));
        let (of_order, of_payment) = (text("orderStatus"), text("transactionStatus"));
        format!(
            "{}: {order} {of_order}, {payment} {of_payment}",
            webhook.operation
        )
    }

    async fn look_at_payouts(&self, seen: &mut Picture, glance: &Glance<'_>) -> Done<()> {
        if !glance.looks_at(seen, "payout") {
            return Ok(());
        }
        let mut search = SearchSettlementPayouts::new();
        search.limit = Some(5000);
        let payouts = self.call(search).await?.data;
        seen.see("payouts", payouts.len().to_string());
        let numbers = glance.of(seen, "payout", payouts.len());
        for (number, summary) in payouts.into_iter().enumerate() {
            if !numbers.contains(&number) {
                continue;
            }
            let id = summary.settlement_payout_id.unwrap();
            let payout = self.call(GetSettlementPayout::new(id)).await?;
            let lines: Vec<_> = payout.transactions().iter().map(line).collect();
            assert_eq!(summary.transactions_count, Some(lines.len() as u64));
            let status = payout.payout_status.as_deref().unwrap();
            let to = match summary.split_account {
                Some(account) => {
                    let id = account.split_account_detail_id.unwrap();
                    format!("split account {}", self.split_account_number(&id))
                }
                None => "merchant".to_owned(),
            };
            seen.payout(number, &to, status, &totals(&payout), &lines);
        }
        Ok(())
    }
}

pub(crate) fn text<'a>(payment: &'a Payment, name: &str) -> &'a str {
    payment.extra[name].as_str().unwrap()
}

fn mode_of(payment: &Payment) -> &str {
    let mode = payment.extra.get("paymentMode");
    mode.map_or(NO_MODE, |mode| mode.as_str().unwrap())
}

fn sum_of(payment: &Payment) -> i64 {
    paise(serde_json::from_value(payment.extra["amount"].clone()).unwrap())
}

fn totals(payout: &SettlementPayout) -> Totals {
    Totals {
        sale: paise(payout.total_sale_amount),
        refund: paise(payout.total_refund_amount),
        charges: paise(payout.total_charges),
        gst: paise(payout.total_gst),
        net: paise(payout.total_settlement_amount),
    }
}

fn line(transaction: &SettlementTransaction) -> Line {
    Line {
        kind: transaction.transaction_type.clone().unwrap(),
        amount: paise(transaction.txn_amount),
        charges: paise(transaction.charges),
        gst: paise(transaction.tax_amount),
        net: paise(transaction.settlement_amount),
    }
}
