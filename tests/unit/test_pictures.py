"""The drawings: there, up to date, described, readable in light and dark, and nothing else."""

from __future__ import annotations

import io
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner
from PIL import Image, ImageChops

from bot.cli import main
from bot.coaching.drawing.scenes import scenes
from bot.coaching.drawing.shapes import HEIGHT, WIDTH, Label, Tone
from bot.coaching.drawing.svg import DARK, LIGHT, svg
from bot.coaching.exercises import exercises
from bot.coaching.pictures import drawn, media_type, picture, picture_names

STEPS = [(exercise, step) for exercise in exercises().values() for step in exercise.steps]
SVG = "{http://www.w3.org/2000/svg}"


def _svg(name: str) -> ElementTree.Element:
    content = picture(name)
    assert content
    return ElementTree.fromstring(content)


def test_every_step_has_a_drawing_of_its_own_in_both_forms() -> None:
    named = [step.picture for _, step in STEPS]
    assert len(set(named)) == len(named)
    both = {*named, *(name.replace(".svg", ".png") for name in named)}
    assert picture_names() == both


def test_drawings_say_what_they_show() -> None:
    for exercise, step in STEPS:
        root = _svg(step.picture)
        title, described = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
        assert title is not None
        assert described is not None
        assert (title.text or "").startswith(exercise.name)
        assert described.text == step.alt
        assert root.get("role") == "img"


def test_drawings_follow_light_and_dark_and_hold_nothing_that_runs() -> None:
    for _, step in STEPS:
        text = (picture(step.picture) or b"").decode()
        assert "currentColor" in text
        assert "prefers-color-scheme:dark" in text
        assert not re.search(r"<script|<image|<use|href|\bon\w+=|@import|url\(", text)


def test_drawings_are_those_of_the_shapes() -> None:
    files = drawn()
    for name, content in files.items():
        kept = picture(name)
        assert kept, f"run `bot pictures`: {name}"
        if name.endswith(".svg"):
            assert kept == content, f"run `bot pictures`: {name}"
        else:
            one, two = (Image.open(io.BytesIO(data)).convert("L") for data in (kept, content))
            assert one.size == (2 * WIDTH, 2 * HEIGHT)
            differing = ImageChops.difference(one, two).histogram()
            assert sum(differing[64:]) < one.width * one.height / 200, f"run `bot pictures`: {name}"


def test_png_is_small_enough_for_a_picture_message() -> None:
    for name in picture_names():
        assert len(picture(name) or b"") < 100_000


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_colours_stand_out_from_the_paper(colours: dict[Tone, str]) -> None:
    """WCAG 2.2 AA: 4.5 to 1, also for the letters."""
    paper = _luminance(colours[Tone.PAPER])
    for tone, colour in colours.items():
        if tone is not Tone.PAPER:
            lighter, darker = sorted((paper, _luminance(colour)), reverse=True)
            assert (lighter + 0.05) / (darker + 0.05) >= 4.5, tone


def test_letters_are_readable_at_320_pixels_and_inside() -> None:
    for name, shapes in scenes().items():
        for shape in shapes:
            if isinstance(shape, Label):
                half = len(shape.text) * shape.size * 0.29
                assert shape.size >= 14, name
                assert shape.center[0] - half >= 0, name
                assert shape.center[0] + half <= WIDTH, name


def test_text_in_a_drawing_is_escaped() -> None:
    assert "&lt;b&gt;" in svg((), "<b>", "a & b")


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../exercises.yml", "exercises.yml", "/etc/passwd", "x.svg", "\0"]
)
def test_no_other_file_is_given_out(name: str) -> None:
    assert picture(name) is None


def test_media_types() -> None:
    assert media_type("a.svg") == "image/svg+xml"
    assert media_type("a.png") == "image/png"
    assert media_type("a.py") is None


def test_command_writes_all_of_them(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["pictures", "--to", str(tmp_path / "new")])
    assert result.exit_code == 0, result.output
    assert {path.name for path in (tmp_path / "new").iterdir()} == picture_names()
