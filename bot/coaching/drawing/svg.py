"""Writes a drawing as SVG that follows the reader's light or dark colours."""

from __future__ import annotations

from html import escape

from bot.coaching.drawing.shapes import HEIGHT, WIDTH, Area, Disc, Line, Points, Shape, Tone

LIGHT = {
    Tone.BODY: "#1b2733", Tone.FAR: "#5f6d7a", Tone.BALL: "#b8400b", Tone.MOVE: "#1459a8",
    Tone.PAPER: "#ffffff",
}  # fmt: skip
DARK = {
    Tone.BODY: "#f1f4f7", Tone.FAR: "#9aa7b4", Tone.BALL: "#ff9a5c", Tone.MOVE: "#7cc0ff",
    Tone.PAPER: "#12181e",
}  # fmt: skip
_ROUND = 'fill="none" stroke-linecap="round" stroke-linejoin="round"'


def svg(shapes: tuple[Shape, ...], title: str, description: str) -> str:
    """Returns the text of an SVG file.

    Args:
        shapes: The drawing, from back to front.
        title: Its name, which a screen reader says first.
        description: What it shows.
    """
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="bcp" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}" role="img" aria-labelledby="t d">',
        f'<title id="t">{escape(title)}</title>',
        f'<desc id="d">{escape(description)}</desc>',
        f"<style>{_rules(LIGHT)}@media(prefers-color-scheme:dark){{{_rules(DARK)}}}</style>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" rx="10" {_paint("fill", Tone.PAPER)}/>',
        *(line for shape in shapes for line in _element(shape)),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _rules(colours: dict[Tone, str]) -> str:
    """Returns the style rules for one set of colours; the body is the drawing's own colour."""
    rules = [f".bcp{{color:{colours[Tone.BODY]}}}"]
    for tone, colour in colours.items():
        if tone is not Tone.BODY:
            rules.append(f".bcp .s-{tone.value}{{stroke:{colour}}}")
            rules.append(f".bcp .f-{tone.value}{{fill:{colour}}}")
    return "".join(rules)


def _paint(kind: str, tone: Tone) -> str:
    """Returns the attribute that colours a ``fill`` or ``stroke``."""
    return f'{kind}="currentColor"' if tone is Tone.BODY else f'class="{kind[0]}-{tone.value}"'


def _points(points: Points) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in points)


def _stroke(points: Points, width: float, tone: Tone) -> str:
    return (
        f'<polyline points="{_points(points)}" {_ROUND} {_paint("stroke", tone)} '
        f'stroke-width="{width:g}"/>'
    )


def _element(shape: Shape) -> list[str]:
    if isinstance(shape, Line):
        rim = [_stroke(shape.points, shape.width + 2 * shape.halo, Tone.PAPER)] * bool(shape.halo)
        return [*rim, _stroke(shape.points, shape.width, shape.tone)]
    colour = _paint("fill", shape.tone)
    if isinstance(shape, Disc):
        x, y = shape.center
        return [f'<circle cx="{x:g}" cy="{y:g}" r="{shape.radius:g}" {colour}/>']
    if isinstance(shape, Area):
        return [f'<polygon points="{_points(shape.points)}" {colour}/>']
    x, y = shape.center
    return [
        f'<text x="{x:g}" y="{y + shape.size * 0.35:g}" text-anchor="middle" '
        f'font-family="system-ui,sans-serif" font-weight="600" font-size="{shape.size:g}" '
        f"{colour}>{escape(shape.text)}</text>"
    ]
