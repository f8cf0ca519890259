//! What a sandbox is started with.

use std::path::PathBuf;
use std::time::Duration;

use enkash_types::{AccountNumber, Secret};

use crate::clock::SandboxClock;

/// What a sandbox is started with. The default is right for most; change what is not:
///
/// ```
/// use std::time::Duration;
/// use enkash_sandbox::Config;
///
/// let config = Config::new().with_port(4010).with_token_life(Duration::from_secs(60));
/// ```
#[derive(Debug, Clone)]
pub struct Config {
    /// Port on 127.0.0.1. 0, the default, takes a free one.
    pub port: u16,
    /// Who may call. The default is the same on every run; see `docs/sandbox.md`.
    pub credentials: Credentials,
    /// The sandbox's time. By default the machine's, which can be moved on.
    pub clock: SandboxClock,
    /// The file that keeps what happened; see [`with_data`](Self::with_data). None by default.
    pub data: Option<PathBuf>,
    /// Where ids and tokens start, and what [`Fault::percent`](crate::Fault::percent) is drawn by.
    /// The same seed, clock and calls give the same ids.
    pub seed: u64,
    /// Life of a merchant token. 24 hours; EnKash does not document its own.
    pub token_life: Duration,
    /// Life of an OAuth token. 86399 seconds, which most pages show.
    pub oauth_token_life: Duration,
    /// How the OAuth answer is spelled.
    pub oauth_spelling: Spelling,
    /// Whether calls that are sealed are answered sealed too. As it is documented, without this:
    /// payouts are, single sign-on is not.
    pub sealed_answers: Option<bool>,
    /// What a payment costs the merchant at its settlement, in hundredths of a percent of it; GST
    /// of 18 percent comes on top. 0.
    pub charge: u32,
    /// How often a notification is posted before the sandbox gives up: the first time at once,
    /// then after 1, 2, 4, 8 … seconds of the sandbox's clock. 6.
    pub webhook_tries: u32,
    /// The origins whose pages may call the checkout and frame it. With none, those of this
    /// machine may.
    pub checkout_origins: Vec<String>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            port: 0,
            credentials: Credentials::default(),
            clock: SandboxClock::real(),
            data: None,
            seed: 0,
            token_life: Duration::from_secs(24 * 60 * 60),
            oauth_token_life: Duration::from_secs(86_399),
            oauth_spelling: Spelling::Snake,
            sealed_answers: None,
            charge: 0,
            webhook_tries: 6,
            checkout_origins: Vec::new(),
        }
    }
}

