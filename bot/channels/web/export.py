"""A visitor's conversation as a text file of their own."""

from __future__ import annotations

from collections.abc import Iterable

from bot.clinic import clinic
from bot.store.web_messages import ME, Bubble

FILE_NAME = "conversation.txt"


def as_text(bubbles: Iterable[Bubble]) -> str:
    """Returns a conversation as plain text, one paragraph for each message, times in UTC."""
    profile = clinic()
    parts = [f"Chat with the automated assistant of {profile.name}, {profile.phone}"]
    for bubble in bubbles:
        who = "You" if bubble.speaker == ME else "Assistant"
        offered = "".join(f" [{title}]" for title in bubble.buttons)
        parts.append(f"{bubble.at:%Y-%m-%d %H:%M} UTC, {who}:\n{bubble.text}{offered}")
    return "\n\n".join(parts) + "\n"
