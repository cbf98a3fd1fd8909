#!/usr/bin/env bash
# Runs the whole test suite in two halves side by side: the one waits for servers and browsers that
# the other does not need. What the second says is shown once the first is done.
set -uo pipefail
cd "$(dirname "$0")/.."

apart=(tests/actions tests/booking tests/console tests/jobs tests/store tests/unit)
second=$(mktemp)
trap 'rm -f "$second"' EXIT

.venv/bin/python -m pytest -q "${apart[@]}" >"$second" 2>&1 &
waiting=$!
trap 'kill "$waiting" 2>/dev/null; exit 130' INT TERM
ignored=()
for folder in "${apart[@]}"; do
    ignored+=("--ignore=$folder")
done
.venv/bin/python -m pytest -q tests "${ignored[@]}"
first=$?
wait "$waiting"
other=$?
cat "$second"
[ "$first" = 0 ] && [ "$other" = 0 ]
