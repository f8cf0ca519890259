//! Where EnKash posts what happens.

use std::collections::BTreeMap;

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;

use crate::payouts::{ConfigureWebhook, WebhookConfig, WebhookEvent};
use crate::strategies::text::{any_text, documented_values, like};
use crate::strategies::{InvalidValues, ValidValues, at_the_end, extra, maybe, page_rules};
use crate::{Secret, WebAddress};

documented_values! { WebhookEvent }

fn headers() -> impl Strategy<Value = BTreeMap<String, Secret>> {
    btree_map(like("X-[A-Za-z]{1,8}"), Secret::valid(), 0..3)
}

impl ValidValues for ConfigureWebhook {
    fn valid() -> BoxedStrategy<Self> {
        each!(ConfigureWebhook {
            headers: headers(),
            webhook_url: WebAddress::valid(),
            ssl_certificate: maybe(any_text()),
            events: vec(WebhookEvent::valid(), 0..3),
            enabled: maybe(any::<bool>()),
            company_id: maybe(page_rules::company_id()),
        })
    }
}

impl InvalidValues for ConfigureWebhook {
    fn invalid() -> BoxedStrategy<Self> {
        let events = (vec(WebhookEvent::valid(), 0..2), WebhookEvent::invalid());
        spoilt!(Self::valid() => {
            webhook_url: WebAddress::invalid(),
            events: events.prop_map(at_the_end),
            company_id: page_rules::wrong_company_id(),
        })
    }
}

impl ValidValues for WebhookConfig {
    fn valid() -> BoxedStrategy<Self> {
        each!(WebhookConfig {
            company_id: maybe(page_rules::company_id()),
            headers: maybe(headers()),
            webhook_url: maybe(WebAddress::valid()),
            ssl_certificate: maybe(any_text()),
            events: maybe(vec(WebhookEvent::valid(), 0..3)),
            enabled: maybe(any::<bool>()),
            extra: extra(),
        })
    }
}
