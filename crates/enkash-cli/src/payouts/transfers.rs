//! `enkash payouts transfer`.

use std::fmt;

use clap::ValueEnum;
use enkash_api::payouts::{Made, Sighting, Transfers};
use enkash_api::{ApiErrorKind, Error};
use enkash_types::payouts::{
    BeneficiaryDetail, BeneficiaryId, CreateTransfer, Standing, TransferId, TransferMode,
};
use enkash_types::{Rupees, Valid};
use serde_json::{Value, json};

use super::account::{Account, Lookup};
use crate::ask::Confirm;
use crate::failure::Failure;
use crate::fields::Fields;
use crate::output::{Output, cell, in_lines, printable, shown};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  enkash payouts transfer PAY2041 499.50 --mode imps --beneficiary ASHA01 --remark \"Invoice 2041\"
  enkash payouts transfer PAY2042 499.50 --mode upi --vpa asha@examplebank

A bank account is paid as a beneficiary: register it with `beneficiary-add` first. The id is what \
tells one payment from two: EnKash takes it once. If the outcome is unknown (exit code 3), give the \
same command again with --resume, and never another id.

Exit codes: 0 if EnKash has it, 1 if it was refused or failed, 3 if that is not known.")]
pub(crate) struct Args {
    /// Your own unique id of the transfer.
    transaction_id: String,
    /// What is paid, in rupees: 499.50.
    #[arg(allow_negative_numbers = true)]
    amount: Rupees,
    /// The way that it takes. IMPS and UPI pay at once, at any hour; IMPS up to 200,000 rupees.
    #[arg(long, value_enum, ignore_case = true)]
    mode: Mode,
    #[command(flatten)]
    payee: Payee,
    /// What it is for: letters, digits and blanks.
    #[arg(long, value_name = "TEXT")]
    remark: Option<String>,
    /// Another reference of your own, unique for each transfer.
    #[arg(long, value_name = "TEXT")]
    reference: Option<String>,
    #[command(flatten)]
    account: Account,
    #[command(flatten)]
    lookup: Lookup,
    #[command(flatten)]
    others: Fields,
    /// It may have been sent before: find out, and send it only where EnKash does not have it.
    #[arg(long)]
    resume: bool,
    #[command(flatten)]
    confirm: Confirm,
}

/// Who is paid.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
struct Payee {
    /// Your own id of a beneficiary that is registered.
    #[arg(long, value_name = "ID")]
    beneficiary: Option<String>,
    /// A UPI address.
    #[arg(long)]
    vpa: Option<String>,
}

impl fmt::Display for Payee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let payee = self.vpa.as_ref().or(self.beneficiary.as_ref());
        f.write_str(payee.map_or("", String::as_str))
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Mode {
    Imps,
    Neft,
    Rtgs,
    Upi,
}

impl From<Mode> for TransferMode {
    fn from(mode: Mode) -> Self {
        match mode {
            Mode::Imps => Self::Imps,
            Mode::Neft => Self::Neft,
            Mode::Rtgs => Self::Rtgs,
            Mode::Upi => Self::Upi,
        }
    }
}

pub(super) async fn run(args: Args, output: &Output) -> Result<(), Failure> {
    let client = args.lookup.client(&args.account)?;
    let payee = printable(&args.payee.to_string());
    // What is wrong is told before anybody is asked.
    let transfer = Valid::check(args.request()?);
    let transfer = transfer.map_err(|broken| Failure::named(broken, ARGUMENTS))?;

    let (amount, mode) = (transfer.transfer_amount, &transfer.transfer_mode);
    let question = format!("Pay {amount} rupees to {payee} by {mode}?");
    let mut details = shown(&*transfer)?;
    details["transferAmount"] = format!("{amount} rupees").into();
    args.confirm.ask(&in_lines(&details), &question)?;
    let transfers = client.payouts().transfers();
    let made = if args.resume {
        transfers.resume(transfer.clone()).await
    } else {
        transfers.create(transfer.clone()).await
    };
    let made = match made {
        Ok(made) => made,
        Err(error) => return Err(failed(error, transfers, &transfer, args.resume).await),
    };
    output.fields(&answer(&transfer.transaction_id, &made)?)?;
    ended(&made)
}

/// What to do about a transfer that failed.
async fn failed(
    error: Error,
    transfers: Transfers<'_>,
    transfer: &CreateTransfer,
    was_resumed: bool,
) -> Failure {
    let advice = match &error {
        Error::OutcomeUnknown(unknown) => {
            if let Some(enkash_api::Lookup::Another) = unknown.lookup
                && let Some(said) = another(transfers, transfer).await
            {
                return Failure::Unknown(said);
            }
            "to find out, give the same command again with --resume, and no other id"
        }
        Error::Api(refused) if refused.kind == ApiErrorKind::Duplicate && !was_resumed => {
            "if you gave this command before, give it with --resume: it says whether EnKash has it"
        }
        _ => return error.into(),
    };
    Failure::Advised(Box::new(error.into()), advice)
}

