"""Text messages: segments per conversation, and the website's speed beside 50 patients by SMS.

``python -m bench.sms`` starts the product with the sandbox for the provider and prints two tables;
``python -m bench.sms speed`` the second one only, ``python -m bench.sms segments`` the first.
"""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from bench.sms_visitors import ASKED
from bot.commands.sms import variables
from bot.commands.table import print_table
from bot.engine.processes import free_port
from bot.settings import ROOT
from bot.sms_sandbox.app import sandbox_settings
from bot.sms_sandbox.local import LocalSandbox, Phone
from bot.texting.gsm7 import size
from tests.live import Product

PATIENTS, PROVIDER_SECONDS = 50, 0.5
READS_SECONDS, ROUNDS = 5.0, 4
SCREENED = ["1"] * 8
ROUTINE, ITS_END = "the whole routine", "the end of the clinic's routine"
FITTING = {"Reply N": "N", "to 10": "3", "easy, right or hard": "right", "Reply 1 for": "1",
           "Reply with a number": "1"}  # fmt: skip
"""What a patient answers in the routine, by what the bot's text says."""
CONVERSATIONS = {
    "one question": ["should i rest or keep moving?"],
    "three questions": ["is walking good?", "heat or ice?", "how much is a visit?"],
    "long bridge to its end": ["start the long bridge", *SCREENED, "4", *"NNNN", "3", "right"],
    ROUTINE: ["let's do the whole routine"],
    "request for an evaluation": [
        "I want to book", "Ana Lopez", "512-555-0123", "tomorrow morning", "1",
    ],
    "reminders": ["remind me at 7 pm on weekdays", "1", "YES"],
    "an emergency": ["I can't feel my legs and I wet myself"],
    "in Spanish, an emergency": ["no siento las piernas y me oriné"],
    "STOP": ["STOP"],
}  # fmt: skip


class Bench:
    """The product with the sandbox."""

    def __init__(self) -> None:
        self.var = Path(tempfile.mkdtemp(prefix="backcoach-bench-"))
        port, sandbox_port = free_port(), free_port()
        bot, api = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{sandbox_port}"
        settings = sandbox_settings(bot, api)
        self.local = LocalSandbox(settings, sandbox_port)
        os.environ.update(variables(settings))
        self.product = Product(self.var, port)
        self.product.wait_until_ready()

    def is_idle(self) -> bool:
        """Tells whether nothing waits, neither in nor out."""
        with closing(sqlite3.connect(self.var / "backcoach.db", timeout=10)) as opened:
            (waiting,) = opened.execute(
                "SELECT (SELECT count(*) FROM sms_inbound WHERE status <> 'done') + "
                "(SELECT count(*) FROM sms_outbound WHERE status IN ('pending', 'claimed'))"
            ).fetchone()
        return waiting == 0

    def stop(self) -> None:
        """Ends both."""
        self.product.stop()
        self.local.stop()


def segments(bench: Bench) -> None:
    rows = []
    for number, (name, said) in enumerate(CONVERSATIONS.items()):
        phone = bench.local.phone(f"+151255507{number:02}", bench.is_idle)
        answers = [phone.say(text) for text in said]
        written = len(said) + (_routine(phone, answers[-1]) if name == ROUTINE else 0)
        rows.append(_row(name, written, phone))
    print_table("Segments per conversation (what the clinic pays for)", rows)


def _routine(phone: Phone, asked: str) -> int:
    """Answers what the routine asks until it ends; returns how many texts that took."""
    for written in range(100):
        fitting = [text for words, text in FITTING.items() if words in asked]
        if not fitting or ITS_END in asked:
            return written
        asked = phone.say(fitting[0])
    return 100


def _row(name: str, inbound: int, phone: Phone) -> dict[str, str]:
    sizes = [size(text.body) for text in phone.got]
    return {
        "conversation": name,
        "texts in": str(inbound),
        "texts out": str(len(sizes)),
        "segments out": str(sum(one.segments for one in sizes)),
        "GSM-7": str(sum(one.segments for one in sizes if one.alphabet == "GSM-7")),
        "UCS-2": str(sum(one.segments for one in sizes if one.alphabet == "UCS-2")),
        "longest text": f"{max((len(text.body) for text in phone.got), default=0)} characters",
    }


