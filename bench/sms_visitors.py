"""Visitors of the website for ``bench.sms``, in a process of their own.

Beside the patients' phones and the provider in one process they would wait for these, and not for
the product. ``python -m bench.sms_visitors URL`` prints the seconds of each answer as JSON.
"""

from __future__ import annotations

import json
import sys
import threading
import time

from tests.live import Visitor, post

VISITORS, SECONDS, THINKS_SECONDS = 4, 15, 0.5
ASKED = [
    "is walking good?",
    "should i rest or keep moving?",
    "heat or ice?",
    "what are your hours?",
]


def visits(url: str) -> list[float]:
    """Returns how long the website's answers took, in seconds, with some visitors at once."""
    took: list[float] = []
    until = time.monotonic() + SECONDS

    def visit() -> None:
        visitor = Visitor(url)
        number = 0
        while time.monotonic() < until:
            began = time.monotonic()
            status, _ = post(
                f"{visitor.url}/chat/message", {"text": ASKED[number % len(ASKED)]},
                {"Authorization": f"Bearer {visitor.token}"},
            )  # fmt: skip
            assert status == 200
            took.append(time.monotonic() - began)
            number += 1
            time.sleep(THINKS_SECONDS)

    threads = [threading.Thread(target=visit) for _ in range(VISITORS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return took


if __name__ == "__main__":
    json.dump(visits(sys.argv[1]), sys.stdout)
