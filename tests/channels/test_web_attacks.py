"""What somebody of bad intent may try on the website's socket: refused, disturbing nobody."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import aiohttp
import pytest
import socketio

from bot.channels import tokens
from tests.channels.site import Site, Tab

EVIL = '<script>alert(1)</script><img src=x onerror="alert(2)">'


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server with the usual limits, but for the number of chats: the tests open many."""
    running = Site(
        tmp_path_factory.mktemp("attacked"),
        BACKCOACH_ADDRESS_SESSIONS="1000",
        BACKCOACH_TRUSTED_PROXIES="127.0.0.1",
    )
    yield running
    assert running.process.poll() is None, "the server is alive"
    log = running.log.read_text()
    running.stop()
    for part in ("Traceback", "alert(1)", "secret words"):
        assert part not in log


@pytest.fixture
async def tabs(site: Site) -> AsyncIterator[Any]:
    """Opens pages, each at an address of its own, and closes them after the test."""
    opened: list[Tab] = []

    async def open_page(token: Any = None, **how: Any) -> Tab:
        tab = Tab(site.url, token)
        opened.append(tab)
        tabs_seen.append(tab)
        how.setdefault("address", f"10.{len(tabs_seen) // 250}.0.{len(tabs_seen) % 250}")
        await tab.open(**how)
        return tab

    yield open_page
    for tab in opened:
        await tab.close()


tabs_seen: list[Tab] = []


@pytest.fixture
async def bystander(tabs: Any) -> AsyncIterator[Tab]:
    """Somebody else, who must notice nothing: their chat works before and after."""
    tab: Tab = await tabs()
    await tab.ask("before")
    yield tab
    assert tab.is_open
    assert (await tab.ask("after"))["text"] == "You said: after"
    assert tab.texts[1:] == ["me: before", "bot: You said: before",
                             "me: after", "bot: You said: after"]  # fmt: skip


async def test_a_stolen_visitor_id_opens_nothing(bystander: Tab, tabs: Any) -> None:
    for token in (bystander.sender, f'"{bystander.sender}"', {"visitor": bystander.sender}):
        thief = await tabs(token)
        assert thief.session["fresh"]
        assert "before" not in str(thief.shown)
        await thief.send("join", bystander.sender)
        await thief.say("hello from the thief")
        assert thief.sender != bystander.sender


def _forged(token: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    payload, moment, signature = token.split(".")
    monkeypatch.setenv(tokens.KEY_VARIABLE, "a key that somebody guessed")
    other_key = tokens.mint(json.loads(_decoded(payload)))
    monkeypatch.delenv(tokens.KEY_VARIABLE)
    swapped = signature[:-3] + ("AAA" if signature[-3:] != "AAA" else "BBB")
    return [other_key, f"{payload}.{moment}.{swapped}", f"{payload}.{moment}.", payload, token * 9]


def _decoded(payload: str) -> bytes:
    return base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))


