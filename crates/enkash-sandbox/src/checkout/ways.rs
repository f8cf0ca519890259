//! What an order offers to pay with.

use enkash_types::CardNumber;
use enkash_types::gateway::{PaymentMode, RestrictedPaymentOptions};

use crate::gateway::instruments::{BANKS, CARDS, Fate, Instrument, scheme};

/// The kinds of cards, the most usual first.
pub(super) const CARD_MODES: [PaymentMode; 4] = [
    PaymentMode::CreditCard,
    PaymentMode::DebitCard,
    PaymentMode::PrepaidCard,
    PaymentMode::CorporateCard,
];

/// What an order is restricted to, if it is.
pub(super) struct Offer(pub(super) Option<RestrictedPaymentOptions>);

impl Offer {
    /// Whether an instrument is taken.
    pub(super) fn takes(&self, by: &Instrument) -> bool {
        match by.plan() {
            Ok(plan) => self.0.as_ref().is_none_or(|to| plan.used.is_among(to)),
            Err(_) => false,
        }
    }

    /// Whether UPI is taken.
    pub(super) fn takes_upi(&self) -> bool {
        self.takes(&Instrument::UpiApp)
    }

    /// The schemes that are taken of one kind of card: `None` where the kind is not taken at all,
    /// none where they are not limited.
    pub(super) fn schemes(&self, mode: &PaymentMode) -> Option<&[String]> {
        let Some(to) = &self.0 else { return Some(&[]) };
        let schemes = match mode {
            PaymentMode::CreditCard => &to.credit_card,
            PaymentMode::DebitCard => &to.debit_card,
            PaymentMode::PrepaidCard => &to.prepaid_card,
            PaymentMode::CorporateCard => &to.corporate_card,
            _ => &None,
        };
        schemes.as_deref()
    }

    /// The kind as which a card is taken; `None` where it is as none.
    ///
    /// Test cards have a kind of their own; any other number passes for any, so it is of the first
    /// that is taken.
    pub(super) fn mode_of(&self, number: &CardNumber) -> Option<PaymentMode> {
        CARD_MODES.into_iter().find(|mode| {
            self.takes(&Instrument::Card {
                mode: mode.clone(),
                number: number.clone(),
                holder: String::new(),
            })
        })
    }

    /// The kind of the cards whose numbers begin with these digits, where no more is known.
    pub(super) fn mode_of_digits(&self, digits: &str) -> PaymentMode {
        if let Some(card) = CARDS.iter().find(|card| card.number.starts_with(digits)) {
            return card.mode.clone();
        }
        let scheme = scheme(digits);
        let takes = |mode: &PaymentMode| {
            let schemes = self.schemes(mode);
            schemes.is_some_and(|schemes| {
                schemes.is_empty() || schemes.iter().any(|one| one.eq_ignore_ascii_case(scheme))
            })
        };
        let taken = CARD_MODES.into_iter().find(takes);
        taken.unwrap_or(PaymentMode::CreditCard)
    }

    /// The banks or wallets, code and name, and what each does: the sandbox's, and those that the
    /// order is restricted to.
    pub(super) fn banks(&self, mode: &PaymentMode) -> Vec<Bank> {
        let named = self.0.as_ref().and_then(|to| match mode {
            PaymentMode::NetBanking => to.net_banking.as_ref(),
            PaymentMode::Wallet => to.wallet.as_ref(),
            _ => None,
        });
        let ours = BANKS.iter().map(|(code, name, fate)| Bank {
            code: (*code).to_owned(),
            name: (*name).to_owned(),
            fate: *fate,
        });
        let is_ours = |code: &str| BANKS.iter().any(|(ours, ..)| *ours == code);
        let others = named.into_iter().flatten();
        let others = others.filter(|code| !is_ours(code)).map(|code| Bank {
            code: code.clone(),
            name: code.clone(),
            fate: None,
        });
        let banks = ours.chain(others);
        let takes = |bank: &Bank| {
            self.takes(&Instrument::Bank {
                mode: mode.clone(),
                code: bank.code.clone(),
            })
        };
        banks.filter(takes).collect()
    }
}

/// A bank or a wallet.
pub(super) struct Bank {
    pub(super) code: String,
    pub(super) name: String,
    /// What it does; `None` where the payer is asked.
    pub(super) fate: Option<Fate>,
}

/// What an instrument does, in words.
pub(super) fn does(fate: Option<Fate>) -> &'static str {
    match fate {
        Some(Fate::Success) => "Succeeds",
        Some(Fate::Declined) => "Is declined",
        Some(Fate::Pending) => "Is pending for 60 seconds, then succeeds",
        Some(Fate::Timeout) => "Is never answered, fails after 5 minutes",
        None => "Asks you to approve or decline",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offer(options: &str) -> Offer {
        Offer(Some(serde_json::from_str(options).unwrap()))
    }

    #[test]
    fn a_card_passes_for_the_first_kind_that_is_taken() {
        let visa: CardNumber = "4111111111111111".into();
        let unknown: CardNumber = "4242424242424242".into();
        let rupay: CardNumber = "6521111111111110".into();
        let all = Offer(None);
        assert_eq!(all.mode_of(&visa), Some(PaymentMode::CreditCard));
        assert_eq!(all.mode_of(&rupay), Some(PaymentMode::DebitCard));
        let debit = offer(r#"{"DEBIT_CARD": []}"#);
        assert_eq!(debit.mode_of(&visa), None, "a test card has its kind");
        assert_eq!(debit.mode_of(&unknown), Some(PaymentMode::DebitCard));
        assert_eq!(debit.mode_of_digits("4242424242"), PaymentMode::DebitCard);
        assert_eq!(debit.mode_of_digits("4111111111"), PaymentMode::CreditCard);
        let schemes = offer(r#"{"CREDIT_CARD": ["MASTERCARD"], "PREPAID_CARD": ["visa"]}"#);
        assert_eq!(schemes.mode_of(&visa), Some(PaymentMode::PrepaidCard));
        assert_eq!(schemes.mode_of(&rupay), None);
    }

    #[test]
    fn banks_that_an_order_names_are_offered_though_the_sandbox_does_not_know_them() {
        let codes = |offer: &Offer| -> Vec<String> {
            let banks = offer.banks(&PaymentMode::NetBanking).into_iter();
            banks.map(|bank| bank.code).collect()
        };
        let named = offer(r#"{"NETBANKING": ["SBNO", "HDFC"]}"#);
        assert_eq!(codes(&named), ["SBNO", "HDFC"]);
        assert!(named.banks(&PaymentMode::Wallet).is_empty());
        assert_eq!(codes(&Offer(None)).len(), BANKS.len());
        assert_eq!(codes(&offer(r#"{"NETBANKING": []}"#)).len(), BANKS.len());
    }
}
