//! Calls that an input makes, one after the other, to a sandbox of its own.

mod calls;
mod page;
mod seeds;
mod surface;

use bytes::Bytes;
use enkash_crypto::PayloadKey;
use enkash_sandbox::{Config, DeliveryState, Sandbox, SandboxClock};
use enkash_transport::{BaseUrl, wire};
use enkash_types::Secret;
use futures_util::FutureExt as _;
use http::{Request, Response, StatusCode};
use serde_json::Value;
use tokio::runtime::Runtime;

use self::calls::CALL;
pub use self::seeds::seeds;
use self::surface::Surface;
use crate::choices::Choices;
use crate::known::Known;

/// So many calls are kept by a sandbox, as it says, and so many webhooks that do not wait.
const KEPT: usize = 1000;

/// A call in the log takes so many bytes at most, whatever came.
const LOGGED: usize = 64 * 1024;

/// Makes the calls of an input.
///
/// # Panics
///
/// If the sandbox does what it must not.
pub fn run(input: &[u8]) {
    thread_local! {
        static RUNTIME: Runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
    }
    RUNTIME.with(|runtime| {
        let config = Config::new().with_clock(SandboxClock::manual());
        let sandbox = runtime
            .block_on(Sandbox::start(config))
            .expect("a free port");
        // The tasks of the sandbox stand still while the runtime is not driven, so no notification
        // leaves for an address that the input made up.
        let entered = runtime.enter();
        let mut run = Run::new(&sandbox);
        for call in input.chunks(CALL) {
            run.call(Choices::new(call));
        }
        run.look_at_what_is_kept();
        drop(entered);
        runtime.block_on(sandbox.stop());
    });
}

/// A sandbox, and what the calls before have told of it.
struct Run<'a> {
    sandbox: &'a Sandbox,
    base: BaseUrl,
    key: PayloadKey,
    merchant_token: Secret,
    oauth_token: Secret,
    surface: &'static Surface,
    known: Known,
    /// Addresses in answers, the oldest first.
    links: Vec<String>,
    /// Names of the fields of forms, the oldest first.
    fields: Vec<String>,
    last: Option<Request<Bytes>>,
    /// How many things the merchant has named.
    named: u32,
    /// Whether a fault was asked for, so that answers may be wrong.
    is_faulty: bool,
    was_flooded: bool,
}

impl<'a> Run<'a> {
    /// With tokens, got with the right credentials.
    fn new(sandbox: &'a Sandbox) -> Self {
        let credentials = sandbox.credentials();
        let mut run = Self {
            sandbox,
            base: sandbox.base_url(),
            key: PayloadKey::from_client_secret(credentials.client_secret.expose()),
            merchant_token: Secret::new(""),
            oauth_token: Secret::new(""),
            surface: Surface::of(sandbox),
            known: Known::default(),
            links: Vec::new(),
            fields: Vec::new(),
            last: None,
            named: 0,
            is_faulty: false,
            was_flooded: false,
        };
        for (name, text) in [
            ("accessKey", credentials.access_key.expose()),
            ("merchantIdentifierKey", credentials.access_key.expose()),
            ("secretKey", credentials.secret_key.expose()),
            ("grant_type", "password"),
            ("clientId", &credentials.client_id),
            ("username", &credentials.username),
            ("password", credentials.password.expose()),
            // Instruments with which a payment succeeds.
            ("bankCode", "SBOK"),
            ("cardNumber", "4111111111111111"),
            ("otp", "123456"),
            ("vpa", "success@sandbox"),
        ] {
            run.known.note(name, text);
        }
        let fields = ["accessKey", "secretKey"];
        run.merchant_token = run.token("create_merchant_token", &fields, "token");
        let fields = ["grant_type", "clientId", "username", "password"];
        run.oauth_token = run.token("generate_payout_token", &fields, "access_token");
        run
    }

    fn token(&mut self, operation: &str, fields: &[&str], name: &str) -> Secret {
        let declared = enkash_types::operation(operation).expect(operation);
        let fields = fields.iter().map(|name| {
            let known = self.known.named(name).first();
            ((*name).to_owned(), known.map_or("", String::as_str).into())
        });
        let mut request = wire::encode_fields(&self.base, declared.operation, fields.collect())
            .expect("credentials can be encoded");
        self.authorise(&mut request, declared.operation, 0);
        let response = self.send(request).expect("a token");
        let answer: Value = serde_json::from_slice(response.body()).expect("JSON");
        let token = answer["payload"].get(name).or(answer.get(name));
        Secret::new(token.and_then(Value::as_str).expect(name))
    }

    /// Sends a request. No answer comes where a fault ends the connection or makes it wait.
    fn send(&mut self, request: Request<Bytes>) -> Option<Response<Bytes>> {
        self.last = Some(request.clone());
        let path = request.uri().path().to_owned();
        let response = self.sandbox.handle(request).now_or_never()?.ok()?;
        assert_ne!(
            response.status(),
            StatusCode::INTERNAL_SERVER_ERROR,
            "{path}: the sandbox failed"
        );
        if let Ok(text) = std::str::from_utf8(response.body()) {
            self.learn(&path, text);
        }
        Some(response)
    }

    /// Takes in what an answer holds that later calls can use.
    fn learn(&mut self, path: &str, text: &str) {
        /// So many links and names are kept; the oldest go first.
        const MOST: usize = 32;
        let keep = |kept: &mut Vec<String>, text: String| {
            if text.len() <= 200 && !kept.contains(&text) {
                if kept.len() >= MOST {
                    kept.remove(0);
                }
                kept.push(text);
            }
        };
        let here = self.base.as_str();
        if let Ok(answer) = serde_json::from_str(text) {
            // Of what the log holds, all was told before.
            if path != "/_sandbox/calls" {
                self.known.learn(&answer);
            }
            for (at, _) in text.match_indices(here) {
                let link = text[at + here.len()..].split('"').next();
                keep(&mut self.links, link.unwrap_or_default().to_owned());
            }
            return;
        }
        for tag in page::tags(text) {
            for link in ["href", "action", "formaction"] {
                if let Some(link) = page::attribute(tag, link) {
                    let link = link.strip_prefix(here).unwrap_or(&link).to_owned();
                    if link.starts_with('/') {
                        keep(&mut self.links, link);
                    }
                }
            }
            if let Some(name) = page::attribute(tag, "name") {
                if let Some(value) = page::attribute(tag, "value") {
                    self.known.note(&name, &value);
                }
                keep(&mut self.fields, name);
            }
        }
    }

    /// However much came, only so much of it is kept.
    fn look_at_what_is_kept(&self) {
        let calls = self.sandbox.calls();
        assert!(calls.len() <= KEPT, "{} calls are kept", calls.len());
        for call in calls.iter().rev().take(64) {
            let bytes = serde_json::to_string(call).map_or(0, |text| text.len());
            assert!(bytes <= LOGGED, "{} is kept in {bytes} bytes", call.path);
        }
        let webhooks = self.sandbox.webhooks();
        let waits = |state| state == DeliveryState::Waiting;
        let done = webhooks
            .iter()
            .filter(|webhook| !waits(webhook.state))
            .count();
        assert!(done <= KEPT, "{done} webhooks are kept");
    }
}
