"""The exercises' data file: complete, and a mistake in it is named with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import yaml

from bot.coaching.exercises import FILE, exercises, file_text, read_exercises
from bot.coaching.schema import ExerciseDataError
from bot.settings import ROOT

SOURCES = yaml.safe_load((ROOT / "data" / "sources.yml").read_text(encoding="utf-8"))
PICTURES = {path.name for path in (ROOT / "bot" / "coaching" / "pictures").glob("*.svg")}
TEXT = file_text()
LINES = TEXT.splitlines()


def _fields(node: yaml.Node, path: str = "") -> Iterator[tuple[str, yaml.Node, yaml.Node]]:
    """Yields every field: its path without list places, its key's node and its value's node."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield f"{path}/{key.value}", key, value
            yield from _fields(value, f"{path}/{key.value}")
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _fields(item, path)


# Each field in each kind of place; the last one of its kind, so that the line is not the first.
_KINDS = {path: (key, value) for path, key, value in _fields(yaml.compose(TEXT, yaml.SafeLoader))}
SAMPLE = [pytest.param(key, value, id=path) for path, (key, value) in _KINDS.items()]


def _replaced(start: yaml.Mark, end: yaml.Mark, by: str) -> str:
    return TEXT[: start.index] + by + TEXT[end.index :]


def _wrong(text: str) -> str:
    with pytest.raises(ExerciseDataError) as caught:
        read_exercises(text, SOURCES, PICTURES)
    return str(caught.value)


def test_file_keeps_to_its_schema_and_names_sources_and_drawings_that_exist() -> None:
    assert read_exercises(TEXT, SOURCES, PICTURES) == exercises()


def test_sample_has_every_kind_of_field() -> None:
    assert len(SAMPLE) >= 30


@pytest.mark.parametrize(("key", "value"), SAMPLE)
def test_misspelled_field_is_named_with_its_line(key: yaml.Node, value: yaml.Node) -> None:
    message = _wrong(_replaced(key.start_mark, key.end_mark, f"{key.value}x"))
    line = key.start_mark.line + 1
    in_dose = key.value in ("hold_seconds", "minutes", "repetitions")
    said = "" if in_dose else f"unknown field '{key.value}x'"
    assert message.startswith(f"{FILE}, line {line}: {said}")


@pytest.mark.parametrize(("key", "value"), SAMPLE)
def test_wrong_value_is_named_with_its_line(key: yaml.Node, value: yaml.Node) -> None:
    in_block = value.start_mark.line != value.end_mark.line
    wrong = "  []\n" + " " * value.end_mark.column if in_block else "[]"
    message = _wrong(_replaced(value.start_mark, value.end_mark, wrong))
    assert message.startswith(f"{FILE}, line {value.start_mark.line + 1}: ")
    assert "'" in message or "expected the fields" in message


def _line_of(part: str) -> int:
    return next(number for number, line in enumerate(LINES, 1) if part in line)


@pytest.mark.parametrize(
    ("part", "by", "said"),
    [
        ("ball_on_belly: true", "ball_on_belly: maybe", "must be true or false"),
        ("id: iliacus_release", "id: Iliacus release", "small letters"),
        ("id: psoas_release", "id: iliacus_release", "is there twice"),
        ("picture: long_bridge_1.svg", "picture: ../secret.svg", "without a folder"),
        ("picture: long_bridge_1.svg", "picture: long_bridge_9.svg", "no drawing 'long_bridge_9"),
        ("{minutes: [2, 3], source: ARTICLE}", "{minutes: [3, 2], source: ARTICLE}", "is above"),
        ("{minutes: [2, 3], source: ARTICLE}", "{minutes: 2, source: ARTICLE}", "[least, most]"),
        ("{minutes: [2, 3], source: ARTICLE}", "{minutes: [2, 3]}", "'source' is missing"),
        ("{minutes: [2, 3], source: ARTICLE}", "{source: ARTICLE}", "must have one of"),
        ("{minutes: [2, 3], source: ARTICLE}", "a while", "'dose' must be"),
        ("{hold_seconds: 5, source: ARTICLE}", "{hold_seconds: 0, source: ARTICLE}", "above 0"),
        ("{hold_seconds: 5, source: ARTICLE}", "{hold_seconds: 5, source: WEB}", "'WEB' is not in"),
        ("lay_name: the heel-push bridge", "lay_name: ''", "'lay_name' must be a text"),
        ("sms: Lie on your back, legs out", f"sms: {'x' * 81}", "80 plain characters"),
        ("sms: Lie on your back, legs out", "sms: Lie \u2013 down", "80 plain characters"),
        ("position: lying on your back, with your heels", "needs: a\n  position: x", "twice"),
    ],
)
def test_mistakes_that_people_make(part: str, by: str, said: str) -> None:
    line = _line_of(part)
    changed = LINES[line - 1].replace(part, by)
    message = _wrong("\n".join([*LINES[: line - 1], changed, *LINES[line:]]))
    assert said in message
    named = int(re.search(r"line (\d+)", message)[1])  # type: ignore[index]
    assert abs(named - line) <= 2


@pytest.mark.parametrize(
    "field", ["do", "sms", "dose", "feel", "mistakes", "stop", "easier", "picture", "alt"]
)
def test_missing_field_of_a_step_is_named_with_the_steps_line(field: str) -> None:
    first = _line_of("  - do:")
    end = first - 1 + next(n for n, text in enumerate(LINES[first:], 1) if text[:4] != "    ")
    step = LINES[first - 1 : end]
    kept = [line for line in step if not re.match(rf"(  - |    ){field}:", line)]
    assert len(kept) == len(step) - 1
    kept[0] = re.sub(r"^    ", "  - ", kept[0])  # the step's first field may be the missing one
    message = _wrong("\n".join([*LINES[: first - 1], *kept, *LINES[end:]]))
    assert message == f"{FILE}, line {first}: '{field}' is missing"


@pytest.mark.parametrize("text", ["", "[]", "exercises: []", "exercises:", "a: b: c", "{"])
def test_file_that_is_no_exercise_file(text: str) -> None:
    assert re.match(rf"{FILE}, line \d+: \S", _wrong(text))


def test_every_step_has_all_that_a_patient_may_ask_for() -> None:
    for exercise in exercises().values():
        for step in exercise.steps:
            for cue in (step.do, step.feel, step.mistakes, step.stop, step.easier):
                assert cue.source in SOURCES or cue.source == "not stated in the article"
            assert len(step.alt) > 40, "alt text that says what is seen"


def test_no_dose_is_filled_in_that_the_article_does_not_state() -> None:
    stated = [s.dose_source for e in exercises().values() for s in e.steps if s.dose_source]
    assert set(stated) == {"ARTICLE", "not stated in the article"}
