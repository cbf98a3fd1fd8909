"""Adds an example to the training messages, keeping the file as people wrote it."""

from __future__ import annotations

import re
from pathlib import Path

# Square and curly brackets mark entities there.
_BRACKETS = str.maketrans("[]{}", "()()")
_NEXT_ITEM = re.compile(r"^- \w+:|^\S", re.MULTILINE)


class ExampleError(Exception):
    """The example cannot be added; the text says why and what to do."""


def tidy(text: str) -> str:
    """Returns a message as one line that the training format reads as plain words."""
    return " ".join(text.translate(_BRACKETS).split())


def add_example(content: str, intent: str, text: str) -> str | None:
    """Returns a training file's content with one more example of an intent.

    Args:
        content: The file's content.
        intent: The full intent name.
        text: The example.

    Returns:
        The new content, or None where the file has no examples of this intent.

    Raises:
        ExampleError: The example is empty or already there.
    """
    example = tidy(text)
    if not example:
        raise ExampleError("The example is empty.")
    head = re.search(rf"^- intent: {re.escape(intent)}\n  examples: \|\n", content, re.MULTILINE)
    if head is None:
        return None
    following = _NEXT_ITEM.search(content, head.end())
    end = following.start() if following else len(content)
    block = content[head.end() : end].rstrip("\n")
    if example.casefold() in {line.strip()[2:].casefold() for line in block.splitlines()}:
        raise ExampleError(f"{intent} already has this example.")
    return f"{content[: head.end()]}{block}\n    - {example}\n{content[end:]}"


def add_to_folder(folder: Path, intent: str, text: str) -> Path:
    """Adds an example to the file of a folder that holds the intent, and returns the file.

    Raises:
        ExampleError: The example cannot be added, or no file holds the intent.
    """
    for path in sorted(folder.glob("*.yml")):
        changed = add_example(path.read_text(encoding="utf-8"), intent, text)
        if changed is not None:
            part = path.with_suffix(".part")
            part.write_text(changed, encoding="utf-8")
            part.replace(path)
            return path
    raise ExampleError(f"There is no intent {intent}: see `bot unanswered` for the nearest ones.")
