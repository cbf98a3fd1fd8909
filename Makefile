# run · test · setup · lint · unit · widget · bench-...: each bootstraps what it needs.
SHELL := bash
PY := .venv/bin/python
BOT := .venv/bin/bot
export RASA_TELEMETRY_ENABLED := false

.PHONY: guide-pictures help run setup train test unit lint lock env dev-env widget bench-safety bench-nlu bench-widget bench-web bench-sms

help:        ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

run: env     ## start the bot, the action server and the demo page on port 5005
	@exec $(BOT) run

setup: env widget  ## environment, widget, encoder and trained model only
	@$(BOT) train --if-stale

env:
	@scripts/setup.sh runtime

dev-env: widget
	@scripts/setup.sh dev

widget:      ## the chat widget, built anew where Node is present
	@scripts/widget.sh

unit: dev-env  ## the tests that need no trained model
	@$(PY) -m pytest -q tests -m "not trained and not live"

lint: dev-env  ## style, docstrings and types
	@.venv/bin/ruff format --check -q . && .venv/bin/ruff check -q . && .venv/bin/mypy

test: dev-env lint  ## everything: lint, unit tests, training, whole dialogues
	@$(BOT) train --if-stale
	@scripts/test.sh

lock:        ## write the locked requirements anew
	@uv pip compile -q --python-version 3.10 --generate-hashes --no-emit-index-url --no-header requirements/runtime.in -o requirements/runtime.txt
	@uv pip compile -q --python-version 3.10 --generate-hashes --no-emit-index-url --no-header requirements/dev.in -o requirements/dev.txt

guide-pictures: dev-env  ## take the pictures of docs/clinic-guide.md anew (needs Chromium)
	@$(PY) -W ignore -m tests.console.pictures docs/images

bench-safety: dev-env  ## danger signs: sensitivity, false alarms, learning curve, speed
	@$(PY) -W ignore -m bench.safety

bench-nlu: dev-env  ## understanding, beside stock Rasa trained on the same data (most of an hour)
	@$(BOT) train --if-stale
	@$(PY) -W ignore -m bench.nlu

bench-widget: dev-env  ## from a click on send to the answer on the screen, in Chromium
	@$(BOT) train --if-stale
	@$(PY) -W ignore -m bench.widget

bench-web: dev-env  ## round trips over the socket: one visitor, and 50 at once
	@$(BOT) train --if-stale
	@$(PY) -W ignore -m bench.web

bench-sms: dev-env  ## text messages: segments per conversation, the website beside 50 patients by SMS
	@$(BOT) train --if-stale
	@$(PY) -W ignore -m bench.sms
