//! `cargo xtask build`

use anyhow::{Context as _, bail};
use clap::Args;

use crate::layers::is_layer;
use crate::workspace::{Metadata, Steps, cargo, output, program, root};

/// Builds every layer alone, every feature alone, then all of it.
///
/// Proves that a downstream crate can take one layer, with the features that it needs and no
/// others, and that an embedded host can take the lower layers to WebAssembly.
///
/// Alone, crates are checked (`cargo check`); all together and for WebAssembly they are built.
#[derive(Args)]
pub(crate) struct Build {
    /// Also build types, crypto, transport, auth and api for wasm32-unknown-unknown, without
    /// default features.
    ///
    /// Takes the toolchain's own target where it is installed (`rustup target add
    /// wasm32-unknown-unknown`), else a second compiler from Debian's packages.
    #[arg(long)]
    wasm: bool,
}

const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// The layers that an embedded host takes.
const WASM_LAYERS: &[&str] = &[
    "enkash-types",
    "enkash-crypto",
    "enkash-transport",
    "enkash-auth",
    "enkash-api",
];

pub(crate) fn run(build: &Build) -> anyhow::Result<()> {
    let mut steps = Steps::new("build");
    for (name, arguments) in alone(&Metadata::read()?) {
        steps.command(name, &mut cargo(&arguments));
    }
    // Without the bench, as in `cargo xtask test` and for the same reason; nobody takes it, and clippy
    // has looked at it there.
    steps.command(
        "everything, all features",
        &mut cargo("build --workspace --exclude enkash-bench --all-features"),
    );
    if build.wasm {
        let wasm = wasm_cargo()?;
        for layer in WASM_LAYERS {
            let arguments = format!("build --package {layer} --no-default-features");
            let mut command = match wasm {
                WasmCargo::Own => {
                    let mut command = cargo(&arguments);
                    command.args(["--target", WASM_TARGET]);
                    command
                }
                WasmCargo::Script => {
                    let mut command = program(root().join("xtask/wasm32.sh"));
                    command.args(arguments.split_whitespace());
                    command
                }
            };
            steps.command(format!("{layer} for {WASM_TARGET}"), &mut command);
        }
    }
    steps.finish()
}

/// One check for each crate without features, and one for each feature of it.
fn alone(metadata: &Metadata) -> Vec<(String, String)> {
    let mut checks = Vec::new();
    for package in &metadata.packages {
        let name = &package.name;
        if !is_layer(name) {
            continue;
        }
        let bare = format!("check --package {name} --no-default-features");
        checks.push((format!("{name} without features"), bare.clone()));
        for feature in package.feature_names() {
            checks.push((
                format!("{name} with {feature} alone"),
                format!("{bare} --features {feature}"),
            ));
        }
    }
    checks
}

enum WasmCargo {
    /// The toolchain in use has the target.
    Own,
    /// It has not, and this is a Debian machine.
    Script,
}

fn wasm_cargo() -> anyhow::Result<WasmCargo> {
    let library =
        output(program("rustc").args(["--print", "target-libdir", "--target", WASM_TARGET]))
            .context("rustc")?;
    if std::path::Path::new(library.trim()).is_dir() {
        return Ok(WasmCargo::Own);
    }
    if output(program("apt-get").arg("--version")).is_ok() {
        return Ok(WasmCargo::Script);
    }
    bail!("this toolchain can't build for {WASM_TARGET}: run `rustup target add {WASM_TARGET}`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_crate_and_every_feature_is_checked_alone() {
        let metadata = Metadata::parse(
            r#"{"packages": [
                {"name": "enkash-types", "features": {"default": ["gateway"], "gateway": [], "schema": []}},
                {"name": "enkash-crypto"},
                {"name": "enkash-bench", "features": {"odd": []}}
            ]}"#,
        )
        .unwrap();
        let arguments: Vec<_> = alone(&metadata).into_iter().map(|check| check.1).collect();
        assert_eq!(
            arguments,
            [
                "check --package enkash-types --no-default-features",
                "check --package enkash-types --no-default-features --features gateway",
                "check --package enkash-types --no-default-features --features schema",
                "check --package enkash-crypto --no-default-features",
            ]
        );
    }

    #[test]
    fn the_layers_for_wasm_are_there() {
        let metadata = Metadata::read().unwrap();
        for layer in WASM_LAYERS {
            assert!(metadata.package(layer).is_some(), "{layer}");
        }
    }
}
