"""The website's socket as pages find it: everything once, in order, whatever the network does."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.channels.site import Site, Tab

OPEN = {
    "BACKCOACH_VISITOR_MESSAGES": "10000",
    "BACKCOACH_ADDRESS_MESSAGES": "10000",
    "BACKCOACH_ADDRESS_SESSIONS": "10000",
}
Opener = Callable[..., Awaitable[Tab]]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    running = Site(tmp_path_factory.mktemp("site"), **OPEN)
    yield running
    running.stop()


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Site]:
    """A server that the test may stop or harm."""
    running = Site(tmp_path, **OPEN)
    yield running
    running.stop()


@pytest.fixture
async def opened() -> AsyncIterator[Opener]:
    """Opens pages, and closes them after the test."""
    tabs: list[Tab] = []

    async def open_page(site: Site, token: str | None = None, last: int = 0, **how: Any) -> Tab:
        tab = Tab(site.url, token, last)
        tabs.append(tab)
        await tab.open(**how)
        return tab

    yield open_page
    for tab in tabs:
        await tab.close()


def _numbers(tab: Tab) -> list[int]:
    return [message["seq"] for message in tab.shown]


async def test_a_first_visit_begins_with_the_disclosure(shared: Site, opened: Opener) -> None:
    tab = await opened(shared)
    assert tab.session
    assert tab.session["fresh"]
    assert tab.session["clinic"] == {
        "name": "Spine & Core Physical Therapy",
        "phone": "512-215-4227",
        "phone_e164": "+15122154227",
    }
    assert "automated" in tab.session["disclosure"]
    (greeting,) = tab.shown
    assert (greeting["seq"], greeting["from"], greeting["id"]) == (1, "bot", None)
    assert "not a therapist" in greeting["text"]
    assert greeting["at"].endswith("Z")
    assert all(isinstance(title, str) for title in greeting["buttons"])


@pytest.mark.parametrize("transport", ["websocket", "polling"])
async def test_a_message_is_echoed_and_answered(
    shared: Site, opened: Opener, transport: str
) -> None:
    tab = await opened(shared, transport=transport)
    assert await tab.say("is walking good?", "my-1") == {"ok": True, "seq": 2}
    await tab.until(lambda: len(tab.shown) == 3)
    await tab.settled()
    assert [(m["seq"], m["from"], m["id"]) for m in tab.shown[1:]] == [
        (2, "me", "my-1"), (3, "bot", None),
    ]  # fmt: skip
    assert tab.shown[2]["buttons"] == ["Next"], "never a payload"
    assert tab.events_named("typing") == [{"on": True}, {"on": False}]


async def test_a_reload_shows_the_same_conversation(shared: Site, opened: Opener) -> None:
    tab = await opened(shared)
    await tab.ask("one")
    await tab.ask("two")
    again = await opened(shared, tab.token)
    assert again.shown == tab.shown
    assert again.session
    assert not again.session["fresh"]
    await again.ask("three")
    assert again.texts[-2:] == ["me: three", "bot: You said: three"]


async def test_all_tabs_show_the_same(shared: Site, opened: Opener) -> None:
    first = await opened(shared)
    second = await opened(shared, first.token)
    await first.ask("from the first")
    await second.until(lambda: len(second.shown) == 3)
    await second.ask("from the second")
    await first.until(lambda: len(first.shown) == 5)
    assert first.shown == second.shown


async def test_what_a_lost_network_missed_comes_once_and_in_order(
    shared: Site, opened: Opener
) -> None:
    tab = await opened(shared)
    await tab.ask("before")
    await tab.say("hold network")
    await tab.until(lambda: len(tab.shown) == 4)
    await tab.cut()
    watcher = await opened(shared, tab.token)
    shared.release("network")
    await watcher.until(lambda: watcher.texts[-1] == "bot: You said: hold network")
    await tab.open()
    assert tab.texts == watcher.texts
    assert _numbers(tab) == [1, 2, 3, 4, 5]
    assert tab.session
    assert [m["seq"] for m in tab.session["messages"]] == [5], "only what was missed"


async def test_a_restarted_server_delivers_what_was_missed_once(
    shared: Site, opened: Opener
) -> None:
    tab = await opened(shared)
    await tab.ask("one")
    await tab.cut()
    other = await opened(shared, tab.token)
    await other.ask("two")
    shared.stop()
    shared.start()
    await tab.open()
    assert tab.session
    assert [m["seq"] for m in tab.session["messages"]] == [4, 5]
    await tab.ask("three")
    assert _numbers(tab) == list(range(1, 8))
    assert tab.texts[-2:] == ["me: three", "bot: You said: three"]


async def test_after_a_crash_owed_answers_come_and_no_message_is_processed_again(
    shared: Site, opened: Opener
) -> None:
    tab = await opened(shared)
    assert (await tab.say("once", "same"))["ok"]
    await tab.until(lambda: len(tab.shown) == 3)
    assert (await tab.say("hold crash"))["ok"]
    await tab.until(lambda: len(tab.events_named("typing")) == 3)
    shared.stop(signal.SIGKILL)
    shared.release("crash")
    shared.start()
    await tab.open()
    await tab.until(lambda: tab.texts[-1] == "bot: You said: hold crash")
    assert await tab.say("once", "same") == {"ok": True, "seq": 2}, "known to the database"
    assert tab.texts[1:] == ["me: once", "bot: You said: once",
                             "me: hold crash", "bot: You said: hold crash"]  # fmt: skip
    await (await opened(shared, tab.token)).ask("next")
    heard = shared.heard(tab.sender)
    assert (heard.count("once"), heard[-2:]) == (1, ["hold crash", "next"])


async def test_the_same_message_twice_is_processed_once(shared: Site, opened: Opener) -> None:
    tab = await opened(shared)
    other = await opened(shared, tab.token)
    acks = await asyncio.gather(
        tab.say("once", "same"), tab.say("once", "same"), other.say("once", "same")
    )
    assert acks == [{"ok": True, "seq": 2}] * 3
    await tab.say("after")
    await tab.until(lambda: tab.texts[-1] == "bot: You said: after")
    assert await tab.say("once", "same") == {"ok": True, "seq": 2}
    assert shared.heard(tab.sender) == ["once", "after"]


async def test_another_visitor_may_use_the_same_message_id(shared: Site, opened: Opener) -> None:
    ana, bob = await opened(shared), await opened(shared)
    await ana.say("Ana's", "same")
    await bob.say("Bob's", "same")
    await bob.until(lambda: len(bob.shown) == 3)
    assert bob.texts[-1] == "bot: You said: Bob's"


async def test_one_message_at_a_time_and_in_order(shared: Site, opened: Opener) -> None:
    tab = await opened(shared)
    said = ["hold order", *(f"m{number}" for number in range(7))]
    for text in said:
        assert (await tab.say(text))["ok"]
    assert shared.heard(tab.sender) == ["hold order"], "the rest waits for its answer"
    shared.release("order")
    await tab.until(lambda: tab.texts[-1] == "bot: You said: m6")
    answers = [m["text"] for m in tab.shown[1:] if m["from"] == "bot"]
    assert answers == [f"You said: {text}" for text in said]


async def test_nobody_waits_for_another_visitors_answer(shared: Site, opened: Opener) -> None:
    ana, bob = await opened(shared), await opened(shared)
    await ana.say("hold others")
    assert (await bob.ask("quick"))["text"] == "You said: quick"
    assert ana.texts[-1] == "me: hold others"
    shared.release("others")
    await ana.until(lambda: ana.texts[-1] == "bot: You said: hold others")


async def test_an_emergency_does_not_wait_behind_a_slow_message(
    shared: Site, opened: Opener
) -> None:
    tab = await opened(shared)
    await tab.say("hold slowly")
    await tab.say("I peed myself and I can't feel it when I wipe")
    await tab.until(lambda: any(m["custom"] for m in tab.shown))
    assert "emergency room" in tab.shown[-1]["text"]
    assert shared.heard(tab.sender) == ["hold slowly"], "the engine is still at the first"
    shared.release("slowly")
    await tab.settled()
    assert "bot: You said: hold slowly" in tab.texts
    assert sum("emergency room" in text for text in tab.texts) == 1, "and it is said once"


async def test_an_emergency_arrives_without_engine_and_database(own: Site, opened: Opener) -> None:
    tab = await opened(own)
    await tab.ask("before")
    for path in own.folder.glob("backcoach.db*"):
        path.write_bytes(b"no database any more" * 5000)
    reply = await tab.ask("fail I peed myself and I can't feel it when I wipe")
    assert reply["custom"]["type"] == "alert"
    assert reply["custom"]["level"] == "er_now"
    assert "emergency room" in reply["text"]
    assert "trouble" in (await tab.ask("fail how much is a visit?"))["text"]
    assert _numbers(tab) == list(range(1, 8))
    newcomer = await opened(own)
    assert "automated" in newcomer.shown[0]["text"]
    assert "peed" not in own.log.read_text()


async def test_what_could_not_be_stored_is_stored_later(shared: Site, opened: Opener) -> None:
    tab = await opened(shared)
    with closing(sqlite3.connect(shared.folder / "backcoach.db", isolation_level=None)) as lock:
        lock.execute("BEGIN EXCLUSIVE")
        await tab.ask("while it was locked")
        lock.execute("ROLLBACK")
    await tab.ask("when it was free")
    for _ in range(30):
        # Nothing tells from outside that it was stored: a page that comes anew is asked.
        await asyncio.sleep(0.5)
        seen = await opened(shared, tab.token)
        if len(seen.shown) == len(tab.shown):
            break
    assert seen.texts == tab.texts
    assert _numbers(seen) == list(range(1, len(tab.shown) + 1))


# --- what the page's menu offers ---


async def test_a_new_start_clears_every_tab_and_greets(shared: Site, opened: Opener) -> None:
    tab = await opened(shared)
    other = await opened(shared, tab.token)
    await tab.ask("old words")
    assert (await tab.send("restart", {}))["ok"]
    for each in (tab, other):
        await each.until(lambda each=each: each.events_named("cleared") and each.shown)
        assert "automated" in each.shown[0]["text"]
        assert "old words" not in str(each.shown)
    again = await opened(shared, tab.token)
    assert again.shown == tab.shown


async def test_a_new_start_does_not_make_an_emergency_go_away(shared: Site, opened: Opener) -> None:
    tab = await opened(shared)
    await tab.ask("danger stands")
    await tab.send("restart", {})
    await tab.until(lambda: tab.events_named("cleared") and len(tab.shown) == 3)
    assert "automated" in tab.shown[0]["text"]
    assert tab.shown[1]["custom"]["level"] == "er_now"
    assert "cauda equina" in tab.shown[1]["text"]
    assert "?" in tab.shown[2]["text"]


async def test_download_holds_the_whole_own_conversation(shared: Site, opened: Opener) -> None:
    tab, other = await opened(shared), await opened(shared)
    await other.ask("somebody else's words")
    await tab.ask("before the new start")
    await tab.send("restart", {})
    await tab.ask("after it")
    file = await tab.send("export", {})
    assert file["ok"]
    assert file["filename"].endswith(".txt")
    content = file["content"]
    for part in ("Spine & Core", "before the new start", "You said: after it", "automated"):
        assert part in content
    assert content.index("before the new start") < content.index("after it")
    assert "somebody else's" not in content


async def test_deletion_is_asked_for_by_the_bots_own_dialogue(shared: Site, opened: Opener) -> None:
    tab = await opened(shared)
    assert (await tab.send("forget", {}))["ok"]
    await tab.until(lambda: tab.texts[-1] == "bot: You said: Delete my data")


async def test_deletion_leaves_nothing_on_the_page_or_behind_it(
    shared: Site, opened: Opener
) -> None:
    tab = await opened(shared)
    await tab.ask("my secret")
    assert (await tab.ask("delete me"))["custom"] == {"type": "forget"}
    again = await opened(shared, tab.token)
    assert again.session
    assert again.session["fresh"]
    assert [m["seq"] for m in again.session["messages"]] == [1]
    file = await again.send("export", {})
    assert "secret" not in file["content"]
    assert "deleted" not in file["content"]


async def test_what_waited_is_said_once_when_a_page_opens(shared: Site, opened: Opener) -> None:
    tab = await opened(shared)
    await tab.say("later today")
    # With the answer to the message it would be said at once: it waits for the next one.
    await tab.until(lambda: len(tab.shown) >= 3)
    again = await opened(shared, tab.token)
    await again.ask("hello")
    assert again.texts.count("bot: Your exercise reminder") == 1


async def test_a_page_that_saw_more_than_was_stored_misses_nothing_new(
    shared: Site, opened: Opener
) -> None:
    """Bubbles were shown, then the server went down before it could store them."""
    tab = await opened(shared)
    await tab.ask("one")
    behind = await opened(shared, tab.token, last=2)
    ahead = await opened(shared, tab.token, last=9)
    await behind.ask("two")
    await ahead.until(lambda: ahead.texts[-2:] == ["me: two", "bot: You said: two"])
    assert _numbers(ahead) == [10, 11]
