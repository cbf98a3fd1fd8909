"""Simple shapes of which a drawing consists, on a canvas of 320 by 200 units."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

WIDTH, HEIGHT = 320, 200
_SAMPLES = 8

Point = tuple[float, float]
Points = tuple[Point, ...]


class Tone(str, Enum):
    """What a shape is, from which its colour follows in light and dark."""

    BODY = "body"
    FAR = "far"
    BALL = "ball"
    MOVE = "move"
    PAPER = "paper"


@dataclass(frozen=True)
class Line:
    """A line with round ends and joints.

    Attributes:
        points: Its corners.
        width: Its width.
        tone: What it is.
        halo: Width of the rim of paper that lifts it off what lies behind.
    """

    points: Points
    width: float
    tone: Tone
    halo: float = 0


@dataclass(frozen=True)
class Disc:
    """A filled circle."""

    center: Point
    radius: float
    tone: Tone


@dataclass(frozen=True)
class Area:
    """A filled polygon."""

    points: Points
    tone: Tone


@dataclass(frozen=True)
class Label:
    """A few letters, centered on a point."""

    text: str
    center: Point
    size: float
    tone: Tone


Shape = Line | Disc | Area | Label


def smooth(*points: Point) -> Points:
    """Returns points on a soft curve (Catmull-Rom) through the given ones."""
    ends = (points[0], *points, points[-1])
    curve: list[Point] = []
    for at in range(1, len(ends) - 2):
        before, start, end, behind = ends[at - 1 : at + 3]
        for number in range(_SAMPLES):
            curve.append(_between(before, start, end, behind, number / _SAMPLES))
    return (*curve, points[-1])


def _between(before: Point, start: Point, end: Point, behind: Point, t: float) -> Point:
    def axis(a: float, b: float, c: float, d: float) -> float:
        value = 2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2
        return round((value + (3 * b - a - 3 * c + d) * t**3) / 2, 1)

    return axis(before[0], start[0], end[0], behind[0]), axis(
        before[1], start[1], end[1], behind[1]
    )


def arc(center: Point, radius: float, first: float, last: float) -> Points:
    """Returns points on an arc; angles in degrees, 0 to the right and 90 downward."""
    steps = max(4, int(abs(last - first) / 10))
    angles = [math.radians(first + (last - first) * n / steps) for n in range(steps + 1)]
    return tuple(
        (round(center[0] + radius * math.cos(a), 1), round(center[1] + radius * math.sin(a), 1))
        for a in angles
    )


def arrow(*points: Point, both: bool = False, tone: Tone = Tone.MOVE) -> tuple[Shape, ...]:
    """Returns an arrow along points, with a head at its end or at both ends."""
    heads = [_head(points[-2], points[-1], tone)]
    if both:
        heads.append(_head(points[1], points[0], tone))
    return (Line(tuple(points), 4, tone, halo=2), *heads)


def _head(start: Point, tip: Point, tone: Tone) -> Area:
    angle = math.atan2(tip[1] - start[1], tip[0] - start[0])
    length, half = 11, 7

    def at(along: float, across: float) -> Point:
        return (
            round(tip[0] + along * math.cos(angle) - across * math.sin(angle), 1),
            round(tip[1] + along * math.sin(angle) + across * math.cos(angle), 1),
        )

    return Area((at(5, 0), at(5 - length, half), at(5 - length, -half)), tone)
