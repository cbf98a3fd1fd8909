"""Every exercise to its end in the wording for text messages, over the whole product."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.coaching.exercises import exercises
from bot.settings import ROOT

SCREEN = ["1", "no", "no", "no", "no", "no", "Neither", "yes"]
BALLS = ["no", "no", "no"]


def _script(exercise: str) -> list[str]:
    details = exercises()[exercise]
    balls = BALLS if details.ball_on_belly else []
    steps = ["N"] * len(details.steps)
    return [f"start the {details.name.lower()}", *SCREEN, *balls, "4", *steps, "3", "2"]


@pytest.mark.live
@pytest.mark.trained
def test_every_exercise_to_its_end(tmp_path: Path) -> None:
    lines = [(name, said) for name in exercises() for said in _script(name)]
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "bot", "chat", "--jsonl", "--channel", "sms"],
        input="".join(json.dumps({"sender": s, "text": said}) + "\n" for s, said in lines),
        cwd=ROOT, capture_output=True, text=True, timeout=300, check=True,
        env={**os.environ, "BACKCOACH_VAR": str(tmp_path)},
    )  # fmt: skip
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == len(lines)
    for name, details in exercises().items():
        replies = [r for answer in answers if answer["sender"] == name for r in answer["replies"]]
        shown = [r for r in replies if (r["custom"] or {}).get("type") == "exercise_step"]
        assert [_opening(r) for r in shown] == [
            f"{number}/{len(details.steps)} {step.sms}"[:30]
            for number, step in enumerate(details.steps, start=1)
        ]
        for reply, step in zip(shown, details.steps, strict=True):
            assert len(reply["text"]) <= 160
            assert reply["text"].isascii()
            assert step.short_dose in reply["text"]
            assert "Reply N when done" in reply["text"]
        assert any("from 4 to 3" in reply["text"] for reply in replies), "it came to its end"
        assert any("1 for too easy, 2 for about right" in reply["text"] for reply in replies)
        assert any("keep it like that" in reply["text"] for reply in replies), "2 is about right"


def _opening(reply: dict[str, Any]) -> str:
    text: str = reply["text"]
    return text[:30]
