"""The website's channel, as a browser and as an attacker find it."""

from __future__ import annotations

import contextlib
import json
import urllib.error
import urllib.request
from typing import Any

import pytest

from tests.live import Product, post

pytestmark = [pytest.mark.trained, pytest.mark.live]


def _get(url: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], str]:
    request = urllib.request.Request(url, headers=headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, _lower(answer), answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, _lower(error), error.read().decode()


def _lower(answer: Any) -> dict[str, str]:
    return {name.lower(): value for name, value in answer.headers.items()}


def _send(product: Product, token: str | None, body: Any, **headers: str) -> tuple[int, Any]:
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    return post(f"{product.url}/chat/message", body, headers)


def test_page_and_its_files_load(product: Product) -> None:
    status, headers, page = _get(f"{product.url}/")
    assert status == 200
    assert headers["content-type"].startswith("text/html")
    for part in ("Spine &amp; Core", "512-215-4227", "tel:+15122154227", "911", "988", "automated",
                 "demonstration", "/widget.js", "/static/site.css"):  # fmt: skip
        assert part in page
    assert "http://" not in page
    assert "https://" not in page, "nothing is fetched from elsewhere"
    status, headers, text = _get(f"{product.url}/static/site.css")
    assert status == 200
    assert headers["content-type"].startswith("text/css")
    assert "prefers-color-scheme: dark" in text


def test_widget_loads_and_is_not_sent_twice(product: Product) -> None:
    status, headers, text = _get(f"{product.url}/widget.js")
    assert (status, headers["content-type"]) == (200, "text/javascript; charset=utf-8")
    assert headers["cross-origin-resource-policy"] == "cross-origin"
    assert len(text) > 1000
    tag = headers["etag"]
    status, headers, text = _get(f"{product.url}/widget.js", **{"If-None-Match": tag})
    assert (status, headers["etag"], text) == (304, tag, "")


@pytest.mark.parametrize(
    ("name", "kind"), [("long_bridge_3.svg", "image/svg+xml"), ("long_bridge_3.png", "image/png")]
)
def test_pictures_of_the_exercises_load_and_may_be_kept(
    product: Product, name: str, kind: str
) -> None:
    with urllib.request.urlopen(f"{product.url}/pictures/{name}", timeout=30) as answer:
        headers, content = _lower(answer), answer.read()
    assert headers["content-type"].startswith(kind)
    assert headers["cache-control"] == "public, max-age=86400"
    assert headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "script" not in headers["content-security-policy"]
    assert content.startswith(b"<svg" if name.endswith("svg") else b"\x89PNG")


@pytest.mark.parametrize(
    "path", ["none.svg", "..%2fexercises.yml", "../exercises.yml", "exercises.yml", "%00.svg"]
)
def test_no_other_file_is_given_out_as_a_picture(product: Product, path: str) -> None:
    status, headers, _ = _get(f"{product.url}/pictures/{path}")
    assert status == 404
    assert headers.get("cache-control") in (None, "no-store"), "a miss may be mended"


@pytest.mark.parametrize(
    "path", ["nothing.js", "..%2f..%2fclinic.yml", "../web/app.py", "%2e%2e/site.css", "%00"]
)
def test_no_other_file_is_served(product: Product, path: str) -> None:
    status, _, body = _get(f"{product.url}/static/{path}")
    assert status in (400, 404)
    assert "phone:" not in body
    assert "import" not in body


@pytest.mark.parametrize("path", ["/webhooks/rest/webhook", "/model", "/conversations/x/tracker",
                                  "/socket.io/", "/webhook", "/metrics"])  # fmt: skip
def test_engines_own_interfaces_are_closed(product: Product, path: str) -> None:
    assert _get(product.url + path)[0] == 404
    assert post(product.url + path, {"sender": "x", "message": "hi"})[0] in (404, 405)


@pytest.mark.parametrize("path", ["/", "/faq", "/faq/walking", "/static/site.css", "/health"])
def test_security_headers(product: Product, path: str) -> None:
    _, headers, _ = _get(product.url + path)
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in headers


def test_health(product: Product) -> None:
    status, _, body = _get(f"{product.url}/health")
    assert (status, json.loads(body)) == (200, {"ready": True})


def test_session_starts_with_the_disclosure_and_hides_payloads(product: Product) -> None:
    visitor = product.visitor()
    (greeting,) = visitor.greeting
    for part in ("automated", "AI", "not a therapist", "911", "988", "512-215-4227"):
        assert part in greeting["text"]
    assert greeting["buttons"]
    assert all(isinstance(title, str) for title in greeting["buttons"])
    assert "/book_evaluation" not in json.dumps(visitor.greeting)


def test_two_visitors_never_see_each_others_conversation(product: Product) -> None:
    ana, bob = product.visitor(), product.visitor()
    assert ana.token != bob.token
    ana.say("book an evaluation")
    asked = ana.say("Ana Zweig")
    assert "phone" in json.dumps(asked).lower()
    # Bob is in no form: his number is no answer to Ana's question.
    heard = json.dumps(bob.say("512-555-0143"))
    assert "Ana" not in heard
    assert "When would you like" not in heard
    assert "When would you like" in json.dumps(ana.say("512-555-0144"))
    told = json.dumps(bob.say("check my booking"))
    assert "Ana" not in told
    assert "0144" not in told


@pytest.mark.parametrize(
    "token",
    [None, "", "x", "web-1", "a.b.c", "null", "ImFkbWluIg.aSDfgh.abcdefghijklmnopqrstuvwxyz1"],
)
def test_missing_or_forged_token_is_refused(product: Product, token: str | None) -> None:
    status, answer = _send(product, token, {"text": "hi"})
    assert status == 401
    assert set(answer) == {"error"}
    assert answer["error"].endswith(".")


def test_token_that_was_changed_is_refused(product: Product) -> None:
    token = product.visitor().token
    changed = ("x" if token[0] != "x" else "y") + token[1:]
    assert _send(product, changed, {"text": "hi"})[0] == 401
    assert _send(product, None, {"text": "hi"}, Authorization=f"Basic {token}")[0] == 401
    assert _send(product, None, {"text": "hi", "token": token})[0] == 401
    assert _send(product, token, {"text": "hi", "sender": "web-2", "sender_id": "web-2"})[0] == 200


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost:1", "x"])
def test_other_websites_may_not_use_the_chat(product: Product, origin: str) -> None:
    token = product.visitor().token
    status, answer = _send(product, token, {"text": "hi"}, Origin=origin)
    assert status == 403
    assert "allowed_origins" in answer["error"]
    assert post(f"{product.url}/chat/session", {}, {"Origin": origin})[0] == 403


def test_own_page_may_use_the_chat(product: Product) -> None:
    assert post(f"{product.url}/chat/session", {}, {"Origin": product.url})[0] == 200


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"not json", b"[]", b"null", b'"text"', b"{}", b'{"text": 1}', b'{"text": null}',
     b'{"text": ["hi"]}', b"\xff\xfe", b"\x00", b"[" * 20_000],
)  # fmt: skip
def test_bad_body_is_refused(product: Product, body: bytes) -> None:
    status, answer = _send(product, product.visitor().token, body)
    assert status == 400
    assert "Traceback" not in json.dumps(answer)
    assert set(answer) == {"error"}


