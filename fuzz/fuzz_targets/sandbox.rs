//! Calls a sandbox: a few requests of any form, one after the other, on one sandbox.

#![no_main]

use enkash_fuzz::{sandbox, seeds};
use libfuzzer_sys::fuzz_target;

fuzz_target!(init: seeds::write(sandbox::seeds()), |input: &[u8]| {
    sandbox::run(input);
});
