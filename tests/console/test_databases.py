"""What the console reads and writes, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from bot.console.alarms import alarms
from bot.store import console_users, inbox, links, people, visits
from bot.store.database import downgrade, is_current, migrate
from bot.store.models import utc_now
from bot.store.records import record_urgency
from tests.booking.databases import database, postgres
from tests.console.made_up import ANA, GRACE, LEE, MARIA, SAM, VISITOR, fill

__all__ = ["database", "postgres"]
WINDOW = timedelta(minutes=15)


def test_lists_are_the_same_on_both(database: str) -> None:
    fill()
    now = utc_now()
    found = alarms(inbox.raised_since(now - timedelta(days=30)), inbox.followed_up())
    assert [one.sender_id for one in found] == [VISITOR, SAM, LEE]
    inbox.follow_up("rosa", VISITOR, found[0].newest)
    left = alarms(inbox.raised_since(now - timedelta(days=30)), inbox.followed_up())
    assert [one.sender_id for one in left] == [SAM, LEE]
    assert [one.sender_id for one in inbox.hand_offs()] == [ANA]
    assert [one.reference for one in inbox.requests()] == ["KX4T7P", "B7RQ2M"]
    assert [one.sender_id for one in visits.visits_ahead(now)] == [MARIA, SAM, GRACE]
    assert [one.clinic_told for one in visits.visits_ahead(now)] == [True, True, False]
    assert visits.visits_over(now) == []
    assert [one.reference for one in visits.visits_of(MARIA)] == [visits.all_visits()[-1].reference]
    assert [one.kind for one in inbox.unsent(now, timedelta(minutes=10))] == ["clinic_booked"]
    assert [one.sender_id for one in people.search("lopez")] == [ANA]
    assert people.newest_conversations(1)[0][0] == MARIA
    assert len(inbox.transcript(MARIA, 2)[0]) == 2
    assert inbox.is_known(VISITOR)
    assert not inbox.is_known("web-nobody")


def test_signs_of_a_joined_phone_are_looked_at_again(database: str) -> None:
    now = utc_now()
    record_urgency("sms-1", "raised", "er_now", "infection")
    record_urgency("sms-1", "seen", "er_now", "infection")
    inbox.follow_up("rosa", "sms-1", utc_now())
    code = links.new_code("web-1", now)
    assert code
    links.claim("sms-1", code, now)
    assert links.join("sms-1", "sms", now)
    (one,) = alarms(inbox.raised_since(now - timedelta(days=1)), inbox.followed_up())
    assert (one.sender_id, one.released) == ("web-1", "seen")


def test_request_is_marked_by_one_of_many_who_press_at_once(database: str) -> None:
    fill()
    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(lambda _: inbox.mark_called_back("rosa", "B7RQ2M"), range(8)))
    assert done.count(True) == 1


def test_sessions_and_accounts_on_both(database: str) -> None:
    console_users.add_user("rosa", "hash")
    with pytest.raises(console_users.NameTakenError):
        console_users.add_user("rosa", "hash")
    (user,) = console_users.all_users()
    now = utc_now()
    console_users.open_session("digest", user.id, now, timedelta(hours=12))
    half, long = timedelta(minutes=30), timedelta(hours=12)
    later = now + timedelta(minutes=20)
    assert console_users.signed_in("digest", later, half, long) == user
    assert console_users.signed_in("digest", later + timedelta(minutes=20), half, long) == user
    assert console_users.signed_in("digest", later + timedelta(hours=1), half, long) is None
    assert console_users.signed_in("digest", now, half, long) is None, "it was removed"


def test_attempts_at_one_moment_are_all_counted(database: str) -> None:
    now = utc_now()

    def attempt(_number: int) -> int:
        return console_users.begin_attempt("a", "203.0.113.7", now, WINDOW).on_account

    with ThreadPoolExecutor(8) as pool:
        counted = list(pool.map(attempt, range(16)))
    assert max(counted) == 16
    assert sum(number <= 10 for number in counted) <= 10


def test_tables_of_the_console_come_and_go(database: str) -> None:
    console_users.add_user("rosa", "hash")
    downgrade("0008-1", database)
    assert not is_current(database)
    migrate(database)
    assert is_current(database)
    assert console_users.all_users() == []
