//! Putting a client together.

use std::fmt;
use std::sync::Arc;

use enkash_auth::{Connection, MerchantCredentials, MerchantTokens};
use enkash_transport::{BaseUrl, BaseUrlError, Clock, Transport};
use enkash_types::{Auth, Environment, Host, Secret};

use crate::checksum::Checksum;
use crate::client::{Addresses, Client, Inner, Merchant, OAuth};
#[cfg(feature = "payouts")]
use crate::payouts::TransferLookup;
use crate::retry::RetryPolicy;
use crate::variables::{ENVIRONMENT, VERIFICATION_AUTH, VERIFICATION_HOST};

#[cfg(feature = "oauth")]
pub use enkash_auth::OAuthCredentials;

/// Puts a [`Client`] together.
///
/// ```
/// use enkash_api::Client;
/// use enkash_api::types::Environment;
///
/// # fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let client = Client::builder()
///     .environment(Environment::Test)
///     .merchant("access key", "secret key")
///     .build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Default)]
#[must_use]
pub struct ClientBuilder {
    addresses: Option<Addresses>,
    /// Hosts that are elsewhere.
    hosts: Vec<(Host, BaseUrl)>,
    merchant: Option<MerchantCredentials>,
    oauth: Option<MakeOAuth>,
    partner_id: Option<Secret>,
    verification_auth: Option<Auth>,
    checksum: Option<Box<dyn Checksum>>,
    #[cfg(feature = "payouts")]
    transfer_lookup: Option<Box<dyn TransferLookup>>,
    transport: Option<Arc<dyn Transport>>,
    clock: Option<Arc<dyn Clock>>,
    retry: RetryPolicy,
}

/// Makes the OAuth part of a client, once it is known how the client reaches EnKash.
type MakeOAuth = Box<dyn FnOnce(Connection) -> OAuth + Send + Sync>;

/// Why a client could not be put together. Its text says what to set.
#[derive(Debug)]
#[non_exhaustive]
pub enum BuildError {
    /// Neither [`ClientBuilder::environment`] nor [`ClientBuilder::base_url`] was called.
    NoEnvironment,
    /// No transport was given, and neither of the features `reqwest` and `hyper` is on.
    NoTransport,
    /// No clock was given, and the feature `tokio` is off.
    NoClock,
    /// The transport could not be set up.
    Transport(enkash_transport::TransportError),
    /// A variable of the environment is missing, or half of a pair is.
    MissingVariable(&'static str),
    /// `ENKASH_ENVIRONMENT` is not `test`, `live` or an address that may be called.
    WrongEnvironment(BaseUrlError),
    /// `ENKASH_VERIFICATION_HOST` is not an address that may be called.
    WrongVerificationHost(BaseUrlError),
    /// `ENKASH_VERIFICATION_AUTH` is not `oauth`, `merchant` or `none`.
    WrongVerificationAuth,
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoEnvironment => {
                f.write_str("say where to call: ClientBuilder::environment or ::base_url")
            }
            Self::NoTransport => f.write_str(
                "give the client a transport (ClientBuilder::transport), or turn on the feature reqwest or hyper",
            ),
            Self::NoClock => f.write_str(
                "give the client a clock (ClientBuilder::clock), or turn on the feature tokio",
            ),
            Self::Transport(error) => {
                f.write_str("the transport could not be set up")?;
                // Its own text is about requests, and there was none.
                match std::error::Error::source(error) {
                    Some(cause) => write!(f, ": {cause}"),
                    None => Ok(()),
                }
            }
            Self::MissingVariable(ENVIRONMENT) => write!(
                f,
                "{ENVIRONMENT} is not set; set it to test, live, or an address like http://127.0.0.1:4010"
            ),
            Self::MissingVariable(name) => write!(f, "{name} is not set"),
            Self::WrongEnvironment(error) => {
                write!(f, "{ENVIRONMENT} is neither test nor live: {error}")
            }
            Self::WrongVerificationHost(error) => write!(f, "{VERIFICATION_HOST}: {error}"),
            Self::WrongVerificationAuth => {
                write!(f, "{VERIFICATION_AUTH} is none of oauth, merchant and none")
            }
        }
    }
}

impl std::error::Error for BuildError {
    /// What lies below the cause, whose own text is part of this error's.
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Transport(error) => std::error::Error::source(error)?.source(),
            _ => None,
        }
    }
}

impl ClientBuilder {
    /// A builder in which nothing is set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Calls one of EnKash's own installations.
    pub fn environment(mut self, environment: Environment) -> Self {
        // The addresses in `Host` are constants that a test holds against `BaseUrl`.
        let address = |host: Host| host.address(environment)?.parse().ok();
        self.addresses = match (
            address(Host::Gateway),
            address(Host::Payouts),
            address(Host::Cards),
        ) {
            (Some(gateway), Some(payouts), Some(cards)) => Some(Addresses {
                gateway,
                payouts,
                cards,
                verification: address(Host::Verification),
            }),
            _ => None,
        };
        self
    }

    /// Calls one address for everything: a sandbox, or a proxy of one's own.
    ///
    /// # Errors
    ///
    /// [`BaseUrlError`] for what is no address, and for `http://` to another machine.
    pub fn base_url(mut self, address: &str) -> Result<Self, BaseUrlError> {
        self.addresses = Some(Addresses::all_at(address.parse()?));
        Ok(self)
    }

