#!/usr/bin/env bash
# Runs the whole test suite: the unit tests on one core, while the others wait for servers and
# browsers. What the unit tests say is shown once the others are done.
set -uo pipefail
cd "$(dirname "$0")/.."

unit=$(mktemp)
.venv/bin/python -m pytest -q tests/unit >"$unit" 2>&1 &
waiting=$!
trap 'rm -f "$unit"' EXIT
trap 'kill "$waiting" 2>/dev/null; exit 130' INT TERM
.venv/bin/python -m pytest -q tests --ignore=tests/unit
others=$?
wait "$waiting"
units=$?
cat "$unit"
[ "$others" = 0 ] && [ "$units" = 0 ]
