#![doc = include_str!("../README.md")]

mod auth;
mod clock;
mod config;
mod control;
mod faults;
mod gateway;
mod ids;
mod log;
mod oauth;
mod pay_page;
mod rewards;
mod router;
mod sandbox;
mod server;
mod time;
mod tokens;
mod webhooks;
mod world;

pub use clock::SandboxClock;
pub use config::{Config, Credentials, Spelling};
pub use faults::{Fault, FaultKind};
pub use log::LoggedCall;
pub use sandbox::{InProcess, Sandbox};
pub use webhooks::{Delivery, DeliveryState, Try};
