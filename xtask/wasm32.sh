#!/usr/bin/env bash
# Runs a cargo command for wasm32-unknown-unknown on a Debian machine whose own toolchain has no
# such target: a second compiler from Debian's packages, unpacked into a cache folder, with the
# standard library built from its source. Nothing is installed.
#
#   xtask/wasm32.sh build -p enkash-types --no-default-features
#
# Where `rustup target add wasm32-unknown-unknown` works, use that instead.
set -euo pipefail
cache=${WASM32_TOOLCHAIN:-${XDG_CACHE_HOME:-$HOME/.cache}/enkash-wasm32}

unpack() {
  local new llvm
  new=$(mktemp -d "$cache.XXXXXX")
  trap 'rm -rf "$new"' EXIT
  # Lists of packages may be missing or old; where we may not renew them, those here have to do.
  if [[ $(id -u) == 0 ]]; then
    apt-get update -qq
  elif command -v sudo >/dev/null; then
    sudo -n apt-get update -qq || true
  fi
  mkdir "$new/debs"
  (
    cd "$new/debs"
    apt-get download -qq rustc-web libstd-rust-web-dev rust-web-src rust-web-llvm \
      "$(depends libstd-rust-web-dev 'libstd-rust-web-[0-9.]*')"
    # The compiler's own LLVM, and the linker of the same version.
    llvm=$(dpkg-deb -f libstd-rust-web-[0-9]*.deb Depends | grep -o 'libllvm[0-9]*' | head -1)
    apt-get download -qq "$llvm" "lld-${llvm#libllvm}"
    for deb in *.deb; do dpkg -x "$deb" "$new"; done
  )
  rm -rf "$new/debs" "$cache"
  mv "$new" "$cache"
}

# The package that a package depends on, by a pattern.
depends() { apt-cache depends "$1" | sed -n "s/.*Depends: \($2\)\$/\1/p" | head -1; }

if [[ ! -x $cache/usr/bin/rustc ]]; then
  mkdir -p "$(dirname "$cache")"
  unpack >&2
fi
cargo=$(command -v cargo)
command -v rustup >/dev/null && cargo=$(rustup which cargo)
export LD_LIBRARY_PATH=$cache/usr/lib/$(uname -m)-linux-gnu:$cache/usr/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
export PATH=$cache/usr/bin:$PATH RUSTC=$cache/usr/bin/rustc RUSTC_BOOTSTRAP=1
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-target/wasm32}
exec "$cargo" "$@" --target wasm32-unknown-unknown -Zbuild-std=std,panic_abort
