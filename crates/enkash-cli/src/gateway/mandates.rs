//! `enkash mandates`.

use clap::{Subcommand, ValueEnum};
use enkash_api::{Client, Error};
use enkash_types::gateway::{
    AmountRule, CreateUpiMandate, ExecuteMandateDebit, NewMandatePayer, NewMandateRecurrence,
    NewMandateValidity, NotifyMandateDebit, RevokeUpiMandate, UpdateUpiMandate,
};
use enkash_types::{Rupees, Valid};

use crate::ask::Confirm;
use crate::failure::Failure;
use crate::fields::Fields;
use crate::output::{Output, in_lines, printable, shown};

#[derive(Debug, Subcommand)]
#[command(
    after_help = "A mandate has two ids: the reference is yours, the mandate id is EnKash's."
)]
pub(crate) enum Command {
    /// Ask a payer to approve a debit that repeats.
    #[command(after_help = "\
Example:
  enkash mandates create SUB2041 2540 --rule max --name Magazine \\
    --payer Asha --vpa asha@examplebank --account 123456789012 \\
    --period MONTHLY --on ON --day 5 --expiry 2031-04-02T10:00:00+05:30 \\
    --start 2031-04-05T00:00:00+05:30 --end 2032-04-05T00:00:00+05:30

EnKash's documentation does not say whether the amount is rupees or paise, nor which periods and \
rules there are: try a small one first.")]
    Create(Box<Create>),
    /// Read a mandate.
    #[command(after_help = "Example:\n  enkash mandates get SUB2041")]
    Get {
        /// Your own id of the mandate.
        reference: String,
    },
    /// End a mandate, so that no further debit happens. Asks before it does.
    #[command(after_help = "Example:\n  enkash mandates revoke SUB2041")]
    Revoke {
        /// Your own id of the mandate.
        reference: String,
        #[command(flatten)]
        others: Fields,
        #[command(flatten)]
        confirm: Confirm,
    },
    /// Change a mandate.
    #[command(after_help = "\
Example:
  enkash mandates update --fields change.json

Which fields EnKash takes is not known here: ask EnKash.")]
    Update {
        #[command(flatten)]
        fields: Fields,
    },
    /// Announce a debit to the payer, as the rules of UPI ask.
    #[command(after_help = "Example:\n  enkash mandates notify MND1743074262175 499 2031-05-05")]
    Notify {
        /// EnKash's id of the mandate.
        mandate_id: String,
        /// What will be debited, in rupees.
        #[arg(allow_negative_numbers = true)]
        amount: Rupees,
        /// The day of the debit: 2031-05-05.
        debit_date: String,
    },
    /// Debit the payer; the answer is an order. Asks before it does.
    #[command(after_help = "\
Example:
  enkash mandates execute MND1743074262175 499 \"Magazine, May\"

It carries no id of yours, so EnKash cannot tell a repeat from a second debit. If the outcome is \
unknown (exit code 3), find out at EnKash before you try again.")]
    Execute {
        /// EnKash's id of the mandate.
        mandate_id: String,
        /// What is debited, in rupees.
        #[arg(allow_negative_numbers = true)]
        amount: Rupees,
        /// What the debit is for.
        remarks: String,
        #[command(flatten)]
        confirm: Confirm,
    },
}

#[derive(Debug, clap::Args)]
pub(crate) struct Create {
    /// Your own unique id of the mandate.
    reference: String,
    /// The amount, a whole number.
    #[arg(value_parser = crate::input::whole::<u64>, allow_negative_numbers = true)]
    amount: u64,
    /// Whether each debit is of exactly the amount, or of no more than it.
    #[arg(long, value_enum)]
    rule: Rule,
    /// What the payer sees as the name of the mandate.
    #[arg(long)]
    name: String,
    /// Name of the payer.
    #[arg(long, value_name = "NAME")]
    payer: String,
    /// The payer's UPI address.
    #[arg(long)]
    vpa: String,
    /// The payer's account number.
    #[arg(long, value_name = "NUMBER")]
    account: String,
    /// The payment has to come from that account.
    #[arg(long)]
    check_account: bool,
    /// How often it is debited.
    #[arg(long)]
    period: String,
    /// Which day of the period, with --day.
    #[arg(long, value_name = "RULE")]
    on: String,
    /// The number that goes with --on.
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    day: i64,
    /// Until when the payer may approve it.
    #[arg(long, value_name = "TIME")]
    expiry: String,
    /// From when it can be debited.
    #[arg(long, value_name = "TIME")]
    start: String,
    /// Until when it can be debited.
    #[arg(long, value_name = "TIME")]
    end: String,
    /// Block the amount on the payer's account.
    #[arg(long)]
    block_fund: bool,
    /// What the mandate is for.
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// An address that the payer's app may show.
    #[arg(long, value_name = "URL")]
    reference_url: Option<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Rule {
    Exact,
    Max,
}

pub(crate) async fn run(command: Command, output: &Output) -> Result<(), Failure> {
    let client = Client::from_env()?;
    let mandates = client.gateway().mandates();
    match command {
        Command::Create(args) => output.answer(&mandates.create(args.request()).await?),
        Command::Get { reference } => output.answer(&mandates.get(reference).await?),
        Command::Revoke {
            reference,
            others,
            confirm,
        } => {
            let mut mandate = RevokeUpiMandate::new(reference.as_str());
            mandate.extra = others.read()?;
            if confirm.will_ask()? {
                let now = in_lines(&shown(&mandates.get(reference).await?)?);
                confirm.ask(&now, "End this mandate for good?")?;
            }
            output.answer(&mandates.revoke(mandate).await?)
        }
        Command::Update { fields } => {
            let change = UpdateUpiMandate::new(fields.read_some()?);
            output.answer(&mandates.update(change).await?)
        }
        Command::Notify {
            mandate_id,
            amount,
            debit_date,
        } => {
            let notice = NotifyMandateDebit::new(mandate_id, amount, debit_date);
            output.answer(&mandates.notify_debit(notice).await?)
        }
        Command::Execute {
            mandate_id,
            amount,
            remarks,
            confirm,
        } => {
            let debit = ExecuteMandateDebit::new(mandate_id, amount, remarks);
            let debit = Valid::check(debit).map_err(Error::from)?;
            // There is no call that reads a mandate by this id, so there is nothing to show.
            let id = printable(debit.mandate_id.as_str());
            let question = format!("Debit {amount} rupees under mandate {id}?");
            confirm.ask("", &question)?;
            output.answer(&mandates.execute_debit(debit).await?)
        }
    }
}

impl Create {
    fn request(self) -> CreateUpiMandate {
        let rule = match self.rule {
            Rule::Exact => AmountRule::Exact,
            Rule::Max => AmountRule::Max,
        };
        let mut payer = NewMandatePayer::new(self.payer, self.vpa, self.account);
        payer.account_validation = self.check_account;
        let recurrence = NewMandateRecurrence::new(self.period, self.on, self.day);
        let validity = NewMandateValidity::new(self.start, self.end);

        let mut mandate = CreateUpiMandate::new(
            self.reference,
            self.amount,
            rule,
            payer,
            self.name,
            self.expiry,
            recurrence,
            validity,
        );
        mandate.block_fund = self.block_fund;
        mandate.description = self.description;
        mandate.upi_reference_url = self.reference_url;
        mandate
    }
}
