#![doc = include_str!("../README.md")]

mod agenda;
mod auth;
mod background;
mod browser;
mod by_hand;
mod checkout;
mod clock;
mod config;
mod control;
mod dashboard;
mod faults;
mod gateway;
mod hash;
mod html;
mod ids;
mod log;
mod oauth;
mod rewards;
mod router;
mod sandbox;
mod server;
mod state;
mod store;
mod table;
mod time;
mod tokens;
mod webhooks;
mod world;

pub use by_hand::NotDone;
pub use clock::SandboxClock;
pub use config::{Config, Credentials, Spelling};
pub use faults::{Fault, FaultKind};
pub use log::LoggedCall;
pub use sandbox::{InProcess, Sandbox};
pub use webhooks::{Delivery, DeliveryState, Try};