    /// Calls one of EnKash's hosts at this address, whatever else is said of where to call. The
    /// verification suite's has to be said, since the documentation does not name it: ask EnKash.
    ///
    /// # Errors
    ///
    /// Those of [`base_url`](Self::base_url).
    pub fn host(mut self, host: Host, address: &str) -> Result<Self, BaseUrlError> {
        self.hosts.push((host, address.parse()?));
        Ok(self)
    }

    /// What calls of the verification suite carry, which the documentation does not say: ask EnKash.
    pub fn verification_auth(mut self, auth: Auth) -> Self {
        self.verification_auth = Some(auth).filter(|auth| *auth != Auth::Unknown);
        self
    }

    /// Adds a checksum to the calls on which EnKash asks for one. There is none by default: how it
    /// is computed is not documented.
    pub fn checksum(mut self, checksum: impl Checksum) -> Self {
        self.checksum = Some(Box::new(checksum));
        self
    }

    /// What finds a transfer after the answer to it was lost. There is nothing by default: how one
    /// is found is not documented. [`StatementLookup`](crate::payouts::StatementLookup) is built in.
    #[cfg(feature = "payouts")]
    pub fn transfer_lookup(mut self, lookup: impl TransferLookup) -> Self {
        self.transfer_lookup = Some(Box::new(lookup));
        self
    }

    /// The account's keys, for the payment gateway.
    pub fn merchant(
        mut self,
        access_key: impl Into<Secret>,
        secret_key: impl Into<Secret>,
    ) -> Self {
        self.merchant = Some(MerchantCredentials {
            access_key: access_key.into(),
            secret_key: secret_key.into(),
        });
        self
    }

    /// The OAuth client and user, for all other products.
    #[cfg(feature = "oauth")]
    pub fn oauth(mut self, credentials: OAuthCredentials) -> Self {
        self.oauth = Some(Box::new(|connection| OAuth {
            client_id: credentials.client_id.clone(),
            client_secret: credentials.client_secret.clone(),
            seal: crate::client::PayloadSeal(enkash_crypto::PayloadKey::from_client_secret(
                credentials.client_secret.expose(),
            )),
            tokens: Arc::new(enkash_auth::OAuthTokens::new(connection, credentials)),
        }));
        self
    }

    /// The partner's id, for partners' routes. EnKash mints it at onboarding.
    pub fn partner_id(mut self, partner_id: impl Into<Secret>) -> Self {
        self.partner_id = Some(partner_id.into());
        self
    }

    /// What carries requests, in place of the built-in transport.
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// What tells the time and waits, in place of Tokio's clock.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Some(Arc::new(clock));
        self
    }

    /// How often and how patiently a failed call is tried again.
    pub fn retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = retry;
        self
    }

    /// The client. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// [`BuildError`] where something is missing.
    pub fn build(self) -> Result<Client, BuildError> {
        let mut addresses = self.addresses.ok_or(BuildError::NoEnvironment)?;
        for (host, address) in self.hosts {
            addresses.set(host, address);
        }
        let transport = match self.transport {
            Some(transport) => transport,
            None => built_in_transport()?,
        };
        let clock = match self.clock {
            Some(clock) => clock,
            None => built_in_clock()?,
        };
        let connection = |address: &BaseUrl| {
            Connection::new(Arc::clone(&transport), Arc::clone(&clock), address.clone())
        };
        let merchant = self.merchant.map(|credentials| Merchant {
            access_key: credentials.access_key.clone(),
            tokens: Arc::new(MerchantTokens::new(
                connection(&addresses.gateway),
                credentials,
            )),
        });
        let oauth = self.oauth.map(|make| make(connection(&addresses.payouts)));
        Ok(Client {
            inner: Arc::new(Inner {
                transport,
                clock,
                addresses,
                merchant,
                oauth,
                partner_id: self.partner_id,
                verification_auth: self.verification_auth,
                checksum: self.checksum,
                #[cfg(feature = "payouts")]
                transfer_lookup: self.transfer_lookup,
                retry: self.retry,
            }),
        })
    }
}

/// Shows what was set, and no credential.
impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("addresses", &self.addresses)
            .field("hosts", &self.hosts)
            .field("merchant", &self.merchant.is_some())
            .field("oauth", &self.oauth.is_some())
            .field("partner_id", &self.partner_id.is_some())
            .field("verification_auth", &self.verification_auth)
            .field("checksum", &self.checksum.is_some())
            .field("transport", &self.transport.is_some())
            .field("clock", &self.clock.is_some())
            .field("retry", &self.retry)
            .finish()
    }
}

fn built_in_transport() -> Result<Arc<dyn Transport>, BuildError> {
    #[cfg(any(feature = "reqwest", feature = "hyper"))]
    {
        #[cfg(not(feature = "reqwest"))]
        use enkash_transport::HyperTransport as BuiltIn;
        #[cfg(feature = "reqwest")]
        use enkash_transport::ReqwestTransport as BuiltIn;

        BuiltIn::new(enkash_transport::Limits::default())
            .map(|transport| Arc::new(transport) as Arc<dyn Transport>)
            .map_err(BuildError::Transport)
    }
    #[cfg(not(any(feature = "reqwest", feature = "hyper")))]
    Err(BuildError::NoTransport)
}

fn built_in_clock() -> Result<Arc<dyn Clock>, BuildError> {
    #[cfg(feature = "tokio")]
    {
        Ok(Arc::new(enkash_transport::TokioClock))
    }
    #[cfg(not(feature = "tokio"))]
    Err(BuildError::NoClock)
}
