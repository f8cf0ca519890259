//! One row of a file, and how it is made of the texts in it.

use std::borrow::Cow;

use enkash_api::types::payouts::{BeneficiaryDetail, CreateBeneficiary, CreateTransfer};
use enkash_api::types::{Broken, Rupees};

use super::Column;
use crate::Problem;

/// One row: a transfer, and its payee if the file describes one.
///
/// A row that could not be read whole is given all the same, with what is wrong with it, so that
/// its other rules can be checked too. Only one that [`check`](crate::check::check) found right is
/// to be paid.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Row {
    /// Where it stands: the line of the file, counted from 1.
    pub line: u64,
    /// What is paid.
    pub transfer: CreateTransfer,
    /// The payee with this transfer's `beneficiary_id`, for a host that is to add those whom EnKash
    /// does not know.
    pub beneficiary: Option<CreateBeneficiary>,
    /// What is wrong with how it is written.
    pub problems: Vec<Problem>,
    /// Columns whose value is not what stands in the file, since that could not be read.
    unread: Columns,
}

impl Row {
    /// A row of a host's own source, for a payee whom EnKash knows.
    #[must_use]
    pub fn new(line: u64, transfer: CreateTransfer) -> Self {
        Self {
            line,
            transfer,
            beneficiary: None,
            problems: Vec::new(),
            unread: Columns::default(),
        }
    }

    /// Whether the value of this column is what stands in the file; none means any of them.
    pub(crate) fn is_read(&self, column: Option<Column>) -> bool {
        match column {
            Some(column) => !self.unread.holds(column),
            None => self.unread == Columns::default(),
        }
    }
}

/// A set of columns.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Columns(u16);

impl Columns {
    const ALL: Self = Self(u16::MAX);

    fn add(&mut self, column: Column) {
        self.0 |= 1 << column as u16;
    }

    fn holds(self, column: Column) -> bool {
        self.0 & (1 << column as u16) != 0
    }
}

/// The texts of a row while it is read, whatever the format.
pub(super) struct Draft<'a> {
    line: u64,
    texts: [Option<Cow<'a, str>>; Column::ALL.len()],
    problems: Vec<Problem>,
    unread: Columns,
}

/// A text that begins like this is computed by the spreadsheet that opens it.
const FORMULA: [char; 4] = ['=', '+', '-', '@'];

impl<'a> Draft<'a> {
    pub(super) fn new(line: u64) -> Self {
        Self {
            line,
            texts: Default::default(),
            problems: Vec::new(),
            unread: Columns::default(),
        }
    }

    /// Notes what is wrong with the line as a whole. Nothing that its texts may be is looked at.
    pub(super) fn wrong(&mut self, rule: impl Into<Cow<'static, str>>) {
        self.problems.push(Problem::new(self.line, None, rule));
        self.unread = Columns::ALL;
    }

    /// Notes that a value cannot be read.
    pub(super) fn unreadable(&mut self, column: Column, rule: impl Into<Cow<'static, str>>) {
        self.problems
            .push(Problem::new(self.line, Some(column), rule));
        self.unread.add(column);
    }

    /// Notes that a value cannot be read, and so that it is not known what the rest of the line is.
    pub(super) fn unreadable_from(&mut self, column: Column, rule: &'static str) {
        self.unreadable(column, rule);
        self.unread = Columns::ALL;
    }

    /// Takes a value without the blanks around it; an empty one is none.
    pub(super) fn set(&mut self, column: Column, text: Cow<'a, str>) {
        let text = match text {
            Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
            Cow::Owned(text) => match text.trim() {
                trimmed if trimmed.len() == text.len() => Cow::Owned(text),
                trimmed => Cow::Owned(trimmed.to_owned()),
            },
        };
        if text.is_empty() || column == Column::Problem {
            return;
        }
        if let Err(Broken(rule)) = can_be(column, &text) {
            return self.unreadable(column, rule);
        }
        if let Some(place) = self.texts.get_mut(column as usize) {
            *place = Some(text);
        }
    }

