//! `cargo xtask layers`

use std::collections::{BTreeMap, BTreeSet};

use anyhow::bail;
use clap::Args;

use crate::workspace::{Metadata, cargo, output};

/// Checks which crate leans on which.
///
/// Proves that the arrows between our crates go down only, as docs/architecture.md draws them;
/// that enkash-types and enkash-crypto reach no crate that does I/O; and that enkash-transport
/// without features pulls in no TLS and no async runtime.
#[derive(Args)]
pub(crate) struct Layers {}

/// The crates, lowest first, each with those right below it. A crate may use whatever it reaches
/// by these arrows, and nothing else of ours.
const LAYERS: &[(&str, &[&str])] = &[
    ("enkash-types", &[]),
    ("enkash-crypto", &[]),
    ("enkash-transport", &["enkash-types"]),
    ("enkash-auth", &["enkash-transport"]),
    ("enkash-api", &["enkash-auth", "enkash-crypto"]),
    ("enkash-webhook", &["enkash-types", "enkash-crypto"]),
    ("enkash-sandbox", &["enkash-transport", "enkash-crypto"]),
    ("enkash-bulk", &["enkash-api"]),
    (
        "enkash-cli",
        &[
            "enkash-bulk",
            "enkash-sandbox",
            "enkash-webhook",
            "enkash-api",
        ],
    ),
];

/// What is built for this workspace alone. It may use all layers, and no layer may use it.
const TOOLS: &[&str] = &[
    "xtask",
    "xtask-browser",
    "xtask-contract",
    "xtask-crash",
    "enkash-bench",
];

/// Crates that do I/O, and what they do. One of them in the tree of a pure layer means that a user
/// who wanted plain data got a network stack. Add what else would.
const IO: &[(&str, &str)] = &[
    (
        "runs futures",
        "tokio mio async-std async-executor async-global-executor async-io smol polling glommio \
         monoio compio embassy-executor futures-executor",
    ),
    (
        "opens sockets",
        "socket2 async-net hickory-resolver hickory-proto quinn quinn-udp smoltcp",
    ),
    (
        "speaks TLS",
        "rustls tokio-rustls native-tls openssl openssl-sys boring schannel security-framework \
         rustls-native-certs rustls-platform-verifier",
    ),
    (
        "speaks HTTP",
        "hyper hyper-util hyper-rustls reqwest h2 h3 ureq isahc curl curl-sys attohttpc axum \
         actix-web warp tonic tungstenite",
    ),
    ("calls a browser", "web-sys wasm-bindgen gloo-net"),
    (
        "opens files or starts processes",
        "async-fs async-process tempfile walkdir notify memmap2 fs-err cap-std rusqlite \
         libsqlite3-sys sqlx",
    ),
    ("makes system calls", "rustix nix"),
];

/// Features of a pure layer that are for tests and tools: they may bring what they need.
const TOOL_FEATURES: &[&str] = &["proptest", "schema"];

pub(crate) fn run(Layers {}: &Layers) -> anyhow::Result<()> {
    let metadata = Metadata::read()?;
    let mut wrong = wrong_arrows(&metadata);

    for name in ["enkash-types", "enkash-crypto"] {
        let Some(package) = metadata.package(name) else {
            wrong.push(format!("{name} is not in the workspace"));
            continue;
        };
        let features: Vec<_> = package
            .feature_names()
            .filter(|feature| !TOOL_FEATURES.contains(feature))
            .collect();
        wrong.extend(io_below(&tree(name, &features)?));
    }
    wrong.extend(io_below(&tree("enkash-transport", &[])?));

    if !wrong.is_empty() {
        bail!("layers: {} wrong\n  {}", wrong.len(), wrong.join("\n  "));
    }
    println!("layers: the arrows go down only; types, crypto and bare transport do no I/O");
    Ok(())
}

/// Arrows between our crates that are not drawn, and crates that have no place. Tests and
/// examples of a crate may use what they like, so its dev-dependencies don't count.
fn wrong_arrows(metadata: &Metadata) -> Vec<String> {
    let ours: BTreeSet<&str> = metadata
        .packages
        .iter()
        .map(|package| package.name.as_str())
        .collect();
    let mut wrong = Vec::new();
    for package in &metadata.packages {
        let name = package.name.as_str();
        if TOOLS.contains(&name) {
            continue;
        }
        let Some(below) = below(name) else {
            wrong.push(format!("{name} has no place in the layers"));
            continue;
        };
        for dependency in &package.dependencies {
            let used = dependency.name.as_str();
            if dependency.kind.as_deref() != Some("dev")
                && ours.contains(used)
                && !below.contains(used)
            {
                wrong.push(format!("{name} uses {used}, which is not below it"));
            }
        }
    }
    wrong
}

