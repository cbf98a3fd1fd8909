"""The pages beside the chat: a plain clinic page that shows it, and the FAQ."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader
from markupsafe import Markup
from sanic import response as answers
from sanic.request import Request
from sanic.response import HTTPResponse

from bot import faq
from bot.channels.web.markup import as_html
from bot.clinic import Clinic, clinic
from bot.coaching.pictures import media_type, picture
from bot.faq import Answer

_ASSETS = {"site.css": "text/css", "icon.svg": "image/svg+xml"}
_WIDGET_HEADERS = {
    "Cache-Control": "public, max-age=300",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
# The drawings hold a style of their own, for light and dark, and nothing that runs.
_PICTURE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "Cache-Control": "public, max-age=86400",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
_MORE = 4


def error(status: int, sentence: str) -> HTTPResponse:
    """Returns an answer that says in one sentence what was wrong."""
    return answers.json({"error": sentence}, status=status)


@lru_cache(maxsize=1)
def _templates() -> Environment:
    return Environment(loader=PackageLoader("bot.channels.web"), autoescape=True, trim_blocks=True)


def _rendered(template: str, here: str, status: int = 200, **values: Any) -> HTTPResponse:
    page = _templates().get_template(template).render(clinic=clinic(), here=here, **values)
    return answers.html(page, status=status)


def _facts(profile: Clinic) -> list[tuple[str, str]]:
    """Returns what the profile says of a visit; what it does not hold is left out."""
    told = {
        "Address": profile.address,
        "Hours": profile.hours,
        "Prices": profile.prices,
        "Referral": profile.referral,
        "First visit": profile.first_visit,
        "Video visits": profile.telehealth,
    }
    return [(name, value) for name, value in told.items() if value]


async def home(_request: Request) -> HTTPResponse:
    """The demonstration page: the clinic's facts, and the chat."""
    return _rendered("home.html", "home", facts=_facts(clinic()))


async def faq_list(_request: Request) -> HTTPResponse:
    """All questions, by group."""
    return _rendered("faq.html", "faq", groups=faq.groups())


async def faq_answer(_request: Request, topic: str) -> HTTPResponse:
    """One question with its answer and sources."""
    answer = faq.answers().get(topic)
    if answer is None:
        return _rendered("missing.html", "", status=404)
    html = as_html(answer.text)
    group = [other for other in faq.groups()[answer.group] if other != answer]
    return _rendered(
        "answer.html", "faq", answer=answer, html=html, others=group[:_MORE],
        structured=_structured(answer, html),
    )  # fmt: skip


def _structured(answer: Answer, html: str) -> Markup:
    """Returns the question as schema.org data for search engines."""
    data = {
        "@context": "https://schema.org",
        "@type": "FAQPage",
        "mainEntity": [
            {
                "@type": "Question",
                "name": answer.question,
                "acceptedAnswer": {"@type": "Answer", "text": html},
            }
        ],
    }
    # No character of it may end the element that it stands in.
    return Markup(json.dumps(data).replace("<", "\\u003c").replace(">", "\\u003e"))  # noqa: S704


def _static_folder() -> Any:
    return resources.files("bot.channels").joinpath("static")


async def static(_request: Request, name: str) -> HTTPResponse:
    """The style sheet and the icon of these pages."""
    if name not in _ASSETS:
        return error(404, "There is no such file.")
    text = _static_folder().joinpath(name).read_text(encoding="utf-8")
    return answers.text(text, content_type=f"{_ASSETS[name]}; charset=utf-8")


@lru_cache(maxsize=1)
def _widget() -> tuple[bytes, str]:
    content = _static_folder().joinpath("widget.js").read_bytes()
    return content, f'"{hashlib.sha256(content).hexdigest()[:32]}"'


async def widget(request: Request) -> HTTPResponse:
    """The chat widget's script, for this page and for the clinic's own website."""
    content, tag = _widget()
    headers = {**_WIDGET_HEADERS, "ETag": tag}
    if tag in request.headers.get("if-none-match", ""):
        return answers.empty(status=304, headers=headers)
    return answers.raw(content, content_type="text/javascript; charset=utf-8", headers=headers)


async def drawing(_request: Request, name: str) -> HTTPResponse:
    """A picture of an exercise."""
    content = picture(name)
    if content is None:
        return error(404, "There is no such picture.")
    return answers.raw(content, content_type=media_type(name), headers=_PICTURE_HEADERS)