const ARGUMENTS: &[(&str, &str)] = &[
    ("transactionId", "<TRANSACTION_ID>"),
    ("transferAmount", "<AMOUNT>"),
    ("beneficiaryId", "--beneficiary"),
    ("beneficiaryDetail.vpaHandle", "--vpa"),
    ("transferRemark", "--remark"),
    ("fundSourceId", "--fund-source"),
    ("debitAccountNumber", "--debit-account"),
];

impl Args {
    fn request(&self) -> Result<CreateTransfer, Failure> {
        let (id, amount, mode) = (self.transaction_id.as_str(), self.amount, self.mode.into());
        let mut transfer = match &self.payee {
            Payee { vpa: Some(vpa), .. } => {
                let payee = BeneficiaryDetail::to_vpa(vpa.as_str());
                CreateTransfer::inline(id, amount, mode, payee)
            }
            Payee { beneficiary, .. } => {
                let payee = beneficiary.as_deref().unwrap_or_default();
                CreateTransfer::new(id, amount, mode, payee)
            }
        };
        transfer.transfer_remark = self.remark.as_deref().map(Into::into);
        transfer.reference.clone_from(&self.reference);
        transfer.fund_source_id = self.account.fund_source().map(Into::into);
        transfer.debit_account_number = self.account.debit_account().map(Into::into);
        transfer.extra = self.others.read()?;
        Ok(transfer)
    }
}

/// What EnKash has under the id of a transfer, if it is not that transfer.
///
/// It is not taken for the proof that this one was never made: in which unit a statement has its
/// sums, and with which decimals, is not documented.
async fn another(transfers: Transfers<'_>, asked: &CreateTransfer) -> Option<String> {
    let seen = match transfers.find(asked).await {
        Ok(Sighting::There(seen)) if !seen.is(asked) => seen,
        _ => return None,
    };
    let in_words = |amount: Option<Rupees>, payee: Option<&BeneficiaryId>| {
        let amount = amount.map(|amount| format!("{amount} rupees"));
        let payee = payee.map(|payee| format!("to {payee}"));
        let parts = [amount, payee].into_iter().flatten();
        parts.collect::<Vec<_>>().join(" ")
    };
    // What is not seen is not what differs.
    let (amount, payee) = (seen.amount, seen.beneficiary_id.as_ref());
    let there = in_words(amount, payee);
    let wanted = in_words(
        amount.and(Some(asked.transfer_amount)),
        payee.and(asked.beneficiary_id.as_ref()),
    );
    Some(printable(&format!(
        "what EnKash shows under {} is another transfer: {there}, and not {wanted}. If the id was used \
         for another payment, give this one an id of its own; if not, ask EnKash before you pay",
        asked.transaction_id
    )))
}

/// What is known of a transfer that EnKash has.
fn answer(id: &TransferId, made: &Made) -> Result<Value, Failure> {
    let mut answer = match made {
        Made::Answered(transfer) => shown(transfer)?,
        made => json!({
            "enkashTransactionId": made.enkash_transaction_id(),
            "payoutStatus": made.status(),
            "utr": made.utr(),
        }),
    };
    if let Some(answer) = answer.as_object_mut() {
        answer.retain(|_, value| !value.is_null());
        answer.insert("transactionId".to_owned(), id.as_str().into());
        let how = match made {
            Made::Found(_) => Some("EnKash has it, as was looked up"),
            Made::Known => Some("EnKash has it, since it refuses the id as known"),
            _ => None,
        };
        answer.extend(how.map(|how| ("note".to_owned(), how.into())));
    }
    Ok(answer)
}

/// How it ended, as far as it did.
fn ended(made: &Made) -> Result<(), Failure> {
    let status = cell(&made.status());
    match made.standing() {
        Standing::Paid | Standing::UnderWay | Standing::Unknown => Ok(()),
        Standing::NotPaid => Err(Failure::Other(format!(
            "the transfer is {status}: nothing was paid; to pay, make another with a new id"
        ))),
        Standing::SendAgain => {
            let why = match made.reject_reason() {
                Some(reason) => reason.meaning().map_or(reason.to_string(), str::to_owned),
                None => "EnKash does not say why".to_owned(),
            };
            Err(Failure::Other(format!(
                "the transfer is {status}: {why}; correct it and send it again with the same id"
            )))
        }
    }
}
