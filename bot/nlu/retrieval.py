"""The form in which a question of the FAQ is handed to Rasa's retrieval action."""

from __future__ import annotations

from typing import Any


def retrieval(full_intent: str, confidence: float) -> dict[str, Any]:
    """Returns what Rasa's retrieval action reads to answer ``faq/topic``."""
    base = full_intent.split("/", maxsplit=1)[0]
    return {
        "all_retrieval_intents": [base],
        base: {
            "response": {
                "intent_response_key": full_intent,
                "utter_action": f"utter_{full_intent}",
                "confidence": confidence,
            }
        },
    }
