//! Where EnKash listens.

/// EnKash's two installations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Environment {
    /// For trying things out; EnKash calls it UAT.
    Test,
    /// Real money.
    Live,
}

/// The server that an operation is on. EnKash runs each family of products on a host of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Host {
    /// The payment gateway, called Olympus. The documentation names its test host alone; the
    /// live one was seen in a public integration.
    Gateway,
    /// Payouts, and the OAuth token of every product (*Generate Authentication Token*).
    Payouts,
    /// Cards, and the rewards routes below `/api/v0/partner/enKashCard`. The rewards pages name
    /// no host; the card guides give this one for the same routes.
    Cards,
    /// The verification suite. Its pages name no host at all.
    Verification,
}

impl Host {
    /// Its address, without a path; `None` where the documentation does not name it.
    #[must_use]
    pub const fn address(self, environment: Environment) -> Option<&'static str> {
        Some(match (self, environment) {
            (Self::Gateway, Environment::Test) => "https://olympus-pg-uat.enkash.in",
            (Self::Gateway, Environment::Live) => "https://olympus-pg.enkash.in",
            (Self::Payouts, Environment::Test) => "https://ekpayout-uat.enkash.in",
            (Self::Payouts, Environment::Live) => "https://api.enkash.in",
            (Self::Cards, Environment::Test) => "https://pay-uat.enkash.in",
            (Self::Cards, Environment::Live) => "https://pay.enkash.in",
            (Self::Verification, _) => return None,
        })
    }
}
