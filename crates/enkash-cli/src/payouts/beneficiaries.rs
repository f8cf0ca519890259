//! `enkash payouts beneficiary-add`.

use enkash_api::Client;
use enkash_types::payouts::CreateBeneficiary;

use crate::failure::Failure;
use crate::fields::Fields;
use crate::output::Output;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  enkash payouts beneficiary-add ASHA01 \"Asha R\" --account 123456789012 --ifsc KKBK0000432
  enkash payouts beneficiary-add RAVI01 \"Ravi K\" --vpa ravi@examplebank

An id is taken once. Beneficiaries can't be read, changed or deleted: how is not documented. The names \
of the fields for e-mail, phone, city and state are not known here: ask EnKash, and give them with \
--field.")]
pub(crate) struct Args {
    /// Your own unique id of the beneficiary: letters and digits.
    beneficiary_id: String,
    /// The beneficiary's name: letters and blanks.
    name: String,
    #[command(flatten)]
    payee: Payee,
    /// The beneficiary's address.
    #[arg(long, value_name = "TEXT")]
    address: Option<String>,
    /// The address's pincode.
    #[arg(long, value_name = "DIGITS")]
    pincode: Option<String>,
    #[command(flatten)]
    others: Fields,
}

/// A bank account or a UPI address.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = true)]
struct Payee {
    /// Number of the bank account.
    #[arg(long, value_name = "NUMBER", requires = "ifsc", conflicts_with = "vpa")]
    account: Option<String>,
    /// IFSC of the account's branch.
    #[arg(long, requires = "account")]
    ifsc: Option<String>,
    /// UPI address, in place of a bank account.
    #[arg(long)]
    vpa: Option<String>,
}

const ARGUMENTS: &[(&str, &str)] = &[
    ("beneficiaryId", "<BENEFICIARY_ID>"),
    ("beneficiaryName", "<NAME>"),
    ("beneficiaryAccountNumber", "--account"),
    ("beneficiaryIfsc", "--ifsc"),
    ("vpaHandle", "--vpa"),
    ("beneficiaryAddress", "--address"),
    ("beneficiaryPincode", "--pincode"),
];

pub(super) async fn run(args: Args, output: &Output) -> Result<(), Failure> {
    let client = Client::from_env()?;
    let beneficiaries = client.payouts().beneficiaries();
    let made = beneficiaries.create(args.request()?).await;
    output.answer(&made.map_err(|error| Failure::named(error, ARGUMENTS))?)
}

impl Args {
    fn request(self) -> Result<CreateBeneficiary, Failure> {
        let (id, name) = (self.beneficiary_id, self.name);
        let mut beneficiary = match self.payee {
            Payee { vpa: Some(vpa), .. } => CreateBeneficiary::to_vpa(id, name, vpa),
            Payee { account, ifsc, .. } => {
                let (account, ifsc) = (account.unwrap_or_default(), ifsc.unwrap_or_default());
                CreateBeneficiary::to_account(id, name, account, ifsc)
            }
        };
        beneficiary.beneficiary_address = self.address;
        beneficiary.beneficiary_pincode = self.pincode.map(Into::into);
        beneficiary.extra = self.others.read()?;
        Ok(beneficiary)
    }
}
