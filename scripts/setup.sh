#!/usr/bin/env bash
# Creates .venv from the hash-locked requirements: scripts/setup.sh [runtime|dev]
# Needs only Python 3.10 (python3.10 on the path, under pyenv, or known to uv).
set -euo pipefail
cd "$(dirname "$0")/.."
want=${1:-runtime}
export UV_PYTHON_DOWNLOADS=never

say() { printf '%s\n' "$*" >&2; }

is_310() { "$1" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 10))' >/dev/null 2>&1; }

find_python() {
    local candidate
    for candidate in python3.10 python3 python \
        "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.10.*/bin/python; do
        if command -v "$candidate" >/dev/null 2>&1 && is_310 "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
    if command -v uv >/dev/null 2>&1; then
        uv python find 3.10 2>/dev/null && return
    fi
    return 1
}

stamp=.venv/.installed-$want
lock_hash=$(cat requirements/runtime.txt requirements/dev.txt pyproject.toml | cksum)
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$lock_hash" ] && is_310 .venv/bin/python; then
    exit 0
fi

python=$(find_python) || {
    say "Python 3.10 was not found. Install it (for example: pyenv install 3.10, or uv python install 3.10) and run this again."
    exit 1
}
if [ ! -x .venv/bin/python ] || ! is_310 .venv/bin/python; then
    say "[1/3] Creating the environment with $("$python" --version) ..."
    rm -rf .venv
    "$python" -m venv .venv || {
        say "The environment could not be created. On Debian: apt-get install python3.10-venv."
        exit 1
    }
fi
uv=$(command -v uv || true)
if [ -z "$uv" ]; then
    say "      Installing uv into the environment ..."
    .venv/bin/python -m pip install -q uv
    uv=.venv/bin/uv
fi
say "[2/3] Installing the locked packages ($want), about half a minute ..."
locks=(-r requirements/runtime.txt)
[ "$want" = dev ] && locks+=(-r requirements/dev.txt)
"$uv" pip install -q --compile-bytecode --python .venv/bin/python --require-hashes "${locks[@]}"
say "[3/3] Installing BackCoach itself ..."
"$uv" pip install -q --python .venv/bin/python --no-deps --no-build-isolation -e .
rm -f .venv/.installed-*
printf '%s' "$lock_hash" >"$stamp"
[ "$want" = dev ] && printf '%s' "$lock_hash" >.venv/.installed-runtime
exit 0
