"""Whole dialogues from data files, against the running product with its real action server.

A dialogue is a name and turns. A turn is what the patient says (`say`; `{repeat: text, times: n}`
for a long one) and what must be true of the replies together: `expect` and `never` are texts (case
does not matter), `buttons` are titles that must be offered, `alert: true` demands the emergency
form of the message, `replies` their number.
`include` puts a fragment of fragments.yml in its place.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.live import Product

HERE = Path(__file__).parent
FRAGMENTS: dict[str, list[dict[str, Any]]] = yaml.safe_load((HERE / "fragments.yml").read_text())
KEYS = {"say", "expect", "never", "buttons", "alert", "replies"}


def _turns(raw: list[dict[str, Any]]) -> list[dict[str, Any]]:
    turns: list[dict[str, Any]] = []
    for turn in raw:
        turns += _turns(FRAGMENTS[turn["include"]]) if "include" in turn else [turn]
    return turns


def _said(say: str | dict[str, Any]) -> str:
    return say if isinstance(say, str) else say["repeat"] * say["times"]


def _dialogues() -> list[Any]:
    found = []
    for path in sorted((HERE / "dialogues").glob("*.yml")):
        for dialogue in yaml.safe_load(path.read_text(encoding="utf-8")):
            turns = _turns(dialogue["turns"])
            for turn in turns:
                turn["say"] = _said(turn["say"])
            unknown = {key for turn in turns for key in turn} - KEYS
            assert not unknown, f"{path.name}, {dialogue['name']}: unknown {unknown}"
            found.append(pytest.param(turns, id=f"{path.stem}: {dialogue['name']}"))
    return found


def _list(value: Any) -> list[str]:
    return [] if value is None else [value] if isinstance(value, str) else list(value)


def _problems(turn: dict[str, Any], replies: list[dict[str, Any]]) -> list[str]:
    text = "\n".join(reply["text"] for reply in replies).casefold()
    titles = [title for reply in replies for title in reply["buttons"]]
    alerts = any((reply["custom"] or {}).get("type") == "alert" for reply in replies)
    problems = [f"missing: {x}" for x in _list(turn.get("expect")) if x.casefold() not in text]
    problems += [f"unwanted: {x}" for x in _list(turn.get("never")) if x.casefold() in text]
    problems += [f"no button: {x}" for x in _list(turn.get("buttons")) if x not in titles]
    if "alert" in turn and alerts != turn["alert"]:
        problems.append(f"alert is {alerts}")
    asks = ("important question", "pregunta importante")
    if turn.get("alert") and any(not any(a in r["text"] for a in asks) for r in replies[1:]):
        problems.append("only a direct question may follow an urgent message")
    if "replies" in turn and len(replies) != turn["replies"]:
        problems.append(f"{len(replies)} replies")
    if any(not (reply["text"] or reply["custom"]) for reply in replies) or not replies:
        problems.append("an empty reply")
    return problems


@pytest.mark.live
@pytest.mark.trained
@pytest.mark.parametrize("turns", _dialogues())
def test_dialogue(turns: list[dict[str, Any]], product: Product) -> None:
    """The bot answers every turn as the dialogue demands."""
    visitor = product.visitor()
    for turn in turns:
        problems = _problems(turn, visitor.say(turn["say"]))
        if problems:
            transcript = "\n".join(visitor.transcript)
            pytest.fail(f"{'; '.join(problems)}\n\n{transcript}", pytrace=False)
