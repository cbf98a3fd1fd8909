"""Draws a drawing as PNG, for picture messages to phones."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw, ImageFont

from bot.coaching.drawing.shapes import HEIGHT, WIDTH, Area, Disc, Line, Points, Shape, Tone
from bot.coaching.drawing.svg import LIGHT

SCALE = 2
"""Pixels of the picture for each unit of the drawing."""
_FINE = 4
"""Drawn this much larger first, so that edges are soft."""
_FACTOR = SCALE * _FINE


def png(shapes: tuple[Shape, ...]) -> bytes:
    """Returns the bytes of a PNG file of 640 by 400 pixels.

    Args:
        shapes: The drawing, from back to front.
    """
    size = (WIDTH * _FACTOR, HEIGHT * _FACTOR)
    image = Image.new("RGB", size, LIGHT[Tone.PAPER])
    pen = ImageDraw.Draw(image)
    for shape in shapes:
        _draw(pen, shape)
    image = image.resize((WIDTH * SCALE, HEIGHT * SCALE), Image.Resampling.LANCZOS)
    written = io.BytesIO()
    image.quantize(64).save(written, "PNG", optimize=True)
    return written.getvalue()


def _draw(pen: ImageDraw.ImageDraw, shape: Shape) -> None:
    colour = LIGHT[shape.tone]
    if isinstance(shape, Line):
        if shape.halo:
            _stroke(pen, shape.points, shape.width + 2 * shape.halo, LIGHT[Tone.PAPER])
        _stroke(pen, shape.points, shape.width, colour)
    elif isinstance(shape, Disc):
        _dot(pen, *shape.center, shape.radius, colour)
    elif isinstance(shape, Area):
        pen.polygon([(x * _FACTOR, y * _FACTOR) for x, y in shape.points], fill=colour)
    else:
        font = ImageFont.load_default(shape.size * _FACTOR)
        x, y = shape.center
        pen.text(
            (x * _FACTOR, y * _FACTOR), shape.text, fill=colour, font=font, anchor="mm",
            stroke_width=_FACTOR // 4, stroke_fill=colour,
        )  # fmt: skip


def _dot(pen: ImageDraw.ImageDraw, x: float, y: float, radius: float, colour: str) -> None:
    ends = (x - radius, y - radius, x + radius, y + radius)
    pen.ellipse([value * _FACTOR for value in ends], fill=colour)


def _stroke(pen: ImageDraw.ImageDraw, points: Points, width: float, colour: str) -> None:
    scaled = [(x * _FACTOR, y * _FACTOR) for x, y in points]
    pen.line(scaled, fill=colour, width=round(width * _FACTOR))
    for x, y in points:  # round ends and joints
        _dot(pen, x, y, width / 2, colour)
