"""The website's pure parts: what may come in, how often, from where; and answers as HTML."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.web.events import is_too_long, read_hello, read_say
from bot.channels.web.limits import MOST_KEYS, RateLimit, client_address
from bot.channels.web.markup import as_html
from bot.channels.web.origins import may_ask
from bot.faq import answers, groups, topics
from bot.settings import SettingsError, WebLimits, web_limits

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


class _Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_so_many_and_no_more_then_again_after_a_while() -> None:
    clock = _Clock()
    limit = RateLimit(3, 10.0, clock)
    assert [limit.wait("ana") for _ in range(3)] == [0, 0, 0]
    assert limit.wait("ana") == 10
    assert limit.wait("bob") == 0, "each by themselves"
    clock.now = 4.0
    assert limit.wait("ana") == 6
    clock.now = 10.0
    assert limit.wait("ana") == 0


@given(st.lists(st.floats(0, 30), max_size=80), st.integers(1, 8))
def test_no_stretch_of_time_holds_more_than_is_allowed(moments: list[float], most: int) -> None:
    clock = _Clock()
    limit = RateLimit(most, 10.0, clock)
    taken = []
    for moment in sorted(moments):
        clock.now = moment
        if limit.wait("ana") == 0:
            taken.append(moment)
    assert all(late - early >= 10 for early, late in zip(taken, taken[most:], strict=False))


def test_memory_of_a_limit_is_bounded() -> None:
    limit = RateLimit(1, 10.0, _Clock())
    for number in range(MOST_KEYS + 500):
        limit.wait(str(number))
    assert len(limit._taken) == MOST_KEYS


@pytest.mark.parametrize(
    ("peer", "forwarded", "trusted", "address"),
    [
        ("203.0.113.9", "", (), "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", (), "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", ("10.0.0.0/8",), "203.0.113.9"),
        ("10.0.0.1", "198.51.100.1", ("10.0.0.0/8",), "198.51.100.1"),
        ("10.0.0.1", "6.6.6.6, 198.51.100.1", ("10.0.0.0/8",), "198.51.100.1"),
        ("10.0.0.1", "6.6.6.6, 198.51.100.1, 10.0.0.2", ("10.0.0.0/8",), "198.51.100.1"),
        ("10.0.0.1", "", ("10.0.0.0/8",), "10.0.0.1"),
        ("2001:db8:1:2:3::4", "", (), "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "", (), "203.0.113.9"),
    ],
)
def test_only_the_clinics_own_proxy_is_believed_about_an_address(
    peer: str, forwarded: str, trusted: tuple[str, ...], address: str
) -> None:
    assert client_address(peer, forwarded, trusted) == address


@given(st.text(), st.text())
def test_any_header_gives_some_address(peer: str, forwarded: str) -> None:
    assert len(client_address(peer, forwarded, ("127.0.0.1",))) <= 64


@pytest.mark.parametrize(
    ("origin", "host", "allowed"),
    [
        (None, "bot.example", True),
        ("", "bot.example", True),
        ("https://bot.example", "bot.example", True),
        ("https://clinic.example", "bot.example", True),
        ("http://clinic.example", "bot.example", False),
        ("https://clinic.example.evil", "bot.example", False),
        ("null", "bot.example", False),
        ("https://evil@bot.example", "bot.example", False),
        ("https://[", "bot.example", False),
        ("https://", None, False),
    ],
)
def test_which_websites_may_ask(origin: str | None, host: str | None, allowed: bool) -> None:
    assert may_ask(origin, host, ["https://clinic.example"]) is allowed


@given(JSON)
def test_any_handshake_is_read(data: Any) -> None:
    hello = read_hello(data)
    assert 0 <= hello.last < 2**31
    assert hello.token is None or isinstance(hello.token, str)


@given(JSON)
def test_no_wrong_message_is_read(data: Any) -> None:
    assert read_say(data) is None
    assert not is_too_long(data)


@given(st.text(st.characters(), min_size=1, max_size=50))
def test_every_text_is_read_and_can_be_stored(text: str) -> None:
    said = read_say({"id": "a-1", "text": text})
    assert said
    assert said.text.encode()


def test_half_a_character_is_replaced() -> None:
    said = read_say({"id": "a", "text": "back \ud83d pain"})
    assert said
    assert said.text == "back ? pain"


def test_limits_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("VISITOR_MESSAGES", "ADDRESS_MESSAGES", "ADDRESS_SESSIONS", "TRUSTED_PROXIES"):
        monkeypatch.delenv(f"BACKCOACH_{name}", raising=False)
    assert web_limits() == WebLimits()
    monkeypatch.setenv("BACKCOACH_VISITOR_MESSAGES", "5")
    monkeypatch.setenv("BACKCOACH_TRUSTED_PROXIES", "10.0.0.0/8, 127.0.0.1")
    assert web_limits().visitor_messages == 5
    assert web_limits().trusted_proxies == ("10.0.0.0/8", "127.0.0.1")


@pytest.mark.parametrize(
    ("name", "value"),
    [("VISITOR_MESSAGES", "0"), ("ADDRESS_MESSAGES", "-1"), ("ADDRESS_SESSIONS", "many"),
     ("TRUSTED_PROXIES", "proxy.example")],
)  # fmt: skip
def test_a_wrong_limit_is_named(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"BACKCOACH_{name}", value)
    with pytest.raises(SettingsError, match=f"BACKCOACH_{name}"):
        web_limits()


# --- answers as pages ---


class _Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str | None] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name == "href"]


def test_markup_becomes_html() -> None:
    text = "One **bold** and *soft* [link](https://a.example/?c=1&d=2).\nLine.\n\nList:\n- a\n- b"
    assert str(as_html(text)) == (
        '<p>One <strong>bold</strong> and <em>soft</em> <a href="https://a.example/?c=1&amp;d=2" '
        'rel="noopener noreferrer">link</a>.<br>Line.</p>\n'
        "<p>List:</p>\n<ul><li>a</li><li>b</li></ul>"
    )


@given(st.text(alphabet="<>&\"'[]()*-:/ \njavscriptx."))
def test_no_text_becomes_more_than_the_markup(text: str) -> None:
    made = _Tags(str(as_html(text)))
    assert set(made.tags) <= {"p", "br", "ul", "li", "strong", "em", "a"}
    assert all(str(link).startswith(("http://", "https://")) for link in made.links)


def test_every_answer_stands_in_one_group_with_its_sources() -> None:
    listed = [answer.topic for group in groups().values() for answer in group]
    assert sorted(listed) == sorted(topics())
    assert set(answers()) == topics()
    for answer in answers().values():
        assert answer.question.endswith("?")
        assert answer.sources
        assert "{" not in json.dumps(str(as_html(answer.text)))
