//! Payouts: money out of an EnKash payout account to bank accounts and UPI addresses.
//!
//! A request is made by its `new` (or a constructor that says more) with what is required, and sent
//! as it is or after [`Valid::check`](crate::Valid::check); it names its answer
//! ([`Endpoint::Answer`](crate::Endpoint)).
//!
//! | about | requests | answers |
//! |---|---|---|
//! | payees | [`CreateBeneficiary`] | [`Beneficiary`] |
//! | transfers | [`CreateTransfer`], with a [`BeneficiaryDetail`] for a payee that is not registered | [`Transfer`] with a [`TransferStatus`] |
//! | many transfers in one call | [`CreateTransferBatch`] | [`TransferBatch`] |
//! | the payout account | [`GetBalance`], [`FetchStatement`] | [`Balance`], [`Statement`] of [`StatementLine`]s |
//! | accounts that may fund it | [`AddSourceAccount`] | [`SourceAccount`] |
//! | webhooks | [`ConfigureWebhook`] | [`WebhookConfig`] |
//!
//! All bodies travel sealed. How a transfer is looked up, what a payout webhook carries and how a
//! checksum is computed is not documented, so none of it is here.

mod account;
mod batches;
mod beneficiaries;
mod beneficiary_detail;
mod source_accounts;
mod status;
mod transfers;
mod webhook_config;

pub use account::{Balance, FetchStatement, FundSourceId, GetBalance, Statement, StatementLine};
pub use batches::{BatchId, CreateTransferBatch, TransferBatch};
pub use beneficiaries::{Beneficiary, BeneficiaryId, BeneficiaryName, CreateBeneficiary, Pincode};
pub use beneficiary_detail::BeneficiaryDetail;
pub use source_accounts::{AddSourceAccount, SourceAccount};
pub use status::{RejectReason, Standing, TransferStatus};
pub use transfers::{
    CreateTransfer, EnkashTransactionId, Transfer, TransferId, TransferMode, TransferRemark,
};
pub use webhook_config::{ConfigureWebhook, WebhookConfig, WebhookEvent};
