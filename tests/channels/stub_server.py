"""The website's real server over a stand-in for the dialogue engine.

``python -m tests.channels.stub_server PORT FOLDER``. The stand-in repeats what it hears; some
messages make it do more:

- ``hold NAME``: it answers once the file NAME is in the folder.
- ``fail ...``: it raises.
- ``delete me``: it deletes the visitor's data, as the bot's own action does.
- ``later ...``: a reminder waits for this visitor.
- ``danger stands``: a new start finds an urgency and an open question.

What it heard is in ``heard.jsonl``, commands (chosen buttons) by their intent.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from bot.channels.gateway import Gateway
from bot.channels.web.app import create_app
from bot.engine.logs import set_up_logging
from bot.replies import urgent_response
from bot.safety import Urgency, screen
from bot.safety.reaction import Standing
from bot.store.database import migrate
from bot.store.erasure import delete_patient

CHOICES = [{"title": "Next", "payload": "/next_step"}]
PARSED: dict[str, Any] = {"safety": {"level": "none"}, "full_intent_ranking": []}


class Engine:
    """Repeats every message."""

    ready = True

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._waiting: set[str] = set()
        self._standing: dict[str, Standing] = {}

    async def process(self, message: Any) -> None:
        """Answers a message."""
        sender, text = message.sender_id, message.text
        chosen = message.parse_data and message.parse_data["intent"]["name"]
        with (self._folder / "heard.jsonl").open("a") as heard:
            heard.write(json.dumps({"sender": sender, "text": text, "command": chosen}) + "\n")
        if text.startswith("hold "):
            while not (self._folder / text.split()[1]).exists():
                await asyncio.sleep(0.01)
        if text.startswith("fail "):
            raise RuntimeError(f"this quotes the patient: {text}")
        if text.startswith("later "):
            self._waiting.add(sender)
        if text == "danger stands":
            self._standing[sender] = Standing(Urgency.ER_NOW, "cauda_equina", asked="bladder")
        reply: dict[str, Any] = {"text": f"You said: {text}", "buttons": CHOICES}
        if "peed myself" in text:
            reply = urgent_response("er_now", "cauda_equina", "web")
            reply["utter_action"] = "utter_urgent_er_now_cauda_equina"
        if text == "delete me":
            delete_patient(sender)
            reply = {"text": "All is deleted.", "custom": {"type": "forget"}}
        message.say(reply)

    async def leave(self, sender: str) -> Standing:
        """Ends what a visitor is in."""
        return self._standing.get(sender, Standing())

    def waiting(self, sender: str, _channel: str) -> list[dict[str, Any]]:
        """Takes the reminder that waits."""
        if sender not in self._waiting:
            return []
        self._waiting.remove(sender)
        return [{"text": "Your exercise reminder", "buttons": [], "custom": None}]

    async def parse(self, text: str) -> dict[str, Any]:
        """Understands walking and nothing else."""
        if "fail" in text:
            raise RuntimeError(f"this quotes the patient: {text}")
        found = screen(text)
        parsed = {"safety": {"level": found.level.label, "pathology": found.pathology}}
        if "walk" in text:
            key = {"intent_response_key": "faq/walking"}
            return {**PARSED, **parsed, "response_selector": {"faq": {"response": key}}}
        near = [{"name": "book_evaluation", "confidence": 0.4},
                {"name": "faq/surgery", "confidence": 0.3},
                {"name": "faq/injections", "confidence": 0.01}]  # fmt: skip
        return {**PARSED, **parsed, "full_intent_ranking": near if "cut" in text else []}


def main(port: int, folder: Path) -> None:
    """Serves until it is stopped."""
    set_up_logging()
    migrate()
    engine = Engine(folder)
    app = create_app(Gateway(engine.process, None, engine.waiting, engine.leave), engine)
    app.run(host="127.0.0.1", port=port, access_log=False, motd=False, debug=False)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
