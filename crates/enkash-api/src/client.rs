//! The client and what it holds.

use std::fmt;
use std::sync::Arc;

use enkash_auth::TokenProvider;
use enkash_transport::wire::{self, Seal};
use enkash_transport::{BaseUrl, Clock, Transport};
use enkash_types::{Auth, Header, Host, Secret};
use http::HeaderValue;

use crate::builder::ClientBuilder;
use crate::checksum::Checksum;
use crate::error::{Error, NotConfigured};
#[cfg(feature = "payouts")]
use crate::payouts::TransferLookup;
use crate::retry::RetryPolicy;

/// A client of EnKash's API. Clones share tokens and connections; make one and clone it.
///
/// ```no_run
/// use enkash_api::Client;
/// use enkash_api::types::gateway::CreateOrder;
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let client = Client::from_env()?;
/// let order = CreateOrder::new("INV2041", "499.50".parse()?);
/// let created = client.gateway().orders().create(order).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) addresses: Addresses,
    pub(crate) merchant: Option<Merchant>,
    pub(crate) oauth: Option<OAuth>,
    pub(crate) partner_id: Option<Secret>,
    /// What calls carry of which the documentation does not say it.
    pub(crate) verification_auth: Option<Auth>,
    pub(crate) checksum: Option<Box<dyn Checksum>>,
    #[cfg(feature = "payouts")]
    pub(crate) transfer_lookup: Option<Box<dyn TransferLookup>>,
    pub(crate) retry: RetryPolicy,
}

/// What the payment gateway knows the merchant by.
pub(crate) struct Merchant {
    pub(crate) access_key: Secret,
    pub(crate) tokens: Arc<dyn TokenProvider>,
}

/// What every other product knows the merchant by.
#[cfg_attr(not(feature = "oauth"), allow(dead_code))]
pub(crate) struct OAuth {
    pub(crate) client_id: String,
    pub(crate) client_secret: Secret,
    #[cfg(feature = "oauth")]
    pub(crate) seal: PayloadSeal,
    pub(crate) tokens: Arc<dyn TokenProvider>,
}

/// What cannot be done where the feature is off.
#[cfg(not(feature = "oauth"))]
fn without_oauth(wanted: &str) -> Error {
    let why = format!("this operation wants {wanted}; turn on the feature oauth");
    wire::EncodeError::Other(why).into()
}

/// The documented seal, as the wire takes one.
#[cfg(feature = "oauth")]
#[derive(Clone)]
pub(crate) struct PayloadSeal(pub(crate) enkash_crypto::PayloadKey);

#[cfg(feature = "oauth")]
impl Seal for PayloadSeal {
    fn seal(&self, plain: &[u8]) -> String {
        self.0.seal(plain)
    }

    fn open(&self, sealed: &str) -> Option<Vec<u8>> {
        self.0.open(sealed).ok()
    }
}

/// Where each host is.
#[derive(Debug, Clone)]
pub(crate) struct Addresses {
    pub(crate) gateway: BaseUrl,
    pub(crate) payouts: BaseUrl,
    pub(crate) cards: BaseUrl,
    /// It is where the caller says: the documentation does not name it.
    pub(crate) verification: Option<BaseUrl>,
}

impl Addresses {
    /// One address for everything.
    pub(crate) fn all_at(base: BaseUrl) -> Self {
        Self {
            gateway: base.clone(),
            payouts: base.clone(),
            cards: base.clone(),
            verification: Some(base),
        }
    }

    pub(crate) fn set(&mut self, host: Host, address: BaseUrl) {
        match host {
            Host::Gateway => self.gateway = address,
            Host::Payouts => self.payouts = address,
            Host::Cards => self.cards = address,
            Host::Verification => self.verification = Some(address),
        }
    }
}

