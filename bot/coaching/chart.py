"""The chart of pain and exercises as a picture that a patient can show to the therapist."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

from bot.coaching.progress import Day, Done, by_day

WIDTH, HEIGHT, DPI = 8.0, 5.0, 120
# Told apart by shape, line and lightness too, not by color alone.
_BEFORE, _AFTER, _BARS, _INK = "#0b5d66", "#c2571a", "#6f8f94", "#1b2526"


def png(record: Sequence[Done]) -> bytes:
    """Draws a record that holds at least one exercise; the picture names nobody.

    Args:
        record: What was done.

    Returns:
        A PNG of 960 x 600 pixels: pain before and after on a scale of 0 to 10, exercises below.
    """
    # Half a second of loading, only for who wants a picture; no global state, so threads are safe.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    days = by_day(record)
    figure = Figure(figsize=(WIDTH, HEIGHT), dpi=DPI, facecolor="white")
    pain, count = figure.subplots(2, 1, sharex=True, gridspec_kw={"height_ratios": [3, 1]})
    _draw_pain(pain, days)
    _draw_count(count, days)
    figure.subplots_adjust(left=0.09, right=0.97, top=0.9, bottom=0.09, hspace=0.28)
    drawn = BytesIO()
    FigureCanvasAgg(figure).print_png(drawn, metadata={"Title": "Pain and exercises"})
    return drawn.getvalue()


def _draw_pain(axes: Any, days: Sequence[Day]) -> None:
    # The later score is drawn over the earlier one, and smaller, so that equal ones both show.
    for label, color, marker, line, size, values in (
        ("Before exercise", _BEFORE, "o", "-", 11, [day.pain_before for day in days]),
        ("After exercise", _AFTER, "s", "--", 6, [day.pain_after for day in days]),
    ):
        given = [(day.on, v) for day, v in zip(days, values, strict=True) if v is not None]
        axes.plot(
            [on for on, _ in given], [value for _, value in given], color=color, marker=marker,
            linestyle=line, markersize=size, linewidth=2, label=label, clip_on=False,
        )  # fmt: skip
    axes.set_ylim(0, 10)
    axes.set_yticks(range(0, 11, 2))
    axes.set_title("Pain (0 none, 10 the worst)", loc="left", fontsize=12, color=_INK, pad=8)
    axes.legend(loc="lower right", bbox_to_anchor=(1, 1.0), ncol=2, frameon=False, fontsize=10)
    _plain(axes)


def _draw_count(axes: Any, days: Sequence[Day]) -> None:
    counts = [len(day.names) for day in days]
    axes.bar([day.on for day in days], counts, width=0.6, color=_BARS)
    axes.set_ylim(0, max([*counts, 1]) + 0.4)
    axes.set_yticks(range(max([*counts, 1]) + 1))
    axes.set_title("Exercises finished", loc="left", fontsize=12, color=_INK, pad=6)
    middle, half = _span([day.on for day in days])
    axes.set_xlim(middle - half, middle + half)
    ticks = _ticks([day.on for day in days])
    axes.set_xticks(ticks, [f"{on:%b} {on.day}" for on in ticks])
    _plain(axes)


def _span(days: Sequence[date]) -> tuple[datetime, timedelta]:
    """Returns the middle of the days and half of what is shown: a week at least."""
    first, last = (datetime.combine(on, time()) for on in (days[0], days[-1]))
    return first + (last - first) / 2, max((last - first) / 2 + timedelta(1), timedelta(4))


def _ticks(days: Sequence[date], most: int = 8) -> list[date]:
    """Returns days to name under the chart, few enough to be read."""
    step = -(-len(days) // most)
    return list(days[::-1][::step][::-1])


def _plain(axes: Any) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", color="#d7e0e1", linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(labelsize=10, colors=_INK)
