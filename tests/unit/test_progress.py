"""How the patient is doing: numbers, the table that anybody can read, the chart."""

from __future__ import annotations

import json
import struct
import warnings
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path

import pytest
import time_machine
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cli import main
from bot.coaching.plan import Plan, Trend
from bot.coaching.progress import COLUMNS, Done, by_day, in_words, progress, rows, table
from bot.patient import record_of
from bot.store.records import record_exercise

with warnings.catch_warnings():  # the library's own, at its import
    warnings.simplefilter("ignore")
    import matplotlib.backends.backend_agg
    import matplotlib.figure  # noqa: F401

    from bot.coaching.chart import png

MONDAY = date(2026, 3, 2)
BRIDGE, PULL = "long_bridge", "ta_activation"
RECORD = [
    Done(MONDAY, BRIDGE, True, 6, 5),
    Done(MONDAY, PULL, True, 5, 4),
    Done(MONDAY + timedelta(1), BRIDGE, False, 7, 8),
    Done(MONDAY + timedelta(3), BRIDGE, True, 4, None),
]


def test_numbers() -> None:
    plan = Plan(frozenset((0, 2, 4)), time(19), MONDAY, "America/Chicago")
    found = progress(RECORD, MONDAY + timedelta(4), plan)
    assert (found.finished, found.days, found.recent_days) == (3, 2, 2)
    assert found.planned_days == 3
    assert (found.first_pain, found.last_pain) == (6, 4)
    assert found.streak == 1
    assert found.trend is None


def test_numbers_of_nothing() -> None:
    found = progress([], MONDAY)
    assert (found.finished, found.first_pain, found.last_pain, found.streak) == (0, None, None, 0)
    assert found.planned_days is None
    assert in_words([]) == "No exercises yet."
    assert rows([]) == []


def test_two_weeks_of_scores_have_a_trend() -> None:
    days = [(0, 7), (2, 7), (8, 4), (10, 4)]
    record = [Done(MONDAY + timedelta(ahead), BRIDGE, True, pain, pain) for ahead, pain in days]
    assert progress(record, MONDAY + timedelta(13)).trend is Trend.BETTER


def test_table_says_every_cell_in_words() -> None:
    assert rows(RECORD) == [
        ["Mon, Mar 2", "Long bridge, Deep abdominal exercise", "5.5", "4.5"],
        ["Tue, Mar 3", "1 stopped early", "7", "8"],
        ["Thu, Mar 5", "Long bridge", "4", "not given"],
    ]
    assert table(RECORD)["columns"] == list(COLUMNS)
    assert "0 (none) to 10" in table(RECORD)["caption"]


def test_alternative_text_says_what_the_chart_shows() -> None:
    assert in_words(RECORD) == (
        "Chart, March 2 to March 5: 3 exercises on 3 days. Pain before exercise went from 5.5 to 4."
    )


DONE = st.builds(
    Done,
    st.integers(0, 400).map(lambda ahead: MONDAY + timedelta(ahead)),
    st.sampled_from([BRIDGE, PULL, "an exercise that is gone"]),
    st.booleans(),
    st.none() | st.integers(0, 10),
    st.none() | st.integers(0, 10),
)


@given(st.lists(DONE, max_size=40))
def test_any_record_has_a_table_of_full_rows(record: list[Done]) -> None:
    shown = rows(record)
    assert all(len(row) == len(COLUMNS) and all(row) for row in shown)
    assert len(shown) == len(by_day(record)) <= 28
    assert bool(shown) == bool(record)
    assert in_words(record)


def _size(picture: bytes) -> tuple[int, int]:
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    return struct.unpack(">II", picture[16:24])


@settings(max_examples=5)
@given(st.lists(DONE, min_size=1, max_size=20))
def test_any_record_can_be_drawn(record: list[Done]) -> None:
    assert _size(png(record)) == (960, 600)


def test_chart_command_writes_a_picture(store: Path, tmp_path: Path) -> None:
    noon = datetime(2026, 3, 2, 18, tzinfo=timezone.utc)
    with time_machine.travel(noon, tick=False):
        record_exercise("web-1", BRIDGE, "finished", 6, 4)
    file = tmp_path / "chart.png"
    done = CliRunner().invoke(main, ["patient", "chart", "web-1", str(file)])
    assert done.exit_code == 0, done.output
    assert "1 exercise on 1 day" in done.output
    assert _size(file.read_bytes()) == (960, 600)
    nobody = CliRunner().invoke(main, ["patient", "chart", "web-2", str(file)])
    assert nobody.exit_code == 1
    assert "no exercises of web-2" in nobody.output
    nowhere = CliRunner().invoke(
        main, ["patient", "chart", "web-1", str(tmp_path / "no" / "x.png")]
    )
    assert nowhere.exit_code == 1
    assert "could not be written" in nowhere.output


def test_export_holds_the_table(store: Path) -> None:
    record_exercise("web-1", BRIDGE, "finished", 6, 4)
    done = CliRunner().invoke(main, ["patient", "export", "web-1"])
    exported = json.loads(done.output)
    (row,) = exported["progress"]["rows"]
    assert row[1:] == ["Long bridge", "6", "4"]


@pytest.mark.parametrize(("hour", "day"), [(4, MONDAY), (6, MONDAY + timedelta(1))])
def test_days_are_those_of_the_clinics_calendar(store: Path, hour: int, day: date) -> None:
    with time_machine.travel(datetime(2026, 3, 3, hour, 30, tzinfo=timezone.utc), tick=False):
        record_exercise("web-1", BRIDGE, "finished", 6, 4)
    assert [done.on for done in record_of("web-1")] == [day]