impl Client {
    /// A client that is put together by hand.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::new()
    }

    /// A client from the environment's variables; [`ClientBuilder::from_env`] lists them.
    ///
    /// # Errors
    ///
    /// [`BuildError`](crate::BuildError), which names the variable that is missing or wrong.
    #[cfg(any(feature = "reqwest", feature = "hyper"))]
    pub fn from_env() -> Result<Self, crate::BuildError> {
        ClientBuilder::from_env()?.build()
    }

    /// The address of one of EnKash's hosts, as this client calls it.
    ///
    /// # Errors
    ///
    /// [`Error::NotConfigured`] for the one that the documentation does not name, where the client
    /// was not told.
    pub fn address(&self, host: Host) -> Result<&BaseUrl, Error> {
        let addresses = &self.inner.addresses;
        match host {
            Host::Gateway => Ok(&addresses.gateway),
            Host::Payouts => Ok(&addresses.payouts),
            Host::Cards => Ok(&addresses.cards),
            Host::Verification => addresses
                .verification
                .as_ref()
                .ok_or(Error::NotConfigured(NotConfigured::VerificationHost)),
        }
    }

    /// What a call carries: what its declaration says, and for [`Auth::Unknown`] what the client was
    /// told.
    ///
    /// # Errors
    ///
    /// [`Error::NotConfigured`] where it was not told.
    pub fn auth(&self, auth: Auth) -> Result<Auth, Error> {
        match auth {
            Auth::Unknown => self
                .inner
                .verification_auth
                .ok_or(Error::NotConfigured(NotConfigured::VerificationAuth)),
            known => Ok(known),
        }
    }

    /// What finds transfers, if the client was given something.
    #[cfg(feature = "payouts")]
    pub(crate) fn transfer_lookup(&self) -> Option<&dyn TransferLookup> {
        self.inner.transfer_lookup.as_deref()
    }

    pub(crate) fn merchant(&self) -> Result<&Merchant, Error> {
        self.inner
            .merchant
            .as_ref()
            .ok_or(Error::NotConfigured(NotConfigured::MerchantKeys))
    }

    pub(crate) fn oauth(&self) -> Result<&OAuth, Error> {
        self.inner
            .oauth
            .as_ref()
            .ok_or(Error::NotConfigured(NotConfigured::OAuthCredentials))
    }

    /// What seals bodies.
    #[cfg(feature = "oauth")]
    pub(crate) fn seal(&self) -> Result<&dyn Seal, Error> {
        self.oauth().map(|oauth| &oauth.seal as &dyn Seal)
    }

    /// Who the OAuth client is, where no token says so.
    #[cfg(feature = "oauth")]
    pub(crate) fn client_authorization(&self) -> Result<HeaderValue, Error> {
        let oauth = self.oauth()?;
        Ok(wire::basic(&oauth.client_id, &oauth.client_secret)?)
    }

    /// No product that is built seals bodies.
    #[cfg(not(feature = "oauth"))]
    pub(crate) fn seal(&self) -> Result<&dyn Seal, Error> {
        Err(without_oauth("a sealed body"))
    }

    /// No product that is built has OAuth clients.
    #[cfg(not(feature = "oauth"))]
    pub(crate) fn client_authorization(&self) -> Result<HeaderValue, Error> {
        Err(without_oauth("the credentials of an OAuth client"))
    }

    pub(crate) fn partner_id(&self) -> Result<&Secret, Error> {
        self.inner
            .partner_id
            .as_ref()
            .ok_or(Error::NotConfigured(NotConfigured::PartnerId))
    }

    /// The provider of the token that calls of this kind carry, if they carry one. Clones of it
    /// may be used beside the client: they share its tokens.
    ///
    /// # Errors
    ///
    /// [`Error::NotConfigured`] where the credentials for it are missing, and for
    /// [`Auth::Unknown`] where the client was not told what it is.
    pub fn tokens(&self, auth: Auth) -> Result<Option<&Arc<dyn TokenProvider>>, Error> {
        match self.auth(auth)? {
            Auth::None | Auth::Client | Auth::Unknown => Ok(None),
            Auth::Merchant => self.merchant().map(|merchant| Some(&merchant.tokens)),
            Auth::OAuth => self.oauth().map(|oauth| Some(&oauth.tokens)),
        }
    }

    /// The value of a header that goes beside `Authorization`.
    pub(crate) fn companion(&self, header: Header) -> Result<&Secret, Error> {
        match header {
            Header::MerchantAccessKey => self.merchant().map(|merchant| &merchant.access_key),
            Header::PartnerId => self.partner_id(),
        }
    }
}

/// Shows where it calls and what it has, and no credential.
impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("addresses", &self.inner.addresses)
            .field("merchant", &self.inner.merchant.is_some())
            .field("oauth", &self.inner.oauth.is_some())
            .field("partner_id", &self.inner.partner_id.is_some())
            .field("verification_auth", &self.inner.verification_auth)
            .field("checksum", &self.inner.checksum.is_some())
            .field("retry", &self.inner.retry)
            .finish_non_exhaustive()
    }
}
