"""Shared fixtures: a private folder for the database and secrets of every test run."""

from __future__ import annotations

import os
import tempfile

# Before anything of the product is imported: no test may touch a developer's own database.
os.environ["BACKCOACH_VAR"] = tempfile.mkdtemp(prefix="backcoach-tests-")
os.environ.pop("BACKCOACH_DATABASE_URL", None)
os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
