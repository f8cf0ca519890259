//! The client and what it holds.

use std::fmt;
use std::sync::Arc;

use enkash_auth::TokenProvider;
use enkash_transport::wire::Seal;
use enkash_transport::{BaseUrl, Clock, Transport};
use enkash_types::{Auth, Header, Host, Secret};

use crate::builder::ClientBuilder;
use crate::error::{Error, NotConfigured};
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
}

impl Addresses {
    pub(crate) fn of(&self, host: Host) -> &BaseUrl {
        match host {
            Host::Gateway => &self.gateway,
            Host::Payouts => &self.payouts,
            Host::Cards => &self.cards,
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
    #[must_use]
    pub fn address(&self, host: Host) -> &BaseUrl {
        self.inner.addresses.of(host)
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

    /// No product that is built seals bodies.
    #[cfg(not(feature = "oauth"))]
    pub(crate) fn seal(&self) -> Result<&dyn Seal, Error> {
        let why = "this operation wants a sealed body; turn on the feature oauth";
        Err(enkash_transport::wire::EncodeError::Other(why.to_owned()).into())
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
    /// [`Error::NotConfigured`] where the credentials for it are missing.
    pub fn tokens(&self, auth: Auth) -> Result<Option<&Arc<dyn TokenProvider>>, Error> {
        match auth {
            Auth::None | Auth::Client => Ok(None),
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
            .field("retry", &self.inner.retry)
            .finish_non_exhaustive()
    }
}
