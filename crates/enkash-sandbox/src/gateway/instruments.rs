//! What a payer pays with, and what comes of it.
//!
//! EnKash has a page *Test Card Details*, which could not be read, so the test instruments here are
//! the sandbox's own. `docs/sandbox.md` lists them.

use enkash_types::gateway::{PaymentMode, RestrictedPaymentOptions};
use enkash_types::{CardNumber, Vpa};
use serde::{Deserialize, Serialize};

/// What a payer pays with.
pub(crate) enum Instrument {
    /// A card; the mode says of which kind it is.
    Card {
        mode: PaymentMode,
        number: CardNumber,
        holder: String,
    },
    /// A UPI address, whose owner is asked on the phone.
    Upi(Vpa),
    /// An app of the payer's, by a link or a code to scan. Whose address pays is not known.
    UpiApp,
    /// A bank, a wallet or a lender, by its code; the mode says which.
    Bank { mode: PaymentMode, code: String },
}

/// What an instrument does.
pub(crate) struct Plan {
    pub(crate) used: Used,
    pub(crate) first: First,
    pub(crate) fate: Fate,
}

/// What has to come before the bank decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum First {
    /// The OTP.
    Otp,
    /// The payer's yes or no.
    Payer,
    Nothing,
}

/// What the bank decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Fate {
    /// Yes, at once.
    Success,
    /// No, at once.
    Declined,
    /// Yes, after a while.
    Pending,
    /// Nothing.
    Timeout,
}

/// What was used, as far as it may be known afterwards.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Used {
    pub(crate) mode: PaymentMode,
    /// Code of the bank, the wallet or the lender; empty where there is none, as all texts here.
    pub(crate) bank_code: Box<str>,
    pub(crate) bank_name: Box<str>,
    pub(crate) card_scheme: Box<str>,
    /// The first six and last four digits.
    pub(crate) masked_card_number: Box<str>,
    pub(crate) card_holder_name: Box<str>,
    pub(crate) vpa: Box<str>,
}

impl Used {
    fn new(mode: PaymentMode) -> Self {
        Self {
            mode,
            bank_code: Box::default(),
            bank_name: Box::default(),
            card_scheme: Box::default(),
            masked_card_number: Box::default(),
            card_holder_name: Box::default(),
            vpa: Box::default(),
        }
    }

    /// Whether it is an app of UPI's, of which no address is known.
    pub(crate) fn is_upi_app(&self) -> bool {
        self.mode == PaymentMode::Upi && self.vpa.is_empty()
    }

    /// Whether the payer says yes or no on a site of the bank's or the wallet's.
    pub(crate) fn has_a_site(&self) -> bool {
        !self.bank_code.is_empty()
    }

    /// What the control surface uses where it is told a mode alone: what does so by itself.
    pub(crate) fn of_mode(mode: PaymentMode, succeeds: bool) -> Self {
        let (vpa, number, code) = match succeeds {
            true => ("success@sandbox", "4111111111111111", "SBOK"),
            false => ("decline@sandbox", "4000000000000002", "SBNO"),
        };
        let instrument = match &mode {
            PaymentMode::Upi => Instrument::Upi(vpa.into()),
            mode if mode.is_card() => Instrument::Card {
                mode: mode.clone(),
                number: number.into(),
                holder: "Sandbox Payer".to_owned(),
            },
            mode => Instrument::Bank {
                mode: mode.clone(),
                code: code.to_owned(),
            },
        };
        instrument.used()
    }

