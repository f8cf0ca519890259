//! Messages that EnKash may have sent, and what can be done with them before that is certain.

use std::fmt;

use crate::endpoint::Webhook;

/// A message that came in by a webhook, and that **anyone who knows the address may have sent**.
///
/// It shows what is needed to ask EnKash about it: its ids, and a [`key`](Self::key) by which to
/// know it again. To see the rest, confirm it: for a payment by `orders().confirm(&notice)` of the
/// crate `enkash-api`, which reads the order back.
///
/// ```
/// use enkash_types::Unconfirmed;
/// use enkash_types::gateway::PaymentNotification;
///
/// let body = br#"{"orderId": "ORD1", "transactionId": "EK1", "amount": 499.50,
///     "orderStatus": "PAID", "transactionStatus": "SUCCESS", "status": "SUCCESS",
///     "cardHolderName": "Asha Rao"}"#;
/// let notice = Unconfirmed::new(enkash_types::read::json::<PaymentNotification>(body)?);
///
/// assert_eq!(notice.order_id().as_str(), "ORD1");
/// assert_eq!(
///     format!("{notice:?}"),
///     r#"Unconfirmed("notify_payment:ORD1:EK1:PAID:SUCCESS:SUCCESS")"#,
/// );
/// # Ok::<(), enkash_types::read::ReadError>(())
/// ```
#[derive(Clone)]
pub struct Unconfirmed<M>(M);

impl<M: Notice> Unconfirmed<M> {
    /// Takes a message over as one that is not confirmed.
    pub fn new(message: M) -> Self {
        Self(message)
    }

    /// What tells this message from any other, to know it again when it is delivered again: the
    /// name of the operation, the ids and the states in it. A message of the same thing in a later
    /// state has another key.
    ///
    /// Where ids and states do not tell a message from others for sure, its key holds a
    /// [`fingerprint`] of all of it as well: a state may stand in a field that is not known.
    ///
    /// **Remember a key only once its message is dealt with.** A stranger can send a message with
    /// the key of one that is yet to come; confirm first, and remember the key with what you did,
    /// in one transaction.
    ///
    /// It is letters, digits and `.-_~%:`, some hundred of them and less than a thousand, and holds
    /// nothing secret.
    #[must_use]
    pub fn key(&self) -> String {
        let mut key = M::OPERATION.name.to_owned();
        for part in self.0.identity() {
            key.push(':');
            push_part(&mut key, &part);
        }
        key
    }

    /// The message itself, as if EnKash had surely sent it. **Anyone may have**: whoever ships,
    /// pays out or writes off by what stands in it trusts a stranger.
    ///
    /// It is for messages that no call of EnKash's confirms, and for looking at one.
    #[must_use]
    pub fn trust_without_confirming(&self) -> &M {
        &self.0
    }
}

/// Shows the key alone.
impl<M: Notice> fmt::Debug for Unconfirmed<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Unconfirmed").field(&self.key()).finish()
    }
}

/// A message that comes in by a webhook and can be told from others.
pub trait Notice: Webhook {
    /// The ids and states in it, always as many and in the same order. Nothing secret is among
    /// them.
    ///
    /// A message that is delivered again has the same; one of a later state has others. See
    /// [`fingerprint`] for a message whose fields are not all known.
    fn identity(&self) -> Vec<String>;
}

/// A short text that stands for all of a message: the same for the same content, and another for
/// any other.
///
/// It does not hold against forgery (it is FNV-1a, 128 bits), and need not: who can make up a
/// message can also send the true one before its time.
pub fn fingerprint<M: serde::Serialize>(message: &M) -> String {
    // The messages of this crate can be written as JSON: they were read from it.
    fnv(&serde_json::to_vec(message).unwrap_or_default())
}

/// Longer ones are not EnKash's.
const LONGEST_PART: usize = 64;

/// Adds a part so that a key stays short, on one line, and cut at its colons.
fn push_part(key: &mut String, part: &str) {
    if part.len() > LONGEST_PART {
        key.push('~');
        key.push_str(&fnv(part.as_bytes()));
        return;
    }
    for byte in part.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._".contains(&byte) {
            key.push(char::from(byte));
        } else {
            key.push_str(&format!("%{byte:02X}"));
        }
    }
}

/// FNV-1a with 128 bits, in hexadecimal digits.
fn fnv(bytes: &[u8]) -> String {
    const START: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    let hash = bytes.iter().fold(START, |hash, byte| {
        (hash ^ u128::from(*byte)).wrapping_mul(PRIME)
    });
    format!("{hash:032x}")
}