def test_huge_body_is_refused(product: Product) -> None:
    token = product.visitor().token
    status = 413  # the server may also close while we are still sending
    with contextlib.suppress(urllib.error.URLError, ConnectionError):
        status, _ = _send(product, token, {"text": "x" * 1_000_000})
    assert status == 413
    assert _send(product, token, {"text": "hello"})[0] == 200, "and it still serves"


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_other_methods_are_refused(product: Product, method: str) -> None:
    assert _get(f"{product.url}/chat/message", method)[0] == 405


@pytest.mark.parametrize(
    "text",
    ["", "   ", "\x00", "😖", "ظهري", "/restart", '/book_evaluation{"a": 1}', "x" * 12_000,
     "<script>alert(1)</script>", "'; DROP TABLE booking_request;--", "{clinic_phone} {0}", "%s%n"],
)  # fmt: skip
def test_any_text_is_answered(product: Product, text: str) -> None:
    visitor = product.visitor()
    replies = visitor.say(text)
    assert replies
    shown = json.dumps(replies)
    for leak in ("Traceback", "Error:", "<script", "{clinic_", "None"):
        assert leak not in shown
    assert "automated" in json.dumps(visitor.say("are you a robot?")), "it goes on"


def test_log_holds_no_words_of_patients(product: Product) -> None:
    words = "quetzalcoatl"
    visitor = product.visitor()
    visitor.say(f"my {words} hurts")
    visitor.say("book an evaluation")
    visitor.say(f"{words} {words}")
    assert words not in "\n".join(product.lines)
    assert visitor.token not in "\n".join(product.lines)
    database = b"".join(path.read_bytes() for path in product.var.glob("*.db*"))
    assert words.encode() not in database
