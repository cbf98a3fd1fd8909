"""The pages beside the chat, and the FAQ as data, as browsers and other websites find them."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import aiohttp
import pytest

from bot.faq import answers
from tests.channels.site import Site

CLINIC_SITE = "https://clinic.example"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("pages")
    profile = folder / "clinic.yml"
    profile.write_text(
        "name: Clinic <b>One</b>\nphone: 512-555-0100\narea: Austin\n"
        f"hours: Monday to Friday, 8 am to 6 pm\nallowed_origins: [{CLINIC_SITE}]\n"
    )
    running = Site(
        folder, BACKCOACH_CLINIC_FILE=str(profile), BACKCOACH_TRUSTED_PROXIES="127.0.0.1"
    )
    yield running
    log = running.log.read_text()
    running.stop()
    assert "Traceback" not in log
    for word in ("walk", "peed", "quotes"):
        assert word not in log, "no word of a question"


async def _get(site: Site, path: str, method: str = "GET", **headers: str) -> tuple[int, Any, str]:
    async with (
        aiohttp.ClientSession() as http,
        http.request(method, site.url + path, headers=headers) as answer,
    ):
        return answer.status, answer.headers, await answer.text()


async def _ask(site: Site, question: str, **headers: str) -> tuple[int, Any]:
    status, _, body = await _get(site, f"/api/faq?q={quote(question)}", **headers)
    return status, json.loads(body)


async def test_the_demo_page_says_what_the_profile_holds_and_no_more(site: Site) -> None:
    status, _, page = await _get(site, "/")
    assert status == 200
    assert "Clinic &lt;b&gt;One&lt;/b&gt;" in page
    assert "<b>" not in page
    assert "Monday to Friday" in page
    assert 'href="tel:+15125550100"' in page
    for unknown in ("Prices", "Referral", "None"):
        assert unknown not in page


async def test_every_question_has_its_page_with_sources_and_data_for_search(site: Site) -> None:
    _, _, listed = await _get(site, "/faq")
    for topic, answer in answers().items():
        assert f'href="/faq/{topic}"' in listed
        status, _, page = await _get(site, f"/faq/{topic}")
        assert status == 200
        found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page)
        assert found
        data = json.loads(found[1])
        assert data["@type"] == "FAQPage"
        (question,) = data["mainEntity"]
        assert question["name"] == answer.question
        assert question["acceptedAnswer"]["text"].startswith("<p>")
        assert "Sources" in page
        assert page.count("<h1>") == 1


async def test_an_unknown_question_is_told_so_on_a_page(site: Site) -> None:
    status, headers, page = await _get(site, "/faq/nothing")
    assert (status, headers["Content-Type"][:9]) == (404, "text/html")
    assert 'href="/faq"' in page


async def test_all_answers_as_data(site: Site) -> None:
    status, headers, body = await _get(site, "/api/faq")
    assert (status, headers["Cache-Control"]) == (200, "public, max-age=300")
    listed = json.loads(body)["answers"]
    assert {entry["topic"] for entry in listed} == set(answers())
    for entry in listed:
        assert set(entry) == {"topic", "group", "question", "text", "sources", "url"}
        assert "{clinic_" not in entry["text"]


async def test_a_question_is_answered_and_nothing_is_stored(site: Site) -> None:
    status, headers, body = await _get(site, "/api/faq?q=is%20walking%20good")
    found = json.loads(body)
    assert (status, found["kind"], found["answer"]["topic"]) == (200, "answer", "walking")
    assert headers["Cache-Control"] == "no-store"
    assert site.heard() == [], "no conversation has begun"


async def test_what_is_not_understood_is_not_guessed(site: Site) -> None:
    _, found = await _ask(site, "will they cut into my back")
    assert found["kind"] == "choices"
    assert [choice["topic"] for choice in found["choices"]] == ["surgery"]
    _, found = await _ask(site, "who won the game")
    assert found["kind"] == "unknown"
    assert "512-555-0100" in found["text"]


@pytest.mark.parametrize("broken", ["", "fail "])
async def test_a_danger_sign_in_a_question_gets_the_emergency_text(site: Site, broken: str) -> None:
    """Also when the dialogue engine fails on it."""
    status, found = await _ask(site, f"{broken}I peed myself and can't feel it when I wipe")
    assert (status, found["kind"], found["level"]) == (200, "urgent", "er_now")
    assert "emergency room" in found["text"]
    assert "answer" not in found


async def test_an_unclear_sign_is_asked_about(site: Site) -> None:
    _, found = await _ask(site, "i fell")
    assert found["kind"] == "check"
    assert "?" in found["text"]
    assert (found["level"], "emergency room" in found["if_yes_or_unsure"]) == ("er_now", True)


async def test_without_the_engine_the_api_says_so(site: Site) -> None:
    status, found = await _ask(site, "fail what does it cost")
    assert (status, found["kind"]) == (503, "unavailable")
    assert "512-555-0100" in found["text"]


@pytest.mark.parametrize("query", ["q=", "q=%20", f"q={'x' * 501}", "q=%00"])
async def test_no_question_is_no_question(site: Site, query: str) -> None:
    status, _, body = await _get(site, f"/api/faq?{query}")
    assert status in (200, 400)
    assert "Traceback" not in body


async def test_only_the_clinics_own_sites_may_read_the_answers(site: Site) -> None:
    for path in ("/api/faq", "/api/faq?q=walk", "/widget.js"):
        status, headers, _ = await _get(site, path, Origin=CLINIC_SITE)
        assert status == 200
        assert headers["Access-Control-Allow-Origin"] == CLINIC_SITE
        assert headers["Vary"] == "Origin"
        status, headers, _ = await _get(site, path, Origin="https://evil.example")
        assert status == 403
        assert "Access-Control-Allow-Origin" not in headers


async def test_the_clinics_site_may_fetch_the_chart_with_a_token(site: Site) -> None:
    ask = {"Access-Control-Request-Method": "GET"}
    path = "/chat/progress.png"
    status, headers, _ = await _get(site, path, "OPTIONS", Origin=CLINIC_SITE, **ask)
    assert status == 204
    assert headers["Access-Control-Allow-Origin"] == CLINIC_SITE
    assert headers["Access-Control-Allow-Headers"] == "Authorization"
    assert (await _get(site, path, "OPTIONS", Origin="https://evil.example", **ask))[0] == 403


async def test_methods_that_write_are_refused(site: Site) -> None:
    for method in ("POST", "PUT", "DELETE"):
        for path in ("/", "/faq", "/faq/walking", "/api/faq", "/widget.js"):
            assert (await _get(site, path, method))[0] == 405


async def test_too_many_questions_are_refused_kindly(site: Site) -> None:
    address = {"X-Forwarded-For": "203.0.113.20"}
    asked = [_ask(site, f"walk {number}", **address) for number in range(70)]
    answered = await asyncio.gather(*asked)
    assert [status for status, _ in answered].count(200) == 60
    assert {status for status, _ in answered} == {200, 429}
    refused = next(body for status, body in answered if status == 429)
    assert "wait" in refused["error"]


async def test_too_many_messages_over_plain_http_are_refused_kindly(site: Site) -> None:
    address = {"X-Forwarded-For": "203.0.113.21"}
    async with aiohttp.ClientSession(headers=address) as http:
        async with http.post(f"{site.url}/chat/session", json={}) as answer:
            token = (await answer.json())["token"]
        statuses = []
        for number in range(25):
            async with http.post(
                f"{site.url}/chat/message", json={"text": f"m{number}"},
                headers={"Authorization": f"Bearer {token}"},
            ) as answer:  # fmt: skip
                statuses.append(answer.status)
                refused = await answer.json()
    assert statuses.count(200) == 20
    assert statuses[-1] == 429
    assert "911" in refused["error"]