impl Config {
    /// The default.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes this port of 127.0.0.1; 0 takes a free one.
    #[must_use]
    pub fn with_port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Lets these call.
    #[must_use]
    pub fn with_credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = credentials;
        self
    }

    /// Goes by this clock.
    #[must_use]
    pub fn with_clock(mut self, clock: SandboxClock) -> Self {
        self.clock = clock;
        self
    }

    /// Keeps everything in this file, which is made if it is not there: whoever starts with it
    /// again goes on where the last one stopped, or was killed. Every call is in it before it is
    /// answered. One sandbox at a time can have it open.
    ///
    /// It is a SQLite file. It holds names, e-mail addresses, phone numbers and free texts as they
    /// were given, and so belongs to nobody else. Of account numbers it has the last four
    /// characters, which is what is answered after a restart (customers are still found by the
    /// whole number, of which it has a hash); of cards the first six and last four digits, of
    /// tokens hashes, of keys, passwords, CVVs and OTPs nothing. Credentials and settings are not in
    /// it. `docs/sandbox.md` has more of it.
    #[must_use]
    pub fn with_data(mut self, file: impl Into<PathBuf>) -> Self {
        self.data = Some(file.into());
        self
    }

    /// Mints ids and tokens, and draws faults, from this seed on.
    #[must_use]
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Lets merchant tokens live this long.
    #[must_use]
    pub fn with_token_life(mut self, life: Duration) -> Self {
        self.token_life = life;
        self
    }

    /// Lets OAuth tokens live this long; whole seconds count.
    #[must_use]
    pub fn with_oauth_token_life(mut self, life: Duration) -> Self {
        self.oauth_token_life = life;
        self
    }

    /// Spells the OAuth answer this way.
    #[must_use]
    pub fn with_oauth_spelling(mut self, spelling: Spelling) -> Self {
        self.oauth_spelling = spelling;
        self
    }

    /// Answers sealed calls sealed, or all of them plain.
    #[must_use]
    pub fn with_sealed_answers(mut self, sealed: bool) -> Self {
        self.sealed_answers = Some(sealed);
        self
    }

    /// Charges the merchant so many hundredths of a percent of each payment: 200 is 2 percent.
    #[must_use]
    pub fn with_charge(mut self, hundredths_of_a_percent: u32) -> Self {
        self.charge = hundredths_of_a_percent;
        self
    }

    /// Posts a notification at most this often; 0 counts as 1.
    #[must_use]
    pub fn with_webhook_tries(mut self, tries: u32) -> Self {
        self.webhook_tries = tries;
        self
    }

    /// Lets pages of these origins (`https://shop.example.in`), and of no others, make the calls of
    /// EnKash's own browser checkout, and have the hosted page in a frame. At EnKash they are set per
    /// merchant. Without this, pages of this machine may: `localhost` and loopback addresses, at
    /// any port.
    #[must_use]
    pub fn with_checkout_origins<T: Into<String>>(
        mut self,
        origins: impl IntoIterator<Item = T>,
    ) -> Self {
        self.checkout_origins = origins.into_iter().map(Into::into).collect();
        self
    }
}

/// How the answer of `POST /oauth/token` spells its fields. EnKash documents both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Spelling {
    /// `access_token`, as on all pages but the newest.
    #[default]
    Snake,
    /// `accessToken`, as on the newest payouts page.
    Camel,
}

/// Who may call a sandbox. The default values are public and open nothing but a sandbox.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Credentials {
    /// For [`CreateMerchantToken`](enkash_types::gateway::CreateMerchantToken) and the header
    /// `merchantAccessKey`.
    pub access_key: Secret,
    /// For [`CreateMerchantToken`](enkash_types::gateway::CreateMerchantToken).
    pub secret_key: Secret,
    /// For the Basic header of the OAuth calls, and for `clientId` in their form.
    pub client_id: String,
    /// For the Basic header of the OAuth calls; bodies are sealed with it as well.
    pub client_secret: Secret,
    /// For the OAuth password grant.
    pub username: String,
    /// For the OAuth password grant.
    pub password: Secret,
    /// The company. It is taken as `clientId` too.
    pub company_id: String,
    /// For the header `partnerId`.
    pub partner_id: String,
    /// The account that payouts are paid from; `fundSourceId` of its calls.
    pub fund_source_id: String,
    /// Its number; `debitAccountNumber` of its calls.
    pub debit_account_number: AccountNumber,
}

impl Default for Credentials {
    fn default() -> Self {
        Self {
            access_key: "sandbox-access-key".into(),
            secret_key: "sandbox-secret-key".into(),
            client_id: "sandbox-client".to_owned(),
            client_secret: "sandbox-client-secret".into(),
            username: "user@example.in".to_owned(),
            password: "sandbox-password".into(),
            company_id: "CSANDBOX01".to_owned(),
            partner_id: "PSANDBOX01".to_owned(),
            fund_source_id: "FSANDBOX01".to_owned(),
            debit_account_number: "200300400500".into(),
        }
    }
}

impl Credentials {
    /// Whether a text is one of the secrets.
    pub(crate) fn hold(&self, text: &str) -> bool {
        [
            &self.access_key,
            &self.secret_key,
            &self.client_secret,
            &self.password,
        ]
        .iter()
        .any(|secret| secret.expose() == text)
    }
}