    /// Whether an order that is restricted to some options takes this one. The documentation does
    /// not say whether a mode that is left out is barred: since UPI is named there without any
    /// options, to be named is to be offered, and so it is.
    pub(crate) fn is_among(&self, options: &RestrictedPaymentOptions) -> bool {
        let (codes, code) = match self.mode {
            PaymentMode::Upi => return options.upi,
            PaymentMode::NetBanking => (&options.net_banking, &self.bank_code),
            PaymentMode::Wallet => (&options.wallet, &self.bank_code),
            PaymentMode::CreditCard => (&options.credit_card, &self.card_scheme),
            PaymentMode::DebitCard => (&options.debit_card, &self.card_scheme),
            PaymentMode::PrepaidCard => (&options.prepaid_card, &self.card_scheme),
            PaymentMode::CorporateCard => (&options.corporate_card, &self.card_scheme),
            _ => return false,
        };
        codes.as_ref().is_some_and(|codes| {
            codes.is_empty() || codes.iter().any(|one| one.eq_ignore_ascii_case(code))
        })
    }
}

/// A card of the sandbox's.
pub(crate) struct TestCard {
    pub(crate) number: &'static str,
    /// The only mode that takes it.
    pub(crate) mode: PaymentMode,
    pub(crate) fate: Fate,
}

/// The cards whose outcome is fixed; any other succeeds, whichever kind it is said to be.
pub(crate) const CARDS: &[TestCard] = &[
    TestCard {
        number: "4111111111111111",
        mode: PaymentMode::CreditCard,
        fate: Fate::Success,
    },
    TestCard {
        number: "5555555555554444",
        mode: PaymentMode::CreditCard,
        fate: Fate::Success,
    },
    TestCard {
        number: "6521111111111110",
        mode: PaymentMode::DebitCard,
        fate: Fate::Success,
    },
    TestCard {
        number: "4000000000000002",
        mode: PaymentMode::CreditCard,
        fate: Fate::Declined,
    },
    TestCard {
        number: "4000000000000259",
        mode: PaymentMode::CreditCard,
        fate: Fate::Pending,
    },
    TestCard {
        number: "4000000000000077",
        mode: PaymentMode::CreditCard,
        fate: Fate::Timeout,
    },
];

/// The OTP of every card.
pub(crate) const OTP: &str = "123456";

/// The UPI addresses whose outcome is fixed; the owner of any other is waited for.
pub(crate) const VPAS: &[(&str, Fate)] = &[
    ("success@sandbox", Fate::Success),
    ("decline@sandbox", Fate::Declined),
    ("pending@sandbox", Fate::Pending),
    ("timeout@sandbox", Fate::Timeout),
];

/// The UPI address that there is not.
pub(crate) const NO_VPA: &str = "nobody@sandbox";

/// The banks, wallets and lenders of the sandbox, and what they do; the first, and any other, asks
/// the payer.
pub(crate) const BANKS: &[(&str, &str, Option<Fate>)] = &[
    ("SBAS", "Sandbox Asking Bank", None),
    ("SBOK", "Sandbox Bank", Some(Fate::Success)),
    ("SBNO", "Sandbox Bank of No", Some(Fate::Declined)),
    ("SBPE", "Sandbox Pending Bank", Some(Fate::Pending)),
    ("SBTO", "Sandbox Timeout Bank", Some(Fate::Timeout)),
];