def visitors(bench: Bench) -> list[float]:
    """Returns how long the website's answers took, in seconds, with some visitors at once."""
    command = [sys.executable, "-W", "ignore", "-m", "bench.sms_visitors", bench.product.url]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE)
    took: list[float] = json.loads(done.stdout)
    return took


def _all(turns: list[list[float]]) -> list[float]:
    return [took for turn in turns for took in turn]


def _p95(took: list[float]) -> float:
    return sorted(took)[int(len(took) * 0.95)]


def _usual(turns: list[list[float]]) -> float:
    """Returns the p95 of the median turn, which one burst of something else does not move."""
    return statistics.median(map(_p95, turns))


def _measured(name: str, turns: list[list[float]], texts: int) -> dict[str, str]:
    took = _all(turns)
    return {
        "": name,
        "answers": str(len(took)),
        "median": f"{statistics.median(took) * 1000:.0f} ms",
        "p95": f"{_p95(took) * 1000:.0f} ms",
        "p95 of the median turn": f"{_usual(turns) * 1000:.0f} ms",
        "texts sent meanwhile": str(texts),
    }


class Texting:
    """The patients who write by SMS while they are let.

    Args:
        bench: The product with the sandbox.
    """

    def __init__(self, bench: Bench) -> None:
        self._bench, self._writing = bench, asyncio.Event()
        self._patients = [
            bench.local.run(_write(bench, number, self._writing)) for number in range(PATIENTS)
        ]
        bench.local.sandbox.exchange.faults.delay = PROVIDER_SECONDS
        self.sent = 0

    def beside(self) -> list[float]:
        """Returns how long the website's answers took while all patients wrote."""
        texts = self._bench.local.sandbox.exchange.texts
        before = len(texts)
        self._bench.local.call(self._writing.set)
        took = visitors(self._bench)
        self.sent += sum(text.outbound for text in texts[before:])
        self._bench.local.call(self._writing.clear)
        while not self._bench.is_idle():
            time.sleep(0.2)
        return took

    def stop(self) -> None:
        """Ends it."""
        for patient in self._patients:
            patient.cancel()


def speed(bench: Bench) -> None:
    """Measures in short turns, so that whatever else the machine does meets both alike."""
    texting = Texting(bench)
    visitors(bench)  # warm
    alone: list[list[float]] = []
    beside: list[list[float]] = []
    for place in range(ROUNDS):
        first = [visitors(bench)] if place % 2 == 0 else []
        beside.append(texting.beside())
        alone += first or [visitors(bench)]
    texting.stop()
    rows = [
        _measured("the website alone", alone, 0),
        _measured("of that, every other turn", alone[::2], 0),
        _measured("and the rest", alone[1::2], 0),
        _measured(f"beside {PATIENTS} patients by SMS", beside, texting.sent),
    ]
    print_table(
        f"The website's answers; the SMS provider takes {PROVIDER_SECONDS} s for a text", rows
    )
    print(
        f"Beside them p95 is {_p95(_all(beside)) / _p95(_all(alone)) - 1:+.0%}, "
        f"and {_usual(beside) / _usual(alone) - 1:+.0%} in the median turn."
    )


async def _write(bench: Bench, number: int, writing: asyncio.Event) -> None:
    """Writes, waits for the answer, reads it, and writes again."""
    phone = f"+151255508{number:02}"
    exchange = bench.local.sandbox.exchange
    place = number
    while True:
        if not writing.is_set():
            await writing.wait()
            # Nobody presses the key at the same instant as 49 others.
            await asyncio.sleep(READS_SECONDS * number / PATIENTS)
        before = sum(text.outbound for text in exchange.of(phone))
        await bench.local.sandbox.receive(phone, ASKED[place % len(ASKED)])
        while sum(text.outbound for text in exchange.of(phone)) == before:
            await asyncio.sleep(0.5)
        place += 1
        await asyncio.sleep(READS_SECONDS)


def main() -> None:
    # All visitors come from one address, faster than people.
    for limit in ("VISITOR_MESSAGES", "ADDRESS_MESSAGES", "ADDRESS_SESSIONS"):
        os.environ[f"BACKCOACH_{limit}"] = "1000000"
    bench = Bench()
    try:
        if "speed" not in sys.argv:
            segments(bench)
        if "segments" not in sys.argv:
            speed(bench)
    finally:
        bench.stop()


if __name__ == "__main__":
    main()
