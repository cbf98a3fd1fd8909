# run · test · setup · lint · unit · bench-safety · bench-nlu · bench-sms: each bootstraps what it needs.
SHELL := bash
PY := .venv/bin/python
BOT := .venv/bin/bot
export RASA_TELEMETRY_ENABLED := false

.PHONY: help run setup train test unit lint lock env dev-env bench-safety bench-nlu bench-sms

help:        ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

run: env     ## start the bot, the action server and the demo page on port 5005
	@exec $(BOT) run

setup: env   ## environment, encoder and trained model only
	@$(BOT) train --if-stale

env:
	@scripts/setup.sh runtime

dev-env:
	@scripts/setup.sh dev

unit: dev-env  ## the tests that need no trained model
	@$(PY) -m pytest -q tests -m "not trained and not live"

lint: dev-env  ## style, docstrings and types
	@.venv/bin/ruff format --check -q . && .venv/bin/ruff check -q . && .venv/bin/mypy

test: dev-env lint  ## everything: lint, unit tests, training, whole dialogues
	@$(BOT) train --if-stale
	@$(PY) -m pytest -q tests

lock:        ## write the locked requirements anew
	@uv pip compile -q --python-version 3.10 --generate-hashes --no-emit-index-url --no-header requirements/runtime.in -o requirements/runtime.txt
	@uv pip compile -q --python-version 3.10 --generate-hashes --no-emit-index-url --no-header requirements/dev.in -o requirements/dev.txt

bench-safety: dev-env  ## danger signs: sensitivity, false alarms, learning curve, speed
	@$(PY) -W ignore -m bench.safety

bench-nlu: dev-env  ## understanding, beside stock Rasa trained on the same data (about half an hour)
	@$(BOT) train --if-stale
	@$(PY) -W ignore -m bench.nlu

bench-sms: dev-env  ## text messages: segments per conversation, the website beside 50 patients by SMS
	@$(BOT) train --if-stale
	@$(PY) -W ignore -m bench.sms