impl Instrument {
    /// What it does, or what is wrong with it.
    pub(crate) fn plan(&self) -> Result<Plan, &'static str> {
        let used = self.used();
        let (first, fate) = match self {
            Self::Card { mode, number, .. } => {
                if !mode.is_card() {
                    return Err("paymentMode: must be that of a card");
                }
                let known = CARDS.iter().find(|card| card.number == number.expose());
                if known.is_some_and(|card| card.mode != *mode && !is_any_kind(mode)) {
                    // EnKash's words, seen in a public integration.
                    return Err("Card scheme type is invalid");
                }
                (First::Otp, known.map_or(Fate::Success, |card| card.fate))
            }
            Self::Upi(vpa) if vpa.as_str().eq_ignore_ascii_case(NO_VPA) => {
                return Err("vpa: there is no such UPI address");
            }
            Self::Upi(vpa) => fixed(
                VPAS.iter()
                    .find(|(known, _)| vpa.as_str().eq_ignore_ascii_case(known))
                    .map(|(_, fate)| *fate),
            ),
            Self::UpiApp => fixed(None),
            Self::Bank { mode, code } => {
                if mode.is_card() || *mode == PaymentMode::Upi {
                    return Err("paymentMode: must be net banking, a wallet or pay-later");
                }
                fixed(bank(code).and_then(|(_, fate)| fate))
            }
        };
        Ok(Plan { used, first, fate })
    }

    fn used(&self) -> Used {
        match self {
            Self::Card {
                mode,
                number,
                holder,
            } => Used {
                card_scheme: scheme(number.expose()).into(),
                masked_card_number: number.masked().into(),
                card_holder_name: holder.as_str().into(),
                ..Used::new(mode.clone())
            },
            Self::Upi(vpa) => Used {
                vpa: vpa.as_str().into(),
                ..Used::new(PaymentMode::Upi)
            },
            Self::UpiApp => Used::new(PaymentMode::Upi),
            Self::Bank { mode, code } => Used {
                bank_code: code.as_str().into(),
                // Of a bank that the sandbox does not know it knows the code alone.
                bank_name: bank(code).map_or(code.as_str(), |(name, _)| name).into(),
                ..Used::new(mode.clone())
            },
        }
    }
}

/// Prepaid and corporate cards have no test cards of their own, so each passes for one.
fn is_any_kind(mode: &PaymentMode) -> bool {
    matches!(mode, PaymentMode::PrepaidCard | PaymentMode::CorporateCard)
}

fn fixed(fate: Option<Fate>) -> (First, Fate) {
    match fate {
        Some(fate) => (First::Nothing, fate),
        // The payer decides, and the bank says yes to a yes.
        None => (First::Payer, Fate::Success),
    }
}

fn bank(code: &str) -> Option<(&'static str, Option<Fate>)> {
    let known = BANKS.iter().find(|(known, ..)| *known == code);
    known.map(|(_, name, fate)| (*name, *fate))
}

/// The scheme of a card, by the digits that its number begins with (ISO/IEC 7812); empty where
/// they are of none that is known here.
pub(crate) fn scheme(number: &str) -> &'static str {
    let first = |digits: usize| {
        number
            .get(..digits)
            .and_then(|text| text.parse::<u32>().ok())
    };
    match (first(2), first(4)) {
        (Some(34 | 37), _) => "AMEX",
        (Some(30 | 36 | 38 | 39), _) => "DINERS",
        (Some(40..=49), _) => "VISA",
        (Some(51..=55), _) | (_, Some(2221..=2720)) => "MASTERCARD",
        (Some(60 | 65 | 81 | 82), _) | (_, Some(5080..=5089)) => "RUPAY",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_test_card_is_the_number_of_a_card() {
        for (card, scheme_of_it) in
            CARDS
                .iter()
                .zip(["VISA", "MASTERCARD", "RUPAY", "VISA", "VISA", "VISA"])
        {
            assert!(
                CardNumber::new(card.number).check().is_ok(),
                "{}",
                card.number
            );
            assert_eq!(scheme(card.number), scheme_of_it);
        }
    }

    #[test]
    fn an_order_can_be_restricted_to_what_is_named() {
        let mut options = RestrictedPaymentOptions::default();
        options.credit_card = Some(vec!["VISA".to_owned()]);
        options.net_banking = Some(Vec::new());
        let is_taken = |mode| Used::of_mode(mode, true).is_among(&options);
        assert!(is_taken(PaymentMode::CreditCard));
        assert!(is_taken(PaymentMode::NetBanking), "an empty list bars none");
        assert!(!is_taken(PaymentMode::DebitCard));
        assert!(!is_taken(PaymentMode::Upi));
        options.credit_card = Some(vec!["RUPAY".to_owned()]);
        options.upi = true;
        let is_taken = |mode| Used::of_mode(mode, true).is_among(&options);
        assert!(!is_taken(PaymentMode::CreditCard));
        assert!(is_taken(PaymentMode::Upi));
    }
}
