//! A client from the environment's variables.

use enkash_types::{Auth, Environment, Host};

#[cfg(feature = "oauth")]
use crate::builder::OAuthCredentials;
use crate::builder::{BuildError, ClientBuilder};

pub(crate) const ENVIRONMENT: &str = "ENKASH_ENVIRONMENT";
pub(crate) const VERIFICATION_HOST: &str = "ENKASH_VERIFICATION_HOST";
pub(crate) const VERIFICATION_AUTH: &str = "ENKASH_VERIFICATION_AUTH";

impl ClientBuilder {
    /// Takes where to call and who is calling from the environment's variables:
    ///
    /// | variable | |
    /// |---|---|
    /// | `ENKASH_ENVIRONMENT` | `test`, `live`, or an address (`https://…`, or `http://` to this machine) |
    /// | `ENKASH_ACCESS_KEY`, `ENKASH_SECRET_KEY` | for the payment gateway |
    /// | `ENKASH_CLIENT_ID`, `ENKASH_CLIENT_SECRET`, `ENKASH_USERNAME`, `ENKASH_PASSWORD` | for all other products (feature `oauth`) |
    /// | `ENKASH_COMPANY_ID` | what the token form calls `clientId`, where it is not `ENKASH_CLIENT_ID` |
    /// | `ENKASH_PARTNER_ID` | for partners' routes |
    /// | `ENKASH_VERIFICATION_HOST` | where the verification suite is; not looked at where `ENKASH_ENVIRONMENT` is an address |
    /// | `ENKASH_VERIFICATION_AUTH` | what its calls carry: `oauth`, `merchant` or `none` |
    ///
    /// Credentials of one kind may all be missing; a call that needs them says so then. So do calls
    /// of the verification suite, of which EnKash's documentation says neither.
    ///
    /// # Errors
    ///
    /// [`BuildError::MissingVariable`], and the errors that say which variable is wrong.
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

        let enkash = |environment| match variable(VERIFICATION_HOST) {
            Some(address) => Self::new()
                .environment(environment)
                .host(Host::Verification, &address)
                .map_err(BuildError::WrongVerificationHost),
            None => Ok(Self::new().environment(environment)),
        };
        let mut builder = match needed(ENVIRONMENT)?.as_str() {
            "test" => enkash(Environment::Test)?,
            "live" => enkash(Environment::Live)?,
            // All calls go there: a sandbox must not be left for a host of EnKash's.
            address => Self::new()
                .base_url(address)
                .map_err(BuildError::WrongEnvironment)?,
        };
        builder = match variable(VERIFICATION_AUTH).as_deref() {
            None => builder,
            Some("oauth") => builder.verification_auth(Auth::OAuth),
            Some("merchant") => builder.verification_auth(Auth::Merchant),
            Some("none") => builder.verification_auth(Auth::None),
            Some(_) => return Err(BuildError::WrongVerificationAuth),
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
}
