//! Where a transfer stands.

use proptest::prelude::*;

use crate::payouts::{RejectReason, TransferStatus};
use crate::strategies::text::documented_values;

documented_values! { RejectReason, TransferStatus }
