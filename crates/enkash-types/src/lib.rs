#![doc = include_str!("../README.md")]
// What products share is not all used where only some of them are built.
#![cfg_attr(
    not(all(
        feature = "gateway",
        feature = "payouts",
        feature = "rewards",
        feature = "verification"
    )),
    allow(dead_code, unused_macros, unused_imports)
)]

mod card;
mod date;
mod endpoint;
mod environment;
mod extra;
mod open_enum;
mod page;
pub mod read;
mod registry;
mod rupees;
mod secret;
mod text;
mod unconfirmed;
mod unread;
mod valid;

#[cfg(feature = "gateway")]
pub mod gateway;
pub mod oauth;
#[cfg(feature = "payouts")]
pub mod payouts;
#[cfg(feature = "rewards")]
pub mod rewards;
#[cfg(feature = "proptest")]
pub mod strategies;
#[cfg(feature = "verification")]
pub mod verification;

pub use card::{CardExpiry, CardNumber, Cvv};
pub use date::{Date, LocalDateTime, Timestamp};
pub use endpoint::{
    Auth, Body, Checksummed, Endpoint, Envelope, Header, Method, Operation, Product, Replay,
    Webhook,
};
pub use environment::{Environment, Host};
pub use extra::Extra;
pub use page::{Direction, Page};
pub use registry::{Check, CheckError, Checked, Declared, OPERATIONS, operation, operations};
pub use rupees::{Rupees, RupeesError};
pub use secret::{HIDDEN, Secret, masked, masked_text};
pub use text::{
    AccountNumber, CompanyId, DateTime, Email, Ifsc, MobileNumber, PersonName, PhoneNumber, Vpa,
    WebAddress,
};
pub use unconfirmed::{Notice, Unconfirmed, fingerprint};
pub use valid::{Broken, IntoValid, Valid, Violation, Violations};
