"""What ``bench.nlu`` runs in processes of their own, so that memory and time are theirs.

``python -m bench.nlu_worker train CONFIG OUT`` and ``... parse MODEL < JSON lines``.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import sys
import time
from pathlib import Path
from typing import Any

from bot.engine.logs import silence_warnings
from bot.settings import ROOT, one_thread_each, quiet_environment

quiet_environment()
if sys.argv[1:2] == ["parse"]:
    one_thread_each()
silence_warnings()


def train(config: str, out: str, *nlu: str) -> None:
    """Trains a whole model, or the understanding alone from the given files."""
    from rasa.model_training import train as train_all
    from rasa.model_training import train_nlu

    folder, name = str(Path(out).parent), Path(out).name
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        if nlu:
            train_nlu(config, nlu[0], folder, fixed_model_name=name)
        else:
            data = [str(ROOT / "data" / part) for part in ("nlu", "rules")]
            train_all(
                str(ROOT / "domain.yml"), config, data, folder,
                fixed_model_name=name, force_training=True,
            )  # fmt: skip


def reading(parsed: dict[str, Any]) -> tuple[str, float]:
    """Returns the full intent and the confidence of a parsed message, whatever the pipeline."""
    ranking = parsed.get("full_intent_ranking")
    intent = parsed["intent"]
    if ranking and intent["name"] != "nlu_fallback":
        return ranking[0]["name"], float(intent["confidence"])
    selected = parsed.get("response_selector") or {}
    name = intent["name"]
    found = (selected.get(name) or selected.get("default") or {}).get("response") or {}
    full = found.get("intent_response_key")
    is_retrieval = name in (selected.get("all_retrieval_intents") or [])
    return (full if is_retrieval and full else name), float(intent["confidence"])


async def _parse(model: str) -> None:
    from rasa.core.agent import load_agent

    agent = await load_agent(model)
    await agent.parse_message("warm up")
    for line in sys.stdin:
        text = json.loads(line)
        started = time.perf_counter()
        parsed = await agent.parse_message(text)
        milliseconds = 1000 * (time.perf_counter() - started)
        intent, confidence = reading(parsed)
        ranking = parsed.get("full_intent_ranking") or [{"name": intent}]
        row = {"intent": intent, "best": ranking[0]["name"], "confidence": confidence}
        print(json.dumps({**row, "ms": milliseconds}), flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "train":
        train(*sys.argv[2:])
    else:
        asyncio.run(_parse(sys.argv[2]))
