//! `enkash payments`.

use clap::{Subcommand, ValueEnum};
use enkash_api::Client;
use enkash_types::gateway::{PaymentDetail, PaymentMode, SubmitPayment, ValidatePaymentOtp};
use enkash_types::{CardExpiry, CardNumber, Cvv, Secret};

use crate::ask;
use crate::failure::Failure;
use crate::output::Output;

#[derive(Debug, Subcommand)]
#[command(
    after_help = "There is no list: how EnKash searches payments is not documented. `enkash orders get` shows those of an order."
)]
pub(crate) enum Command {
    /// Read a payment.
    #[command(after_help = "Example:\n  enkash payments get EK1743074262175e8KIO")]
    Get {
        /// EnKash's id of the payment; `enkash orders get` shows it.
        transaction_id: String,
    },
    /// Start a payment of an order; prints what EnKash answers.
    #[command(after_help = "\
Examples:
  enkash payments submit ORD1784195236818VZuxB upi asha@examplebank
  enkash payments submit ORD1784195236818VZuxB card --name \"Asha R\"

Number, expiry and security code of a card are asked for, or read from stdin, a line each; they are \
never arguments. If the outcome is unknown (exit code 3) the payer may have been charged: look at \
the order before you try again.")]
    Submit {
        /// EnKash's id of the order, as `enkash orders create` printed it.
        order_id: String,
        #[command(subcommand)]
        how: How,
    },
    /// Hand in the OTP that the payer got; it is asked for, or read from stdin.
    #[command(after_help = "\
Example:
  enkash payments otp EK1743074262175e8KIO

A wrong one counts: if the outcome is unknown (exit code 3), read the payment before you try again.")]
    Otp {
        /// EnKash's id of the payment.
        transaction_id: String,
        /// A checksum, if EnKash told you how to compute it: the documentation does not.
        #[arg(long, value_name = "TEXT")]
        checksum: Option<String>,
    },
    /// Have the OTP sent to the payer again.
    #[command(after_help = "Example:\n  enkash payments resend-otp EK1743074262175e8KIO")]
    ResendOtp {
        /// EnKash's id of the payment.
        transaction_id: String,
    },
}

/// How an order is paid.
#[derive(Debug, Subcommand)]
#[command(subcommand_value_name = "HOW", subcommand_help_heading = "Ways to pay")]
pub(crate) enum How {
    /// By UPI: the payer is asked on the phone.
    Upi {
        /// The payer's UPI address: asha@examplebank.
        vpa: String,
        /// The account that has to pay, for third-party validation.
        #[arg(long, value_name = "NUMBER", requires = "ifsc")]
        account_number: Option<String>,
        /// IFSC of that account's branch.
        #[arg(long, requires = "account_number")]
        ifsc: Option<String>,
    },
    /// By net banking.
    NetBanking {
        /// EnKash's code of the bank.
        bank_code: String,
    },
    /// From a wallet.
    Wallet {
        /// EnKash's code of the wallet.
        code: String,
    },
    /// Now bought, later paid.
    PayLater {
        /// EnKash's id of the pay-later option.
        option_id: String,
        /// EnKash's code of the bank.
        bank_code: String,
    },
    /// By card; its number, expiry (MM/YY) and security code are asked for, or read from stdin.
    Card {
        /// The name on the card.
        #[arg(long)]
        name: String,
        /// What kind of card it is.
        #[arg(long, value_enum, default_value = "credit")]
        kind: Kind,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Kind {
    Credit,
    Debit,
    Prepaid,
    Corporate,
}

pub(crate) async fn run(command: Command, output: &Output) -> Result<(), Failure> {
    let client = Client::from_env()?;
    let payments = client.gateway().payments();
    match command {
        Command::Get { transaction_id } => output.answer(&payments.get(transaction_id).await?),
        Command::Submit { order_id, how } => {
            let payment = SubmitPayment::new(order_id, how.detail()?);
            output.answer(&payments.submit(payment).await?)
        }
        Command::Otp {
            transaction_id,
            checksum,
        } => {
            let mut otp = ValidatePaymentOtp::new(transaction_id, ask::secret("OTP")?);
            otp.check_sum = checksum;
            output.answer(&payments.validate_otp(otp).await?)
        }
        Command::ResendOtp { transaction_id } => {
            output.answer(&payments.resend_otp(transaction_id).await?)
        }
    }
}

impl How {
    /// What it takes to pay so; asks for what is secret.
    pub(crate) fn detail(self) -> Result<PaymentDetail, Failure> {
        Ok(match self {
            Self::Upi {
                vpa,
                account_number,
                ifsc,
            } => {
                let mut detail = PaymentDetail::upi(vpa);
                detail.account_number = account_number.map(Into::into);
                detail.ifsc = ifsc.map(Into::into);
                detail
            }
            Self::NetBanking { bank_code } => PaymentDetail::net_banking(bank_code),
            Self::Wallet { code } => PaymentDetail::wallet(code),
            Self::PayLater {
                option_id,
                bank_code,
            } => PaymentDetail::pay_later(option_id, bank_code),
            Self::Card { name, kind } => {
                let mode = match kind {
                    Kind::Credit => PaymentMode::CreditCard,
                    Kind::Debit => PaymentMode::DebitCard,
                    Kind::Prepaid => PaymentMode::PrepaidCard,
                    Kind::Corporate => PaymentMode::CorporateCard,
                };
                let number = CardNumber::new(without_blanks(&ask::secret("card number")?).expose());
                let expiry =
                    CardExpiry::new(without_blanks(&ask::secret("expiry, MM/YY")?).expose());
                let cvv = Cvv::new(ask::secret("security code (CVV)")?.expose());
                PaymentDetail::card(mode, number, cvv, expiry, name)
            }
        })
    }
}

/// What is typed as it stands on a card, in groups.
fn without_blanks(typed: &Secret) -> Secret {
    let mut text = String::with_capacity(typed.expose().len());
    text.extend(typed.expose().split_whitespace());
    Secret::new(text)
}
