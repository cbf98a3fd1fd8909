"""The drawing of each step: people lying on a floor, seen from the side."""

from __future__ import annotations

from collections.abc import Mapping

from bot.coaching.drawing.shapes import (
    Area,
    Disc,
    Label,
    Line,
    Point,
    Points,
    Shape,
    Tone,
    arc,
    arrow,
    smooth,
)

Scene = tuple[Shape, ...]

_FLOOR = 172.0
_TENNIS, _SOFT = 8.0, 12.0


def _floor() -> Scene:
    return (Line(((10, _FLOOR + 1), (310, _FLOOR + 1)), 3, Tone.FAR),)


def _leg(*points: Point, tone: Tone = Tone.BODY) -> Scene:
    """Returns a leg from hip to ankle, and the foot as the last point."""
    return (
        Line(points[:-1], 13, tone, halo=3),
        Line(points[-2:], 9, tone),
    )


def _trunk(shoulder: Point, hip: Point) -> Scene:
    return (Line((shoulder, hip), 22, Tone.BODY),)


def _head(center: Point, nose: Point) -> Scene:
    neck = (center[0] + 30, center[1] + (8 if nose[1] < center[1] else 2))
    return (
        Line((center, neck), 9, Tone.BODY),
        Disc(center, 14, Tone.BODY),
        Disc(nose, 3.5, Tone.BODY),
    )


# --- lying on the back -------------------------------------------------------------------------


def _upper_body_up() -> Scene:
    """Returns head, trunk and arm of a person who lies on the back, head to the left."""
    return (
        *_head((36, 153), (32, 138)),
        *_trunk((66, 161), (146, 161)),
        Line(((70, 161), (100, 168), (134, 168)), 8, Tone.BODY, halo=3),
    )


def _heels_dug_in() -> Scene:
    return (
        *_floor(),
        *_leg((156, 160), (218, 140), (274, 166), (262, 133), tone=Tone.FAR),
        *_leg((148, 161), (210, 139), (266, 166), (254, 132)),
        *_upper_body_up(),
    )


def _pelvis_stays_down() -> Scene:
    """Returns the crossed-out arrow over the pelvis: it is not lifted."""
    return (
        *arrow((146, 144), (146, 96), tone=Tone.FAR),
        Line(((130, 134), (162, 108)), 4, Tone.BALL, halo=2),
        Line(((162, 134), (130, 108)), 4, Tone.BALL, halo=2),
        Label("don't lift", (146, 76), 15, Tone.BALL),
    )


def _push() -> Scene:
    return (*arrow((288, 124), (280, 158)), Label("push", (288, 112), 15, Tone.MOVE))


def _long_bridge_1() -> Scene:
    return (
        *_floor(),
        *_leg((156, 162), (220, 164), (284, 165), (292, 141), tone=Tone.FAR),
        *_leg((148, 162), (212, 164), (276, 165), (283, 140)),
        *_upper_body_up(),
    )


def _long_bridge_2() -> Scene:
    return (
        *_heels_dug_in(),
        *arrow(*arc((264, 160), 46, -58, -108)),
        Label("toes to nose", (238, 100), 15, Tone.MOVE),
        Line(((202, 151), (218, 151)), 3, Tone.MOVE),
        Line(((210, 151), (210, 169)), 3, Tone.MOVE),
        Line(((202, 169), (218, 169)), 3, Tone.MOVE),
        Label("6 in", (210, 187), 15, Tone.MOVE),
    )


def _long_bridge_3() -> Scene:
    return (
        *_heels_dug_in(),
        *_push(),
        *_pelvis_stays_down(),
        Label("hold 5 s", (54, 30), 18, Tone.MOVE),
    )


def _long_bridge_4() -> Scene:
    return (
        *_heels_dug_in(),
        *_push(),
        *_pelvis_stays_down(),
        *arrow(*arc((40, 38), 24, -60, 220)),
        Label("20x", (40, 38), 15, Tone.MOVE),
        Label("hold 5 s each", (146, 38), 18, Tone.MOVE),
    )


def _knees_bent(belly: Points, tone: Tone) -> Scene:
    """Returns a person on the back with bent knees, and the belly's own contour."""
    return (
        *_floor(),
        *_leg((160, 158), (210, 100), (238, 162), (262, 167), tone=Tone.FAR),
        *_leg((150, 160), (194, 104), (222, 163), (248, 168)),
        *_head((36, 153), (32, 138)),
        *_trunk((66, 161), (146, 161)),
        Area(belly, tone),
        Line(((70, 161), (100, 168), (134, 168)), 8, Tone.BODY, halo=3),
    )


_FLAT: Points = ((100, 151), (110, 150), (120, 151))
_FULL = smooth((82, 152), (96, 140), (112, 133), (128, 140), (142, 152))
_HOLLOW = smooth((84, 146), (98, 153), (112, 157), (126, 153), (140, 146))


def _ta_activation_1() -> Scene:
    return _knees_bent(_FLAT, Tone.BODY)


def _ta_activation_2() -> Scene:
    return (
        *_knees_bent(_FULL, Tone.BODY),
        *arrow((112, 122), (112, 82)),
        Label("breathe in", (112, 60), 18, Tone.MOVE),
    )


