"""The responses' markup as HTML: paragraphs, lists, bold, emphasis and web links, nothing else."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

_INLINE = re.compile(
    r"\[(?P<title>[^\]\n]+)\]\((?P<url>https?://[^)\s]+)\)"
    r"|\*\*(?P<bold>[^*\n]+)\*\*|\*(?P<emphasis>[^*\n]+)\*"
)


def as_html(text: str) -> Markup:
    """Returns a response's text as HTML; everything that is no markup is escaped."""
    blocks = []
    for block in re.split(r"\n\s*\n", text.strip()):
        blocks += _block(block.splitlines())
    return Markup("\n").join(blocks)


def _block(lines: list[str]) -> list[Markup]:
    parts: list[Markup] = []
    said = [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("- ")]
    items = [line.strip()[2:] for line in lines if line.lstrip().startswith("- ")]
    if said:
        parts.append(Markup("<p>{}</p>").format(Markup("<br>").join(map(_inline, said))))
    if items:
        listed = Markup("").join(Markup("<li>{}</li>").format(_inline(item)) for item in items)
        parts.append(Markup("<ul>{}</ul>").format(listed))
    return parts


def _inline(text: str) -> Markup:
    parts, last = [], 0
    for found in _INLINE.finditer(text):
        parts.append(escape(text[last : found.start()]))
        last = found.end()
        if found["url"]:
            link = Markup('<a href="{}" rel="noopener noreferrer">{}</a>')
            parts.append(link.format(found["url"], found["title"]))
        elif found["bold"]:
            parts.append(Markup("<strong>{}</strong>").format(found["bold"]))
        else:
            parts.append(Markup("<em>{}</em>").format(found["emphasis"]))
    parts.append(escape(text[last:]))
    return Markup("").join(parts)
