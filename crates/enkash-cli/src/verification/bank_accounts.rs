//! `enkash verify bank-account`.

use enkash_api::Client;
use enkash_types::Valid;
use enkash_types::verification::VerifyBankAccount;

use crate::ask::Confirm;
use crate::failure::Failure;
use crate::output::Output;

#[derive(Debug, clap::Args)]
#[command(mut_arg("yes", |yes| yes.requires("penny_drop")), after_help = "\
Examples:
  enkash verify bank-account CHECK2041 123456789012 KKBK0000432
  enkash verify bank-account CHECK2042 123456789012 KKBK0000432 --penny-drop

Compare the name that comes back with the one that you know; EnKash does not. Which values `status` \
has is not documented, so a check that says that the account is not there ends with exit code 0 as \
well: look at `status` and at the name.")]
pub(crate) struct Args {
    /// Your own unique id of this check.
    request_id: String,
    /// The account's number.
    account: String,
    /// IFSC of its branch.
    ifsc: String,
    /// Pay a small sum into the account, which only an account that is there can take. Asks first.
    #[arg(long)]
    penny_drop: bool,
    #[command(flatten)]
    confirm: Confirm,
}

const ARGUMENTS: &[(&str, &str)] = &[
    ("customerRequestId", "<REQUEST_ID>"),
    ("beneficiaryAccountNumber", "<ACCOUNT>"),
    ("beneficiaryIfscCode", "<IFSC>"),
];

pub(crate) async fn run(args: Args, client: &Client, output: &Output) -> Result<(), Failure> {
    let new = if args.penny_drop {
        VerifyBankAccount::penny_drop
    } else {
        VerifyBankAccount::penny_less
    };
    let request = new(args.request_id, args.account, args.ifsc);
    let request = Valid::check(request).map_err(|broken| Failure::named(broken, ARGUMENTS))?;
    if args.penny_drop {
        let question = format!(
            "Pay a small sum into account {} to check it?",
            request.beneficiary_account_number
        );
        args.confirm.ask("", &question)?;
    }
    let verified = client.verification().bank_accounts().verify(request);
    output.answer(&verified.await?)
}
