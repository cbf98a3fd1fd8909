"""Exercises go on where they were: after all processes were killed, on another day, by phone.

One patient walks the routine to its end. After each of their messages a twin gets a copy of their
stored conversation. Then everything is killed and started anew, and each twin says what the first
patient said next: they must hear, word for word, what the first patient heard.
"""

from __future__ import annotations

import base64
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.engine.processes import free_port
from bot.settings import ROOT
from tests.live import Product, Visitor

pytestmark = [pytest.mark.live, pytest.mark.trained]

# 25 hours apart: where the one has today, the other has tomorrow, whatever the clock says.
TODAY, NEXT_DAY = "Pacific/Midway", "Pacific/Kiritimati"
SCREEN = ["no", "no", "no", "no", "no", "no", "Neither", "yes"]
WALK = [
    "start my routine", *SCREEN, "No", "no", "no", "4",
    "Next", "Too hard", "now the other side", "next", "next", "12 done", "skip", "3", "About right",
    "next", "is walking good for my back?", "next", "next", "3", "easy",
    "next", "next", "pause", "continue", "next", "I did 8", "It hurts more", "4",
    "how many left", "12 more", "2", "right",
    "next", "next", "next", "1", "Too easy",
]  # fmt: skip


def _clinic(folder: Path, zone: str) -> Path:
    path = folder / f"{zone.rpartition('/')[2]}.yml"
    path.write_text(
        "name: The Clinic\nphone: 512-215-4227\nsms_number: 512-555-0123\narea: Austin\n"
        f"time_zone: {zone}\nallowed_origins: []\n"
    )
    return path


def _descendants(process: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            children.setdefault(parent, []).append(int(entry.name))
    found: list[int] = []
    waiting = [process]
    while waiting:
        found.append(waiting.pop())
        waiting += children.get(found[-1], [])
    return found


def _kill(product: Product) -> None:
    """Kills every process of the product at once, none of which can put anything in order."""
    for process in _descendants(product.process.pid):
        os.kill(process, signal.SIGKILL)
    product.stop()  # nothing is left to stop; it closes what was open


def _twin(product: Product, visitor: Visitor) -> Visitor:
    """Returns a new visitor with a copy of another's stored conversation."""
    twin = product.visitor()
    ids = [
        json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        for body in (v.token.split(".", maxsplit=1)[0] for v in (twin, visitor))
    ]
    with closing(sqlite3.connect(product.var / "backcoach.db", timeout=10)) as database, database:
        database.execute(
            "INSERT INTO conversation (sender_id, state, last_event_at, updated_at) "
            "SELECT ?, state, last_event_at, updated_at FROM conversation WHERE sender_id = ?",
            ids,
        )
    return twin


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Product, list[Any], str]]:
    """The restarted product, the twins with what they must hear, and a patient's code."""
    folder = tmp_path_factory.mktemp("restart")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BACKCOACH_CLINIC_FILE", str(_clinic(folder, TODAY)))
        product = Product(folder / "var", free_port())
        product.wait_until_ready()
        first, twins, code = product.visitor(), [], ""
        heard = first.say(WALK[0])
        for said in WALK[1:]:
            twin = _twin(product, first)
            heard = first.say(said)
            twins.append((twin, said, heard))
            if said == "I did 8":
                mover = _twin(product, first)
                found = re.search(
                    r"LINK (\w+ \w+)", mover.say("can I continue on my phone?")[0]["text"]
                )
                code = found[1] if found else ""
        assert "end of the clinic's routine" in heard[-1]["text"], "the walk came to its end"
        _kill(product)
        again = Product(folder / "var", free_port())
        try:
            again.wait_until_ready()
            yield again, twins, code
        finally:
            again.stop()


def test_every_step_goes_on_where_it_was(walked: tuple[Product, list[Any], str]) -> None:
    product, twins, _ = walked
    for twin, said, heard in twins:
        twin.url = product.url
        assert twin.say(said) == heard, f"after {said!r}"
    shown = {(r["custom"] or {}).get("exercise") for _, _, heard in twins for r in heard}
    assert len(shown - {None}) == 4, "all four exercises were among them"


def test_on_the_next_day_it_goes_on_by_phone(walked: tuple[Product, list[Any], str]) -> None:
    product, _, code = walked
    said = [f"link {code}", "yes", "continue", *SCREEN, "how many left", "12 more", "3", "right"]
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "bot", "chat", "--jsonl", "--channel", "sms"],
        input="".join(json.dumps({"sender": "phone", "text": text}) + "\n" for text in said),
        cwd=ROOT, capture_output=True, text=True, timeout=300, check=True,
        env={
            **os.environ, "BACKCOACH_VAR": str(product.var),
            "BACKCOACH_CLINIC_FILE": str(_clinic(product.var.parent, NEXT_DAY)),
        },
    )  # fmt: skip
    heard = [
        "\n".join(reply["text"] for reply in json.loads(line)["replies"])
        for line in done.stdout.splitlines()
    ]
    for number, words in (
        (0, "code fits"),
        (1, "are one now"),
        (2, "when you wipe"),
        (10, "Welcome back"),
        (10, "4/4"),
        (11, "12 left"),
        (12, "all of them"),
        (13, "I've logged it"),
        (14, "exercise 4 of 4"),
    ):
        assert words in heard[number], "\n---\n".join(heard)
    assert not re.search(r"bridge|pain|\d/4", heard[0]), "nothing is shown before the yes"
