//! The file that is paid.

use std::fmt;

use enkash_types::Rupees;
use enkash_types::payouts::TransferMode;

use crate::chance::Chance;

/// A row of the file.
pub(crate) struct Payment {
    pub(crate) id: String,
    pub(crate) amount: Rupees,
    pub(crate) mode: TransferMode,
    payee: Payee,
}

/// Whom a row pays.
enum Payee {
    /// Somebody with a bank account, who is added under an id. Some stand in several rows.
    Account(u64),
    /// Somebody with a UPI address, who is added under an id.
    Vpa(u64),
    /// A UPI address that is paid as it stands.
    Unnamed(u64),
}

const NAMES: [&str; 4] = ["Asha Rao", "Ravi Das", "Meera Nair", "Imran Khan"];

/// The sandbox has ten million rupees, and all rows together take fewer.
const PAISE_IN_ALL: u64 = 800_000_000;

/// The most that IMPS carries: two lakh rupees.
const MOST_PAISE: u64 = 20_000_000;

/// Draws a file of so many rows.
pub(crate) fn draw(chance: &mut Chance, rows: u64) -> Vec<Payment> {
    let most = (PAISE_IN_ALL / rows.max(1)).min(MOST_PAISE);
    // A rupee is the least that is paid.
    let paise = |chance: &mut Chance| 100 + chance.below(most.saturating_sub(100) + 1);
    (1..=rows)
        .map(|number| {
            let payee = match chance.below(10) {
                0..5 => Payee::Account(chance.below(rows / 3 + 1)),
                5..7 => Payee::Vpa(chance.below(rows / 3 + 1)),
                _ => Payee::Unnamed(number),
            };
            Payment {
                id: format!("SALARY{number:06}"),
                amount: Rupees::from_paise(i32::try_from(paise(chance)).unwrap_or(100)),
                mode: match payee {
                    // Of the banks' ways IMPS is there at any hour; the others settle at theirs.
                    Payee::Account(_) => match chance.below(5) {
                        0 => TransferMode::Neft,
                        1 => TransferMode::Rtgs,
                        _ => TransferMode::Imps,
                    },
                    Payee::Vpa(_) | Payee::Unnamed(_) => TransferMode::Upi,
                },
                payee,
            }
        })
        .collect()
}

/// The file that says so.
pub(crate) fn as_csv(payments: &[Payment]) -> String {
    let heading =
        "transaction_id,amount,mode,beneficiary_id,beneficiary_name,account_number,ifsc,vpa\n";
    let mut file = heading.to_owned();
    for payment in payments {
        let Payment {
            id,
            amount,
            mode,
            payee,
        } = payment;
        file.push_str(&format!("{id},{amount},{mode},{payee}\n"));
    }
    file
}

/// The last five columns.
impl fmt::Display for Payee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A payee has one name, however often he is paid.
        let name = |number: &u64| *Chance::new(*number).one_of(&NAMES);
        match self {
            Self::Account(number) => {
                let name = name(number);
                write!(f, "BANK{number},{name},7{number:011},EXAM0000001,")
            }
            Self::Vpa(number) => write!(f, "UPI{number},{},,,payee{number}@example", name(number)),
            Self::Unnamed(number) => write!(f, ",,,,person{number}@example"),
        }
    }
}

/// What all rows come to.
pub(crate) fn total(payments: &[Payment]) -> Option<Rupees> {
    let mut amounts = payments.iter().map(|payment| payment.amount);
    amounts.try_fold(Rupees::ZERO, Rupees::checked_add)
}
