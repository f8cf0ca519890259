//! The declaration of an endpoint, and the facts that stand in it.
//!
//! The facts are closed sets: a new one has to be answered by every layer that acts on it, and the
//! compiler says where.

use garde::Validate;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::environment::Host;

/// A request, with the facts of its endpoint.
///
/// It is implemented by a declaration beside the request type; see [`Operation`] for what a
/// declaration says. Client, sandbox, command, coverage table and contract check all follow it.
///
/// ```
/// use enkash_types::gateway::CreateOrder;
/// use enkash_types::{Auth, Endpoint, Method};
///
/// assert_eq!(CreateOrder::OPERATION.method, Method::Post);
/// assert_eq!(CreateOrder::OPERATION.path, "/api/v0/orders");
/// assert_eq!(CreateOrder::OPERATION.auth, Auth::Merchant);
/// ```
pub trait Endpoint:
    Serialize + DeserializeOwned + Validate<Context = ()> + Send + Sync + 'static
{
    /// What a successful call answers.
    type Answer: Serialize + DeserializeOwned + Send + Sync + 'static;

    /// The facts.
    const OPERATION: &'static Operation;

    /// What an answer lacks that says too little to be one.
    ///
    /// Where an answer is documented in part, none of its fields is required, and any JSON would pass
    /// for it: that of a server under maintenance, or of a proxy. So some have to hold something that
    /// tells them from those.
    #[must_use]
    fn lacks(_answer: &Self::Answer) -> Option<&'static str> {
        None
    }
}

/// A message that EnKash sends to the merchant, with the facts of it.
pub trait Webhook: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// The facts. Its path is empty: the merchant says where it goes.
    const OPERATION: &'static Operation;
}

/// The facts of one endpoint, as they stand in its declaration.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Operation {
    /// Its name, unique over all products: `create_order`.
    pub name: &'static str,
    /// Further names of the same call: several products document one `POST /oauth/token`.
    pub also: &'static [&'static str],
    /// The product that it belongs to.
    pub product: Product,
    /// HTTP method.
    pub method: Method,
    /// Path on the host; `{name}` stands for the field of that name.
    pub path: &'static str,
    /// The server that it is on.
    pub host: Host,
    /// What the call carries to say who is asking.
    pub auth: Auth,
    /// Headers that go beside `Authorization`.
    pub headers: &'static [Header],
    /// Fields that go into the query of a call that has a body. (All fields of a GET or DELETE
    /// that are not in the path do; they are not listed here.)
    pub query: &'static [&'static str],
    /// How the fields that are neither in the path nor in the query travel.
    pub body: Body,
    /// Whether the body travels sealed, as `{"request": "<base64 of AES ciphertext>"}`.
    pub sealed: bool,
    /// Where in the body a checksum is asked for.
    pub checksum: Checksummed,
    /// How the answer is wrapped.
    pub envelope: Envelope,
    /// What may be done after an answer was lost.
    pub replay: Replay,
    /// Title of the page of EnKash's documentation.
    pub docs: &'static str,
}

impl Operation {
    /// The names of the fields that stand in the path, in order.
    pub fn path_fields(&self) -> impl Iterator<Item = &'static str> {
        self.path
            .split('/')
            .filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
    }

    /// Whether all of its fields go into the body: none into the path, none into the query.
    #[must_use]
    pub const fn is_all_in_body(&self) -> bool {
        let path = self.path.as_bytes();
        let mut index = 0;
        while index < path.len() {
            if path[index] == b'{' {
                return false;
            }
            index += 1;
        }
        !self.has_query()
    }

    /// Whether any of its fields can go into the query.
    #[must_use]
    pub const fn has_query(&self) -> bool {
        self.method.has_query() || !self.query.is_empty()
    }

    /// Whether a field that is not in the path goes into the query, rather than the body.
    #[must_use]
    pub fn is_in_query(&self, field: &str) -> bool {
        self.method.has_query() || self.query.contains(&field)
    }

    /// Whether its answer may come in another envelope than its own: its page was not read, or
    /// the pages of its product do not agree.
    #[must_use]
    pub const fn takes_any_envelope(&self) -> bool {
        matches!(self.envelope, Envelope::Any | Envelope::Text) || self.product.mixes_envelopes()
    }
}

/// A family of EnKash's products.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Product {
    /// What several products share: the OAuth token.
    Shared,
    /// Payment gateway.
    Gateway,
    /// Payouts: money out of an EnKash account.
    Payouts,
    /// The verification suite.
    Verification,
    /// Rewards and incentives.
    Rewards,
}

impl Product {
    /// Its name in modules, features and the command.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Shared => "shared",
            Self::Gateway => "gateway",
            Self::Payouts => "payouts",
            Self::Verification => "verification",
            Self::Rewards => "rewards",
        }
    }

    /// Whether its pages show answers in several envelopes, so that on each of its calls any of
    /// them has to be reckoned with. Payouts show three.
    #[must_use]
    pub const fn mixes_envelopes(self) -> bool {
        matches!(self, Self::Payouts)
    }
}

/// HTTP methods that EnKash uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// `GET`; fields go into the query.
    Get,
    /// `POST`; fields go into the body.
    Post,
    /// `PUT`; fields go into the body.
    Put,
    /// `PATCH`; fields go into the body.
    Patch,
    /// `DELETE`; fields go into the query.
    Delete,
}

impl Method {
    /// The method as HTTP writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    /// Whether fields go into the query rather than the body.
    #[must_use]
    pub const fn has_query(self) -> bool {
        matches!(self, Self::Get | Self::Delete)
    }
}

