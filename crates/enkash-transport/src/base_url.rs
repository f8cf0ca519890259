//! Where calls go, and the rule that money travels over TLS.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use http::Uri;

/// The address that paths are added to: `https://` and a host, or `http://` and this machine.
///
/// ```
/// use enkash_transport::BaseUrl;
///
/// assert!("https://olympus-pg-uat.enkash.in".parse::<BaseUrl>().is_ok());
/// assert!("http://127.0.0.1:4010".parse::<BaseUrl>().is_ok());
/// assert!("http://olympus-pg-uat.enkash.in".parse::<BaseUrl>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct BaseUrl(String);

/// Why a text is no [`BaseUrl`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum BaseUrlError {
    /// Not `https://` or `http://` and a host, or a port that is none.
    NotAnAddress,
    /// `http://` to another machine, where anyone between could read tokens and change sums.
    NotEncrypted,
    /// It carries a user name, a query or a fragment.
    MoreThanABase,
}

impl fmt::Display for BaseUrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotAnAddress => {
                "not an address; write it as https://host, for example https://olympus-pg-uat.enkash.in, or as http://127.0.0.1:4010 for a server on this machine"
            }
            Self::NotEncrypted => {
                "http:// is allowed to this machine only (127.0.0.1, [::1], localhost); use https://"
            }
            Self::MoreThanABase => {
                "the base address takes a host and a path alone, without user name, query or fragment"
            }
        })
    }
}

impl std::error::Error for BaseUrlError {}

impl BaseUrl {
    /// The address, without a slash at the end.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for BaseUrl {
    type Err = BaseUrlError;

    fn from_str(text: &str) -> Result<Self, BaseUrlError> {
        if text.contains(['?', '#', '@']) {
            return Err(BaseUrlError::MoreThanABase);
        }
        let uri: Uri = text.parse().map_err(|_| BaseUrlError::NotAnAddress)?;
        may_be_called(&uri)?;
        Ok(Self(text.trim_end_matches('/').to_owned()))
    }
}

/// Whether a request may go to this address: over TLS, or to this machine.
pub(crate) fn may_be_called(uri: &Uri) -> Result<(), BaseUrlError> {
    let host = uri.host().filter(|host| !host.is_empty());
    // Of a port that is too large `Uri` knows nothing, and the scheme's own would be called.
    let authority = uri.authority().map(|authority| authority.as_str());
    if uri.port().is_none() && authority != uri.host() {
        return Err(BaseUrlError::NotAnAddress);
    }
    match (uri.scheme_str(), host) {
        (Some("https"), Some(_)) => Ok(()),
        (Some("http"), Some(host)) if is_loopback(host) => Ok(()),
        (Some("http"), Some(_)) => Err(BaseUrlError::NotEncrypted),
        _ => Err(BaseUrlError::NotAnAddress),
    }
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || address.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_reaches_this_machine_only() {
        for kept in [
            "http://127.0.0.1:4010/",
            "http://[::1]:4010",
            "http://localhost",
            "https://a.example.in/base",
        ] {
            assert!(kept.parse::<BaseUrl>().is_ok(), "{kept}");
        }
        for (refused, why) in [
            ("http://10.0.0.1", BaseUrlError::NotEncrypted),
            ("http://127.0.0.1.example.in", BaseUrlError::NotEncrypted),
            ("http://localhost.example.in", BaseUrlError::NotEncrypted),
            ("http://localhost@example.in", BaseUrlError::MoreThanABase),
            ("https://example.in?x=1", BaseUrlError::MoreThanABase),
            ("http://127.0.0.1:99999", BaseUrlError::NotAnAddress),
            ("https://example.in:65536/base", BaseUrlError::NotAnAddress),
            ("http://[::1]:65536", BaseUrlError::NotAnAddress),
            ("ftp://example.in", BaseUrlError::NotAnAddress),
            ("example.in", BaseUrlError::NotAnAddress),
            ("/orders", BaseUrlError::NotAnAddress),
            ("", BaseUrlError::NotAnAddress),
        ] {
            assert_eq!(refused.parse::<BaseUrl>(), Err(why), "{refused}");
        }
    }

    #[test]
    fn a_slash_at_the_end_is_dropped() {
        let base: BaseUrl = "http://127.0.0.1:4010/".parse().unwrap();
        assert_eq!(base.as_str(), "http://127.0.0.1:4010");
    }
}
