"""``bot screen``, ``bot nlu`` and ``bot signs``: what a message means, in a terminal."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable, Iterator
from typing import Any

import click


def _texts() -> Iterator[str]:
    for number, line in enumerate(sys.stdin, start=1):
        if not line.strip():
            continue
        try:
            text = json.loads(line)["text"]
        except (ValueError, KeyError, TypeError):
            text = None
        if not isinstance(text, str):
            click.echo(f'Line {number} is not of the form {{"text": "..."}}.', err=True)
            sys.exit(2)
        yield text


def _print_each(understand: Callable[[str], dict[str, Any]]) -> None:
    for text in _texts():
        sys.stdout.write(json.dumps(understand(text), ensure_ascii=False) + "\n")
        sys.stdout.flush()


@click.command()
def screen() -> None:
    """Screen messages for danger signs.

    Reads lines {"text": ...} and prints a line each: level, the direct question to ask, signs.
    """
    from bot.safety import screen as screen_text

    _print_each(lambda text: screen_text(text).as_dict())


@click.command()
def nlu() -> None:
    """Understand messages with the trained model.

    Reads lines {"text": ...} and prints a line each: intent, confidence, entities.
    """
    from bot.channels.incoming import clean
    from bot.engine.logs import set_up_logging
    from bot.engine.training import check_model
    from bot.settings import MODEL_FILE

    check_model()
    set_up_logging()
    from rasa.core.agent import Agent

    agent = Agent.load(str(MODEL_FILE))
    loop = asyncio.new_event_loop()

    def understand(text: str) -> dict[str, Any]:
        parsed = loop.run_until_complete(agent.parse_message(clean(text)))
        ranking = parsed.get("full_intent_ranking") or [{"name": "out_of_scope", "confidence": 0.0}]
        entities = [
            {key: entity[key] for key in ("entity", "value")} for entity in parsed["entities"]
        ]
        return {
            "intent": ranking[0]["name"],
            "confidence": round(ranking[0]["confidence"], 4),
            "entities": entities,
        }

    _print_each(understand)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def signs(as_json: bool) -> None:
    """List the danger signs for a clinician to review and sign."""
    from bot.safety.signs import signs as all_signs

    rows = [
        {
            "pathology": sign.pathology,
            "sign": sign.name,
            "level": sign.level.label,
            "question": sign.question,
            "source": ", ".join(sign.sources),
        }
        for sign in all_signs()
    ]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    from bot.commands.table import print_table

    print_table("Danger signs", rows)
