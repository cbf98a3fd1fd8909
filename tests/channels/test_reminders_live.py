"""Reminders and the chart on the website, over the running product."""

from __future__ import annotations

import base64
import json
import os
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from bot.settings import ROOT
from tests.live import Product, Visitor, post

pytestmark = [pytest.mark.trained, pytest.mark.live]


def _sender(visitor: Visitor) -> str:
    payload = visitor.token.split(".", maxsplit=1)[0]
    return str(json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))))


def _write(product: Product, statement: str, values: Sequence[Any]) -> None:
    with closing(sqlite3.connect(product.var / "backcoach.db", timeout=10)) as database:
        database.execute(statement, values)
        database.commit()


def _moment(ago: timedelta) -> str:
    return f"{datetime.now(timezone.utc) - ago:%Y-%m-%d %H:%M:%S.%f}"


def _open_page(product: Product, token: str) -> tuple[str, list[dict[str, Any]]]:
    headers = {"Authorization": f"Bearer {token}"}
    status, answer = post(f"{product.url}/chat/session", {}, headers)
    assert status == 200
    return answer["token"], answer["replies"]


def _get(url: str, **headers: str) -> tuple[int, str, bytes]:
    try:
        with urllib.request.urlopen(
            urllib.request.Request(url, headers=headers), timeout=30
        ) as answer:
            return answer.status, answer.headers["Content-Type"], answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers["Content-Type"], error.read()


def test_a_reminder_waits_for_the_next_visit_of_its_own_visitor(product: Product) -> None:
    ana, bob = product.visitor(), product.visitor()
    ana.say("remind me at 7 pm on weekdays")
    (stored,) = ana.say("yes")
    assert "next open this chat" in stored["text"]
    assert stored["custom"] == {"type": "plan", "remember": True}
    _write(
        product,
        "UPDATE reminder SET next_due_at = ?, quiet_from = '00:00', quiet_until = '00:00' "
        "WHERE sender_id = ?",
        (_moment(timedelta(minutes=1)), _sender(ana)),
    )
    environment = {**os.environ, "BACKCOACH_VAR": str(product.var)}
    subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "bot", "jobs", "run-once"], cwd=ROOT, check=True,
        env=environment, capture_output=True, timeout=120,
    )  # fmt: skip
    assert "exercise reminder" not in json.dumps(_open_page(product, bob.token)[1])
    token, replies = _open_page(product, ana.token)
    assert "not a therapist" in replies[0]["text"], "the disclosure comes first"
    assert "Your exercise reminder: today at" in replies[1]["text"]
    assert replies[1]["buttons"] == ["Start an exercise", "Remind me in an hour",
                                     "Stop my reminders"]  # fmt: skip
    assert len(_open_page(product, token)[1]) == 1, "said once"
    ana.token = token
    assert "stopped your reminders" in json.dumps(ana.say("Stop my reminders"))


def test_a_visitor_who_comes_back_goes_on_where_they_were(product: Product) -> None:
    ana = product.visitor()
    ana.say("I want to book an appointment")
    ana.token, replies = _open_page(product, ana.token)
    assert len(replies) == 1
    assert "phone number" in json.dumps(ana.say("Ana Lopez"))


def test_a_forged_token_opens_a_chat_of_its_own(product: Product) -> None:
    ana = product.visitor()
    changed = ("x" if ana.token[0] != "x" else "y") + ana.token[1:]
    token, _ = _open_page(product, changed)
    assert token.split(".")[0] != ana.token.split(".")[0]


def test_chart_is_the_visitors_own(product: Product) -> None:
    ana, bob = product.visitor(), product.visitor()
    for ago, before, after in ((3, 6, 4), (1, 4, 3)):
        _write(
            product,
            "INSERT INTO exercise_session (sender_id, exercise, finished_at, outcome, "
            "pain_before, pain_after) VALUES (?, 'long_bridge', ?, 'finished', ?, ?)",
            (_sender(ana), _moment(timedelta(days=ago)), before, after),
        )
    url = f"{product.url}/chat/progress.png"
    status, kind, picture = _get(url, Authorization=f"Bearer {ana.token}")
    assert (status, kind) == (200, "image/png")
    assert picture.startswith(b"\x89PNG")
    assert _get(url, Authorization=f"Bearer {bob.token}")[0] == 404
    for refused in (
        _get(url),
        _get(f"{url}?token={ana.token}"),
        _get(url, Authorization="Bearer x"),
    ):
        assert refused[0] == 401
        assert json.loads(refused[2])["error"].endswith(".")
    said = ana.say("how am I doing")
    custom = said[0]["custom"]
    assert [row[1:] for row in custom["rows"]] == [["Long bridge", "6", "4"],
                                                  ["Long bridge", "4", "3"]]  # fmt: skip
    assert custom["chart"] == "/chat/progress.png"
    assert ana.token not in json.dumps(said)
