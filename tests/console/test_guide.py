"""The guide names what there is."""

from __future__ import annotations

import re

from bot.commands.console import console, user
from bot.settings import ROOT
from tests.console.pictures import MOST_BYTES

GUIDE = (ROOT / "docs" / "clinic-guide.md").read_text(encoding="utf-8")


def test_pictures_are_there_small_and_described() -> None:
    shown = re.findall(r"!\[([^\]]+)\]\(([^)]+)\)", GUIDE)
    assert len(shown) >= 8
    for described, name in shown:
        assert len(described) > 15
        assert 0 < (ROOT / "docs" / name).stat().st_size < MOST_BYTES
    kept = {path.name for path in (ROOT / "docs" / "images").glob("console-*.png")}
    assert kept == {name.rsplit("/", maxsplit=1)[-1] for _, name in shown}


def test_commands_and_options_of_the_guide_exist() -> None:
    named = set(re.findall(r"bot console user (\w+)", GUIDE))
    assert named == set(user.commands)
    options = {option for parameter in console.params for option in parameter.opts}
    assert set(re.findall(r"(--[a-z-]+)(?: \d+| console)", GUIDE)) <= options


def test_links_inside_the_guide_lead_somewhere() -> None:
    headings = re.findall(r"^## (.+)$", GUIDE, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-") for one in headings}
    for link in re.findall(r"\]\(#([^)]+)\)", GUIDE):
        assert link in anchors