#[cfg(feature = "gateway")]
mod gateway {
    use super::{Notice, Unconfirmed, fingerprint};
    use crate::gateway::{
        MandateDebitCallback, MandateId, MandateReferenceId, OrderId, PaymentLinkEvent,
        PaymentNotification, TransactionId, UpiMandateCallback,
    };

    impl Notice for PaymentNotification {
        #[inline]
        fn identity(&self) -> Vec<String> {
            vec![
                self.order_id.to_string(),
                self.transaction_id.to_string(),
                self.order_status.clone(),
                self.transaction_status.clone(),
                self.status.clone(),
            ]
        }
    }

    impl Unconfirmed<PaymentNotification> {
        /// EnKash's id of the order that it names; read the order by it.
        #[must_use]
        pub fn order_id(&self) -> &OrderId {
            &self.0.order_id
        }

        /// EnKash's id of the payment that it names.
        #[must_use]
        pub fn transaction_id(&self) -> &TransactionId {
            &self.0.transaction_id
        }
    }

    /// Its page was read in part.
    impl Notice for UpiMandateCallback {
        #[inline]
        fn identity(&self) -> Vec<String> {
            vec![
                text(self.mandate.mandate_id.as_ref()),
                text(self.mandate.status()),
                fingerprint(self),
            ]
        }
    }

    impl Unconfirmed<UpiMandateCallback> {
        /// The merchant's own id of the mandate that it names; read the mandate by it.
        #[must_use]
        pub fn reference_id(&self) -> Option<&MandateReferenceId> {
            self.0.mandate.reference_id.as_ref()
        }

        /// EnKash's id of the mandate that it names.
        #[must_use]
        pub fn mandate_id(&self) -> Option<&MandateId> {
            self.0.mandate.mandate_id.as_ref()
        }
    }

    /// Of its page the first field alone was read.
    impl Notice for MandateDebitCallback {
        #[inline]
        fn identity(&self) -> Vec<String> {
            vec![
                text(self.transaction_id()),
                text(self.status()),
                fingerprint(self),
            ]
        }
    }

    impl Unconfirmed<MandateDebitCallback> {
        /// EnKash's id of the order that it names, if it is where other messages have it; read the
        /// order by it.
        #[must_use]
        pub fn order_id(&self) -> Option<OrderId> {
            self.0.order_id()
        }

        /// EnKash's id of the payment that it names, if it is where other messages have it.
        #[must_use]
        pub fn transaction_id(&self) -> Option<TransactionId> {
            self.0.transaction_id()
        }
    }

    /// A link can be tried more than once, and the attempts have no ids.
    impl Notice for PaymentLinkEvent {
        #[inline]
        fn identity(&self) -> Vec<String> {
            vec![
                text(self.quick_collect_request_id.as_ref()),
                text(self.payment_status.as_ref()),
                fingerprint(self),
            ]
        }
    }

    impl Unconfirmed<PaymentLinkEvent> {
        /// The only id in it. That it names the payment link is likely and not said.
        #[must_use]
        pub fn quick_collect_request_id(&self) -> Option<&str> {
            self.0.quick_collect_request_id.as_deref()
        }
    }

    /// A part of a key; empty where the message has none.
    fn text(part: Option<impl ToString>) -> String {
        part.map(|part| part.to_string()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_is_the_one_of_the_algorithm() {
        // From its specification, draft-eastlake-fnv.
        assert_eq!(fnv(b""), "6c62272e07bb014262b821756295c58d");
        assert_eq!(fnv(b"a"), "d228cb696f1a8caf78912b704e4a8964");
        assert_eq!(fnv(b"foobar"), "343e1662793c64bf6f0d3597ba446f18");
    }

    #[test]
    fn a_part_stays_on_one_line_and_within_its_colons() {
        let part = |text: &str| {
            let mut key = String::new();
            push_part(&mut key, text);
            key
        };
        assert_eq!(part("ORD-1_a.b"), "ORD-1_a.b");
        assert_eq!(part("a:b\n~%\u{1b}[2J"), "a%3Ab%0A%7E%25%1B%5B2J");
        assert_eq!(part("रु"), "%E0%A4%B0%E0%A5%81");
        assert_eq!(part(""), "");
        let long = part(&"x".repeat(65));
        assert_eq!(long.len(), 33);
        assert!(long.starts_with('~'));
        assert_eq!(part(&"x".repeat(64)).len(), 64);
    }
}
