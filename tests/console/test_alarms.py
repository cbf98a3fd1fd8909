"""Which warning signs stand on the first page, and in which order."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from bot.console.alarms import LEAST, alarms
from bot.safety.urgency import Urgency
from bot.store.inbox import Raised

START = datetime(2026, 3, 2, 15, tzinfo=timezone.utc)


def _at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def _raised(sender: str, minutes: float, event: str = "raised", level: str = "er_now") -> Raised:
    return Raised(sender, _at(minutes), event, level, "cauda_equina")


def test_most_urgent_stands_first_and_of_equal_ones_the_newest() -> None:
    found = alarms(
        [
            _raised("a", 0, level="same_day"), _raised("b", 1), _raised("c", 2),
            _raised("d", 3, "screened", "physician_soon"), _raised("e", 4, level="crisis"),
        ], {},
    )  # fmt: skip
    assert [one.sender_id for one in found] == ["e", "c", "b", "a", "d"]
    assert [one.asked for one in found] == [False, False, False, False, True]


def test_one_patient_is_one_alarm_with_the_highest_level() -> None:
    (one,) = alarms([_raised("a", 0, level="call_911"), _raised("a", 5, level="same_day")], {})
    assert (one.level, one.at, one.newest) == (Urgency.CALL_911, _at(0), _at(5))


def test_low_levels_are_no_alarm() -> None:
    low = [_raised("a", 0, "screened", level) for level in ("none", "self_care", "pt_evaluation")]
    assert alarms(low, {}) == []


def test_what_the_patient_took_back_is_shown_and_stands_below() -> None:
    found = alarms(
        [_raised("a", 0, level="crisis"), _raised("a", 1, "mistake", "crisis"), _raised("b", 2)], {}
    )
    assert [(one.sender_id, one.released) for one in found] == [("b", None), ("a", "mistake")]


def test_sign_after_a_release_is_not_released() -> None:
    (one,) = alarms([_raised("a", 0), _raised("a", 1, "seen"), _raised("a", 2)], {})
    assert one.released is None


def test_followed_up_alarm_is_gone_until_there_is_a_new_one() -> None:
    events = [_raised("a", 0), _raised("a", 1, "seen")]
    assert alarms(events, {"a": _at(1)}) == []
    (again,) = alarms([*events, _raised("a", 2, level="same_day")], {"a": _at(1)})
    assert again.level == Urgency.SAME_DAY, "what was dealt with does not raise it"
    assert alarms(events, {"b": _at(1)}) != []


@given(
    st.lists(
        st.tuples(
            st.sampled_from("abc"),
            st.sampled_from(["raised", "seen", "mistake", "screened"]),
            st.sampled_from([level.label for level in Urgency]),
        ),
        max_size=12,
    )
)
def test_no_emergency_is_ever_missing(events: list[tuple[str, str, str]]) -> None:
    raised = [
        _raised(who, number, event, level) for number, (who, event, level) in enumerate(events)
    ]
    must = {
        one.sender_id for one in raised
        if one.event in ("raised", "screened") and Urgency.of(one.level) >= LEAST
    }  # fmt: skip
    assert {one.sender_id for one in alarms(raised, {})} == must
