//! A checksum that EnKash asks for and does not document.

use std::error::Error as StdError;

use bytes::Bytes;
use enkash_transport::MaybeSend;
use enkash_transport::wire::EncodeError;
use enkash_types::{Checksummed, read};
use serde_json::{Map, Value};

/// Adds a checksum to a body.
///
/// EnKash's documentation says that a payee, a transfer and each transfer of a batch carry one, and
/// refuses a wrong one with 412. It says neither the field's name, nor the algorithm, nor whether it
/// has to be there. So there is no default, and without one nothing is added: whoever was told by
/// EnKash how it is computed writes it here, and gives it to
/// [`ClientBuilder::checksum`](crate::ClientBuilder::checksum).
///
/// ```
/// use std::error::Error;
///
/// use enkash_api::Checksum;
/// use serde_json::{Map, Value};
///
/// struct AsEnkashToldUs;
///
/// impl Checksum for AsEnkashToldUs {
///     fn add(
///         &self,
///         operation: &'static str,
///         body: &mut Map<String, Value>,
///     ) -> Result<(), Box<dyn Error + Send + Sync>> {
///         let id = match operation {
///             "create_payout_beneficiary" => &body["beneficiaryId"],
///             _ => &body["transactionId"],
///         };
///         let id = id.as_str().ok_or("the id is no text")?;
///         let checksum = format!("{:x}", id.len()); // What EnKash told you.
///         body.insert("theField".to_owned(), checksum.into());
///         Ok(())
///     }
/// }
///
/// # fn example() -> Result<(), Box<dyn Error>> {
/// let client = enkash_api::ClientBuilder::from_env()?
///     .checksum(AsEnkashToldUs)
///     .build()?;
/// # Ok(())
/// # }
/// ```
pub trait Checksum: MaybeSend + 'static {
    /// Adds the checksum to what it is computed over: the body of a call, or one transfer of a
    /// batch, as JSON, before it is sealed. `operation` is the call's name:
    /// `create_payout_beneficiary`, `create_payout_transfer` or `create_payout_batch`.
    ///
    /// # Errors
    ///
    /// Where it cannot be computed; nothing is sent then. The text is shown, so let it hold nothing
    /// secret.
    fn add(
        &self,
        operation: &'static str,
        body: &mut Map<String, Value>,
    ) -> Result<(), Box<dyn StdError + Send + Sync>>;
}

/// The body of a call with a checksum wherever EnKash asks for one.
pub(crate) fn added(
    checksum: &dyn Checksum,
    operation: &'static str,
    place: Checksummed,
    body: &Bytes,
) -> Result<Bytes, EncodeError> {
    let other = |error: &dyn std::fmt::Display| EncodeError::Other(error.to_string());
    let mut fields = read::object(body).map_err(|error| other(&error))?;
    let add = |fields: &mut Map<String, Value>| {
        checksum
            .add(operation, fields)
            .map_err(|error| other(&format_args!("its checksum cannot be computed: {error}")))
    };
    match place {
        Checksummed::No => {}
        Checksummed::Body => add(&mut fields)?,
        Checksummed::Each(list) => {
            let items = fields.get_mut(list).and_then(Value::as_array_mut);
            let items = items.into_iter().flatten();
            items.filter_map(Value::as_object_mut).try_for_each(add)?;
        }
    }
    Ok(Value::Object(fields).to_string().into())
}