/// Whether a crate is a layer, rather than a tool of this workspace.
pub(crate) fn is_layer(name: &str) -> bool {
    LAYERS.iter().any(|(layer, _)| *layer == name)
}

/// Every layer that this one reaches by the arrows.
fn below(layer: &str) -> Option<BTreeSet<&'static str>> {
    let arrows: BTreeMap<_, _> = LAYERS.iter().copied().collect();
    let mut found = BTreeSet::new();
    let mut open: Vec<_> = arrows.get(layer)?.to_vec();
    while let Some(next) = open.pop() {
        if found.insert(next) {
            open.extend(arrows.get(next).copied().unwrap_or_default());
        }
    }
    Some(found)
}

/// What a crate is built of when it is built alone, one crate a line, each after its depth.
///
/// `cargo metadata` can't tell: it unites the features of all members, and so has the transports
/// that one member turns on in the tree of every other.
fn tree(name: &str, features: &[&str]) -> anyhow::Result<String> {
    let mut command = cargo("tree --edges normal --target all --prefix depth --format {p}");
    command.args(["--package", name, "--no-default-features"]);
    if !features.is_empty() {
        command.args(["--features", &features.join(",")]);
    }
    output(&mut command)
}

/// The ways that lead from the top of a tree to a crate that does I/O.
fn io_below(tree: &str) -> Vec<String> {
    let mut way: Vec<&str> = Vec::new();
    let mut found = BTreeSet::new();
    for line in tree.lines() {
        let digits = line.bytes().take_while(u8::is_ascii_digit).count();
        let (depth, package) = line.split_at(digits);
        let (Ok(depth), Some(name)) = (depth.parse(), package.split_whitespace().next()) else {
            continue;
        };
        way.truncate(depth);
        way.push(name);
        for (does, crates) in IO {
            if crates.split_whitespace().any(|io| io == name) {
                found.insert(format!("{}: {name} {does}", way.join(" -> ")));
            }
        }
    }
    found.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metadata(packages: serde_json::Value) -> Metadata {
        Metadata::parse(&serde_json::json!({ "packages": packages }).to_string()).unwrap()
    }

    #[test]
    fn arrows_that_go_down_pass() {
        let metadata = metadata(serde_json::json!([
            {"name": "enkash-types", "dependencies": [{"name": "serde", "kind": null}]},
            {"name": "enkash-transport", "dependencies": [{"name": "enkash-types", "kind": null}]},
            {"name": "enkash-sandbox", "dependencies": []},
            {"name": "enkash-api", "dependencies": [
                {"name": "enkash-types", "kind": null},
                {"name": "enkash-sandbox", "kind": "dev"},
            ]},
            {"name": "xtask", "dependencies": [{"name": "enkash-types", "kind": null}]},
        ]));
        assert_eq!(wrong_arrows(&metadata), Vec::<String>::new());
    }

    #[test]
    fn arrows_that_go_up_or_aside_are_found() {
        let metadata = metadata(serde_json::json!([
            {"name": "enkash-types", "dependencies": [{"name": "enkash-transport", "kind": null}]},
            {"name": "enkash-transport", "dependencies": [{"name": "enkash-crypto", "kind": "build"}]},
            {"name": "enkash-crypto", "dependencies": []},
            {"name": "enkash-sandbox", "dependencies": [{"name": "enkash-api", "kind": null}]},
            {"name": "enkash-api", "dependencies": [{"name": "xtask", "kind": null}]},
            {"name": "enkash-novelty", "dependencies": []},
            {"name": "xtask", "dependencies": []},
        ]));
        assert_eq!(
            wrong_arrows(&metadata),
            [
                "enkash-types uses enkash-transport, which is not below it",
                "enkash-transport uses enkash-crypto, which is not below it",
                "enkash-sandbox uses enkash-api, which is not below it",
                "enkash-api uses xtask, which is not below it",
                "enkash-novelty has no place in the layers",
            ]
        );
    }

    #[test]
    fn no_layer_is_below_itself() {
        for (layer, _) in LAYERS {
            assert!(!below(layer).unwrap().contains(layer), "{layer}");
        }
    }

    #[test]
    fn a_crate_that_does_io_is_found_with_the_way_to_it() {
        let tree = "\
0enkash-types v0.1.0 (/somewhere)
1garde v0.23.0
2smallvec v1.15.0
2rand v0.9.0
3tokio v1.48.0
1serde v1.0.0
2mio v1.0.0
";
        assert_eq!(
            io_below(tree),
            [
                "enkash-types -> garde -> rand -> tokio: tokio runs futures",
                "enkash-types -> serde -> mio: mio runs futures",
            ]
        );
        assert!(io_below("0enkash-types v0.1.0\n1serde v1.0.0\n").is_empty());
    }
}
