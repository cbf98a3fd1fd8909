"""Checks ``exercises.yml`` and names the line that is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Container
from dataclasses import dataclass
from typing import Any, cast

import yaml

from bot.yaml_text import read_yaml

NOT_STATED = "not stated in the article"
NOTHING_TO_COUNT = "nothing to count"
SMS_CHARACTERS = 80
_ID = re.compile(r"[a-z][a-z0-9_]{0,31}")
_PICTURE = re.compile(r"[a-z0-9_]+\.svg")


class ExerciseDataError(ValueError):
    """The data breaks the schema; the message names the file, the line and the mend."""


@dataclass(frozen=True)
class _Checker:
    """Checks nodes of one file.

    Attributes:
        file: The file's name, for the message.
        sources: Known codes of sources, or None.
        pictures: Known names of drawings, or None.
    """

    file: str
    sources: Container[str] | None
    pictures: Container[str] | None

    def fail(self, node: yaml.Node, message: str) -> None:
        raise ExerciseDataError(f"{self.file}, line {node.start_mark.line + 1}: {message}")

    def mapping(self, node: yaml.Node, fields: dict[str, Callable[[yaml.Node, str], None]]) -> None:
        """Checks that a node has exactly these fields, each by its own check."""
        if not isinstance(node, yaml.MappingNode):
            self.fail(node, f"expected the fields {', '.join(fields)}")
        found: dict[str, yaml.Node] = {}
        for key, value in cast(yaml.MappingNode, node).value:
            if key.value not in fields:
                self.fail(key, f"unknown field '{key.value}'; known are {', '.join(fields)}")
            if key.value in found:
                self.fail(key, f"'{key.value}' is there twice")
            found[key.value] = value
        for name, check in fields.items():
            if name not in found:
                self.fail(node, f"'{name}' is missing")
            check(found[name], name)

    def items(self, node: yaml.Node, name: str) -> list[yaml.Node]:
        """Returns the entries of a list that is not empty."""
        if not isinstance(node, yaml.SequenceNode) or not node.value:
            self.fail(node, f"'{name}' must be a list with at least one entry")
        return list(node.value)

    def text(self, node: yaml.Node, name: str) -> None:
        if node.tag != "tag:yaml.org,2002:str" or not str(node.value).strip():
            self.fail(node, f"'{name}' must be a text")

    def flag(self, node: yaml.Node, name: str) -> None:
        if node.tag != "tag:yaml.org,2002:bool":
            self.fail(node, f"'{name}' must be true or false")

    def identifier(self, node: yaml.Node, name: str) -> None:
        self.text(node, name)
        if not _ID.fullmatch(node.value):
            self.fail(node, f"'{name}' must be small letters, digits and _, 32 at most")

    def sms(self, node: yaml.Node, name: str) -> None:
        self.text(node, name)
        if len(node.value) > SMS_CHARACTERS or not node.value.isascii():
            self.fail(node, f"'{name}' must be {SMS_CHARACTERS} plain characters at most")

    def picture(self, node: yaml.Node, name: str) -> None:
        self.text(node, name)
        if not _PICTURE.fullmatch(node.value):
            self.fail(node, f"'{name}' must be the name of an .svg file, without a folder")
        if self.pictures is not None and node.value not in self.pictures:
            self.fail(node, f"there is no drawing '{node.value}' in bot/coaching/pictures")

    def source(self, node: yaml.Node, name: str) -> None:
        self.text(node, name)
        if node.value == NOT_STATED or self.sources is None or node.value in self.sources:
            return
        self.fail(node, f"source '{node.value}' is not in data/sources.yml, nor '{NOT_STATED}'")

    def cue(self, node: yaml.Node, name: str) -> None:
        self.mapping(node, {"text": self.text, "source": self.source})

    def amount(self, node: yaml.Node, name: str) -> None:
        number = node.value if node.tag == "tag:yaml.org,2002:int" else ""
        if not str(number).isdigit() or int(number) == 0:
            self.fail(node, f"'{name}' must be a whole number above 0")

    def span(self, node: yaml.Node, name: str) -> None:
        ends = node.value if isinstance(node, yaml.SequenceNode) else []
        if len(ends) != 2:
            self.fail(node, f"'{name}' must be [least, most]")
        for end in ends:
            self.amount(end, name)
        if int(ends[0].value) > int(ends[1].value):
            self.fail(node, f"'{name}' must be [least, most], and least is above most")

    def dose(self, node: yaml.Node, name: str) -> None:
        if isinstance(node, yaml.ScalarNode):
            if node.value not in (NOT_STATED, NOTHING_TO_COUNT):
                self.fail(node, f"'{name}' must be '{NOT_STATED}', '{NOTHING_TO_COUNT}' or fields")
            return
        known = {"hold_seconds": self.amount, "minutes": self.span, "repetitions": self.span}
        given = [key.value for key, _ in node.value] if isinstance(node, yaml.MappingNode) else []
        used = {field: check for field, check in known.items() if field in given}
        if not used:
            self.fail(node, f"'{name}' must have one of {', '.join(known)}")
        self.mapping(node, {**used, "source": self.source})

    def help(self, node: yaml.Node, name: str) -> None:
        self.mapping(node, {"how_long": self.text, "how": self.text})

    def steps(self, node: yaml.Node, name: str) -> None:
        for step in self.items(node, name):
            self.mapping(step, {
                "do": self.cue, "sms": self.sms, "dose": self.dose, "feel": self.cue,
                "mistakes": self.cue, "stop": self.cue, "easier": self.cue,
                "picture": self.picture, "alt": self.text,
            })  # fmt: skip

    def exercise(self, node: yaml.Node) -> None:
        self.mapping(node, {
            "id": self.identifier, "name": self.text, "lay_name": self.text, "purpose": self.cue,
            "position": self.text, "needs": self.text, "ball_on_belly": self.flag,
            "one_sided": self.flag, "help": self.help, "stop": self.cue, "steps": self.steps,
        })  # fmt: skip

    def exercises(self, node: yaml.Node, name: str) -> None:
        seen: set[str] = set()
        for entry in self.items(node, name):
            self.exercise(entry)
            fields = cast(yaml.MappingNode, entry).value
            identifier = next(value for key, value in fields if key.value == "id")
            if identifier.value in seen:
                self.fail(identifier, f"the id '{identifier.value}' is there twice")
            seen.add(identifier.value)


def checked(
    text: str,
    file: str,
    sources: Container[str] | None = None,
    pictures: Container[str] | None = None,
) -> list[dict[str, Any]]:
    """Returns the entries of an exercise file that keeps to the schema.

    Args:
        text: The file's text.
        file: Its name, for messages.
        sources: Known codes of sources; None leaves them unchecked.
        pictures: Known names of drawings; None leaves them unchecked.

    Raises:
        ExerciseDataError: Something is wrong.
    """
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ExerciseDataError(f"{file}, line {line}: {error.problem}") from None
    if root is None:
        raise ExerciseDataError(f"{file}, line 1: 'exercises' is missing")
    checker = _Checker(file, sources, pictures)
    checker.mapping(root, {"exercises": checker.exercises})
    return list(read_yaml(text)["exercises"])