    /// The row that these texts make.
    pub(super) fn into_row(mut self) -> Row {
        let amount = self.amount();
        let id = self.take(Column::TransactionId).unwrap_or_default();
        let mode = self.take(Column::Mode).unwrap_or_default();
        let beneficiary_id = self.take(Column::BeneficiaryId);
        let name = self.take(Column::BeneficiaryName);
        let account = self.take(Column::AccountNumber);
        let ifsc = self.take(Column::Ifsc);
        let vpa = self.take(Column::Vpa);

        // What could not be read is not told to be missing as well.
        if self.unread.holds(Column::Vpa) {
            self.unread.add(Column::AccountNumber);
            if beneficiary_id.is_none() {
                self.unread.add(Column::BeneficiaryId);
            }
        }

        let mode = mode.to_ascii_uppercase().as_str().into();
        let (mut transfer, beneficiary) = match beneficiary_id {
            Some(payee) => {
                let transfer = CreateTransfer::new(id, amount, mode, payee.clone());
                let described = [&name, &account, &ifsc, &vpa]
                    .into_iter()
                    .any(Option::is_some);
                let beneficiary = described.then(|| {
                    let name = name.unwrap_or_default();
                    let mut beneficiary = CreateBeneficiary::to_vpa(payee, name, "");
                    beneficiary.beneficiary_account_number = account.map(Into::into);
                    beneficiary.beneficiary_ifsc = ifsc.map(Into::into);
                    beneficiary.vpa_handle = vpa.map(Into::into);
                    beneficiary
                });
                (transfer, beneficiary)
            }
            None => {
                if [name, account, ifsc].iter().any(Option::is_some) {
                    self.payee_is_missing(NO_ID_TO_ADD);
                } else if vpa.is_none() {
                    self.payee_is_missing(NO_PAYEE);
                }
                let is_known = vpa.is_some();
                let payee = BeneficiaryDetail::to_vpa(vpa.unwrap_or_default());
                let mut transfer = CreateTransfer::inline(id, amount, mode, payee);
                if !is_known {
                    transfer.beneficiary_detail = None;
                }
                (transfer, None)
            }
        };
        transfer.transfer_remark = self.take(Column::Remark).map(Into::into);
        transfer.reference = self.take(Column::Reference);
        Row {
            line: self.line,
            transfer,
            beneficiary,
            problems: self.problems,
            unread: self.unread,
        }
    }

    /// The amount; nothing where it cannot be read, which no transfer may be.
    fn amount(&mut self) -> Rupees {
        let read = match self.take(Column::Amount) {
            Some(text) => text.parse::<Rupees>().map_err(|error| error.to_string()),
            None if self.unread.holds(Column::Amount) => return Rupees::ZERO,
            None => Err("must not be empty".to_owned()),
        };
        read.unwrap_or_else(|rule| {
            self.unreadable(Column::Amount, rule);
            Rupees::ZERO
        })
    }

    fn payee_is_missing(&mut self, rule: &'static str) {
        if !self.unread.holds(Column::BeneficiaryId) {
            self.unreadable(Column::BeneficiaryId, rule);
        }
    }

    fn take(&mut self, column: Column) -> Option<String> {
        let text = self.texts.get_mut(column as usize)?.take()?;
        Some(text.into_owned())
    }
}

const NO_PAYEE: &str = "must not be empty where there is no vpa";

const NO_ID_TO_ADD: &str = "must not be empty where there is a name or a bank account: how EnKash \
     takes a name and an IFSC with a transfer is not documented";

/// What is asked of a value because it stands in a file, whatever EnKash asks of it.
fn can_be(column: Column, text: &str) -> Result<(), Broken> {
    if text.contains(char::is_control) {
        return Err(Broken(
            "must not hold a control character, like a tab or a NUL",
        ));
    }
    match column {
        // A minus belongs to a number, and the rule of the amount speaks of it.
        Column::Amount | Column::Mode => Ok(()),
        Column::AccountNumber if !text.bytes().all(|byte| byte.is_ascii_alphanumeric()) => {
            Err(Broken(
                "must be letters and digits only; if it looks like 5.01E+13, a spreadsheet has \
                 shortened it: format the column as text",
            ))
        }
        _ if text.starts_with(FORMULA) => Err(Broken(
            "must not begin with =, +, - or @, which a spreadsheet takes for a formula",
        )),
        _ => Ok(()),
    }
}