def _ta_activation_3() -> Scene:
    return (
        *_knees_bent(_HOLLOW, Tone.PAPER),
        *arrow((112, 84), (112, 146)),
        Label("breathe out", (112, 66), 18, Tone.MOVE),
    )


# --- lying on the stomach ----------------------------------------------------------------------


def _ball(center: Point, radius: float) -> Scene:
    return Disc(center, radius + 2.5, Tone.PAPER), Disc(center, radius, Tone.BALL)


def _face_down(ball: Scene, near_leg: Scene) -> Scene:
    """Returns a person who lies on the stomach on a ball, the forehead on the hands."""
    return (
        *_floor(),
        *_leg((158, 150), (220, 162), (280, 165), (300, 169), tone=Tone.FAR),
        *near_leg,
        *_head((40, 152), (36, 167)),
        *_trunk((68, 153), (150, 146)),
        Line(((76, 154), (62, 168), (26, 168)), 8, Tone.BODY, halo=3),
        *ball,
    )


def _leg_down() -> Scene:
    return _leg((150, 148), (212, 161), (272, 165), (294, 169))


def _leg_bending() -> Scene:
    return (
        *_leg((150, 148), (212, 161), (226, 102), (248, 98)),
        *arrow(*arc((212, 161), 76, -18, -56), both=True),
    )


def _hip_ball() -> Scene:
    return _ball((146, _FLOOR - _TENNIS), _TENNIS)


def _belly_ball() -> Scene:
    return _ball((118, _FLOOR - _SOFT + 1), _SOFT)


_MAP = 172.0
"""Where the middle of the small map is, from the left."""


def _map(ball: Point, radius: float) -> Scene:
    """Returns a small map of the belly from the front: waist, navel, hip bones and the ball.

    Args:
        ball: The ball's center, from the map's middle line.
        radius: The ball's radius.
    """
    sides = ((44, 14), (34, 44), (46, 76), (45, 108))
    bones = ((37, 64), (27, 84), (7, 98))
    shapes: list[Shape] = []
    for points, width, tone in ((sides, 4, Tone.BODY), (bones, 6, Tone.FAR)):
        for way in (-1, 1):
            side = tuple((_MAP + way * x, float(y)) for x, y in points)
            shapes.append(Line(smooth(*side), width, tone))
    place = (_MAP + ball[0], ball[1])
    return (*shapes, Disc((_MAP, 44), 3.5, Tone.BODY), Disc(place, radius, Tone.BALL))


def _pointer(text: str, at: Point, line: Points, tone: Tone) -> Scene:
    return Label(text, at, 14, tone), Line(line, 2, tone)


def _ball_map_iliacus() -> Scene:
    return (
        *_map((-19, 72), 7),
        *_pointer("ball", (84, 72), ((108, 72), (142, 72)), Tone.BALL),
        *_pointer("hip bone", (262, 72), ((222, 72), (212, 71)), Tone.FAR),
        *_pointer("belly button", (270, 40), ((216, 41), (179, 43)), Tone.BODY),
    )


def _ball_map_psoas() -> Scene:
    return (
        *_map((-19, 44), 10),
        *_pointer("soft ball", (78, 44), ((120, 44), (138, 44)), Tone.BALL),
        *_pointer("hip bone", (262, 72), ((222, 72), (212, 71)), Tone.FAR),
        *_pointer("belly button", (270, 40), ((216, 41), (179, 43)), Tone.BODY),
    )


def _sinking(x: float) -> Scene:
    return (
        *arrow((x, 96), (x, 126)),
        Label("breathe 2-3 min", (x, 78), 18, Tone.MOVE),
    )


def _iliacus_release_1() -> Scene:
    return (*_face_down(_hip_ball(), _leg_down()), *_ball_map_iliacus())


def _iliacus_release_2() -> Scene:
    return (*_face_down(_hip_ball(), _leg_down()), *_sinking(146))


def _iliacus_release_3() -> Scene:
    return (
        *_face_down(_hip_ball(), _leg_bending()),
        Label("bend and straighten", (110, 52), 18, Tone.MOVE),
        Label("20-30x", (110, 78), 18, Tone.MOVE),
    )


def _psoas_release_1() -> Scene:
    return (*_face_down(_belly_ball(), _leg_down()), *_ball_map_psoas())


def _psoas_release_2() -> Scene:
    return (*_face_down(_belly_ball(), _leg_down()), *_sinking(118))


def _psoas_release_3() -> Scene:
    return (
        *_face_down(_belly_ball(), _leg_bending()),
        Label("heel to bottom and back", (138, 62), 17, Tone.MOVE),
    )


def scenes() -> Mapping[str, Scene]:
    """Returns the drawings by the name of their file, without its ending."""
    return {
        "iliacus_release_1": _iliacus_release_1(),
        "iliacus_release_2": _iliacus_release_2(),
        "iliacus_release_3": _iliacus_release_3(),
        "psoas_release_1": _psoas_release_1(),
        "psoas_release_2": _psoas_release_2(),
        "psoas_release_3": _psoas_release_3(),
        "long_bridge_1": _long_bridge_1(),
        "long_bridge_2": _long_bridge_2(),
        "long_bridge_3": _long_bridge_3(),
        "long_bridge_4": _long_bridge_4(),
        "ta_activation_1": _ta_activation_1(),
        "ta_activation_2": _ta_activation_2(),
        "ta_activation_3": _ta_activation_3(),
    }