async def test_a_forged_token_opens_nothing(
    bystander: Tab, tabs: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert bystander.token
    for token in _forged(bystander.token, monkeypatch):
        forger = await tabs(token)
        assert forger.session["fresh"]
        assert forger.sender != bystander.sender
        assert "before" not in str(forger.shown)


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", "x"])
@pytest.mark.parametrize("transport", ["websocket", "polling"])
async def test_another_website_is_refused_at_the_handshake(
    site: Site, bystander: Tab, origin: str, transport: str
) -> None:
    tab = Tab(site.url, bystander.token)
    with pytest.raises(socketio.exceptions.ConnectionError):
        await tab.open(origin=origin, transport=transport)
    assert tab.session is None
    await tab.close()


async def test_the_own_page_is_welcome(site: Site, tabs: Any) -> None:
    assert (await tabs(origin=site.url)).session["fresh"]


@pytest.mark.parametrize(
    "data",
    [None, 0, True, "text", [], [["say"]], {}, {"id": "a"}, {"text": "hi"}, {"id": 1, "text": "hi"},
     {"id": "a", "text": 1}, {"id": "a", "text": None}, {"id": "a", "text": ["hi"]},
     {"id": "a", "text": ""}, {"id": "", "text": "hi"}, {"id": "a" * 65, "text": "hi"},
     {"id": EVIL, "text": "hi"}, {"id": {"$ne": 1}, "text": "hi"}],
)  # fmt: skip
async def test_a_wrong_message_is_refused(bystander: Tab, tabs: Any, data: Any) -> None:
    tab = await tabs()
    ack = await tab.send("say", data)
    assert (ack["ok"], ack["error"]) == (False, "invalid")
    assert "911" in ack["message"]
    assert (await tab.ask("a right one"))["text"] == "You said: a right one"


async def test_unknown_events_are_refused(bystander: Tab, tabs: Any) -> None:
    tab = await tabs()
    for event in ("unknown", EVIL, "__proto__", "message", "session", "*"):
        ack = await tab.send(event, {"to": bystander.sender, "text": "hi"})
        assert ack["error"] == "invalid"
    for event in ("connect", "disconnect", "connect_error"):
        await tab.emit(event, {"sanic.request": {}, "token": bystander.token})
    assert len(bystander.shown) == 3


@pytest.mark.parametrize("event", ["seen", "restart", "export", "forget"])
async def test_other_events_bear_any_payload(bystander: Tab, tabs: Any, event: str) -> None:
    tab = await tabs()
    for data in (None, -1, {"seq": EVIL}, {"seq": 10**90}, [[[]]], {"visitor": bystander.sender}):
        assert (await tab.send(event, data))["ok"]


@pytest.mark.parametrize(
    "last", [-5, 10**30, "9", None, EVIL, [1], {"a": 1}, True, 1.5, float("inf")]
)
async def test_any_number_of_the_last_bubble_is_borne(tabs: Any, last: Any) -> None:
    tab = await tabs()
    await tab.ask("one")
    again = await tabs(tab.token, claims=last)
    assert again.session
    assert (await again.ask("two"))["text"] == "You said: two"


async def test_html_stays_text_in_every_field(bystander: Tab, tabs: Any, site: Site) -> None:
    tab = await tabs(origin=site.url)
    reply = await tab.ask(EVIL)
    assert reply["text"] == f"You said: {EVIL}", "as text; the page shows text as text"
    assert (await tab.send("export", {}))["content"].count(EVIL) == 2
    async with aiohttp.ClientSession() as http:
        for path in (f"/faq/{EVIL}", f"/api/faq?q={EVIL}", f"/static/{EVIL}"):
            async with http.get(site.url + path) as answer:
                assert "<script>alert" not in await answer.text()


async def test_commands_are_words_unless_they_were_offered(
    bystander: Tab, tabs: Any, site: Site
) -> None:
    before = len(site.commands())
    tab = await tabs()
    payloads = ["/restart", "/next_step", '/inform{"a": "b"}', "/ /session_start", "//back",
                "/book_evaluation?x=1", "EXTERNAL: next_step"]  # fmt: skip
    for payload in payloads:
        reply = await tab.ask(payload)
        assert not reply["text"].startswith("You said: /")
    assert site.commands()[before:] == []
    await tab.ask("Next")
    assert site.commands()[before:] == ["next_step"]


async def test_a_message_that_is_too_long_is_told_so(bystander: Tab, tabs: Any) -> None:
    tab = await tabs()
    ack = await tab.say("x" * 10_001)
    assert ack["error"] == "invalid"
    assert "shorter" in ack["message"]
    assert (await tab.ask("y" * 10_000))["text"].endswith("y" * 100)


async def test_a_message_of_a_megabyte_closes_its_own_connection_only(
    bystander: Tab, tabs: Any, site: Site
) -> None:
    for _ in range(3):
        tab = await tabs()
        await tab.emit("say", {"id": "big", "text": "x" * 1_000_000})
        await tab.until(lambda tab=tab: tab.events_named("gone"))
        assert site.heard(tab.sender) == []


async def test_a_megabyte_in_a_poll_is_refused(bystander: Tab, site: Site) -> None:
    address = f"{site.url}/chat/socket.io/?EIO=4&transport=polling"
    async with aiohttp.ClientSession() as http:
        async with http.get(address) as answer:
            name = json.loads((await answer.text())[1:])["sid"]
        with contextlib.suppress(aiohttp.ClientError, ConnectionError):
            # It may also close while the megabyte is still being sent.
            async with http.post(f"{address}&sid={name}", data="4" * 1_000_000) as answer:
                assert answer.status == 413


async def test_broken_frames_disturb_nobody(bystander: Tab, site: Site) -> None:
    address = f"{site.url.replace('http', 'ws')}/chat/socket.io/?EIO=4&transport=websocket"
    frames = ["", "9", "4", "42", "42[", "42{}", "42[]", "42[1]", "451-[]", "45x",
              "40" + "[" * 9000,
              "4" + "9" * 5000, "43[]", "44{}", "\x00", "bAAAA", "6", "1"]  # fmt: skip
    async with aiohttp.ClientSession() as http:
        for frame in frames:
            async with http.ws_connect(address) as raw:
                await raw.receive(10)
                await raw.send_str("40")
                await raw.receive(10)
                await raw.send_str(frame)
                await raw.send_bytes(b"\x00\xff")


async def test_a_flood_is_bounded_and_its_sender_told(
    bystander: Tab, tabs: Any, site: Site
) -> None:
    """A thousand messages at once: some are answered, the rest refused, then it is cut off."""
    tab = await tabs()
    acks: list[Any] = []
    sending = [
        tab.emit("say", {"id": f"f{n}", "text": f"flood {n}"}, acks.append) for n in range(1000)
    ]
    await asyncio.gather(*sending, return_exceptions=True)
    assert (await bystander.say("during", "d1"))["ok"]
    await bystander.until(lambda: bystander.texts[-1] == "bot: You said: during")
    bystander.shown[-2:] = []
    await tab.until(lambda: tab.events_named("gone"))
    assert len(site.heard(tab.sender)) <= 20
    refused = [ack for ack in acks if not ack["ok"]]
    assert {ack["error"] for ack in refused} == {"rate"}
    assert "wait" in refused[0]["message"]
    assert 0 < refused[0]["retry_after"] <= 10


async def test_many_visitors_of_one_address_share_its_limit(bystander: Tab, tabs: Any) -> None:
    opened = [await tabs(address="203.0.113.7") for _ in range(5)]
    acks = await asyncio.gather(*(tab.say(f"m{n}") for n in range(15) for tab in opened))
    errors = [ack.get("error") for ack in acks]
    assert errors.count("rate") > 0, "75 messages, and each visitor alone may send 20"
    assert errors.count(None) >= 60
    assert set(errors) == {None, "rate"}


async def test_too_many_new_chats_of_one_address_are_refused_kindly(tmp_path: Any) -> None:
    site = Site(tmp_path, BACKCOACH_ADDRESS_SESSIONS="3")
    opened = [Tab(site.url) for _ in range(4)]
    try:
        for tab in opened:
            # Nobody's word is believed about the address: no proxy is trusted here.
            await tab.open(address=f"198.51.100.{opened.index(tab)}")
        assert all(tab.session for tab in opened[:3])
        (refusal,) = opened[3].events_named("refused")
        assert refusal["error"] == "rate"
        assert "512-215-4227" in refusal["message"]
        await opened[3].until(lambda: opened[3].events_named("gone"))
        back = Tab(site.url, opened[0].token)
        opened.append(back)
        await back.open()
        assert back.session, "who has a chat already may come back"
    finally:
        for tab in opened:
            await tab.close()
        site.stop()