/// What a call carries in its `Authorization` header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Auth {
    /// Nothing.
    None,
    /// `Basic` and the OAuth client's id and secret.
    Client,
    /// `Bearer` and the token of `create_merchant_token`.
    Merchant,
    /// `Bearer` and the token of the OAuth password grant.
    OAuth,
    /// The documentation does not say. Whoever makes such a call has to be told by EnKash.
    Unknown,
}

impl Auth {
    /// Its name in lists.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Client => "client",
            Self::Merchant => "merchant",
            Self::OAuth => "oauth",
            Self::Unknown => "unknown",
        }
    }
}

/// A header that some calls want beside `Authorization`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Header {
    /// `merchantAccessKey`: the account's access key.
    MerchantAccessKey,
    /// `partnerId`: minted by EnKash at onboarding; names the integrating partner.
    PartnerId,
}

impl Header {
    /// The header as the documentation writes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::MerchantAccessKey => "merchantAccessKey",
            Self::PartnerId => "partnerId",
        }
    }
}

/// How a request's body is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Body {
    /// `application/json`.
    Json,
    /// `application/x-www-form-urlencoded`.
    Form,
}

/// Where in a body EnKash asks for a checksum.
///
/// Neither its field's name nor its algorithm is documented, nor whether it has to be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Checksummed {
    /// Nowhere.
    No,
    /// Once, over the body.
    Body,
    /// In each item of the list in this field.
    Each(&'static str),
}

/// How an answer is wrapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Envelope {
    /// `response_code`, `response_message`, `payload`; code 0 is success.
    Standard,
    /// `code`, `message`, `payload`; code 0 is success.
    Code,
    /// The fields themselves, with a code beside them or none; 0 and 200 are success
    /// (`resultCode` is 0 on one page of the token call and 200 on another).
    Flat,
    /// `response_code` as a text, `response_message`, and beside them the fields themselves, among
    /// which a list stands under `data`; code 0 is success.
    Data,
    /// The fields themselves; the HTTP status alone says how it went.
    None,
    /// The page's answer was not read: JSON, in whichever of these it comes.
    Any,
    /// As `Any`; and a body that is no JSON is the answer as well, as a text.
    Text,
}

/// What may be done when a request may have arrived and its answer was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Replay {
    /// Send it again: it changes nothing, or nothing that matters twice.
    Safe,
    /// Look it up by the id in this field, which the merchant minted, before sending it again.
    ByMerchantId(&'static str),
    /// Nothing: report that the outcome is unknown.
    Never,
}

/// Declares the endpoint of a request type.
macro_rules! endpoint {
    (
        $request:ty => $answer:ty {
            name: $name:literal,
            $(also: [$($also:literal),+ $(,)?],)?
            call: $method:ident $path:literal,
            product: $product:ident,
            host: $host:ident,
            auth: $auth:ident,
            $(headers: [$($header:ident),+],)?
            $(query: [$($query:literal),+],)?
            $(body: $body:ident,)?
            $(sealed: $sealed:literal,)?
            $(checksum: $checksum:ident $(($list:literal))?,)?
            envelope: $envelope:ident,
            replay: $replay:ident $(($field:literal))?,
            docs: $docs:literal,
            $(lacks: $lacks:path,)?
        }
    ) => {
        impl $crate::endpoint::Endpoint for $request {
            type Answer = $answer;

            const OPERATION: &'static $crate::endpoint::Operation = &$crate::endpoint::Operation {
                name: $name,
                also: &[$($($also),+)?],
                product: $crate::endpoint::Product::$product,
                method: $crate::endpoint::Method::$method,
                path: $path,
                host: $crate::environment::Host::$host,
                auth: $crate::endpoint::Auth::$auth,
                headers: &[$($($crate::endpoint::Header::$header),+)?],
                query: &[$($($query),+)?],
                body: $crate::endpoint::given_or!($($crate::endpoint::Body::$body)?, $crate::endpoint::Body::Json),
                sealed: $crate::endpoint::given_or!($($sealed)?, false),
                checksum: $crate::endpoint::given_or!(
                    $($crate::endpoint::Checksummed::$checksum $(($list))?)?,
                    $crate::endpoint::Checksummed::No
                ),
                envelope: $crate::endpoint::Envelope::$envelope,
                replay: $crate::endpoint::Replay::$replay $(($field))?,
                docs: $docs,
            };

            $(fn lacks(answer: &Self::Answer) -> Option<&'static str> {
                $lacks(answer)
            })?
        }
    };
}

/// Declares a message that EnKash sends.
macro_rules! webhook {
    (
        $message:ty {
            name: $name:literal,
            product: $product:ident,
            docs: $docs:literal,
        }
    ) => {
        impl $crate::endpoint::Webhook for $message {
            const OPERATION: &'static $crate::endpoint::Operation = &$crate::endpoint::Operation {
                name: $name,
                also: &[],
                product: $crate::endpoint::Product::$product,
                method: $crate::endpoint::Method::Post,
                path: "",
                host: $crate::environment::Host::$product,
                auth: $crate::endpoint::Auth::None,
                headers: &[],
                query: &[],
                body: $crate::endpoint::Body::Json,
                sealed: false,
                checksum: $crate::endpoint::Checksummed::No,
                envelope: $crate::endpoint::Envelope::None,
                replay: $crate::endpoint::Replay::Safe,
                docs: $docs,
            };
        }
    };
}

/// The fact that the declaration gives, or else the usual one.
macro_rules! given_or {
    (, $usual:expr) => {
        $usual
    };
    ($given:expr, $usual:expr) => {
        $given
    };
}

pub(crate) use {endpoint, given_or, webhook};
