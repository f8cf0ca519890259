//! The encoding, both halves of it: a client encodes requests and decodes answers, a server
//! decodes requests and encodes answers. No transport is needed: build the request here, send it
//! by any means, decode the answer here.

mod answer;
mod fields;
mod request;

pub use answer::{AnswerError, Refusal, answer, decode, decode_fields, decode_undeclared, refuse};
#[cfg(feature = "basic")]
pub use request::basic;
pub use request::{
    AGENT, EncodeError, Seal, bearer, companion, encode, encode_fields, opened, path_fields, read,
    sealed, unsealed,
};
