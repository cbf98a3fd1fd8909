#!/usr/bin/env bash
# Builds the chat widget into the Python package where Node is present. Without Node, or without a
# network for its packages, the file that is kept in the package serves.
set -euo pipefail
cd "$(dirname "$0")/../widget"

say() { printf '%s\n' "$*" >&2; }

is_node_20() { node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20 ? 1 : 0)' 2>/dev/null; }

command -v npm >/dev/null 2>&1 && is_node_20 || exit 0

# Of all that the built file comes from, and of the file itself.
state() {
    find src build.mjs package-lock.json ../bot/channels/static/widget.js -type f -print0 |
        LC_ALL=C sort -z | xargs -0 cat | cksum
}
stamp=node_modules/.built
[ -f "$stamp" ] && [ "$(cat "$stamp")" = "$(state)" ] && exit 0

lock=$(cksum <package-lock.json)
if [ ! -f node_modules/.installed ] || [ "$(cat node_modules/.installed)" != "$lock" ]; then
    say "[widget] Installing its locked packages ..."
    if ! npm ci --ignore-scripts --no-audit --no-fund --silent --fetch-retries=1; then
        say "[widget] They could not be installed (npm ci in widget/ says why): the widget that is kept in the package is used."
        exit 0
    fi
    printf '%s' "$lock" >node_modules/.installed
fi
say "[widget] $(node build.mjs)"
state >"$stamp"
