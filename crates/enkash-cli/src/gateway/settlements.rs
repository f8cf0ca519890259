//! `enkash settlements`.

use clap::{Subcommand, ValueEnum};
use enkash_api::Client;
use enkash_types::gateway::{
    SearchSettlementPayouts, SettlementPayoutSummary, SettlementTransaction,
};
use enkash_types::{Direction, Rupees};

use crate::failure::Failure;
use crate::output::{Column, Output, cell};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List what EnKash paid out, with what the sums add up to.
    #[command(after_help = "\
Example:
  enkash settlements list --from-amount 1000 --direction desc

EnKash can filter by date and by state as well; under which names is not known here.")]
    List(Box<List>),
    /// Read a payout with the payments in it, and what those add up to.
    #[command(after_help = "Example:\n  enkash settlements get SP11114BPTOS")]
    Get {
        /// EnKash's id of the payout; `list` shows it.
        settlement_payout_id: String,
    },
}

/// All sums are in rupees.
#[derive(Debug, clap::Args)]
pub(crate) struct List {
    /// Payouts with sales of this sum or more.
    #[arg(long, value_name = "SUM")]
    from_amount: Option<Rupees>,
    /// Payouts with sales of this sum or less.
    #[arg(long, value_name = "SUM")]
    to_amount: Option<Rupees>,
    /// Payouts with refunds of this sum or more.
    #[arg(long, value_name = "SUM")]
    from_refunds: Option<Rupees>,
    /// Payouts with refunds of this sum or less.
    #[arg(long, value_name = "SUM")]
    to_refunds: Option<Rupees>,
    /// Payouts with charges of this sum or more.
    #[arg(long, value_name = "SUM")]
    from_charges: Option<Rupees>,
    /// Payouts with charges of this sum or less.
    #[arg(long, value_name = "SUM")]
    to_charges: Option<Rupees>,
    /// Payouts with GST of this sum or more.
    #[arg(long, value_name = "SUM")]
    from_gst: Option<Rupees>,
    /// Payouts with GST of this sum or less.
    #[arg(long, value_name = "SUM")]
    to_gst: Option<Rupees>,
    /// Payouts of this sum or more.
    #[arg(long, value_name = "SUM")]
    from_settled: Option<Rupees>,
    /// This payout; may be given again for others.
    #[arg(long = "id", value_name = "ID")]
    ids: Vec<String>,
    /// Payouts to this merchant. Which id is meant is not documented.
    #[arg(long, value_name = "ID")]
    merchant: Option<String>,
    /// The field to sort by. Which ones there are is not documented.
    #[arg(long, value_name = "FIELD")]
    order_by: Option<String>,
    /// Which way to sort.
    #[arg(long, value_enum)]
    direction: Option<Way>,
    /// How many to fetch at a time, up to 5000.
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = crate::input::whole::<u32>)]
    page: u32,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Way {
    Asc,
    Desc,
}

impl From<Way> for Direction {
    fn from(way: Way) -> Self {
        match way {
            Way::Asc => Self::Asc,
            Way::Desc => Self::Desc,
        }
    }
}

const PAYOUTS: &[Column<SettlementPayoutSummary>] = &[
    Column::text("PAYOUT", |payout| cell(&payout.settlement_payout_id)),
    Column::text("DATE", |payout| cell(&payout.payout_date)),
    Column::sum("SALE", |payout| payout.total_sale_amount),
    Column::sum("REFUNDS", |payout| payout.total_refund_amount),
    Column::sum("CHARGES", |payout| payout.total_charges),
    Column::sum("GST", |payout| payout.total_gst),
    Column::sum("SETTLED", |payout| payout.total_settlement_amount),
    Column::text("UTR", |payout| cell(&payout.utr)),
    Column::text("STATUS", |payout| cell(&payout.payout_status)),
];

const PAYMENTS: &[Column<SettlementTransaction>] = &[
    Column::text("ID", |payment| cell(&payment.settlement_transaction_id)),
    Column::text("TYPE", |payment| cell(&payment.transaction_type)),
    Column::sum("SALE", |payment| payment.sale_amount),
    Column::amount("AMOUNT", |payment| payment.txn_amount),
    Column::sum("CHARGES", |payment| payment.charges),
    Column::sum("TAX", |payment| payment.tax_amount),
    Column::sum("SETTLED", |payment| payment.settlement_amount),
    Column::text("STATUS", |payment| cell(&payment.settlement_status)),
];

pub(crate) async fn run(command: Command, output: &Output) -> Result<(), Failure> {
    let client = Client::from_env()?;
    let settlements = client.gateway().settlements();
    match command {
        Command::List(args) => {
            let payouts = settlements.all(args.search());
            output.pages(PAYOUTS, payouts, true).await
        }
        Command::Get {
            settlement_payout_id,
        } => {
            let payout = settlements.get(settlement_payout_id).await?;
            let lists = ["settlementTransactions", "settlementTransactionResponses"];
            output.answer_with_rows(&payout, &lists, PAYMENTS, payout.transactions(), true)
        }
    }
}

impl List {
    fn search(self) -> SearchSettlementPayouts {
        let mut search = SearchSettlementPayouts::new();
        search.limit = Some(self.page);
        search.order_by = self.order_by;
        search.direction = self.direction.map(Into::into);
        search.merchant_detail_id = self.merchant;
        let mut ids: Vec<_> = self.ids.into_iter().map(Into::into).collect();
        match ids.len() {
            0 => {}
            1 => search.settlement_payout_id = ids.pop(),
            _ => search.settlement_payout_ids = Some(ids),
        }
        search.total_sale_amount_from = self.from_amount;
        search.total_sale_amount_to = self.to_amount;
        search.total_refund_amount_from = self.from_refunds;
        search.total_refund_amount_to = self.to_refunds;
        search.total_charges_from = self.from_charges;
        search.total_charges_to = self.to_charges;
        search.total_gst_from = self.from_gst;
        search.total_gst_to = self.to_gst;
        search.total_settlement_amount_from = self.from_settled;
        search
    }
}
