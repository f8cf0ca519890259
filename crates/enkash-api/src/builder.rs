//! Putting a client together.

use std::fmt;
use std::sync::Arc;

use enkash_auth::{Connection, MerchantCredentials, MerchantTokens};
use enkash_transport::{BaseUrl, BaseUrlError, Clock, Transport};
use enkash_types::{Environment, Host, Secret};

use crate::client::{Addresses, Client, Inner, Merchant, OAuth};
use crate::retry::RetryPolicy;

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
    merchant: Option<MerchantCredentials>,
    oauth: Option<MakeOAuth>,
    partner_id: Option<Secret>,
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

const ENVIRONMENT: &str = "ENKASH_ENVIRONMENT";

impl ClientBuilder {
    /// A builder in which nothing is set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes where to call and who is calling from the environment's variables:
    ///
    /// | variable | |
    /// |---|---|
    /// | `ENKASH_ENVIRONMENT` | `test`, `live`, or an address (`https://…`, or `http://` to this machine) |
    /// | `ENKASH_ACCESS_KEY`, `ENKASH_SECRET_KEY` | for the payment gateway |
    /// | `ENKASH_CLIENT_ID`, `ENKASH_CLIENT_SECRET`, `ENKASH_USERNAME`, `ENKASH_PASSWORD` | for all other products (feature `oauth`) |
    /// | `ENKASH_COMPANY_ID` | what the token form calls `clientId`, where it is not `ENKASH_CLIENT_ID` |
    /// | `ENKASH_PARTNER_ID` | for partners' routes |
    ///
    /// Credentials of one kind may all be missing; a call that needs them says so then.
    ///
    /// # Errors
    ///
    /// [`BuildError::MissingVariable`] and [`BuildError::WrongEnvironment`].
    pub fn from_env() -> Result<Self, BuildError> {
        Self::from_variables(|name| std::env::var(name).ok())
    }

    /// As [`from_env`](Self::from_env), from variables that are kept elsewhere.
    ///
    /// # Errors
    ///
    /// Those of [`from_env`](Self::from_env).
    pub fn from_variables(variable: impl Fn(&str) -> Option<String>) -> Result<Self, BuildError> {
        let variable = |name: &'static str| variable(name).filter(|value| !value.is_empty());
        let needed = |name| variable(name).ok_or(BuildError::MissingVariable(name));
        // All variables of a kind, or none of them.
        let any = |names: &[&'static str]| names.iter().any(|name| variable(name).is_some());

        let mut builder = match needed(ENVIRONMENT)?.as_str() {
            "test" => Self::new().environment(Environment::Test),
            "live" => Self::new().environment(Environment::Live),
            address => Self::new()
                .base_url(address)
                .map_err(BuildError::WrongEnvironment)?,
        };
        if any(&["ENKASH_ACCESS_KEY", "ENKASH_SECRET_KEY"]) {
            builder = builder.merchant(needed("ENKASH_ACCESS_KEY")?, needed("ENKASH_SECRET_KEY")?);
        }
        #[cfg(feature = "oauth")]
        if any(&[
            "ENKASH_CLIENT_ID",
            "ENKASH_CLIENT_SECRET",
            "ENKASH_USERNAME",
            "ENKASH_PASSWORD",
        ]) {
            let client_id = needed("ENKASH_CLIENT_ID")?;
            builder = builder.oauth(OAuthCredentials {
                company_id: variable("ENKASH_COMPANY_ID")
                    .unwrap_or_else(|| client_id.clone())
                    .into(),
                client_id,
                client_secret: needed("ENKASH_CLIENT_SECRET")?.into(),
                username: needed("ENKASH_USERNAME")?,
                password: needed("ENKASH_PASSWORD")?.into(),
            });
        }
        if let Some(partner_id) = variable("ENKASH_PARTNER_ID") {
            builder = builder.partner_id(partner_id);
        }
        Ok(builder)
    }

    /// Calls one of EnKash's own installations.
    pub fn environment(mut self, environment: Environment) -> Self {
        // The addresses in `Host` are constants that a test holds against `BaseUrl`.
        let address = |host: Host| host.address(environment).parse().ok();
        self.addresses = match (
            address(Host::Gateway),
            address(Host::Payouts),
            address(Host::Cards),
        ) {
            (Some(gateway), Some(payouts), Some(cards)) => Some(Addresses {
                gateway,
                payouts,
                cards,
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
        let base: BaseUrl = address.parse()?;
        self.addresses = Some(Addresses {
            gateway: base.clone(),
            payouts: base.clone(),
            cards: base,
        });
        Ok(self)
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
        let addresses = self.addresses.ok_or(BuildError::NoEnvironment)?;
        let transport = match self.transport {
            Some(transport) => transport,
            None => built_in_transport()?,
        };
        let clock = match self.clock {
            Some(clock) => clock,
            None => built_in_clock()?,
        };
        let connection = |host| {
            Connection::new(
                Arc::clone(&transport),
                Arc::clone(&clock),
                addresses.of(host).clone(),
            )
        };
        let merchant = self.merchant.map(|credentials| Merchant {
            access_key: credentials.access_key.clone(),
            tokens: Arc::new(MerchantTokens::new(connection(Host::Gateway), credentials)),
        });
        let oauth = self.oauth.map(|make| make(connection(Host::Payouts)));
        Ok(Client {
            inner: Arc::new(Inner {
                transport,
                clock,
                addresses,
                merchant,
                oauth,
                partner_id: self.partner_id,
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
            .field("merchant", &self.merchant.is_some())
            .field("oauth", &self.oauth.is_some())
            .field("partner_id", &self.partner_id.is_some())
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
